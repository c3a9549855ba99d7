// A text editor (CodeMirror 6) in a shadow root. There the editor's styles are
// adopted style sheets, which a Content-Security-Policy of style-src 'self'
// lets pass. Colours come from the page's custom properties, which reach in.

import { defaultKeymap, history, historyKeymap, isolateHistory } from '@codemirror/commands';
import { json } from '@codemirror/lang-json';
import { xml } from '@codemirror/lang-xml';
import { bracketMatching, foldGutter, foldKeymap, HighlightStyle, indentOnInput, indentUnit, syntaxHighlighting, syntaxTree } from '@codemirror/language';
import { type Diagnostic, setDiagnostics } from '@codemirror/lint';
import { Annotation, EditorSelection, EditorState, type Extension, Prec, StateEffect, StateField, type Text, Transaction } from '@codemirror/state';
import { Decoration, type DecorationSet, EditorView, highlightSpecialChars, type KeyBinding, keymap, lineNumbers, placeholder } from '@codemirror/view';
import { tags } from '@lezer/highlight';
import { note, noteLine, type Offer } from './note';
import { placeOf } from './place';
import { compactToken } from './segments';

export interface Mark {
  line: number;
  column: number;
  severity: 'error' | 'warning' | 'info';
  message: string;
}

/**
 * How a text comes in from outside: `mend` is the reader's own act and can be
 * undone in the editor, `follow` keeps up with something else, `fresh` is
 * another document with a history of its own.
 */
export type Arrival = 'mend' | 'follow' | 'fresh';

export interface Options {
  label: string;
  /** Shown where there is no text yet; none where empty. */
  empty: string;
  language: 'json' | 'xml' | 'token' | 'text';
  /** pasted: not typed, but pasted or dropped. */
  onInput(text: string, pasted: boolean): void;
  onRun(): void;
  /** The line, from 1, under the pointer; 0 when it leaves. */
  onHover(line: number): void;
}

/** A text and what is said about it, in whatever it is edited. */
export interface TextEditor {
  readonly text: string;
  /** The words that say how a change from outside is taken back. */
  readonly takesBack: string;
  set(text: string, how: Arrival): void;
  mark(marks: Mark[]): void;
  find(pointer: string): { line: number; column: number };
  go(line: number, column: number): void;
  /** Brings what last came in from outside into sight; the focus stays where it is. */
  showChange(): void;
  /** Lights a line, from 1; with 0 none. */
  light(line: number): void;
  /** Says something about the text below the editor, and offers to do something about it; nothing where empty. */
  note(words: string, offer?: Offer): void;
  focus(): void;
  /** Gives its place back to the textarea. */
  end(): void;
}

const outside = Annotation.define<boolean>();
const light = StateEffect.define<number>();
const trimmed = StateEffect.define<null>();

/** The line that the report points at; it is lit until another is, or none. */
const lit = StateField.define<DecorationSet>({
  create: () => Decoration.none,
  update(now, transaction) {
    let next = now.map(transaction.changes);
    for (const effect of transaction.effects) {
      if (!effect.is(light)) continue;
      const line = effect.value;
      next = line > 0 && line <= transaction.state.doc.lines
        ? Decoration.set(Decoration.line({ class: 'cm-lit' }).range(transaction.state.doc.line(line).from))
        : Decoration.none;
    }
    return next;
  },
  provide: (field) => EditorView.decorations.from(field),
});

export class Editor implements TextEditor {
  readonly takesBack = 'Ctrl+Z in here takes it back.';
  private readonly view: EditorView;
  private readonly extensions: Extension;
  private readonly said = noteLine();
  private readonly fallback: HTMLTextAreaElement | null;
  private readonly alive = new AbortController();
  /** Where the last text from outside differed from the one before. */
  private changed = 0;
  private marked: { marks: string; doc: Text | undefined } = { marks: '[]', doc: undefined };

  constructor(private readonly mount: HTMLElement, options: Options) {
    const root = mount.shadowRoot ?? mount.attachShadow({ mode: 'open' });
    root.replaceChildren();
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(frame);
    root.adoptedStyleSheets = [sheet];
    this.extensions = extensions(options, (words) => this.note(words));
    const fallback = (this.fallback = mount.querySelector('textarea'));
    this.view = new EditorView({
      root,
      parent: root,
      state: EditorState.create({ doc: fallback?.value ?? '', extensions: this.extensions }),
    });
    root.append(this.said);
    // The children of a shadow host without a slot aren't drawn: the textarea is out of the way.
    fallback?.setAttribute('tabindex', '-1');
    for (const name of fallback?.labels ?? []) name.addEventListener('click', () => this.view.focus(), { signal: this.alive.signal });
  }

