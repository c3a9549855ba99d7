// The controls of the page: each is bound to a place in the scenario by a
// JSON Pointer, shows what stands there and writes what is typed.

import { renameCall } from './asks';
import { Editor, type Arrival, type Options, type TextEditor } from './editor';
import { equal, get, isObject, type Json, parse, put } from './json';
import { isPlain, Plain } from './plain';
import { mintWith, renameEntity, renameProvider } from './saml';
import { type Places, pretty, renameAccount, renameRole, renameURL, resolve, typed, untyped } from './scenario';

export interface Context {
  scenario: Json;
  places: Places;
  /** The token that the call presented, where the engine minted it; empty otherwise. */
  minted: string;
}

export interface Events {
  onChange(control: Control, text: string): void;
  onRun(): void;
  onHover(control: Control, line: number): void;
}

type Field = HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement;

export class Control {
  readonly kind: string;
  private made: TextEditor | undefined;
  private readonly make: (() => TextEditor) | undefined;
  /** The pointer with its places filled in, as last shown. */
  pointer = '';
  /** What was last put into the editor was pasted or dropped, not typed. */
  pasted = false;
  /** The scenario's editor holds text that is no JSON, and that the engine reads as it stands. */
  unread = false;
  private readonly template: string;
  /** The mint that the shown token came from, so that undoing an edit brings it back. */
  private mint: { compact: string; value: Json } | undefined;
  /** The text of which an offer stands below it. */
  private offered: string | undefined;
  /** What is wrong with what is chosen. */
  private remarked = '';

  /** What a pointer that begins with a dot goes on from: the list's item that the control stands in. */
  base = '';

  constructor(readonly element: HTMLElement, events: Events) {
    const { bind = '', kind, editor, label = '', language, empty = '' } = element.dataset;
    this.template = bind;
    this.kind = kindOf(bind, kind, editor);
    if (editor !== undefined) {
      const options: Options = {
        label,
        empty,
        language: language === 'xml' ? 'xml' : this.kind === 'token' ? 'token' : language === 'text' ? 'text' : 'json',
        onInput: (text, pasted) => {
          this.pasted = pasted;
          events.onChange(this, text);
        },
        onRun: () => events.onRun(),
        onHover: (line) => events.onHover(this, line),
      };
      this.make = () => (isPlain() ? new Plain(element, options) : new Editor(element, options));
    } else {
      element.addEventListener('input', () => events.onChange(this, this.text));
    }
  }

  /** The control's editor, made when it is first in use; undefined for a field. One that is hidden has none yet. */
  get editor(): TextEditor | undefined {
    if (!this.made && this.make && !this.isHidden) this.made = this.make();
    return this.made;
  }

  /** Whether its editor is in sight and still to be made. */
  get waits(): boolean {
    return this.make !== undefined && !this.made && !this.isHidden;
  }

  private get isHidden(): boolean {
    return this.element.closest('[hidden], details:not([open])') !== null;
  }

  get text(): string {
    return this.editor ? this.editor.text : (this.element as Field).value;
  }

  /** Has its editor made anew when it is next shown. */
  remake(): void {
    this.made?.end();
    this.made = undefined;
  }

  /** The text of the policy that the control shows; empty where it shows something else, or none. */
  policy(context: Context): string {
    const { editor = '' } = this.element.dataset;
    return ['trust', 'policy', 'session-policy'].includes(editor) ? this.words(get(context.scenario, this.at(context.places)), context) : '';
  }

  /** The pointer for other places than those last shown. */
  at(places: Places): string {
    return this.template.startsWith('.') ? this.base + this.template.slice(1) : resolve(this.template, places);
  }

