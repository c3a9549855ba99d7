// Fields that complete what is typed: the combobox of the ARIA Authoring
// Practices, with its list in a popup that all fields share. The focus stays
// in the field; aria-activedescendant says which option is chosen.

import type { Suggestion, Subject } from './suggestions';

/** Where suggestions come from. One that has to ask somebody answers later. */
export type Source = (subject: Subject, typed: string, field: HTMLElement) => Suggestion[] | Promise<Suggestion[]>;

/** As many options are offered at once. */
const most = 60;

/** How wide the arrow at a field's end is; CSS pixels. */
const arrowWidth = 24;

export class Completions {
  private field: HTMLInputElement | undefined; // whose list is open
  private options: Suggestion[] = [];
  private active = -1;
  private asked = 0;
  private accepting = false;

  constructor(private readonly list: HTMLElement, private readonly status: HTMLElement, private readonly sources: Source[]) {
    document.addEventListener('input', (event) => {
      const field = combobox(event.target);
      if (field && !this.accepting) void this.offer(field, field.value);
    });
    document.addEventListener('keydown', (event) => this.press(event), true);
    document.addEventListener('focusout', (event) => event.target === this.field && this.close());
    // A click in the text is for the caret; one more, or one on the arrow, opens the list.
    let ready: HTMLInputElement | undefined;
    document.addEventListener('pointerdown', (event) => {
      const field = combobox(event.target);
      const arrow = field !== undefined && event.clientX > field.getBoundingClientRect().right - arrowWidth;
      ready = field && field !== this.field && (arrow || field === document.activeElement || ['caller', 'parameter'].includes(field.dataset['complete'] ?? '')) ? field : undefined;
    });
    document.addEventListener('click', (event) => ready && event.target === ready && void this.offer(ready, ''));
    // The field keeps the focus while the list is clicked.
    list.addEventListener('mousedown', (event) => event.preventDefault());
    list.addEventListener('click', (event) => {
      const option = event.target instanceof Element ? event.target.closest<HTMLElement>('[role="option"]') : null;
      if (option) this.accept(Number(option.dataset['at']));
    });
    for (const kind of ['scroll', 'resize']) {
      window.addEventListener(kind, (event) => !(event.target instanceof Node && list.contains(event.target)) && this.place(), true);
    }
  }

  /** Offers what fits the text; all that there is where it is empty. */
  private async offer(field: HTMLInputElement, typed: string): Promise<void> {
    const turn = ++this.asked;
    let found: Suggestion[] = [];
    for (const source of this.sources) {
      const more = source(field.dataset['complete'] as Subject, typed, field);
      found = merged(found, more instanceof Promise ? await more : more, typed);
      if (turn !== this.asked || document.activeElement !== field) return;
    }
    if (found.length === 0) this.close();
    else this.open(field, found);
  }

  private open(field: HTMLInputElement, options: Suggestion[]): void {
    if (this.field !== field) this.close();
    this.field = field;
    this.options = options;
    this.active = -1;
    this.list.replaceChildren(...options.map((option, i) => drawn(option, i)));
    this.list.hidden = false;
    field.setAttribute('aria-expanded', 'true');
    field.removeAttribute('aria-activedescendant');
    this.status.textContent = options.length === 1 ? '1 suggestion' : `${options.length} suggestions`;
    this.place();
  }

  private close(): void {
    this.asked++;
    this.field?.setAttribute('aria-expanded', 'false');
    this.field?.removeAttribute('aria-activedescendant');
    this.field = undefined;
    this.list.hidden = true;
    this.status.textContent = '';
  }

  /** Puts the list below its field, or above it where there is more room. */
  private place(): void {
    if (!this.field) return;
    const at = this.field.getBoundingClientRect();
    const below = window.innerHeight - at.bottom;
    const { style } = this.list;
    style.left = `${Math.max(8, Math.min(at.left, window.innerWidth - this.list.offsetWidth - 8))}px`;
    style.minWidth = `${Math.min(at.width, window.innerWidth - 16)}px`;
    style.maxHeight = `${Math.max(80, Math.min(320, Math.max(below, at.top) - 16))}px`;
    style.top = below >= 200 || below >= at.top ? `${at.bottom + 2}px` : '';
    style.bottom = style.top === '' ? `${window.innerHeight - at.top + 2}px` : '';
  }

  private press(event: KeyboardEvent): void {
    const field = combobox(event.target);
    if (!field || event.ctrlKey || event.metaKey || event.isComposing) return;
    const open = this.field === field;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step !== undefined) {
      if (open) this.choose(step);
      else void this.offer(field, '').then(() => this.field && this.choose(step));
    } else if (event.key === 'Enter' && open && this.active >= 0) this.accept(this.active);
    else if (event.key === 'Escape' && open) {
      this.close();
      event.stopPropagation();
    } else return;
    event.preventDefault();
  }

  private choose(step: number): void {
    const count = this.options.length;
    this.active = this.active < 0 && step < 0 ? count - 1 : (this.active + step + count) % count;
    [...this.list.children].forEach((option, i) => option.setAttribute('aria-selected', String(i === this.active)));
    const option = this.list.children[this.active];
    option?.scrollIntoView({ block: 'nearest' });
    this.field?.setAttribute('aria-activedescendant', option?.id ?? '');
  }

  /** Takes an option, as if it had been typed. */
  private accept(at: number): void {
    const field = this.field;
    const option = this.options[at];
    this.close();
    if (!field || !option) return;
    field.value = option.value;
    this.accepting = true;
    field.dispatchEvent(new InputEvent('input', { bubbles: true }));
    this.accepting = false;
  }
}

function combobox(target: EventTarget | null): HTMLInputElement | undefined {
  return target instanceof HTMLInputElement && target.dataset['complete'] !== undefined ? target : undefined;
}

/** What was found with what more there is, each value once: what begins with the text before what has it within. */
function merged(found: Suggestion[], more: Suggestion[], typed: string): Suggestion[] {
  const wanted = typed.toLowerCase();
  const all = new Map([...found, ...more].reverse().map((each) => [each.value, each]));
  const fitting = [...all.values()].reverse().filter(({ value }) => value !== typed && value.toLowerCase().includes(wanted));
  const begins = ({ value }: Suggestion): number => (value.toLowerCase().startsWith(wanted) ? 0 : 1);
  return fitting.sort((a, b) => begins(a) - begins(b)).slice(0, most);
}

function drawn({ value, type, about }: Suggestion, at: number): HTMLElement {
  const option = document.createElement('li');
  option.id = `completion-${at}`;
  option.setAttribute('role', 'option');
  option.setAttribute('aria-selected', 'false');
  option.dataset['at'] = String(at);
  for (const [className, words] of [['value', value], ['type', type], ['about', about]] as const) {
    if (words !== '') option.append(Object.assign(document.createElement('span'), { className, textContent: words }), ' ');
  }
  return option;
}
