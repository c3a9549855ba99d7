// The plain editor: the textarea that every editor's place is served with. It
// has no colours; what was found in its text is listed below it, as links to
// the line. The reader's choice between the two is kept.

import { json } from '@codemirror/lang-json';
import { EditorState } from '@codemirror/state';
import type { Arrival, Mark, Options, TextEditor } from './editor';
import { note, noteLine, type Offer } from './note';
import { placeOf } from './place';
import { store, stored } from './stored';

const name = 'editors';

const kinds = { error: 'Error', warning: 'Warning', info: 'Note' };

/** Whether editors are plain. */
export function isPlain(): boolean {
  return document.documentElement.dataset['editors'] === 'plain';
}

/** Lets the reader choose; changed is told that the editors have to be made anew. */
export function followPlain(changed: () => void): void {
  const box = document.querySelector<HTMLInputElement>('#plain');
  const set = (plain: boolean): void => {
    if (plain) document.documentElement.dataset['editors'] = 'plain';
    else delete document.documentElement.dataset['editors'];
  };
  set(stored('localStorage', name) === 'plain');
  if (!box) return;
  box.checked = isPlain();
  box.addEventListener('change', () => {
    set(box.checked);
    store('localStorage', name, box.checked ? 'plain' : null);
    changed();
  });
}

export class Plain implements TextEditor {
  readonly takesBack = 'Undo, above, takes it back.';
  private readonly field: HTMLTextAreaElement;
  private readonly said = noteLine();
  private readonly found = Object.assign(document.createElement('ul'), { className: 'marks', hidden: true });
  private readonly alive = new AbortController();
  private marked = '[]';

  constructor(mount: HTMLElement, options: Options) {
    const field = mount.querySelector('textarea');
    if (!field) throw new Error('an editor has no textarea');
    this.field = field;
    field.placeholder = options.empty;
    this.found.setAttribute('aria-label', `Found in: ${options.label}`);
    mount.append(this.said, this.found);
    const { signal } = this.alive;
    field.addEventListener('input', (event) => {
      // As in the other editor: a terminal's output ends in a line break that is no part of a token.
      const pasted = event instanceof InputEvent && /^insertFrom(Paste|Drop)$/.test(event.inputType);
      const whole = field.value.length;
      if (pasted && options.language === 'token') while (/[\r\n]$/.test(field.value)) field.value = field.value.slice(0, -1);
      this.note(field.value.length < whole ? 'The line break at the end of what was pasted is left out.' : '');
      options.onInput(field.value, pasted);
    }, { signal });
  }

  get text(): string {
    return this.field.value;
  }

  set(text: string, _: Arrival): void {
    if (this.field.value === text) return;
    const { selectionStart, selectionEnd } = this.field;
    this.field.value = text;
    if (document.activeElement === this.field) this.field.setSelectionRange(selectionStart, selectionEnd);
  }

  mark(marks: Mark[]): void {
    const now = JSON.stringify(marks);
    if (now === this.marked) return;
    this.marked = now;
    this.found.hidden = marks.length === 0;
    this.found.replaceChildren(...marks.map(({ line, column, severity, message }) => {
      const link = Object.assign(document.createElement('a'), { href: '#', textContent: `${kinds[severity]}, line ${line}` });
      link.addEventListener('click', (event) => {
        event.preventDefault();
        this.go(line, column);
      });
      const item = document.createElement('li');
      item.append(link, ` ${message}`);
      return item;
    }));
  }

  find(pointer: string): { line: number; column: number } {
    const state = EditorState.create({ doc: this.text, extensions: json() });
    const line = state.doc.lineAt(placeOf(state, pointer));
    return { line: line.number, column: 1 };
  }

  /** Selects the line, so that it can be seen, and puts the focus there. */
  go(line: number, _: number): void {
    const lines = this.text.split('\n');
    const from = lines.slice(0, line - 1).reduce((sum, each) => sum + each.length + 1, 0);
    this.field.focus();
    this.field.setSelectionRange(from, from + (lines[line - 1]?.length ?? 0));
    const height = this.field.scrollHeight / Math.max(1, lines.length);
    this.field.scrollTop = Math.max(0, (line - 1) * height - this.field.clientHeight / 2);
  }

  showChange(): void {
    this.field.scrollIntoView({ block: 'nearest' });
  }

  /** A textarea lights no line. */
  light(): void {}

  note(words: string, offer?: Offer): void {
    note(this.said, words, offer);
  }

  focus(): void {
    this.field.focus();
  }

  end(): void {
    this.alive.abort();
    this.said.remove();
    this.found.remove();
  }
}
