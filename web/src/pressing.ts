// What a button or link is for, which its attributes say: those that the
// engine drew, and those that the page is served with.

import { openPage } from './pages';
import { showTab } from './tabs';

/** What can be asked for with a button or link. */
export interface Asks {
  /** Adds a call to the scenario's, given as JSON. */
  play(call: string): void;
  /** Changes the scenario by a JSON Patch. */
  mend(patch: string): void;
  /** Goes to the line that a link of the report names. */
  follow(link: HTMLElement): void;
  /** Shows another call. */
  choose(call: number): void;
  /** Copies the text of the element of that id. */
  copy(id: string): void;
  /** Opens an example; false where it isn't here. */
  open(example: string): boolean;
  /** Opens a lesson; false where it isn't here. */
  takeLesson(lesson: string): boolean;
  turnLesson(what: string): void;
  /** Opens a part of the result. */
  showPart(id: string): void;
  /** Sets how long after the one before a call is made; that in view where none is named. */
  delay(delay: string, call: string | undefined): void;
  claim(at: string, claim: string): void;
  /** Adds, duplicates, moves or removes a call; that in view where none is named. */
  ask(what: string, call: number | undefined): void;
  /** Adds an item to a list, or removes one. */
  item(button: HTMLElement): void;
  /** Presses one of the locks; false where it is none. */
  lock(button: HTMLElement): boolean;
  turnBack(which: 'undo' | 'redo'): void;
  /** Goes to where a token is pasted. */
  begin(): void;
  /** What buttons are for that the page has once, by their ids. */
  once: Record<string, (() => void) | undefined>;
}

/** Does what a button or link is for; false leaves it to the browser. */
export function press(hit: HTMLElement, asks: Asks): boolean {
  const { play, fix, gotoPath, call, copy, example, take, lesson, tab, claim, claimAt = '', ask, askCall, delay, delayCall, reveal, item, begin } = hit.dataset;
  if (play !== undefined) asks.play(play);
  else if (fix !== undefined) asks.mend(fix);
  else if (gotoPath !== undefined) asks.follow(hit);
  else if (call !== undefined) asks.choose(Number(call));
  else if (copy !== undefined) asks.copy(copy);
  else if (example !== undefined) return asks.open(example);
  else if (openPage(hit)) return true;
  else if (take !== undefined) return asks.takeLesson(take);
  else if (lesson !== undefined) asks.turnLesson(lesson);
  else if (tab !== undefined) showTab(tab);
  else if (reveal !== undefined) asks.showPart(reveal);
  else if (delay !== undefined) asks.delay(delay, delayCall);
  else if (claim !== undefined) asks.claim(claimAt, claim);
  else if (asks.lock(hit)) return true;
  else if (ask !== undefined) asks.ask(ask, askCall === undefined ? undefined : Number(askCall));
  else if (item !== undefined) asks.item(hit);
  else if (hit.id === 'undo' || hit.id === 'redo') asks.turnBack(hit.id);
  else if (begin === 'token') asks.begin();
  else if (Object.hasOwn(asks.once, hit.id)) asks.once[hit.id]?.();
  else return false;
  return true;
}
