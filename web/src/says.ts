// What the page says outside the report: to screen readers, about the engine,
// and what keeps the scenario from being read.

import type { State } from './engine';

/** How long the verdict has to stand before a screen reader is told it; milliseconds. */
const quiet = 400;

let speaking = 0; // the timer that ends in the verdict's words

/** The element of an id that the page is served with. */
export function element<Kind extends HTMLElement = HTMLElement>(id: string): Kind {
  const found = document.getElementById(id);
  if (!found) throw new Error(`the page has no #${id}`);
  return found as Kind;
}

/** Hides an element or shows it. Most stay as they are, and the browser goes to work also where the same is written again. */
export function hide(element: HTMLElement, hidden: boolean): void {
  if (element.hidden !== hidden) element.hidden = hidden;
}

/** Runs a task once what was drawn is on the screen; at once where nothing is painted. */
export function afterPaint(task: () => void): void {
  if (document.hidden) task();
  else requestAnimationFrame(() => window.setTimeout(task));
}

/** Lets the browser do what waits: paint, and answer its reader. In a tab out of sight nothing does, and timers are slow. */
export function yieldTurn(): Promise<void> {
  return document.hidden ? Promise.resolve() : new Promise((resolve) => window.setTimeout(resolve));
}

/** Says something to screen readers, once nothing more is said for a moment. */
export function speak(words: string): void {
  window.clearTimeout(speaking);
  speaking = window.setTimeout(() => {
    const status = element('status');
    if (status.textContent !== words) status.textContent = words;
  }, quiet);
}

/** Lists what keeps the scenario from being read, or the engine from playing it. */
export function problems(words: string[]): void {
  const list = element('problems');
  if (list.hidden && words.length === 0) return;
  list.replaceChildren(...words.map((sentence) => Object.assign(document.createElement('li'), { textContent: sentence })));
  list.hidden = words.length === 0;
}

/** Shows how the engine is; true where it stopped, and what is shown is the last there will be. */
export function showEngine(state: State): boolean {
  document.documentElement.dataset['engine'] = state.name;
  const words = {
    loading: 'The engine is loading.',
    ready: '',
    busy: state.name === 'busy' && state.long ? 'Working…' : '',
    stopped: state.name === 'stopped' ? sentence(state.why) : '',
  }[state.name];
  element('engine').hidden = words === '';
  element('engine-words').textContent = words;
  element('restart').hidden = state.name !== 'stopped';
  if (state.name === 'stopped') problems([words]);
  return state.name === 'stopped';
}

function sentence(words: string): string {
  return words.charAt(0).toUpperCase() + words.slice(1) + '.';
}
