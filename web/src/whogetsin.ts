// "Who gets in?": a table that the engine makes when the scenario has stood
// still for a moment, and only while the section is open.

import { drawAlone } from './report';

/** How long the scenario has to stand still before the engine is asked; milliseconds. */
const pause = 300;

/** What the section needs of the page. */
export interface Source {
  /** The scenario's text. */
  text(): string;
  /** Puts the question to the engine; before is the version to compare with, empty for none. The answer is HTML and the engine's own bug, if any; nothing where the engine isn't there. */
  ask(before: string): Promise<string[]>;
  /** Tells a bug of the engine. */
  broke(internal: string): void;
  /** Says something to screen readers. */
  speak(words: string): void;
}

export class WhoGetsIn {
  private readonly details: HTMLDetailsElement;
  private before: string | undefined; // the scenario that the table is compared with
  private timer = 0;
  private asked = 0; // of the questions only the newest is answered
  private opened = false; // since the last answer

  constructor(
    private readonly section: HTMLElement,
    private readonly source: Source,
  ) {
    const details = section.querySelector('details');
    if (!details) throw new Error('the section has no details');
    this.details = details;
    details.addEventListener('toggle', () => {
      if (!details.open) return;
      this.before ??= source.text();
      this.opened = true;
      this.later(0);
    });
  }

  /** The scenario or the call changed. */
  changed(): void {
    this.later(pause);
  }

  /** Another scenario is in the place of the last one, and isn't compared with it. */
  forget(): void {
    this.before = undefined;
  }

  /** Compares with the scenario as it is now. */
  fromHere(): void {
    this.before = this.source.text();
    this.later(0);
  }

  private later(after: number): void {
    window.clearTimeout(this.timer);
    if (!this.details.open) return;
    this.section.ariaBusy = 'true';
    this.timer = window.setTimeout(() => {
      const now = this.source.text();
      this.before ??= now;
      void this.ask(this.before === now ? '' : this.before);
    }, after);
  }

  private async ask(before: string): Promise<void> {
    const id = ++this.asked;
    const [html, internal = ''] = await this.source.ask(before);
    if (id !== this.asked || html === undefined) return;
    if (internal === '') this.show(html);
    else this.source.broke(internal);
  }

  /** Draws what the engine answered. */
  private show(html: string): void {
    const body = this.section.querySelector('#who-body');
    if (body) drawAlone(body, html);
    this.section.ariaBusy = 'false';
    if (this.opened) this.source.speak(this.section.querySelector('#who-widest')?.textContent ?? '');
    this.opened = false;
  }
}
