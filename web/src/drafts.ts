// What is being written is kept in the tab, so that a reload doesn't lose it.
// An example or a link in the address comes first, and the draft can be gone
// back to. The empty page brings nothing back that was written before it was
// opened, and lets that be: its own draft stands under another name, and so does that of a workshop.

import { named, workshop } from './address';
import type { Moment } from './history';
import { isObject, type Json } from './json';
import { element, hide } from './says';
import { typed } from './scenario';
import { store, stored } from './stored';

/** How long a pause of typing is after which a draft is kept; milliseconds. */
const pause = 400;

/** The longest draft that is kept, in characters. */
const limit = 1 << 20;

const isNew = document.documentElement.dataset['page'] === 'new' || named().fresh;
const name = isNew ? 'draft of the empty page' : workshop === '' ? 'draft' : `draft of ${workshop}`;

export class Drafts {
  private timer = 0;
  private waiting: Moment | undefined;
  /** What a reset brings back in the draft that is kept. */
  private origin: Json | undefined;
  private told = false;

  constructor() {
    // The last moment at which a page that is left is sure to run.
    document.addEventListener('visibilitychange', () => document.hidden && this.write());
    window.addEventListener('pagehide', () => this.write());
    element('draft-close').addEventListener('click', () => this.hush());
  }

  /** What was being written in this tab; undefined where nothing was. */
  found(): Moment | undefined {
    if (isNew && !isReturn()) store('sessionStorage', name, null);
    const draft = read(stored('sessionStorage', name) ?? '');
    this.origin = draft?.origin;
    return draft;
  }

  /** Keeps what is there now, once nothing has changed for a moment. What was opened and not changed takes no draft's place. */
  keep(now: Moment): void {
    if (now.scenario !== now.origin) this.hush();
    this.waiting = now;
    window.clearTimeout(this.timer);
    this.timer = window.setTimeout(() => this.write(), pause);
  }

  private write(): void {
    const now = this.waiting;
    if (now === undefined) return;
    this.waiting = undefined;
    if (now.scenario === now.origin && now.unread === undefined) {
      if (now.origin === this.origin) store('sessionStorage', name, null);
      return;
    }
    this.origin = now.origin;
    const text = JSON.stringify(now);
    if (text.length <= limit && store('sessionStorage', name, text)) return;
    store('sessionStorage', name, null); // rather nothing than what was there long before
    if (this.told) return;
    this.told = true;
    this.say('This is more than a tab keeps: what you write is lost at a reload.');
  }

  /** Says something above the panes, with a button that does something about it. */
  say(words: string, act?: { label: string; does(): void }): void {
    element('draft-words').textContent = words;
    const button = element('draft-act');
    hide(button, act === undefined);
    button.textContent = act?.label ?? '';
    button.onclick = () => {
      this.hush();
      act?.does();
      element('pane-result').focus({ preventScroll: true });
    };
    hide(element('draft-line'), false);
  }

  /** Says nothing any more. */
  hush(): void {
    hide(element('draft-line'), true);
  }
}

/** Whether the page is shown again rather than opened. */
function isReturn(): boolean {
  const [entry] = performance.getEntriesByType('navigation');
  return entry instanceof PerformanceNavigationTiming && (entry.type === 'reload' || entry.type === 'back_forward');
}

function read(text: string): Moment | undefined {
  try {
    const { scenario, unread, call, origin } = JSON.parse(text) as Moment;
    const isText = unread === undefined || typeof unread === 'string';
    return isObject(scenario) && isObject(origin) && isText && !isDeep([scenario, origin]) && Number.isSafeInteger(call) && call >= 0 ? { scenario: typed(scenario), unread, call, origin: typed(origin) } : undefined;
  } catch {
    return undefined;
  }
}

/** Whether values nest deeper than the page can follow; no scenario that the engine reads comes near it. */
function isDeep(value: unknown, levels = 500): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return levels === 0 || Object.values(value).some((each) => isDeep(each, levels - 1));
}
