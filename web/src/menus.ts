// The menus of the header close as menus do: at Escape, and when the reader
// turns to something else. That only one is open is up to their shared name.

export function followMenus(): void {
  const menus = [...document.querySelectorAll<HTMLDetailsElement>('details.menu')];
  document.addEventListener('pointerdown', (event) => closeOthers(menus, event.target));
  document.addEventListener('focusin', (event) => closeOthers(menus, event.target));
  document.addEventListener('keydown', (event) => {
    const open = menus.find((menu) => menu.open);
    if (event.key !== 'Escape' || !open) return;
    open.open = false;
    open.querySelector('summary')?.focus();
  });
}

function closeOthers(menus: HTMLDetailsElement[], target: EventTarget | null): void {
  for (const menu of menus) {
    if (menu.open && !(target instanceof Node && menu.contains(target))) menu.open = false;
  }
}