  /** Shows what stands at the control's place. A text that already means it is left as it was typed. */
  show(context: Context, how: Arrival): void {
    this.pointer = this.at(context.places);
    // The whole scenario is long, and seldom looked at: it is shown when its details open.
    if (this.kind === 'scenario' && how === 'follow' && this.element.closest('details:not([open])')) return;
    const value = get(context.scenario, this.pointer);
    const first = !this.made;
    if (this.make && !this.editor) return;
    if (this.make && first) how = 'fresh';
    if (how !== 'fresh' && this.kind === 'json' && equal(parse(this.text), value)) return;
    if (how !== 'fresh' && this.kind === 'scenario' && equal(typed(parse(this.text) ?? null), value ?? null)) return;
    if (how !== 'fresh' && (this.kind === 'list' || this.kind === 'lines') && equal(lines(this.text), value)) return;
    const text = this.words(value, context);
    if (!this.editor) {
      const field = this.element as Field;
      const shown = text === '' && field instanceof HTMLSelectElement ? (field.options[0]?.value ?? '') : text;
      if (field.value !== shown) field.value = shown;
      if (this.isChoice) this.explain();
      return;
    }
    const made = this.kind === 'token' && this.mint !== undefined;
    this.editor.set(text, made && how === 'mend' ? 'follow' : how);
    if (this.offered === text) return;
    if (this.kind === 'token') this.editor.note(made ? 'Minted by the playground; typing or pasting replaces it.' : '');
    else if (this.offered !== undefined) this.editor.note('');
    this.offered = undefined;
  }

  /** Shows the whole scenario's text where it is no JSON. */
  showUnread(text: string): void {
    if (!this.editor) return; // it is shown once it is in sight
    this.unread = true;
    this.editor.set(text, 'fresh');
  }

  /** Whether it chooses what is minted. */
  get isChoice(): boolean {
    return this.kind.startsWith('mint-');
  }

  /** Says what is wrong with what is chosen; nothing where empty. */
  remark(words: string): void {
    this.remarked = words;
    this.explain();
  }

  /** Marks a field whose text can't be used; why says the finding of that id. Undefined where it can. */
  refuse(finding: string | undefined): void {
    if (!(this.element instanceof HTMLInputElement || this.element instanceof HTMLTextAreaElement)) return;
    if (finding === undefined) {
      this.element.removeAttribute('aria-invalid');
      this.element.removeAttribute('aria-describedby');
      return;
    }
    this.element.setAttribute('aria-invalid', 'true');
    this.element.setAttribute('aria-describedby', finding);
  }

  /** Says what the chosen option means, and shuts a list of attacks that there is nothing to attack with. */
  private explain(): void {
    const list = this.element as HTMLSelectElement;
    if (this.kind === 'mint-attack' && list.disabled !== (list.value === '')) list.disabled = list.value === '';
    const about = document.getElementById(`${list.id}-about`);
    const words = this.remarked || (list.selectedOptions[0]?.title ?? '');
    const failed = this.remarked !== '';
    if (!about || (about.textContent === words && about.classList.contains('is-failed') === failed)) return;
    about.textContent = words;
    about.hidden = words === '';
    about.classList.toggle('is-failed', failed);
  }

  /** Says something about the text below it, with a button; it stays as long as the text does. */
  offer(words: string, label: string, accept: () => void): void {
    this.offered = this.text;
    this.editor?.note(words, { label, accept });
  }

  private words(value: Json | undefined, context: Context): string {
    switch (this.kind) {
      case 'account':
        return context.places.account;
      case 'list':
      case 'lines':
        return Array.isArray(value) ? value.join('\n') : plain(value);
      case 'scenario':
        return pretty(untyped(value ?? {}));
      case 'mint':
        return isObject(value) ? pretty(value) : '';
      case 'boundary':
        return plain(get(value, '/PolicyArn') ?? get(value, '/PermissionsBoundaryArn') ?? value);
      case 'mint-profile':
      case 'mint-attack': {
        const minted = isObject(get(context.scenario, this.pointer.slice(0, this.pointer.lastIndexOf('/'))));
        return minted ? plain(value) || usual(this.element as HTMLSelectElement) : '';
      }
      case 'token':
        this.mint = isObject(get(value, '/mint')) ? { compact: context.minted, value: value ?? null } : undefined;
        return this.mint ? context.minted : plain(value);
      default:
        return plain(value);
    }
  }

