// The world goes out: the scenario is shown as what other tools read. The
// tools make the files; here they are asked for and shown.

import type { Json } from './json';
import { element } from './says';

interface File {
  name: string;
  text: string;
}

/** What the page does for it. */
export interface Page {
  /** Asks the tools; the answer is JSON. */
  ask(scenario: string, format: string): Promise<string>;
  /** The scenario as it is. */
  scenario(): Json;
}

export class Exchange {
  private readonly menu = element('exchange');
  private readonly files = element('export-files');
  private format = 'cli';
  private asked = 0;

  constructor(private readonly page: Page) {
    this.menu.addEventListener('toggle', () => void this.show());
    for (const button of document.querySelectorAll<HTMLElement>('[data-format]')) {
      button.addEventListener('click', () => {
        this.format = button.dataset['format'] ?? 'cli';
        void this.show();
      });
    }
  }

  /** Shows the scenario in the format that is chosen, as far as the menu is open. */
  private async show(): Promise<void> {
    for (const button of document.querySelectorAll<HTMLElement>('[data-format]')) {
      button.setAttribute('aria-pressed', String(button.dataset['format'] === this.format));
    }
    if (!this.menu.hasAttribute('open')) return;
    const asked = ++this.asked;
    const answer = JSON.parse(await this.page.ask(JSON.stringify(this.page.scenario()), this.format)) as File[] | { refusal?: string; internal?: string } | null;
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
