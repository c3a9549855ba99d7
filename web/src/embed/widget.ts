// A playground in somebody's page: its texts, its result, and the way to the
// whole playground. What the result says is drawn by the engine; see package
// report for its parts. It stands in a shadow tree, so that neither style
// sheet reaches the other.

import css from 'embed-style';
import { writeAsk, showFields } from '../asks';
import { get, isObject, type Json, type Operation, parse, patch, put } from '../json';
import { drawReport } from '../report';
import { places, pretty, typed, untyped } from '../scenario';
import { type Answer, enter, leave, play, refer } from './engine';
import { encode } from './link';
import { Panes, readShown, type Shown, valueOf } from './panes';
import { inline, named, type Source } from './sources';
import { follow, isOnDark, unfollow } from './theme';

export interface Widget {
  /** The element stands in a page, or does no longer. */
  resume(): void;
  pause(): void;
  /** One of the element's attributes is another. */
  changed(name: string): void;
  /** The scenario is to be another: an object, or JSON or YAML. */
  give(scenario: unknown): void;
  /** Plays it; the report. */
  run(): Promise<Json>;
  readonly scenario: Json;
  readonly report: Json;
}

export function attach(host: HTMLElement, box: HTMLElement, site: string, given: unknown): Widget {
  return new Embed(host, box, site, given);
}

const sheet = new CSSStyleSheet();
sheet.replaceSync(css);

const views = ['verdict', 'trace', 'editors', 'split'];

/** The report's parts in the small views, and those that only the whole playground has. */
const small: Record<string, string[]> = {
  verdict: ['self-check', 'calls', 'verdict', 'answer', 'nothing'],
  editors: ['self-check', 'calls', 'verdict', 'answer', 'nothing', 'findings'],
};
const large = ['contents', 'hallway', 'credentials', 'picture', 'time', 'dissection'];

/** Long parts, closed when they are first drawn. */
const closed = ['token-view-d', 'saml-view-d', 'session-d'];

/** How long a verdict has to stand before a screen reader is told it; milliseconds. */
const quiet = 400;

class Embed implements Widget {
  private readonly frame = made('div', 'sts playground');
  private readonly panes = new Panes((pointer, text) => this.edit((world) => (pointer === '' ? text : (put(world, pointer, valueOf(pointer, text)) ?? null))));
  private readonly result = made('div', 'result');
  private readonly drawn = made('div', 'report');
  private readonly problem = made('p', 'problem');
  private readonly status = made('p', 'visually-hidden');
  private readonly title = made('span', 'embed-title');
  private readonly back = made('button', 'quiet');
  private readonly open = made('a', 'open');

  private source: Source | undefined;
  /** The scenario's text while it is nobody's but its author's, or is edited as a whole; else it is world's. */
  private text: string | undefined;
  /** The scenario with its documents as text, as the panes have them; nothing while it can't be read. */
  private world: Json | undefined;
  private call = 0;
  private edited = false;
  private answer: Answer | undefined;
  private unread = false; // its author's text is no scenario: it is edited as a whole
  private ready = false;
  private settled = false; // what was last asked for is answered
  private untold = false; // a change whose scenario isn't known yet
  private wanted = ''; // the rule of the step to open once it is drawn
  private search: Promise<void> | undefined; // the last one for a scenario
  private watched: string | undefined; // the text of the page that was taken
  private speaking = 0;
  private readonly watch = new MutationObserver(() => this.look());
  private readonly theme = (): void => this.dress();

