// The two-way links between the report and the editors: a row of the report
// lights the line that decided it, and the line its rows.

import type { Control } from './controls';
import type { At, Finding } from './protocol';
import type { Mark } from './editor';
import { showTab } from './tabs';

interface Spot {
  control: Control;
  line: number;
  column: number;
}

/** The control that shows a place: the one whose pointer is the longest prefix of it. */
function controlFor(controls: Control[], path: string): Control | undefined {
  let best: Control | undefined;
  for (const control of controls) {
    const { pointer } = control;
    if (control.kind === 'mint' || control.kind === 'account') continue;
    const covers = pointer === '' || path === pointer || path.startsWith(pointer + '/');
    if (covers && (!best || pointer.length > best.pointer.length)) best = control;
  }
  return best;
}

/** Where a place stands in the text of the control that shows it. */
function spot(controls: Control[], at: At): Spot | undefined {
  const control = controlFor(controls, at.path);
  if (!control) return undefined;
  // A position counts in the text that the engine read: the document inside
  // the string, or the whole scenario where its editor holds no JSON.
  const read = control.kind === 'scenario' ? (control.unread ? at : undefined) : at.within;
  const position = read?.line
    ? { line: read.line, column: read.column ?? 1 }
    : (control.editor?.find(at.path.slice(control.pointer.length)) ?? { line: 1, column: 1 });
  return { control, ...position };
}

/** Marks every editor's text with the findings that stand in it; a list of choices says what is wrong with the one chosen, a field that something is. */
export function markFindings(controls: Control[], findings: Finding[]): void {
  const marks = new Map<Control, Mark[]>();
  const remarks = new Map<Control, string>();
  const wrong = new Map<Control, string>();
  for (const [i, finding] of findings.entries()) {
    const place = spot(controls, finding.at);
    if (place && finding.severity === 'error' && finding.at.path === place.control.pointer && !wrong.has(place.control)) wrong.set(place.control, `finding-${i}`);
    if (place?.control.isChoice) remarks.set(place.control, finding.detail);
    if (!place?.control.editor) continue;
    const here = marks.get(place.control) ?? [];
    here.push({ line: place.line, column: place.column, severity: finding.severity, message: `${finding.title}. ${finding.detail}` });
    marks.set(place.control, here);
  }
  for (const control of controls) {
    control.editor?.mark(marks.get(control) ?? []);
    if (control.isChoice) control.remark(remarks.get(control) ?? '');
    control.refuse(wrong.get(control));
  }
}

/** Follows a link of the report to the line it names; show fills what comes into sight. */
export function follow(controls: Control[], link: HTMLElement, show: () => void): void {
  const target = controlFor(controls, link.dataset['gotoPath'] ?? '');
  if (target && reveal(target.element)) show(); // an editor is made when it is first in sight
  const place = linked(controls, link);
  if (!place) return;
  if (place.control.editor) place.control.editor.go(place.line, place.column);
  else place.control.element.focus();
}

/** Shows what a change from the report did to the text at its place, without taking the focus there. */
export function showChange(controls: Control[], path: string): void {
  const control = controlFor(controls, path);
  if (!control?.editor || control.element.closest('details:not([open])')) return;
  control.editor.showChange();
  control.editor.note(`Changed as advised. ${control.editor.takesBack}`);
}

/** Lights the line that a link names; with no link, none. */
export function lightLine(controls: Control[], link: HTMLElement | null): void {
  const place = link ? linked(controls, link) : undefined;
  for (const control of controls) control.editor?.light(control === place?.control ? place.line : 0);
}

/** Lights the links that name a line; line 0 lights none. */
export function lightLinks(report: HTMLElement, controls: Control[], control: Control, line: number): void {
  for (const link of report.querySelectorAll<HTMLElement>('[data-goto-path]')) {
    const place = line > 0 ? linked(controls, link) : undefined;
    link.toggleAttribute('data-lit', place?.control === control && place.line === line);
  }
}

function linked(controls: Control[], link: HTMLElement): Spot | undefined {
  const { gotoPath = '', line, column } = link.dataset;
  const at: At = { path: gotoPath };
  if (line) at.within = { path: '', line: Number(line), column: Number(column ?? 1) };
  return spot(controls, at);
}

/** Opens what hides an element: closed details, and in narrow windows the other tabs. Says whether details were closed. */
function reveal(element: HTMLElement): boolean {
  let opened = false;
  for (let up: HTMLElement | null = element; up; up = up.parentElement) {
    if (up instanceof HTMLDetailsElement && !up.open) opened = up.open = true;
    const pane = /^pane-(lesson|token|role|result)$/.exec(up.id);
    if (pane?.[1]) showTab(pane[1]);
  }
  return opened;
}
