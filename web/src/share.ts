// The scenario is handed on: as a link that holds it, as a file, as a code for
// a room. The tools make all three, and say what is in them; here they are
// asked for, shown, copied and saved. Nothing is sent anywhere, but by the
// button that stores the scenario on the server.

import { copyText } from './copied';
import { drawAlone } from './report';
import { element, hide } from './says';
import { send } from './stores';
import { showTab } from './tabs';
import { reportHTML } from './trusted';

/** What the reader of a link sees first; call counts from 1, and what is left out isn't said. */
export interface View {
  call?: number;
  tab?: string;
  step?: string;
}

/** What the page does for it. */
export interface Page {
  /** Asks the tools; the answer is JSON. */
  ask(name: 'shareScenario' | 'scenarioFile' | 'storedLink', ...args: string[]): Promise<string>;
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
  private code = '';
  private readonly codes = new Map<string, string>(); // of the links that were stored, by their ids
  private storing = false;
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
    this.sayStore('');
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
    const { html, code = '', opens = false, refusal, internal } = JSON.parse(answer) as { html?: string; code?: string; opens?: boolean; refusal?: string; internal?: string };
    this.code = code;
    this.showInsist(opens);
    if (html === undefined) {
      this.wait.textContent = `There is no link: ${refusal ?? internal ?? 'no answer came'}.`;
      this.holder.replaceChildren(this.wait);
      return;
    }
    const first = this.holder.contains(this.wait);
    drawInto(this.holder, html);
    if (first) document.getElementById('share-take')?.focus(); // what most people are here for
  }

  private press(event: Event): void {
    const hit = event.target instanceof Element ? event.target.closest<HTMLElement>('[data-share]') : null;
    switch (hit?.dataset['share']) {
      case 'copy':
        void this.copy('share-link', (words) => this.say(words));
        break;
      case 'close':
        this.dialog.close();
        break;
      case 'large':
      case 'large-stored':
        drawInto(element('share-screen'), this.codes.get(hit.dataset['of'] ?? '') ?? this.code);
        this.projector.showModal();
        break;
      case 'store':
        void this.store();
        break;
      case 'copy-stored':
        void this.copy(hit.dataset['of'] ?? '', (words) => this.sayStore(words));
        break;
      case 'small':
        this.projector.close();
        break;
      case 'yaml':
      case 'json':
        void this.download(this.request(), hit.dataset['share'], (name) => this.say(`Saved as ${name}.`), (problem) => this.say(problem));
    }
  }

  /** Copies what an element has as its text. */
  private async copy(id: string, say: (words: string) => void): Promise<void> {
    if (await copyText(element(id).textContent ?? '')) return say('The link is copied.');
    getSelection()?.selectAllChildren(element(id));
    say('The browser doesn’t let the page copy. The link is selected; press Ctrl+C or ⌘C.');
  }

  /** Stores the scenario on the server, as the ticks have it, and shows the link to it. What fails can be tried again. */
  private async store(): Promise<void> {
    if (this.storing) return;
    const insists = element<HTMLInputElement>('store-signed');
    const signed = !element('store-insist').hidden;
    if (signed && !insists.checked) {
      this.sayStore('Nothing was sent: it keeps what opens something, such as a signature. Tick “claims only” above, or say below the choice of days that it is to be stored with that.', true);
      insists.focus();
      return;
    }
    this.storing = true;
    this.sayStore('Storing …');
    const expires = this.dialog.querySelector<HTMLInputElement>('input[name="expires"]:checked')?.value ?? '30d';
    const { text, refusal, internal } = JSON.parse(await this.page.ask('scenarioFile', JSON.stringify(this.request()), 'compact')) as { text?: string; refusal?: string; internal?: string };
    const { stored, problem } = text === undefined ? { problem: `${refusal ?? internal ?? 'no answer came'}.` } : await send(document.documentElement.dataset['store'] ?? '', text, expires, signed);
    this.storing = false;
    if (stored === undefined) {
      this.sayStore(`Not stored. ${problem}`, true);
      return;
    }
    const { html = '', code = '' } = JSON.parse(await this.page.ask('storedLink', JSON.stringify(stored))) as { html?: string; code?: string };
    this.codes.set(stored.id, code);
    element('store-holder').prepend(reportHTML(html));
    this.sayStore('Stored. The short link and its delete link are below.');
    document.getElementById(`${stored.id}-url`)?.focus();
  }

  /** Shows what has to be ticked before something that opens something is stored. */
  private showInsist(opens: boolean): void {
    if (document.documentElement.dataset['store'] === undefined) return;
    hide(element('store-insist'), !opens);
    if (!opens) element<HTMLInputElement>('store-signed').checked = false;
  }

  private sayStore(words: string, failed = false): void {
    const said = document.getElementById('store-said');
    if (!said) return;
    said.textContent = words;
    said.classList.toggle('is-failed', failed);
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