  constructor(private readonly host: HTMLElement, private readonly box: HTMLElement, private readonly site: string, private given: unknown) {
    const root = box.getRootNode() as ShadowRoot;
    root.adoptedStyleSheets = [...root.adoptedStyleSheets, sheet];
    this.drawn.id = 'r';
    this.status.setAttribute('role', 'status');
    this.problem.setAttribute('role', 'alert');
    this.problem.hidden = true;
    this.back.type = 'button';
    this.back.textContent = 'Reset';
    this.back.hidden = true;
    this.back.addEventListener('click', () => this.reset());
    this.open.target = '_blank';
    this.open.rel = 'noopener';
    this.open.append('Open in full ', Object.assign(document.createElement('span'), { ariaHidden: 'true', textContent: '↗' }));
    this.open.href = site;
    const foot = made('div', 'embed-foot');
    foot.append(this.title, this.back, this.open);
    this.result.append(this.drawn);
    this.frame.setAttribute('role', 'group');
    const body = made('div', 'embed');
    body.append(this.panes.element, this.result);
    this.frame.append(body, foot, this.status);
    this.frame.addEventListener('click', (event) => this.click(event));
    this.frame.addEventListener('input', (event) => this.type(event));
    this.frame.addEventListener('focusin', (event) => this.ask(event));
    this.dress();
  }

  get scenario(): Json {
    return this.world === undefined ? null : untyped(this.world);
  }

  get report(): Json {
    return this.answer?.report ?? null;
  }

  resume(): void {
    enter(this);
    follow(this.theme);
    this.dress();
    if (!this.search) this.find();
    else if (this.source && !this.settled) this.again();
    this.look();
    this.watchPage();
  }

  pause(): void {
    leave(this);
    unfollow(this.theme);
    this.watch.disconnect();
  }

  changed(name: string): void {
    switch (name) {
      case 'scenario': case 'src': case 'for':
        this.given = null;
        this.find();
        break;
      case 'theme': case 'height':
        this.dress();
        break;
      case 'call': case 'step':
        this.aim();
        this.again();
        break;
      case 'loading':
        break;
      default:
        this.dress();
        this.again();
    }
  }

  give(scenario: unknown): void {
    this.given = scenario;
    this.find();
  }

  async run(): Promise<Json> {
    if (!this.source) this.find();
    await this.search;
    if (!this.source) throw new Error(this.problem.textContent ?? '');
    return this.play();
  }

  private attribute(name: string): string {
    return this.host.getAttribute(name)?.trim() ?? '';
  }

  private get view(): string {
    const view = this.attribute('view');
    return views.includes(view) ? view : this.attribute('for') === '' ? 'split' : 'trace';
  }

  private get readonly(): boolean {
    return this.host.hasAttribute('readonly');
  }

  private get shown(): Shown[] {
    const words = this.unread ? 'scenario' : this.attribute('show');
    return words === '' ? ['token', 'trust', 'permissions'] : readShown(words);
  }

  /** Whether it has taken the place of what the page has for it. */
  private get isThere(): boolean {
    return this.frame.parentNode === this.box;
  }

  private get hasPanes(): boolean {
    return this.view === 'editors' || this.view === 'split';
  }

  // Where the scenario comes from.

  /** Finds the scenario anew, and plays it. Of two searches the later counts. */
  private find(): void {
    const search = this.sought().then(
      (source) => {
        if (search !== this.search) return;
        this.watchPage();
        if (source) {
          this.begin(source);
          this.again();
        } else if (!this.source) this.fail(this.attribute('for') === '' ? 'no scenario is given' : `there is nothing in ${this.attribute('for')} to play`, false);
      },
      (error: unknown) => {
        if (search === this.search) this.fail(words(error));
      },
    );
    this.search = search;
  }

  /** What the property was set to, what an attribute names, else what stands in the element. */
  private async sought(): Promise<Source | undefined> {
    this.watched = undefined;
    if (typeof this.given === 'string') return own(this.given);
    if (this.given !== null) return own(JSON.stringify(this.given));
    const reference = this.attribute('scenario') || this.attribute('src');
    if (reference !== '') return named(reference, this.site);
    this.watched = this.held() ?? '';
    return this.watched === '' ? undefined : own(this.watched);
  }

