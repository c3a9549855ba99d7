// Presenter mode: large type, and only the editors, the verdict and the walk.
// The style sheet does it; the tab remembers it. Nothing but its button
// leaves it, so that no key pressed in front of a room does by accident.

import { element } from './says';
import { store, stored } from './stored';

const name = 'presenter';

export function followPresenter(): void {
  const box = document.querySelector<HTMLInputElement>('#presenter');
  const leave = element('leave-presenter');
  if (!box) return;
  const set = (on: boolean): void => {
    document.documentElement.toggleAttribute('data-presenter', on);
    box.checked = on;
    store('sessionStorage', name, on ? 'on' : null);
  };
  set(stored('sessionStorage', name) === 'on');
  box.addEventListener('change', () => {
    set(box.checked);
    if (box.checked) leave.focus(); // its own place is no longer shown
  });
  leave.addEventListener('click', () => {
    set(false);
    // One of them isn't shown, and doesn't take it.
    for (const place of ['#menu', '#more > summary']) document.querySelector<HTMLElement>(place)?.focus();
  });
}
