// Whether the page around a playground is light or dark. Sites have switches
// of their own, and what they switch is a colour in the end.

const followers = new Set<() => void>();
const dark = window.matchMedia('(prefers-color-scheme: dark)');
const tell = (): void => followers.forEach((follower) => follower());
const switched = new MutationObserver(tell);

/** Tells when the page's theme may have changed, until unfollow. */
export function follow(changed: () => void): void {
  if (followers.size === 0) {
    dark.addEventListener('change', tell);
    for (const element of [document.documentElement, document.body]) switched.observe(element, { attributes: true });
  }
  followers.add(changed);
}

export function unfollow(changed: () => void): void {
  followers.delete(changed);
  if (followers.size > 0) return;
  dark.removeEventListener('change', tell);
  switched.disconnect();
}

/** Whether what is behind an element is dark: the nearest ground that can't be seen through, else the scheme that the page says it has. */
export function isOnDark(element: Element): boolean {
  for (let up: Element | null = element; up; up = up.parentElement ?? (up.getRootNode() as ShadowRoot).host ?? null) {
    const lightness = lightnessOf(getComputedStyle(up).backgroundColor);
    if (lightness !== undefined) return lightness < 0.5;
  }
  const scheme = getComputedStyle(element).colorScheme;
  return /dark/.test(scheme) && (dark.matches || !/light/.test(scheme));
}

/** From 0 to 1; nothing for a colour that can be seen through, or written as this can't read. */
function lightnessOf(colour: string): number | undefined {
  const [red, green, blue, alpha = 1] = (/^rgba?\(([\d., %/e-]+)\)$/.exec(colour)?.[1] ?? '').split(/[ ,/]+/).map(Number);
  if (red === undefined || green === undefined || blue === undefined || alpha < 0.5) return undefined;
  return (0.2126 * red + 0.7152 * green + 0.0722 * blue) / 255;
}
