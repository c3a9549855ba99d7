// What the page listens to outside its controls: presses wherever they happen,
// details that open, and in the report and the forms of what is minted, which
// the engine draws anew, pointer, focus and fields.

/** What follows from what is heard. */
export interface Heard {
  /** Does what a button or link is for; false leaves it to the browser. */
  press(hit: HTMLElement): boolean;
  /** Details outside the report were opened or closed. */
  unfold(details: Node): void;
  /** The pointer or the focus came to something of the report, or left it. */
  point(at: EventTarget | null): void;
  /** The focus came to the row of a call. */
  enterRow(call: number): void;
  /** Something was typed into a field. */
  type(field: HTMLInputElement): void;
  /** A field was left that adds a claim. */
  addClaim(field: HTMLInputElement): void;
  /** A field was left that adds a condition key to a call. */
  addKey(field: HTMLInputElement, call: number): void;
}

export function listen(report: HTMLElement, minted: HTMLElement[], heard: Heard): void {
  document.addEventListener('click', (event) => {
    const hit = event.target instanceof Element ? event.target.closest<HTMLElement>('button, a') : null;
    if (hit && heard.press(hit)) event.preventDefault();
  });
  document.addEventListener('toggle', (event) => event.target instanceof Node && !report.contains(event.target) && heard.unfold(event.target), true);
  report.addEventListener('pointerover', (event) => heard.point(event.target));
  report.addEventListener('pointerleave', () => heard.point(null));
  report.addEventListener('focusin', (event) => {
    heard.point(event.target);
    const row = event.target instanceof HTMLInputElement ? event.target.closest<HTMLElement>('[data-row]') : null;
    if (row) heard.enterRow(Number(row.dataset['row']));
  });
  for (const drawn of [report, ...minted]) drawn.addEventListener('input', (event) => event.target instanceof HTMLInputElement && heard.type(event.target));
  for (const drawn of minted) drawn.addEventListener('change', (event) => event.target instanceof HTMLInputElement && heard.addClaim(event.target));
  report.addEventListener('change', (event) => {
    const field = event.target;
    if (field instanceof HTMLInputElement && field.dataset['newKey'] !== undefined) heard.addKey(field, Number(field.dataset['newKey']));
  });
}
