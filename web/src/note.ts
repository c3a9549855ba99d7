// What is said about a text in the line below its editor.

/** Something that the line offers to do, on a button. */
export interface Offer {
  label: string;
  accept(): void;
}

/** The line, in which nothing is said yet. */
export function noteLine(): HTMLParagraphElement {
  const line = Object.assign(document.createElement('p'), { className: 'note', hidden: true });
  line.setAttribute('role', 'status');
  return line;
}

/** Says something in the line; nothing where empty. */
export function note(line: HTMLElement, words: string, offer?: Offer): void {
  if (!offer && line.textContent === words) return; // screen readers would say it again
  line.textContent = words;
  line.hidden = words === '';
  if (!offer) return;
  const button = Object.assign(document.createElement('button'), { type: 'button', textContent: offer.label });
  button.addEventListener('click', () => offer.accept());
  line.append(' ', button);
}
