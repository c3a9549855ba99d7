// The report: HTML that the engine drew, morphed into the page so that focus,
// scroll and the details that a reader opened stay.

import morphdom from 'morphdom';
import { reportHTML } from './trusted';

let drawn = '';

/** Whether a report is another than the page shows; asked once of each. */
export function isNew(html: string): boolean {
  const other = html !== drawn;
  drawn = html;
  return other;
}

/**
 * Draws the verdict alone, which is what someone who types looks at. It is
 * cut out of the text, as the whole takes far longer to read; the verdict's
 * section holds no other.
 */
export function drawVerdict(report: HTMLElement, html: string): void {
  const text = /<section class="verdict[^]*?<\/section>/.exec(html)?.[0];
  const from = report.querySelector('#verdict');
  const to = text && reportHTML(text).querySelector('#verdict');
  if (from && to) morphdom(from, to, { onBeforeElUpdated: differs });
}

export function drawReport(report: HTMLElement, html: string): void {
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
