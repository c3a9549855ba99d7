// What was there before: the whole scenario can be undone and redone, change
// by change. What is typed into one place without a pause is one change.

import type { Json } from './json';

/** What undoing brings back: the scenario, the call in view, and what a reset brings back. */
export interface Moment {
  scenario: Json;
  /** The scenario editor's text while it is no JSON. */
  unread: string | undefined;
  call: number;
  origin: Json;
}

/** Changes to one place are joined while no pause is longer; milliseconds. */
const pause = 1_500;

/** How many changes are kept. Scenarios share what doesn't differ. */
const most = 300;

export class History {
  private readonly past: Moment[] = [];
  private future: Moment[] = [];
  private last = { place: '', at: -Infinity };

  /** changed is told after each change whether there is something to undo and to redo. */
  constructor(private readonly changed: (past: boolean, future: boolean) => void) {}

  /** Keeps what was there before a change to a place; an empty place joins with nothing. */
  keep(before: Moment, place = ''): void {
    const at = Date.now();
    const joined = place !== '' && place === this.last.place && at - this.last.at < pause;
    this.last = { place, at };
    if (!joined) this.past.push(before);
    if (this.past.length > most) this.past.shift();
    this.future = [];
    this.tell();
  }

  /** What was there before the last change, in exchange for what is there now. */
  undo(now: Moment): Moment | undefined {
    return this.step(this.past, this.future, now);
  }

  /** How many changes can be undone. */
  get depth(): number {
    return this.past.length;
  }

  /** What was there when only so many changes could be undone; the later ones can be redone. */
  undoTo(depth: number, now: Moment): Moment | undefined {
    let there: Moment | undefined;
    while (this.past.length > depth) there = this.undo(there ?? now);
    return there;
  }

  redo(now: Moment): Moment | undefined {
    return this.step(this.future, this.past, now);
  }

  private step(from: Moment[], to: Moment[], now: Moment): Moment | undefined {
    const moment = from.pop();
    if (moment) to.push(now);
    this.last = { place: '', at: -Infinity };
    this.tell();
    return moment;
  }

  private tell(): void {
    this.changed(this.past.length > 0, this.future.length > 0);
  }
}