  get text(): string {
    return this.view.state.doc.toString();
  }

  set(text: string, how: Arrival): void {
    const old = this.text;
    if (how === 'fresh') {
      this.view.setState(EditorState.create({ doc: text, extensions: this.extensions }));
      this.marked = { marks: '[]', doc: undefined };
      return;
    }
    if (old === text) return;
    // Only what differs is replaced, so that cursor and scroll stay where they are.
    let from = 0;
    while (from < old.length && from < text.length && old.charCodeAt(from) === text.charCodeAt(from)) from++;
    let end = 0;
    while (end < old.length - from && end < text.length - from && old.charCodeAt(old.length - 1 - end) === text.charCodeAt(text.length - 1 - end)) end++;
    this.changed = from;
    this.view.dispatch({
      changes: { from, to: old.length - end, insert: text.slice(from, text.length - end) },
      annotations: [outside.of(true), how === 'mend' ? isolateHistory.of('full') : Transaction.addToHistory.of(false)],
    });
  }

  mark(marks: Mark[]): void {
    const now = JSON.stringify(marks);
    if (now === this.marked.marks && (marks.length === 0 || this.view.state.doc === this.marked.doc)) return;
    this.marked = { marks: now, doc: this.view.state.doc };
    this.view.dispatch(setDiagnostics(this.view.state, marks.map((mark) => this.diagnostic(mark))));
  }

  private diagnostic({ line, column, severity, message }: Mark): Diagnostic {
    const { state } = this.view;
    const from = offset(state.doc, line, column);
    const node = syntaxTree(state).resolveInner(from, 1);
    const endOfLine = state.doc.lineAt(from).to;
    const to = node.from === from ? Math.min(node.to, endOfLine) : endOfLine;
    return { from, to: Math.max(to, Math.min(from + 1, endOfLine)), severity, message };
  }

  /** The line and column at which the value of a JSON Pointer stands. */
  find(pointer: string): { line: number; column: number } {
    const at = placeOf(this.view.state, pointer);
    const line = this.view.state.doc.lineAt(at);
    return { line: line.number, column: [...line.text.slice(0, at - line.from)].length + 1 };
  }

  /** Puts the cursor on a place and the focus into the editor. */
  go(line: number, column: number): void {
    const at = offset(this.view.state.doc, line, column);
    this.view.dispatch({
      selection: EditorSelection.cursor(at),
      effects: [EditorView.scrollIntoView(at, { y: 'center' }), light.of(line)],
    });
    this.mount.scrollIntoView({ block: 'nearest' });
    this.view.focus();
  }

  /** Also lights the line. */
  showChange(): void {
    const { doc } = this.view.state;
    const at = Math.min(this.changed, doc.length);
    this.view.dispatch({ effects: [EditorView.scrollIntoView(at, { y: 'center' }), light.of(doc.lineAt(at).number)] });
    this.mount.scrollIntoView({ block: 'nearest' });
  }

  light(line: number): void {
    this.view.dispatch({ effects: light.of(line) });
  }

  note(words: string, offer?: Offer): void {
    note(this.said, words, offer);
  }

  focus(): void {
    this.view.focus();
  }

  end(): void {
    this.alive.abort();
    if (this.fallback) this.fallback.value = this.text;
    this.fallback?.removeAttribute('tabindex');
    this.view.destroy();
    this.mount.shadowRoot?.replaceChildren(document.createElement('slot'));
  }
}

/** Keys that browsers have a use for: view source, page info, back and forward, the console. */
const taken = ['Mod-u', 'Mod-i', 'Mod-[', 'Mod-]', 'Shift-Mod-k', 'Mod-Alt-\\'];

function isFree({ key = '' }: KeyBinding): boolean {
  return !taken.includes(key);
}

/** The offset of a line and a column, which count from 1, columns in code points. */
function offset(doc: Text, line: number, column: number): number {
  const at = doc.line(Math.max(1, Math.min(line, doc.lines)));
  const before = [...at.text].slice(0, Math.max(0, column - 1)).join('');
  return at.from + before.length;
}

