// The report: HTML that the engine drew, morphed into the page so that focus,
// scroll and the details that a reader opened stay.

import morphdom from 'morphdom';
import { reportHTML } from './trusted';

let drawn = '';

export function drawReport(report: HTMLElement, html: string): void {
  if (html === drawn) return;
  drawn = html;
  morphdom(report, reportHTML(html), { childrenOnly: true, onBeforeElUpdated: differs });
}

/**
 * Whether an element has to be gone through. Most of a report stays as it is
 * at a keystroke, and the browser compares far quicker than a script.
 */
function differs(old: HTMLElement, next: HTMLElement): boolean {
  keepOpen(old, next);
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

/** Moves the focus to the summary of the stage before or after the one that has it. */
export function stepStage(report: HTMLElement, by: 1 | -1): void {
  const stages = [...report.querySelectorAll<HTMLElement>('.stage > details')];
  const at = stages.findIndex((stage) => stage.contains(document.activeElement));
  const next = stages[at < 0 ? 0 : at + by];
  next?.querySelector('summary')?.focus();
}
