// Whatever is pasted, dropped or opened is taken in: the tools recognise it
// and say what becomes of the scenario; here the text is carried there, and
// the line above the panes says what it was taken for, with Undo and with
// what else it could be.

import type { Control } from './controls';
import { equal, type Json, type Operation, patch } from './json';
import { drawAlone } from './report';
import { element, hide } from './says';

/** What the tools made of a text; or why they made nothing. */
interface Taken {
  what?: string;
  patch: Operation[];
  scenario: string;
  call: number;
  pane: string;
  explain: string;
  editor: string;
  asIs: boolean;
  refusal?: string;
  internal?: string;
}

/** One text: its bytes, of a file too large only the first; and a file's name and size. */
interface Input {
  name: string;
  size: number;
  bytes: Uint8Array;
}

/** What the page does for it. */
export interface Page {
  ask(request: string, texts: Uint8Array[]): Promise<string[]>;
  /** Whether the tools are there, so that an answer comes at once. */
  ready(): boolean;
  scenario(): Json;
  view(): { role: string; call: number; now: string };
  /** Puts a scenario in the place of another, which can be brought back, and shows a call of it. */
  put(next: Json, call: number, from: Json): void;
  /** Opens the text of a whole scenario. */
  open(text: string): void;
  /** How many changes can be undone. */
  depth(): number;
  /** Brings back what was there when only so many could be. */
  back(depth: number): void;
  explain(text: string): void;
  show(pane: string): void;
  /** Puts the focus into an editor. */
  focus(editor: string): void;
}

/** What the tools take in of one text, in bytes; of a larger one they are given the beginning, to say what it is. */
const limit = 1 << 20;
const beginning = 4096;

/** How many files are taken in together. */
const mostFiles = 20;

export class Intake {
  private readonly line = element('exchange-line');
  private readonly undo = element('exchange-undo');
  private readonly dialog = element('open-dialog') as HTMLDialogElement;
  private readonly text = element('open-text') as HTMLTextAreaElement;
  private readonly files = element('open-files') as HTMLInputElement;
  /** What was taken in last, and the scenario before it, for whoever takes it for something else. */
  private last: { inputs: Input[]; before: Json } | undefined;
  private depth = 0; // of what can be undone, before it was taken in
  private turn = 0; // of what was asked last: an answer to an earlier question is no longer wanted
  /** The editor that holds what belongs elsewhere, and the scenario before it did. */
  private misplaced: { control: Control; before: Json } | undefined;

  constructor(private readonly page: Page) {
    this.undo.addEventListener('click', () => {
      this.close();
      page.back(this.depth);
    });
    element('exchange-close').addEventListener('click', () => this.close());
    this.line.addEventListener('click', (event) => {
      const { as, explain } = event.target instanceof HTMLElement ? event.target.dataset : {};
      if (as !== undefined && this.last) void this.take(this.last.inputs, as, this.last.before);
      else if (explain !== undefined) page.explain(explain);
    });
    document.addEventListener('paste', (event) => this.paste(event));
    this.followDialog();
    this.followDrops();
  }

  /** Where an editor was given what belongs elsewhere, offers to put it there. before is the scenario without it. */
  async offer(control: Control, text: string, before: Json): Promise<void> {
    if (!control.pasted) {
      this.misplaced = undefined;
      return;
    }
    if (this.misplaced?.control !== control) this.misplaced = { control, before };
    const old = this.misplaced.before;
    const inputs = [typed(text)];
    const [json = '{}'] = await this.ask(inputs, '', old);
    const taken = JSON.parse(json) as Taken;
    if (control.text !== text) return;
    if (taken.what === undefined || taken.explain !== '' && taken.patch.length === 0 || belongs(control.element.dataset['editor'] ?? '', taken, text)) {
      this.misplaced = undefined;
      return;
    }
    control.offer(`${taken.what}.`, taken.editor === control.element.dataset['editor'] ? 'Put it in, with what it needs' : 'Put it where it belongs', () => {
      this.misplaced = undefined;
      void this.take(inputs, '', old).then(() => this.page.focus(taken.editor));
    });
  }

  /** Takes a text in that came by another way; false where it isn't recognised. */
  takeText(text: string): Promise<boolean> {
    return this.take([typed(text)]);
  }

  /** Takes texts in, as what they are or as the reader says; false where they aren't recognised. */
  private async take(inputs: Input[], as = '', instead?: Json): Promise<boolean> {
    const turn = ++this.turn;
    const before = instead ?? this.page.scenario();
    if (!this.page.ready()) this.wait();
    const [json = '{}', html = ''] = await this.ask(inputs, as, before);
    if (turn !== this.turn) return false;
    this.line.ariaBusy = 'false';
    if (instead === undefined && this.page.scenario() !== before) return this.take(inputs, as); // something was typed meanwhile, and stays
    const taken = JSON.parse(json) as Taken;
    if (taken.internal !== undefined) this.say(`${taken.internal}. What you have is kept.`);
    else drawAlone(element('exchange-said'), html);
    this.undo.hidden = true;
    if (taken.what !== undefined) {
      this.last = { inputs, before };
      this.apply(taken, before);
    }
    this.line.hidden = false;
    return taken.what !== undefined;
  }

  /** Says no longer what was taken in. */
  close(): void {
    this.line.hidden = true;
  }

