// The report: HTML that the engine drew, morphed into the page so that focus,
// scroll and the details that a reader opened stay.

import morphdom from 'morphdom';
import type { Part } from './protocol';
import { reportHTML } from './trusted';

/** What is drawn in a report's element. */
interface Drawn {
  /** The HTML of each part, by its id. What the page brought along isn't known. */
  parts: Map<string, string>;
  /** The verdict of the last report that was drawn in full. */
  verdict: string;
  /** The id of the button of the door or question that is drawn. */
  chosen: string;
}

const reports = new WeakMap<HTMLElement, Drawn>();

function drawnIn(report: HTMLElement): Drawn {
  const drawn = reports.get(report) ?? { parts: new Map<string, string>(), verdict: '', chosen: '' };
  reports.set(report, drawn);
  return drawn;
}

/** What an element's ids and focus belong to: the document, or the shadow tree that it stands in. */
function rootOf(element: Element): Document | ShadowRoot {
  return element.getRootNode() as Document | ShadowRoot;
}

/** Draws the verdict ahead of the rest. */
export function drawVerdict(report: HTMLElement, html: string): void {
  const old = report.querySelector<HTMLElement>('#verdict');
  const { parts } = drawnIn(report);
  if (!old || parts.get('verdict') === html) return;
  exchange(old, html, []);
  parts.set('verdict', html);
}

/** Takes a verdict back whose rest never came. */
export function takeBack(report: HTMLElement): void {
  const { verdict } = drawnIn(report);
  if (verdict !== '') drawVerdict(report, verdict);
}

/** Draws the parts of a report that are others than the page shows. */
export function drawReport(report: HTMLElement, parts: Part[]): void {
  const frame = report.querySelector<HTMLElement>('.report') ?? report;
  const drawn = drawnIn(report);
  const holders = [...new Set(parts.map((part) => part.holder))]; // an outer one stands before those in it
  for (const name of holders) {
    const holder = name === '' ? frame : rootOf(report).getElementById(name);
    if (holder) fill(holder, parts.filter((part) => part.holder === name), holders, drawn.parts);
  }
  showChosen(frame, drawn);
  drawn.parts = new Map(parts.map((part) => [part.id, part.html]));
  drawn.verdict = drawn.parts.get('verdict') ?? '';
}

/** Scrolls the list of doors or questions, which scrolls by itself, to the one that was chosen last. */
function showChosen(frame: HTMLElement, drawn: Drawn): void {
  const button = frame.querySelector<HTMLElement>('.chooser[aria-current]');
  if (!button || button.id === drawn.chosen) return;
  drawn.chosen = button.id;
  const list = button.closest('.doors, .asks-frame');
  const row = button.closest('li, tbody')?.getBoundingClientRect();
  if (!list || !row) return;
  const { top, bottom } = list.getBoundingClientRect();
  const head = list.querySelector('thead')?.offsetHeight ?? 0; // stays above the rows
  if (row.top < top + head) list.scrollTop -= top + head - row.top;
  else if (row.bottom > bottom) list.scrollTop += Math.min(row.bottom - bottom, row.top - top - head);
}

/** Makes the parts the children of their holder. */
function fill(holder: HTMLElement, parts: Part[], holders: string[], drawn: Map<string, string>): void {
  const ids = new Set(parts.map((part) => part.id));
  for (const child of [...holder.children]) if (!ids.has(child.id)) child.remove();
  let at = holder.firstElementChild;
  for (const { id, html } of parts) {
    if (at?.id !== id) {
      holder.insertBefore(reportHTML(html), at);
      continue;
    }
    if (drawn.get(id) !== html) at = exchange(at, html, holders);
    at = at.nextElementSibling;
  }
  while (at) {
    const next = at.nextElementSibling;
    at.remove();
    at = next;
  }
}

/** Draws a part that stands by itself. */
export function drawAlone(old: Element, html: string): void {
  exchange(old, html, []);
}

/** Morphs a part's element; what holds other parts keeps them. */
function exchange(old: Element, html: string, holders: string[]): Element {
  return morphdom(old, reportHTML(html), {
    onBeforeElUpdated: differs,
    onBeforeElChildrenUpdated: (element) => element.id === '' || !holders.includes(element.id),
  }) as Element;
}

/**
 * Whether an element has to be gone through. Most of a report stays as it is
 * at a keystroke, and the browser compares far quicker than a script.
 */
function differs(old: HTMLElement, next: HTMLElement): boolean {
  keepOpen(old, next);
  if (old instanceof HTMLInputElement && next instanceof HTMLInputElement) {
    if (old === rootOf(old).activeElement) return false; // nothing is changed under its reader's hands
    next.value = old.value; // the page knows better what it shows
  }
  return !old.isEqualNode(next);
}

/** A details element follows the fragment's wish when that changes, and otherwise the reader. */
function keepOpen(old: HTMLElement, next: HTMLElement): void {
  if (old instanceof HTMLDetailsElement && next.localName === 'details') {
    const wish = next.getAttribute('data-wish');
    const open = wish === null || wish === old.getAttribute('data-wish') ? old.open : wish === 'open';
    next.toggleAttribute('open', open);
  }
}

/** Opens a part of the report, and goes there. */
export function reveal(id: string): void {
  const part = document.getElementById(id);
  const details = part?.querySelector<HTMLDetailsElement>(':scope > details');
  if (!part) return;
  if (details) details.open = true;
  part.scrollIntoView();
  const heading = details?.querySelector('summary') ?? part;
  if (heading === part) part.tabIndex = -1;
  heading.focus({ preventScroll: true });
}

/** Moves the focus to the summary of the stage before or after the one that has it, of those that are shown. */
export function stepStage(report: HTMLElement, by: 1 | -1): void {
  const stages = [...report.querySelectorAll<HTMLElement>('.stages > li > details > summary')].filter((summary) => summary.checkVisibility());
  const at = stages.findIndex((summary) => summary.parentElement?.contains(document.activeElement));
  stages[at < 0 ? 0 : at + by]?.focus();
}