function extensions(options: Options, say: (words: string) => void): Extension {
  return [
    options.language === 'json' ? [json(), lineNumbers(), foldGutter(), indentOnInput(), indentUnit.of('  ')] : [],
    options.language === 'xml' ? [xml({ autoCloseTags: false }), lineNumbers()] : [],
    options.language === 'token' ? [compactToken, trimPaste] : [],
    options.empty === '' ? [] : placeholder(options.empty),
    history(),
    highlightSpecialChars(),
    bracketMatching(),
    lit,
    syntaxHighlighting(colours),
    EditorView.lineWrapping,
    EditorView.contentAttributes.of({ 'aria-label': options.label, tabindex: '0', spellcheck: 'false', autocapitalize: 'off', autocorrect: 'off' }),
    // Run now, in place of CodeMirror's "insert a line below".
    Prec.highest(keymap.of([{ key: 'Mod-Enter', run: () => (options.onRun(), true) }])),
    // No key map binds Tab: it leaves the editor, as everywhere on the page.
    keymap.of([...defaultKeymap, ...historyKeymap, ...foldKeymap].filter(isFree)),
    EditorView.updateListener.of((update) => {
      if (!update.docChanged || update.transactions.some((t) => t.annotation(outside))) return;
      const cut = update.transactions.some((t) => t.effects.some((effect) => effect.is(trimmed)));
      say(cut ? 'The line break at the end of what was pasted is left out.' : '');
      options.onInput(update.state.doc.toString(), update.transactions.some((t) => t.isUserEvent('input.paste') || t.isUserEvent('input.drop')));
    }),
    hover(options.onHover),
    theme,
  ];
}

function hover(tell: (line: number) => void): Extension {
  let last = 0;
  const point = (line: number) => {
    if (line === last) return;
    last = line;
    tell(line);
  };
  return EditorView.domEventHandlers({
    mousemove: (event, view) => {
      const at = view.posAtCoords({ x: event.clientX, y: event.clientY });
      point(at === null ? 0 : view.state.doc.lineAt(at).number);
    },
    mouseleave: () => point(0),
  });
}

/** A terminal's output ends in a line break that is no part of a token: a paste loses it, and the editor says so. */
const trimPaste = EditorState.transactionFilter.of((transaction) => {
  if (!transaction.docChanged || !transaction.isUserEvent('input.paste')) return transaction;
  const text = transaction.newDoc.toString();
  // A regular expression would begin anew at each of the line breaks within.
  let end = text.length;
  while (end > 0 && (text[end - 1] === '\n' || text[end - 1] === '\r')) end--;
  if (end === text.length) return transaction;
  return [transaction, { changes: { from: end, to: text.length }, effects: trimmed.of(null), sequential: true }];
});

const colours = HighlightStyle.define([
  { tag: tags.propertyName, color: 'var(--accent)' },
  { tag: tags.string, color: 'var(--passed)' },
  { tag: tags.tagName, color: 'var(--accent)' },
  { tag: tags.attributeName, color: 'var(--seg-p)' },
  { tag: tags.attributeValue, color: 'var(--passed)' },
  { tag: [tags.angleBracket, tags.comment, tags.processingInstruction], color: 'var(--ink-soft)' },
  { tag: [tags.number, tags.bool, tags.null], color: 'var(--assumed)' },
]);

const theme = EditorView.theme({
  '&': { color: 'var(--ink)', fontSize: 'var(--text-xs)' },
  '&.cm-focused': { outline: 'none' }, // the page draws the focus around the whole field
  '.cm-scroller': { fontFamily: 'var(--mono)', lineHeight: '1.45', maxHeight: 'var(--editor-height, 28rem)' },
  '.cm-content': { caretColor: 'var(--ink)' },
  '.cm-gutters': { backgroundColor: 'transparent', color: 'var(--ink-soft)', border: 'none' },
  '.cm-placeholder': { color: 'var(--ink-soft)' },
  '.cm-lit': { backgroundColor: 'var(--assumed-ground)' },
  '.seg-h': { color: 'var(--seg-h)' },
  '.seg-p': { color: 'var(--seg-p)' },
  '.seg-s': { color: 'var(--seg-s)' },
  '.cm-tooltip': { backgroundColor: 'var(--surface)', color: 'var(--ink)', border: '1px solid var(--edge)', fontFamily: 'var(--sans)', maxWidth: 'min(60ch, 90vw)' },
  '.cm-panels': { backgroundColor: 'var(--surface)', color: 'var(--ink)' },
  '&.cm-focused .cm-matchingBracket': { backgroundColor: 'var(--sunken)', outline: '1px solid var(--edge-strong)' },
  '.cm-foldPlaceholder': { backgroundColor: 'transparent', border: '1px solid var(--edge)', color: 'var(--ink-soft)' },
});

const frame = `
:host { display: block; min-width: 0; }
.note { margin: 0; padding: var(--space-1) var(--space-2); border-top: 1px solid var(--edge); font: var(--text-xs)/1.5 var(--sans); color: var(--ink-soft); }
.note[hidden] { display: none; }
.note button { margin: var(--space-1) 0; padding: var(--space-1) var(--space-2); border: 1px solid var(--accent); border-radius: var(--radius); background: var(--accent); color: var(--accent-ink); font: inherit; cursor: pointer; }
.note button:focus-visible { outline: 2px solid var(--focus); outline-offset: 2px; }
`;