  /** The text that the page itself has for it. */
  private held(): string | undefined {
    const target = this.attribute('for');
    if (target === '') return inline(this.host);
    const element = document.getElementById(target.replace(/^#/, ''));
    return element ? inline(element) ?? (element.textContent?.trim() || undefined) : undefined;
  }

  /** Takes the page's text once it is another: frameworks bring it late, and exchange it. What a reader has edited stays. */
  private look(): void {
    if (this.watched !== undefined && !this.edited && (this.held() ?? '') !== this.watched) this.find();
  }

  private watchPage(): void {
    this.watch.disconnect();
    if (this.watched === undefined || !this.host.isConnected) return;
    const target = this.attribute('for');
    const held = target === '' ? this.host : (document.getElementById(target.replace(/^#/, ''))?.parentNode ?? document);
    this.watch.observe(held, { childList: true, characterData: true, subtree: true });
  }

  private begin(source: Source): void {
    this.source = source;
    this.edited = this.unread = false;
    this.problem.remove();
    this.read(source.text);
    this.aim();
  }

  private reset(): void {
    if (!this.source) return;
    this.begin(this.source);
    this.again();
    this.untold = this.world === undefined;
    if (!this.untold) this.tellChange();
    this.open.focus();
  }

  /** The call and the step that the author wants seen first. */
  private aim(): void {
    this.call = Math.max(0, (Number(this.attribute('call')) || (this.source?.call ?? 0) + 1) - 1);
    this.wanted = this.attribute('step') || (this.source?.step ?? '');
  }

  /** Takes a text; one in YAML is read by the engine. */
  private read(text: string): void {
    const read = parse(text);
    this.world = isObject(read) ? typed(read) : undefined;
    const wholeShown = this.hasPanes && this.shown.includes('scenario');
    this.text = this.world === undefined || wholeShown ? text : undefined;
  }

  // Playing it.

  /** Plays it where nobody waits for the report; what goes wrong is said. */
  private again(): void {
    this.play().catch(() => undefined);
  }

  private async play(): Promise<Json> {
    if (!this.source) return null;
    this.settled = false;
    this.frame.ariaBusy = 'true';
    if (!this.isThere) this.wait();
    const says = this.attribute('expect');
    const request = {
      scenario: this.text ?? JSON.stringify(this.world), now: new Date().toISOString(), call: this.call,
      // What is said of one call is said of the one that the author wants seen.
      expect: says.includes(',') ? says : '-,'.repeat(Math.max(0, (Number(this.attribute('call')) || 1) - 1)) + says,
    };
    try {
      const answer = await play(this, JSON.stringify(request));
      if (answer && this.host.isConnected) this.hear(answer, request.scenario);
    } catch (error) {
      this.fail(words(error));
      throw error;
    }
    return this.report;
  }

  private hear(answer: Answer, played: string): void {
    this.answer = answer;
    const read = answer.scenario !== '' && this.text === played;
    if (read) this.world = typed(parse(answer.scenario) ?? null);
    this.unread ||= this.world === undefined && !this.edited;
    this.problem.remove();
    if (!this.isThere) this.box.replaceChildren(this.frame);
    this.draw(answer);
    if (read && this.hasPanes && !this.edited && !this.shown.includes('scenario')) {
      // Once more with the documents as the panes have them, so that the report's lines are theirs.
      this.text = undefined;
      this.again();
      return;
    }
    this.settled = true;
    if (!this.ready) {
      this.ready = true;
      if (this.attribute('loading') === 'click') { // what had the focus is gone
        this.frame.tabIndex = -1;
        this.frame.focus({ preventScroll: true });
      }
      this.tell('sts-ready', {});
    }
    if (this.untold) this.tellChange();
    this.frame.ariaBusy = 'false';
    const call = get(answer.report, `/calls/${this.call}`);
    const verdict = String(get(call, '/verdict') ?? '');
    if (this.edited) this.speak(verdict);
    const met = this.drawn.querySelector<HTMLElement>('#self-check')?.dataset['met'];
    this.tell('sts-result', {
      verdict, outcome: get(call, '/outcome') ?? null, code: get(call, '/error/code') ?? null,
      met: met === undefined ? null : met === 'true', report: answer.report,
    });
    void this.lead();
  }

  private draw({ report, parts }: Answer): void {
    const wanted = small[this.view];
    const lone = this.attribute('call') !== '';
    const kept = parts.filter(({ id, holder }) => {
      if (lone && id === 'calls') return false;
      return wanted ? wanted.includes(id) : !large.includes(id) && !large.includes(holder);
    });
    const before = new Set([...this.drawn.querySelectorAll('details')].map((details) => details.id));
    drawReport(this.drawn, kept.map((part) => ({ ...part, html: part.html.replaceAll('href="modelled#', `href="${this.site}modelled#`) })));
    for (const id of closed) {
      const details = this.drawn.querySelector<HTMLDetailsElement>(`#${id}`);
      if (details && !before.has(id)) details.open = false;
    }
    const title = String(get(report, '/title') ?? '');
    this.title.textContent = title;
    this.frame.ariaLabel = title === '' ? 'STS Playground' : `STS Playground: ${title}`;
    this.fill();
    this.openStep();
  }

  /** Brings the panes and the report's fields in line with the scenario. */
  private fill(): void {
    const world = this.world ?? null;
    this.panes.element.hidden = !this.hasPanes;
    // While a whole scenario that is being written can't be read, its pane stays as it is.
    if (this.hasPanes && (this.world !== undefined || !this.edited)) this.panes.show(this.shown, world, places(world, this.call, ''), this.text ?? pretty(this.scenario), this.readonly);
    showFields(this.drawn, world);
    for (const field of this.drawn.querySelectorAll('input')) field.readOnly = this.readonly;
    for (const fix of this.drawn.querySelectorAll<HTMLButtonElement>('.fix')) fix.disabled = this.readonly || this.world === undefined;
    for (const link of this.drawn.querySelectorAll<HTMLElement>('.goto, #to-moment')) link.hidden = !this.hasPanes || !this.panes.shows(link.dataset['gotoPath'] ?? '');
    this.back.hidden = !this.edited;
  }

  /** Opens the step that is wanted, and what it stands in. Nothing is scrolled: the page is somebody else's. */
  private openStep(): void {
    const end = this.wanted.replace('/', '-');
    const step = end === '' ? undefined : [...this.drawn.querySelectorAll('[id^="s_"]:not(details)')].find((each) => each.id.split('_').at(-1) === end);
    if (!step) return;
    this.wanted = '';
    for (let up: Element | null = step.querySelector('details') ?? step; up && up !== this.drawn; up = up.parentElement) if (up instanceof HTMLDetailsElement) up.open = true;
  }

  // What a reader does.

  private edit(change: (world: Json) => Json): void {
    const changed = change(this.world ?? null);
    if (typeof changed === 'string') {
      this.read(changed);
      this.text = changed;
    } else {
      this.world = changed;
      this.text = undefined;
    }
    this.edited = true;
    void refer();
    this.again();
    this.untold = this.world === undefined; // YAML is read by the engine
    if (!this.untold) this.tellChange();
  }

  private tellChange(): void {
    this.untold = false;
    this.tell('sts-change', { scenario: this.scenario });
  }

  private click(event: Event): void {
    const target = event.target instanceof Element ? event.target.closest<HTMLElement>('a, button') : null;
    if (!target) return;
    const { fix, call, gotoPath, line, copy } = target.dataset;
    if (target.getAttribute('href')?.startsWith('#')) event.preventDefault();
    if (gotoPath !== undefined) this.panes.go(gotoPath, Number(line ?? 1));
    else if (target.getAttribute('href')?.startsWith('#')) this.reveal(target.dataset['reveal'] ?? target.getAttribute('href')?.slice(1) ?? '');
    else if (call !== undefined) this.choose(Number(call));
    else if (copy !== undefined) void this.copy(target, copy);
    else if (fix !== undefined) {
      try {
        const changes = parse(fix) as unknown as Operation[];
        const next = patch(this.world ?? null, changes);
        this.edit(() => next);
      } catch (error) {
        this.speak(`This can’t be changed any more: ${words(error)}.`);
      }
    }
  }

  private type(event: Event): void {
    const field = event.target;
    if (!(field instanceof HTMLInputElement) || field.dataset['bind'] === undefined || this.world === undefined) return;
    const { bind, kind = 'text' } = field.dataset;
    this.edit((world) => writeAsk(world, bind ?? '', kind, field.value));
  }

  /** A question is drawn once one of its fields is gone to. */
  private ask(event: Event): void {
    const row = event.target instanceof HTMLInputElement ? event.target.closest<HTMLElement>('[data-row]') : null;
    if (row) this.choose(Number(row.dataset['row']));
  }

  private choose(call: number): void {
    if (call === this.call) return;
    this.call = call;
    this.again();
  }

  private reveal(id: string): void {
    const part = id === '' ? null : this.drawn.querySelector(`#${CSS.escape(id)}`);
    const details = part?.querySelector<HTMLDetailsElement>(':scope > details');
    if (details) details.open = true;
    part?.scrollIntoView({ block: 'nearest' });
    (details?.querySelector('summary') ?? (part instanceof HTMLElement ? part : undefined))?.focus({ preventScroll: true });
  }

  private async copy(button: HTMLElement, id: string): Promise<void> {
    const text = this.drawn.querySelector(`#${CSS.escape(id)}`)?.textContent ?? '';
    try {
      await navigator.clipboard.writeText(text);
      button.textContent = 'Copied';
    } catch {
      button.textContent = 'The browser refuses to copy';
    }
  }

  // What it says and how it looks.

  /** Where "Open in full" leads: the page that the scenario is from, or a link that holds it as it now stands. */
  private async lead(): Promise<void> {
    const { world, call, source } = this;
    const step = this.attribute('step');
    if (!this.edited && source?.address) this.open.href = source.address;
    else {
      const link = world === undefined ? '' : await encode(untyped(world), { call, step });
      if (world !== this.world) return; // another is on its way
      this.open.href = this.site + link;
      this.open.title = link === '' ? 'What is written here is no scenario that a link can hold' : '';
    }
  }

  private wait(): void {
    if (this.problem.isConnected || this.box.querySelector('.waiting')) return;
    const waiting = made('p', 'waiting');
    waiting.setAttribute('part', 'note');
    waiting.textContent = 'The engine is loading …';
    this.box.append(waiting);
  }

  /** Says why it can't be played. Until it was played once, what the page has in its place stays in view. */
  private fail(why: string, isError = true): void {
    this.frame.ariaBusy = 'false';
    this.box.querySelector('.waiting')?.remove();
    this.problem.textContent = `This example can’t be played: ${why}. `;
    this.problem.hidden = false;
    this.problem.setAttribute('part', 'note');
    if (this.isThere) this.result.prepend(this.problem);
    else {
      const link = Object.assign(document.createElement('a'), { href: this.source?.address || this.site, target: '_blank', rel: 'noopener', textContent: 'STS Playground ↗' });
      this.problem.append(link);
      this.box.append(this.problem);
    }
    if (isError) this.tell('sts-error', { message: why });
  }

  private dress(): void {
    const theme = this.attribute('theme');
    this.frame.dataset['theme'] = theme === 'light' || theme === 'dark' ? theme : isOnDark(this.host) ? 'dark' : 'light';
    this.frame.dataset['view'] = this.view;
    this.frame.toggleAttribute('data-readonly', this.readonly);
    const height = this.attribute('height');
    this.box.style.maxHeight = /^\d+$/.test(height) ? `${height}px` : height;
    this.box.style.overflow = height === '' ? '' : 'auto';
  }

  private speak(sentence: string): void {
    window.clearTimeout(this.speaking);
    this.speaking = window.setTimeout(() => (this.status.textContent = sentence), quiet);
  }

  private tell(name: string, detail: object): void {
    this.host.dispatchEvent(new CustomEvent(name, { bubbles: true, composed: true, detail }));
  }
}

function own(text: string): Source {
  return { text, address: '', call: 0, step: '' };
}

function made<Name extends keyof HTMLElementTagNameMap>(name: Name, className: string): HTMLElementTagNameMap[Name] {
  const element = document.createElement(name);
  element.className = className;
  return element;
}

function words(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
