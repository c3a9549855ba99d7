// The document that an iframe holds: the same element, and what it and the
// page around it say to each other. It works with an opaque origin, as
// sandbox="allow-scripts …" gives it.
//
// To the parent go {type: "sts-playground:" + ready | resize | result | change | error, v: 1, …}.
// Whoever embeds the frame hears them, so they say how a call ends and never
// what was typed. The parent may answer ready, or say at any time:
// {type: "sts-playground:init", v: 1, options: {theme, fontSize}}. From then on
// it is taken to follow resize, and the frame doesn't scroll.

/** Where the element's script is, as seen from this module. */
declare const EMBED: string;

const playground = document.querySelector('sts-playground') as HTMLElement;
const root = document.documentElement;
const framed = window.parent !== window;

const query = new URLSearchParams(location.search);
for (const name of ['scenario', 'view', 'show', 'call', 'step', 'expect', 'theme', 'readonly']) {
  const value = query.get(name);
  // Examples only: a frame's address mustn't make this site fetch somewhere else.
  if (value === null || (name === 'scenario' && !/^[\w-]+$/.test(value))) continue;
  playground.setAttribute(name, value);
}
if (location.hash.length > 1) playground.setAttribute('scenario', location.hash);
playground.setAttribute('loading', 'eager');
wear(query.get('theme'));

if (framed) {
  let height = 0;
  new ResizeObserver(() => {
    const now = Math.ceil(playground.getBoundingClientRect().height);
    if (now === height) return;
    height = now;
    say('resize', { height });
  }).observe(playground);
  window.addEventListener('message', ({ source, data }: MessageEvent) => {
    const { type, options } = Object(data) as { type?: unknown; options?: unknown };
    if (source !== window.parent || type !== 'sts-playground:init') return;
    const { theme, fontSize } = Object(options) as { theme?: unknown; fontSize?: unknown };
    if (query.get('theme') === null && typeof theme === 'string') wear(theme);
    if (typeof fontSize === 'number' && fontSize >= 8 && fontSize <= 40) root.style.setProperty('--sts-size', `${fontSize}px`);
    root.dataset['follows'] = '';
    if (height > 0) say('resize', { height });
  });
  playground.addEventListener('sts-result', (event) => {
    const { outcome, code, met } = (event as CustomEvent<Record<string, unknown>>).detail;
    say('result', { outcome, code, met });
  });
  playground.addEventListener('sts-change', () => say('change', {}));
  playground.addEventListener('sts-error', (event) => say('error', { message: (event as CustomEvent<{ message: string }>).detail.message }));
  say('ready', {});
}

void import(new URL(EMBED, import.meta.url).href);

function wear(theme: string | null): void {
  if (theme === null || !['auto', 'light', 'dark'].includes(theme)) return;
  root.dataset['theme'] = theme;
  playground.setAttribute('theme', theme);
}

function say(what: string, more: object): void {
  window.parent.postMessage({ type: `sts-playground:${what}`, v: 1, ...more }, '*');
}
