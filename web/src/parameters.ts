// The list of operations, what is shown of the page for the one chosen, and
// the fields of its parameters. The page brings a template for each operation.

import { Control, type Context, type Events } from './controls';
import { get, type Json } from './json';
import { List } from './lists';
import { actionOf, isSigned, operation } from './operations';
import { hide } from './says';

export class Parameters {
  private readonly select = document.querySelector<HTMLSelectElement>('#action');
  private readonly holder = document.getElementById('params');
  private readonly parts = [...document.querySelectorAll<HTMLElement>('[data-protocol]')];
  private readonly templates = new Map([...document.querySelectorAll<HTMLTemplateElement>('template[data-operation]')].map((each) => [each.dataset['operation'] ?? '', each]));
  private drawn: string | undefined;
  controls: Control[] = [];
  lists: List[] = [];

  constructor(private readonly events: Events, choose: (action: string) => void) {
    this.select?.addEventListener('change', () => this.select && choose(this.select.value));
  }

  /** Shows the operation of the call in view. The controls themselves are shown by whoever shows all others. */
  show({ scenario, places }: Context): void {
    const action = actionOf(scenario, places);
    const known = operation(action);
    this.choose(action, known !== undefined);
    for (const part of this.parts) hide(part, !(part.dataset['protocol'] ?? '').split(' ').includes(known?.protocol ?? 'other'));
    const caller = document.getElementById('caller');
    if (caller) hide(caller, !isSigned(action) && get(scenario, `/calls/${places.call}/caller`) === undefined);
    if (this.drawn !== action) this.draw(action, get(scenario, `/calls/${places.call}/params`));
  }

  private choose(action: string, known: boolean): void {
    if (!this.select || this.select.value === action) return;
    this.select.querySelector(':scope > option')?.remove();
    if (!known) this.select.prepend(new Option(action));
    this.select.value = action;
  }

  /** Draws the fields of an operation; what is folded opens where the call says something of it. */
  private draw(action: string, params: Json | undefined): void {
    this.drawn = action;
    const template = this.templates.get(action) ?? this.templates.get('');
    if (!this.holder || !template) return;
    this.holder.dataset['operation'] = action;
    this.holder.replaceChildren(template.content.cloneNode(true));
    this.lists = [...this.holder.querySelectorAll<HTMLElement>('[data-list]')].map((place) => new List(place, this.events));
    this.controls = [...this.holder.querySelectorAll<HTMLElement>('[data-bind]')].map((place) => new Control(place, this.events));
    for (const folded of this.holder.querySelectorAll('details')) {
      const names = [...folded.querySelectorAll<HTMLElement>('[data-bind], [data-list]')].map((place) => (place.dataset['bind'] ?? place.dataset['list'] ?? '').replace(/^.*\//, ''));
      folded.open = names.some((name) => get(params, `/${name}`) !== undefined);
    }
  }
}
