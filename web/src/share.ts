// The scenario is handed on: as a link that holds it, as a file, as a code for
// a room. The tools make all three, and say what is in them; here they are
// asked for, shown, copied and saved. Nothing is sent anywhere.

import { copyText } from './copied';
import { drawAlone } from './report';
import { element } from './says';
import { showTab } from './tabs';

/** What the reader of a link sees first; call counts from 1, and what is left out isn't said. */
export interface View {
  call?: number;
  tab?: string;
  step?: string;
}

/** What the page does for it. */
export interface Page {
  /** Asks the tools; the answer is JSON. */
  ask(name: 'shareScenario' | 'scenarioFile', ...args: string[]): Promise<string>;
  /** The scenario's text as it is, the moment at which it is played, and the call in view, from 0. */
  now(): { scenario: string; now: string; call: number };
  /** Says a sentence to who hears the page. */
  speak(words: string): void;
  /** Says what went wrong. */
  complain(problem: string): void;
}

/** What is ticked when the dialog opens: as little as makes sense. */
const careful: Record<string, boolean> = { claims: true, accounts: false, people: false, keys: true, view: true };

export class Share {
  private readonly dialog = element<HTMLDialogElement>('share-dialog');
  private readonly projector = element<HTMLDialogElement>('share-projector');
  private readonly holder = element('share-holder');
  private readonly said = element('share-said');
  private readonly wait = element('share-wait');
  private options = { ...careful };
  private link = '';
  private asked = 0;
  private step = ''; // the step of the report that its reader opened last

  constructor(private readonly page: Page, report: HTMLElement) {
    for (const dialog of [this.dialog, this.projector]) {
      dialog.addEventListener('click', (event) => this.press(event));
    }
    this.dialog.addEventListener('change', ({ target }) => {
      const option = target instanceof HTMLInputElement ? target.dataset['shareOption'] : undefined;
      if (option === undefined || !(target instanceof HTMLInputElement)) return;
      this.options[option] = target.checked;
      void this.make();
    });
    report.addEventListener('click', ({ target }) => {
      const step = target instanceof Element ? target.closest('summary')?.closest('[id^="s_"]:not(details)') : undefined;
      if (step) this.step = ruleOf(step.id);
    });
  }

  open(): void {
    this.options = { ...careful };
    this.said.textContent = '';
    this.holder.replaceChildren(this.wait);
    this.dialog.showModal();
    void this.make();
  }

  /** Saves the scenario as a file, with everything in it. */
  async save(): Promise<void> {
    const { scenario, now } = this.page.now();
    await this.download({ scenario, now }, 'yaml', (name) => this.page.speak(`Saved as ${name}, with everything in it: tokens keep their signatures.`), (problem) => this.page.complain(problem));
  }

  private request(): object {
    const { scenario, now, call } = this.page.now();
    const view: View = {};
    if (call > 0) view.call = call + 1;
    const tab = document.documentElement.dataset['tab'] ?? 'result';
    if (tab !== 'result') view.tab = tab;
    if (this.step !== '' && stepOf(this.step)) view.step = this.step;
    const page = location.protocol === 'file:' ? '' : location.href.split(/[?#]/, 1)[0]; // a disk's folders are nobody else's
    return { scenario, now, page, view, options: this.options };
  }

  /** Makes the link, and says what is in it. */
  private async make(): Promise<void> {
    const asked = ++this.asked;
    const answer = await this.page.ask('shareScenario', JSON.stringify(this.request()));
    if (asked !== this.asked) return; // another was asked for since
    const { link = '', html, code = '', refusal, internal } = JSON.parse(answer) as { link?: string; html?: string; code?: string; refusal?: string; internal?: string };
    this.link = link;
    if (html === undefined) {
      this.wait.textContent = `There is no link: ${refusal ?? internal ?? 'no answer came'}.`;
      this.holder.replaceChildren(this.wait);
      return;
    }
    const first = this.holder.contains(this.wait);
    drawInto(this.holder, html);
    if (first) document.getElementById('share-take')?.focus(); // what most people are here for
    drawInto(element('share-screen'), code);
  }

  private press(event: Event): void {
    const hit = event.target instanceof Element ? event.target.closest<HTMLElement>('[data-share]') : null;
    switch (hit?.dataset['share']) {
      case 'copy':
        void this.copy();
        break;
      case 'close':
        this.dialog.close();
        break;
      case 'large':
        this.projector.showModal();
        break;
      case 'small':
        this.projector.close();
        break;
      case 'yaml':
      case 'json':
        void this.download(this.request(), hit.dataset['share'], (name) => this.say(`Saved as ${name}.`), (problem) => this.say(problem));
    }
  }

  private async copy(): Promise<void> {
    if (await copyText(this.link)) return this.say('The link is copied.');
    getSelection()?.selectAllChildren(element('share-link'));
    this.say('The browser doesn’t let the page copy. The link is selected; press Ctrl+C or ⌘C.');
  }

  private async download(request: object, format: string, done: (name: string) => void, failed: (problem: string) => void): Promise<void> {
    const answer = await this.page.ask('scenarioFile', JSON.stringify(request), format);
    const { name, text, refusal, internal } = JSON.parse(answer) as { name?: string; text?: string; refusal?: string; internal?: string };
    if (name === undefined || text === undefined) {
      failed(`There is no file: ${refusal ?? internal ?? 'no answer came'}.`);
      return;
    }
    const address = URL.createObjectURL(new Blob([text], { type: format === 'json' ? 'application/json' : 'application/yaml' }));
    const link = Object.assign(document.createElement('a'), { href: address, download: name });
    link.click();
    window.setTimeout(() => URL.revokeObjectURL(address), 60_000); // some browsers read it later
    done(name);
  }

  private say(words: string): void {
    this.said.textContent = words;
  }
}

/** Opens the step of a rule in the report, and everything around it; says whether it is there. */
export function showStep(rule: string): boolean {
  const step = stepOf(rule);
  if (!step) return false;
  for (let up: Element | null = step; up; up = up.parentElement) if (up instanceof HTMLDetailsElement) up.open = true;
  const own = step.querySelector<HTMLDetailsElement>(':scope > details');
  if (own) own.open = true;
  showTab('result');
  step.scrollIntoView({ block: 'center' });
  return true;
}

/** A step's element; its id ends in the rule, below those of the steps around it. */
function stepOf(rule: string): Element | undefined {
  const end = rule.replace('/', '-');
  return [...document.querySelectorAll('#report [id^="s_"]:not(details)')].find((step) => step.id.split('_').at(-1) === end);
}

function ruleOf(id: string): string {
  return (id.split('_').at(-1) ?? '').replace('-', '/');
}

function drawInto(holder: HTMLElement, html: string): void {
  if (!holder.firstElementChild || holder.firstElementChild.id === 'share-wait') holder.replaceChildren(document.createElement('div'));
  drawAlone(holder.firstElementChild as Element, html);
}
