// Lists of the scenario as lists of the page: as many items as the array has,
// each made of the list's template, with controls of its own.

import { Control, type Context, type Events } from './controls';
import { escape, get, type Json, put } from './json';
import { hide } from './says';
import { resolve } from './scenario';

/** So many items are shown of a list; the scenario's own editor has them all. */
const most = 40;

interface Item {
  element: HTMLElement;
  controls: Control[];
  lists: List[];
}

export class List {
  /** The pointer of the array, as last shown. */
  pointer = '';
  base = '';
  private readonly items: Item[] = [];
  private readonly holder: HTMLElement;
  private readonly template: HTMLTemplateElement;

  constructor(readonly element: HTMLElement, private readonly events: Events) {
    const holder = element.querySelector<HTMLElement>(':scope > ol');
    const template = element.querySelector<HTMLTemplateElement>(':scope > template');
    if (!holder || !template) throw new Error('a list has no place for items, or no template');
    this.holder = holder;
    this.template = template;
  }

  /** The controls of all items, also of lists within them. */
  get controls(): Control[] {
    return this.items.flatMap((item) => [...item.controls, ...item.lists.flatMap((list) => list.controls)]);
  }

  /** This list and those within its items. */
  get all(): List[] {
    return [this, ...this.items.flatMap((item) => item.lists.flatMap((list) => list.all))];
  }

  /** Makes the items as many as the array's, and each know its place. The controls show what stands there themselves. */
  fit(context: Context): void {
    const { list = '' } = this.element.dataset;
    this.pointer = list.startsWith('.') ? this.base + list.slice(1) : resolve(list, context.places);
    const values = get(context.scenario, this.pointer);
    const array = Array.isArray(values) ? values : [];
    const count = Math.min(array.length, most);
    while (this.items.length > count) this.items.pop()?.element.remove();
    while (this.items.length < count) this.append(count === 1);
    this.items.forEach((item, i) => {
      const at = `${this.pointer}/${i}`;
      for (const control of item.controls) control.base = at;
      for (const list of item.lists) {
        list.base = at;
        list.fit(context);
      }
      for (const place of item.element.querySelectorAll<HTMLElement>(':scope > details > summary > [data-shows]')) {
        const words = title(get(context.scenario, at + (place.dataset['shows'] ?? '').slice(1)), i);
        if (place.textContent !== words) place.textContent = words;
      }
    });
    const rest = this.element.querySelector<HTMLElement>(':scope > [data-rest]');
    if (rest) {
      hide(rest, array.length <= most);
      if (!rest.hidden) rest.textContent = `${array.length - count} more are in the scenario's own editor.`;
    }
    const none = this.element.querySelector<HTMLElement>(':scope > [data-none]');
    if (none) hide(none, count > 0);
  }

  private append(open: boolean): void {
    const element = this.template.content.cloneNode(true).firstChild;
    if (!(element instanceof HTMLElement)) throw new Error('a list has an empty template');
    this.holder.append(element);
    const lists = [...element.querySelectorAll<HTMLElement>('[data-list]')].filter((inner) => inner.parentElement?.closest('[data-list]') === this.element).map((inner) => new List(inner, this.events));
    const controls = [...element.querySelectorAll<HTMLElement>('[data-bind]')].map((place) => new Control(place, this.events));
    if (open && element.firstElementChild instanceof HTMLDetailsElement) element.firstElementChild.open = true;
    this.items.push({ element, controls, lists });
  }

  /** The scenario with one more item, that of data-new, with a name that no other has. */
  add(scenario: Json, context: Context): Json {
    const values = get(scenario, this.pointer);
    const array = Array.isArray(values) ? values : [];
    const role = `/accounts/${escape(context.places.account)}/Roles/${context.places.role}/RoleName`;
    const written = (this.element.dataset['new'] ?? '{}').replaceAll('{role}', JSON.stringify(get(context.scenario, role) ?? 'my-role').slice(1, -1));
    const fresh = JSON.parse(resolve(written, context.places)) as Json;
    return put(scenario, this.pointer, [...array, named(fresh, array, this.element.dataset['name'])]) ?? null;
  }

  /** The scenario without an item. */
  drop(scenario: Json, item: Element): Json {
    const at = this.items.findIndex(({ element }) => element === item);
    const values = get(scenario, this.pointer);
    if (at < 0 || !Array.isArray(values)) return scenario;
    for (const { element } of this.items.splice(at, 1)) element.remove(); // itself, so that what is open of the others stays
    return put(scenario, this.pointer, values.toSpliced(at, 1)) ?? null;
  }

  /** Shows the last item and goes to its first field. */
  reveal(): void {
    const last = this.items.at(-1)?.element;
    if (last?.firstElementChild instanceof HTMLDetailsElement) last.firstElementChild.open = true;
    last?.querySelector<HTMLElement>('input, textarea')?.focus();
  }

  focus(): void {
    this.element.querySelector<HTMLElement>(':scope > [data-item="add"]')?.focus();
  }

  /** Whether the item is one of this list's own. */
  has(item: Element): boolean {
    return this.items.some(({ element }) => element === item);
  }
}

function title(value: Json | undefined, at: number): string {
  return typeof value === 'string' && value !== '' && value.length < 200 && !value.includes('\n') ? value : `${at + 1}`;
}

/** The item with its name changed where another has it. */
function named(item: Json, others: Json[], member: string | undefined): Json {
  const wanted = member === undefined ? undefined : get(item, `/${member}`);
  if (typeof wanted !== 'string') return item;
  const taken = new Set(others.map((other) => get(other, `/${member}`)));
  let name = wanted;
  for (let n = 2; taken.has(name); n++) name = `${wanted}-${n}`;
  return put(item, `/${member}`, name) ?? null;
}
