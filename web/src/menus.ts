// The menus of the header close as menus do: at Escape, when something in
// them was chosen, and when the reader turns to something else; the focus
// goes back to what opened them. In narrow windows all of them stand in one,
// which a button opens.

const menus = [...document.querySelectorAll<HTMLDetailsElement>('details.menu')];
const all = document.querySelector<HTMLElement>('#menus');
const button = document.querySelector<HTMLElement>('#menu');
const more = document.querySelector<HTMLDetailsElement>('#more');

export function followMenus(): void {
  button?.addEventListener('click', () => unfold(!isUnfolded()));
  for (const begin of document.querySelectorAll<HTMLElement>('[data-begin]')) {
    const menu = menus.find(({ id }) => id === begin.dataset['begin']);
    begin.addEventListener('click', () => menu && show(menu));
  }
  document.addEventListener('pointerdown', (event) => turnTo(event.target));
  document.addEventListener('focusin', (event) => turnTo(event.target));
  document.addEventListener('click', (event) => {
    const hit = event.target instanceof Element ? event.target.closest<HTMLElement>('[data-chosen], [data-close]') : null;
    const menu = hit?.closest<HTMLDetailsElement>('details.menu');
    if (hit?.dataset['close'] !== undefined && menu) shut(menu);
    else if (hit?.dataset['chosen'] !== undefined) closeMenus();
  }, true); // before what was chosen takes the focus elsewhere
  document.addEventListener('keydown', (event) => {
    if (event.key !== 'Escape') return;
    const open = menus.findLast((menu) => menu.open && menu.querySelector('summary')?.checkVisibility());
    if (open) shut(open);
    else if (isUnfolded()) closeMenus();
  });
}

/** Closes every menu; the focus goes back to what opened the outermost. */
export function closeMenus(): void {
  const opener = isUnfolded() ? button : menus.find((menu) => menu.open)?.querySelector('summary');
  for (const menu of menus) menu.open = false;
  unfold(false);
  opener?.focus();
}

/** Opens a menu, and goes to it. */
function show(menu: HTMLDetailsElement): void {
  if (button?.checkVisibility()) unfold(true);
  menu.open = true;
  menu.querySelector('summary')?.focus();
}

function shut(menu: HTMLDetailsElement): void {
  menu.open = false;
  menu.querySelector('summary')?.focus();
}

function isUnfolded(): boolean {
  return button?.getAttribute('aria-expanded') === 'true';
}

function unfold(open: boolean): void {
  if (open === isUnfolded()) return;
  button?.setAttribute('aria-expanded', String(open));
  if (more) more.open = open; // its summary isn't shown there: what it holds stands with the others
}

/** Closes what the reader turned away from. */
function turnTo(target: EventTarget | null): void {
  if (!(target instanceof Node)) return;
  for (const menu of menus) {
    if (menu.open && !menu.contains(target) && !(menu === more && isUnfolded())) menu.open = false;
  }
  if (!all?.contains(target) && !button?.contains(target)) unfold(false);
}
