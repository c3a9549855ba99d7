// The gallery's scenarios, which arrive with the page so that choosing one
// needs no network.

import { bytes } from './fetched';
import { get, isObject, type Json, parse } from './json';

export class Examples {
  private arrived: ArrayBuffer | undefined;
  private read: Json[] | undefined;

  async load(url: string): Promise<void> {
    if (url === '') return;
    try {
      this.arrived = await bytes(url);
    } catch {
      // The gallery's links still lead to the examples, by way of the server.
    }
  }

  /** They are read when one is first asked for, which takes as long as the rest of the page's start. */
  private get entries(): Json[] {
    if (this.read || !this.arrived) return this.read ?? [];
    const entries = parse(new TextDecoder().decode(this.arrived));
    this.arrived = undefined;
    return (this.read = Array.isArray(entries) ? entries : []);
  }

  /** An example's scenario as text, for looking into it. */
  text(slug: string): string {
    const entry = this.entries.find((candidate) => get(candidate, '/slug') === slug);
    return entry === undefined ? '' : JSON.stringify(get(entry, '/scenario') ?? '');
  }

  /** The scenario of an example; undefined where it isn't here. */
  find(slug: string): Json | undefined {
    const scenario = get(this.entries.find((entry) => get(entry, '/slug') === slug), '/scenario');
    return isObject(scenario) ? scenario : undefined;
  }
}

/**
 * Shows those of the gallery's links that have all the words looked for, in
 * their group, title, summary or scenario, and says how many there are. While
 * something is looked for, groups that have it are open; then they are as the
 * reader had them.
 */
export function followFilter(text: (slug: string) => string): void {
  const input = document.querySelector<HTMLInputElement>('#find-example');
  const found = document.querySelector('#found-examples');
  const groups = [...document.querySelectorAll<HTMLDetailsElement>('.gallery details')];
  const had = new Map<Element, boolean>(); // which groups were open before something was looked for
  let looking = false;
  const hays = new WeakMap<Element, string>(); // what is looked into, made when it is first needed
  const hayOf = (item: Element): string => {
    const slug = item.querySelector('a')?.dataset['example'] ?? '';
    const group = item.closest('details')?.querySelector('summary')?.textContent ?? '';
    const hay = hays.get(item) ?? `${group} ${item.textContent ?? ''} ${text(slug)}`.toLowerCase();
    hays.set(item, hay);
    return hay;
  };
  input?.addEventListener('input', () => {
    const words = input.value.toLowerCase().split(/\s+/).filter(Boolean);
    let count = 0;
    if (words.length > 0 && !looking) for (const group of groups) had.set(group, group.open);
    for (const section of document.querySelectorAll<HTMLElement>('.gallery section')) {
      let some = false;
      for (const item of section.querySelectorAll('li')) {
        const hay = hayOf(item);
        item.hidden = !words.every((word) => hay.includes(word));
        if (!item.hidden) {
          some = true;
          count++;
        }
      }
      section.hidden = !some;
    }
    for (const group of groups) if (words.length > 0 || looking) group.open = words.length > 0 || had.get(group) === true;
    looking = words.length > 0;
    if (found) found.textContent = words.length === 0 ? '' : count === 1 ? '1 example' : `${count === 0 ? 'No' : count} examples`;
  });
}