  private apply(taken: Taken, before: Json): void {
    this.depth = this.page.depth();
    if (taken.scenario !== '') {
      this.page.open(taken.scenario);
      this.undo.hidden = false;
    } else {
      const next = patch(before, taken.patch);
      const changed = !equal(next, before);
      if (changed || this.page.scenario() !== before) this.page.put(next, taken.call, before);
      this.undo.hidden = !changed;
    }
    if (taken.pane !== '') this.page.show(taken.pane);
    else if (taken.explain !== '') this.page.explain(taken.explain);
  }

  private async ask(inputs: Input[], as: string, scenario: Json): Promise<string[]> {
    const request = { scenario: JSON.stringify(scenario), view: { ...this.page.view(), as }, inputs: inputs.map(({ name, size }) => ({ name, size })) };
    try {
      return await this.page.ask(JSON.stringify(request), inputs.map(({ bytes }) => bytes));
    } catch (error) {
      return [JSON.stringify({ internal: `What was pasted could not be read: ${error instanceof Error ? error.message : String(error)}` })];
    }
  }

  /** Says that the part of the page that reads it isn't there yet. */
  private wait(): void {
    this.say('What reads it is still loading; it is taken in as soon as that is here.');
    this.line.ariaBusy = 'true';
    this.line.hidden = false;
    this.undo.hidden = true;
  }

  private say(sentence: string): void {
    element('exchange-words').textContent = sentence;
    element('exchange-notes').replaceChildren();
    this.line.querySelector('.choices')?.replaceChildren();
  }

  /** Takes in what is pasted outside of all fields. */
  private paste(event: ClipboardEvent): void {
    if (event.target instanceof Element && event.target.closest('input, textarea, select, [data-editor]')) return;
    const data = event.clipboardData;
    const text = data?.getData('text/plain') ?? '';
    if (text.trim() !== '') void this.take([typed(text)]);
    else if (data && data.files.length > 0) void this.takeFiles([...data.files]);
  }

  private async takeFiles(files: File[]): Promise<boolean> {
    const inputs = await Promise.all(files.slice(0, mostFiles).map(read));
    if (files.length > mostFiles) inputs.push({ name: `${files.length - mostFiles} more files`, size: 0, bytes: new Uint8Array() });
    return this.take(inputs);
  }

  private followDialog(): void {
    const refusal = element('open-refusal');
    const done = (taken: boolean): void => {
      refusal.textContent = taken ? '' : element('exchange-words').textContent;
      refusal.hidden = taken;
      if (!taken) return;
      this.text.value = '';
      this.dialog.close();
    };
    element('open').addEventListener('click', () => {
      refusal.hidden = true;
      this.dialog.showModal();
      this.text.focus();
    });
    element('open-close').addEventListener('click', () => this.dialog.close());
    element('open-take').addEventListener('click', () => void this.take([typed(this.text.value)]).then(done));
    this.files.addEventListener('change', () => {
      const files = [...(this.files.files ?? [])];
      this.files.value = ''; // the same file can be chosen again
      if (files.length > 0) void this.takeFiles(files).then(done);
    });
  }

  private followDrops(): void {
    const cover = (shown: boolean): void => hide(element('drop'), !shown);
    document.addEventListener('dragover', (event) => {
      if (!takes(event)) return;
      event.preventDefault();
      if (event.dataTransfer) event.dataTransfer.dropEffect = 'copy';
      cover(true);
    }, true);
    document.addEventListener('dragleave', (event) => event.relatedTarget === null && cover(false));
    document.addEventListener('dragend', () => cover(false));
    document.addEventListener('drop', (event) => {
      cover(false);
      if (!takes(event) || !event.dataTransfer) return;
      event.preventDefault();
      event.stopPropagation();
      const files = [...event.dataTransfer.files];
      const text = event.dataTransfer.getData('text/plain');
      if (this.dialog.open) this.dialog.close();
      if (files.length > 0) void this.takeFiles(files);
      else if (text !== '') void this.take([typed(text)]);
    }, true);
  }
}

/** Whether what is dragged is taken in where it is dropped: files anywhere, text outside of fields, which take it themselves. */
function takes(event: DragEvent): boolean {
  const types = event.dataTransfer?.types ?? [];
  if (types.includes('Files')) return true;
  const field = event.target instanceof Element && event.target.closest('input, textarea, [data-editor]');
  return types.includes('text/plain') && !field;
}

function typed(text: string): Input {
  const bytes = new TextEncoder().encode(text.length > limit ? text.slice(0, beginning) : text);
  return { name: '', size: text.length > limit ? text.length : bytes.length, bytes };
}

async function read(file: File): Promise<Input> {
  try {
    const bytes = new Uint8Array(await file.slice(0, file.size > limit ? beginning : limit).arrayBuffer());
    return { name: file.name, size: file.size, bytes };
  } catch {
    return { name: `${file.name} (can't be read; a folder?)`, size: 0, bytes: new Uint8Array() };
  }
}

/** Whether a text may stay in the editor that it was pasted into. */
function belongs(editor: string, taken: Taken, text: string): boolean {
  if (editor === '' || editor === 'scenario') return taken.scenario !== '';
  // A token that was broken, or has other words around it, isn't what STS is sent; and one whose provider isn't there is given a proposal.
  if (editor === 'token' && taken.editor === editor) return taken.patch.every(({ path, value }) => !path.includes('/OpenIDConnectProviders') && (!path.endsWith('/WebIdentityToken') || value === text));
  if (taken.editor === editor) return taken.asIs;
  // A policy may be any: whose it is, its editor says.
  return (taken.editor === 'policy' || taken.editor === 'trust') && !['token', 'response', 'metadata', 'jwks'].includes(editor);
}
