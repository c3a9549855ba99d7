// "Locks and attacks": switches that leave locks of the scenario open, and a
// table of attacks on the call against them. The engine plays the attacks in
// slices while the section is open, so that a keystroke never waits for more
// than one; an attack that the reader plays is a patch, and taken back by one.

import { get, isObject, type Json, type Operation, patch, put } from './json';
import { drawAlone } from './report';

/** How long the scenario has to stand still before attacks are played; milliseconds. */
const pause = 400;

/** What the section needs of the page. */
export interface Source {
  /** The scenario; nothing while its text can't be read. */
  scenario(): Json | undefined;
  /** A request for a scenario, or for what is typed where there is none. */
  request(of: Json | undefined): string;
  /** Has the engine play the next attacks: their HTML (empty where it isn't drawn yet), the progress in words (empty at the end), the engine's own bug if any. Nothing where the engine isn't there. */
  ask(request: string, played: string, off: string): Promise<string[]>;
  /** Puts a change into the scenario. */
  change(next: Json): void;
  /** Tells a bug of the engine. */
  broke(internal: string): void;
  /** Says something to screen readers. */
  speak(words: string): void;
}

export class Locks {
  private readonly details: HTMLDetailsElement;
  private played: { name: string; title: string; back: Operation[] } | undefined;
  private timer = 0;
  private asked = 0; // of the questions only the newest is answered
  private shown = ''; // the request whose attacks are drawn to the end

  constructor(
    private readonly section: HTMLElement,
    private readonly source: Source,
  ) {
    const details = section.querySelector('details');
    if (!details) throw new Error('the section has no details');
    this.details = details;
    details.addEventListener('toggle', () => details.open && this.later(0));
    section.addEventListener('change', (event) => {
      const box = event.target;
      if (box instanceof HTMLInputElement && box.dataset['lock'] !== undefined) this.turn(box.dataset['lock'], box.checked);
    });
  }

  /** The scenario or the call changed. */
  changed(): void {
    this.later(pause);
  }

  /** Another scenario is in the place of the last one. */
  forget(): void {
    this.played = undefined;
  }

  /** Does what a button is for; false where it is none of these. */
  press(hit: HTMLElement): boolean {
    const { attack, patch: staged, back, attackBack, locksOn } = hit.dataset;
    if (locksOn !== undefined) this.turnAllOn();
    else if (attackBack !== undefined) this.takeBack();
    else if (attack !== undefined) this.play(attack, hit.ariaLabel?.replace(/^Play it: /, '') ?? attack, staged ?? '[]', back ?? '[]');
    else return false;
    return true;
  }

  /** The names of the locks that are off. */
  private off(scenario = this.source.scenario()): string[] {
    const names = get(scenario ?? null, '/locksOff');
    return Array.isArray(names) ? names.filter((name) => typeof name === 'string') : [];
  }

  private turn(lock: string, on: boolean): void {
    const scenario = this.source.scenario();
    if (!isObject(scenario)) return;
    const off = this.off().filter((name) => name !== lock);
    if (!on) off.push(lock);
    this.source.change(put(scenario, '/locksOff', off.length > 0 ? off : undefined) ?? null);
    this.later(0);
    this.source.speak(on ? `${lock}: on` : `${lock}: off, which isn’t AWS`);
  }

  private turnAllOn(): void {
    const scenario = this.source.scenario();
    if (isObject(scenario)) this.source.change(put(scenario, '/locksOff', undefined) ?? null);
    this.later(0);
    this.source.speak('All locks are on, as at AWS.');
  }

  /** Stages an attack, in the place of the one that was staged before. */
  private play(name: string, title: string, staged: string, back: string): void {
    const honest = this.honest();
    if (honest === undefined) return;
    try {
      const next = patch(honest, JSON.parse(staged) as Operation[]);
      this.played = { name, title, back: JSON.parse(back) as Operation[] };
      this.source.change(next);
      this.later(0);
    } catch (error) {
      this.source.broke(error instanceof Error ? error.message : String(error));
    }
  }

  private takeBack(): void {
    const honest = this.honest();
    this.played = undefined;
    if (honest !== undefined) this.source.change(honest);
    this.later(0);
  }

  /** The scenario without the attack that is played; an attack that was edited since can't be taken back. */
  private honest(): Json | undefined {
    const scenario = this.source.scenario();
    if (scenario === undefined || !this.played) return scenario;
    try {
      return patch(scenario, this.played.back);
    } catch {
      this.played = undefined;
      return scenario;
    }
  }

  private later(after: number): void {
    window.clearTimeout(this.timer);
    if (!this.details.open) return;
    this.section.ariaBusy = 'true';
    this.timer = window.setTimeout(() => void this.ask(), after);
  }

  private async ask(): Promise<void> {
    const id = ++this.asked;
    const honest = this.honest();
    const request = this.source.request(isObject(honest) ? (put(honest, '/locksOff', undefined) ?? null) : honest);
    const off = this.off().join();
    const first = this.shown === '';
    for (;;) {
      const [html, progress = '', internal = ''] = await this.source.ask(request, this.played?.name ?? '', off);
      if (id !== this.asked || html === undefined) return;
      if (internal !== '') {
        this.source.broke(internal);
        return;
      }
      if (html !== '' && (first || progress === '')) this.show(html);
      else this.say(`Playing: ${progress} attacks …`);
      if (progress === '') break;
    }
    this.section.ariaBusy = 'false';
    if (this.shown !== request) this.source.speak(this.section.querySelector('#attacks-caption')?.textContent ?? '');
    this.shown = request;
  }

  private show(html: string): void {
    const body = this.section.querySelector('#locks-body');
    if (body) drawAlone(body, html);
    // The morph leaves fields as the page has them; these are the scenario's.
    const off = this.off();
    for (const box of this.section.querySelectorAll<HTMLInputElement>('[data-lock]')) box.checked = !off.includes(box.dataset['lock'] ?? '');
  }

  private say(words: string): void {
    const line = this.section.querySelector('#locks-progress');
    if (line) line.textContent = words;
  }
}
