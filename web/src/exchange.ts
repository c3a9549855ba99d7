// The world comes in and goes out: what was pasted is put into the scenario,
// with a sentence that says what it was taken for, and the scenario is shown
// as what other tools read. The engine makes both; here they are asked for
// and shown.

import { equal, get, type Json, type Operation, patch, put } from './json';
import { closeMenus } from './menus';

/** What the engine made of a text; or why it made nothing, or how it broke. */
interface Imported {
  what?: string;
  patch?: Operation[];
  role?: string;
  notes?: string[];
  refusal?: string;
  internal?: string;
}

interface File {
  name: string;
  text: string;
}

/** What the page does for it. */
export interface Page {
  /** Asks the engine; the answer is JSON. */
  ask(name: 'importWorld' | 'exportWorld', ...args: string[]): Promise<string>;
  /** The scenario as it is. */
  scenario(): Json;
  /** The JSON Pointer of the role in view, and of the call's RoleArn. */
  view(): { role: string; arn: string };
  /** Puts a scenario in the place of another, which can be brought back. */
  replace(next: Json, from: Json): void;
  /** Brings back what the last replacement took away. */
  back(): void;
}

export class Exchange {
  private readonly line = element('exchange-line');
  private readonly words = element('exchange-words');
  private readonly notes = element('exchange-notes');
  private readonly undo = element('exchange-undo');
  private readonly menu = element('exchange');
  private readonly files = element('export-files');
  private format = 'cli';
  private asked = 0;

  constructor(private readonly page: Page) {
    const text = document.querySelector<HTMLTextAreaElement>('#import-text');
    element('import-take').addEventListener('click', () => {
      if (text) void this.take(text.value).then((taken) => {
        const refusal = element('import-refusal'); // the line above the panes is behind the open menu
        refusal.textContent = taken ? '' : this.words.textContent;
        refusal.hidden = taken;
        if (!taken) return;
        closeMenus();
        text.value = '';
      });
    });
    this.undo.addEventListener('click', () => {
      this.line.hidden = true;
      this.page.back();
    });
    element('exchange-close').addEventListener('click', () => (this.line.hidden = true));
    this.menu.addEventListener('toggle', () => void this.show());
    for (const button of document.querySelectorAll<HTMLElement>('[data-format]')) {
      button.addEventListener('click', () => {
        this.format = button.dataset['format'] ?? 'cli';
        void this.show();
      });
    }
  }

  /** What a text is, in a sentence; empty where it isn't recognised. */
  async recognise(text: string, scenario: Json): Promise<string> {
    const { what = '' } = await this.read(text, scenario);
    return what;
  }

  /** Takes a text into the scenario, which is the page's own unless another is given; false where it isn't recognised. */
  async take(text: string, instead?: Json): Promise<boolean> {
    const scenario = instead ?? this.page.scenario();
    const imported = await this.read(text, scenario);
    if (instead === undefined && this.page.scenario() !== scenario) return this.take(text); // something was typed meanwhile, and stays
    if (imported.what === undefined || imported.patch === undefined) {
      this.say(capital(imported.refusal ?? imported.internal ?? 'the engine gave no answer'), [], false);
      return false;
    }
    const notes = [...(imported.notes ?? [])];
    let next = patch(scenario, imported.patch);
    // A role that comes alone is the one to ask for.
    const { arn } = this.page.view();
    const asksFor = get(next, arn);
    if (imported.role && typeof asksFor === 'string' && asksFor !== imported.role) {
      next = put(next, arn, imported.role) ?? next;
      notes.push(`the call asks for ${imported.role}, no longer for ${asksFor}`);
    }
    this.page.replace(next, scenario);
    this.say(imported.what + (imported.patch.length > 0 ? '' : '; there is nothing in it to add'), notes, !equal(next, scenario));
    return true;
  }

  private async read(text: string, scenario: Json): Promise<Imported> {
    return JSON.parse(await this.page.ask('importWorld', text, JSON.stringify(scenario), this.page.view().role)) as Imported;
  }

  /** Says a sentence above the panes, with its notes below it. */
  private say(sentence: string, notes: string[], undo: boolean): void {
    this.words.textContent = `${sentence}.`;
    this.notes.replaceChildren(...notes.map((note) => Object.assign(document.createElement('li'), { textContent: `${capital(note)}.` })));
    this.undo.hidden = !undo;
    this.line.hidden = false;
  }

  /** Shows the scenario in the format that is chosen, as far as the menu is open. */
  private async show(): Promise<void> {
    for (const button of document.querySelectorAll<HTMLElement>('[data-format]')) {
      button.setAttribute('aria-pressed', String(button.dataset['format'] === this.format));
    }
    if (!this.menu.hasAttribute('open')) return;
    const asked = ++this.asked;
    const answer = JSON.parse(await this.page.ask('exportWorld', JSON.stringify(this.page.scenario()), this.format)) as File[] | { refusal?: string; internal?: string } | null;
    if (asked !== this.asked) return; // another was asked for since
    if (Array.isArray(answer) && answer.length > 0) this.files.replaceChildren(...answer.map(drawFile));
    else {
      const why = Array.isArray(answer) || answer === null ? 'there is no account in the scenario' : (answer.refusal ?? answer.internal ?? '');
      this.files.replaceChildren(Object.assign(document.createElement('p'), { textContent: `${capital(why)}.` }));
    }
  }
}

function drawFile({ name, text }: File, i: number): HTMLElement {
  const section = document.createElement('section');
  const head = document.createElement('h3');
  const copy = Object.assign(document.createElement('button'), { type: 'button', className: 'quiet', textContent: 'Copy' });
  copy.dataset['copy'] = `export-file-${i}`;
  copy.setAttribute('aria-label', `Copy ${name}`);
  head.append(name, copy);
  const body = Object.assign(document.createElement('pre'), { id: `export-file-${i}`, textContent: text, tabIndex: 0 });
  body.setAttribute('aria-label', name);
  section.append(head, body);
  return section;
}

function capital(words: string): string {
  return words.charAt(0).toUpperCase() + words.slice(1);
}

function element(id: string): HTMLElement {
  const found = document.getElementById(id);
  if (!found) throw new Error(`the page has no #${id}`);
  return found;
}
