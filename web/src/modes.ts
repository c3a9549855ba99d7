// Lists that choose among ways to say something, such as an issuer's keys. The
// parts of the page that say it are shown accordingly.

import type { Json } from './json';
import { hide } from './says';
import type { Kept, Places } from './scenario';

export interface Mode {
  show(): void;
}

/** What a list goes by at the moment, and who takes what it makes of it. */
export interface Now {
  at(): { scenario: Json; places: Places; kept: Kept };
  change(next: Json): void;
}

/** A list with its parts: get tells its value, set writes another. The parts carry data-PART, with the value that shows them. */
export function mode<Value extends string>(
  now: Now,
  id: string,
  part: string,
  get: (scenario: Json, places: Places) => Value,
  set: (scenario: Json, places: Places, value: Value, kept: Kept) => Json,
): Mode {
  const list = document.querySelector<HTMLSelectElement>(`#${id}`);
  const parts = [...document.querySelectorAll<HTMLElement>(`[data-${part.replace(/[A-Z]/g, (c) => '-' + c.toLowerCase())}]`)];
  const choose = (value: string): void => {
    const { scenario, places, kept } = now.at();
    now.change(set(scenario, places, value as Value, kept));
  };
  list?.addEventListener('change', () => choose(list.value));
  return {
    show() {
      const { scenario, places } = now.at();
      const value = get(scenario, places);
      if (list && list.value !== value) list.value = value;
      for (const element of parts) hide(element, element.dataset[part] !== value);
    },
  };
}