  /** The scenario with the text written at the control's place. */
  write(scenario: Json, places: Places, text: string): Json {
    switch (this.kind) {
      case 'account':
        return renameAccount(scenario, places.account, text);
      case 'role':
        return renameRole(scenario, places, text);
      case 'url':
        return renameURL(scenario, this.pointer, places, text);
      case 'call-name':
        return renameCall(scenario, Number(places.call), text);
      case 'saml-name':
        return renameProvider(scenario, places, text);
      case 'entity':
        return renameEntity(scenario, places, text);
      case 'mint-profile':
      case 'mint-attack':
        return mintWith(scenario, places, this.pointer, { value: text, ...issuersOf(this.element as HTMLSelectElement) });
      case 'mint': {
        const value = parse(text);
        const whole = isObject(value);
        this.editor?.note(whole ? '' : 'This is no JSON object yet; the token stays as it was.');
        return whole ? (put(scenario, this.pointer, value) ?? null) : scenario;
      }
      default:
        return put(scenario, this.pointer, this.value(text)) ?? null;
    }
  }

  private value(text: string): Json | undefined {
    switch (this.kind) {
      case 'list':
        return lines(text);
      case 'lines':
        return text.trim() === '' ? undefined : lines(text);
      case 'flag':
        return text === '' ? undefined : text === 'true';
      case 'number':
        return text.trim() === '' ? undefined : /^\s*-?\d{1,15}\s*$/.test(text) ? Number(text) : text;
      case 'boundary':
        return /^\s*arn:/.test(text) ? { PolicyArn: text.trim() } : text.trim() === '' ? undefined : text;
      case 'json':
        return text.trim() === '' ? undefined : (parse(text) ?? text);
      case 'token': {
        if (this.mint && text === this.mint.compact) return this.mint.value;
        const value = /^\s*\{/.test(text) ? parse(text) : undefined;
        return isObject(value) && ['mint', 'unsigned', 'from'].some((way) => value[way] !== undefined) ? value : text || undefined;
      }
      default:
        // An empty key set is one that STS can't read; no key set is none to check with. So with metadata.
        // And what an item of a list is known by is there as long as the item is.
        return text === '' && !/\/(jwks|SAMLMetadataDocument|privateKeys\/0)$/.test(this.pointer) && !named.test(this.template) ? undefined : text;
    }
  }
}

const named = /^\.(\/([A-Za-z]+Name|Key|Value|PolicyArn|Arn|arn|VpcEndpointId|InstanceId|IdentityPoolId|name|namespace|serviceAccount|roleArn|trustAnchorArn|profileArn|permissionSet|principal|TargetId|SerialNumber))?$/;

// A document is judged by the engine, and so goes there as typed. The request
// context is part of the scenario itself, and so has to be an object.
function kindOf(bind: string, kind: string | undefined, editor: string | undefined): string {
  if (bind === '' && editor !== undefined) return 'scenario';
  if (editor !== undefined && bind.endsWith('/mint')) return 'mint';
  if (kind === 'document' && bind.endsWith('/context')) return 'json';
  return kind ?? 'text';
}

/** The choice that a mint stands for which names none: the first after that of no mint at all. */
function usual(select: HTMLSelectElement): string {
  return select.options[1]?.value ?? '';
}

/** The usual issuer of the profile that is chosen, and those of all. */
function issuersOf({ selectedOptions, options }: HTMLSelectElement): { issuer: string; issuers: string[] } {
  return { issuer: selectedOptions[0]?.dataset['issuer'] ?? '', issuers: [...options].flatMap(({ dataset }) => dataset['issuer'] ?? []) };
}

function plain(value: Json | undefined): string {
  if (value === undefined || value === null) return '';
  return typeof value === 'string' ? value : typeof value === 'object' ? pretty(value) : String(value);
}

function lines(text: string): string[] {
  return text.split('\n').map((line) => line.trim()).filter((line) => line !== '');
}
