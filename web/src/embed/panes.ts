// The texts of a scenario that can be edited beside its result: plain
// textareas with the numbers of their lines.

import { get, isObject, type Json, parse } from '../json';
import { type Places, pretty, resolve } from '../scenario';

/** A pane: its place in the scenario, its name, and how its text becomes a value. */
interface Part {
  pointer: string;
  label: string;
  /** Of what the label is, e.g. a role's name; may be empty. */
  of: string;
  /** Long lines without breaks, whose numbers say nothing. */
  wraps: boolean;
}

interface Pane extends Part {
  element: HTMLElement;
  field: HTMLTextAreaElement;
  numbers: HTMLElement;
}

/** What the attribute show may name. */
export type Shown = 'token' | 'trust' | 'permissions' | 'scenario';
const all: Shown[] = ['token', 'trust', 'permissions', 'scenario'];

export function readShown(words: string): Shown[] {
  return all.filter((name) => words.split(/[\s,]+/).includes(name));
}

export class Panes {
  readonly element = document.createElement('div');
  private panes: Pane[] = [];

  constructor(private readonly onInput: (pointer: string, text: string) => void) {
    this.element.className = 'panes';
  }

  /** Shows the parts that are wanted and there; the whole scenario where there is none of them. */
  show(shown: Shown[], scenario: Json, places: Places, text: string, readonly: boolean): void {
    const parts = shown.flatMap((name) => partsOf(name, scenario, places));
    if (parts.length === 0) parts.push(whole);
    const same = parts.length === this.panes.length && parts.every((part, i) => part.pointer === this.panes[i]?.pointer && part.of === this.panes[i]?.of);
    if (!same) {
      this.panes = parts.map((part) => this.made(part));
      this.element.replaceChildren(...this.panes.map((pane) => pane.element));
    }
    for (const pane of this.panes) {
      const value = pane.pointer === '' ? text : textOf(get(scenario, pane.pointer));
      if (pane.field.value !== value && (pane.field.getRootNode() as ShadowRoot).activeElement !== pane.field) pane.field.value = value;
      pane.field.readOnly = readonly;
      count(pane);
    }
  }

  /** Whether a place is shown in a pane of its own text. */
  shows(path: string): boolean {
    return this.paneOf(path) !== undefined;
  }

  /** Goes to a line of the pane that shows a place. */
  go(path: string, line: number): void {
    const field = this.paneOf(path)?.field;
    if (!field) return;
    const lines = field.value.split('\n');
    const from = lines.slice(0, line - 1).reduce((sum, each) => sum + each.length + 1, 0);
    field.focus();
    field.setSelectionRange(from, from + (lines[line - 1]?.length ?? 0));
    field.scrollTop = ((line - 1) * field.scrollHeight) / Math.max(1, lines.length) - field.clientHeight / 2;
  }

  private paneOf(path: string): Pane | undefined {
    return this.panes.find(({ pointer }) => pointer === '' || path === pointer || path.startsWith(`${pointer}/`));
  }

  private made(part: Part): Pane {
    const element = document.createElement('label');
    element.className = 'pane';
    const title = document.createElement('span');
    title.className = 'pane-title';
    title.append(part.label);
    if (part.of !== '') title.append(' ', Object.assign(document.createElement('code'), { textContent: part.of }));
    const numbers = document.createElement('span');
    numbers.className = 'numbers';
    numbers.ariaHidden = 'true';
    const field = document.createElement('textarea');
    field.spellcheck = false;
    field.autocomplete = 'off';
    field.setAttribute('autocapitalize', 'off');
    if (!part.wraps) field.wrap = 'off';
    const text = document.createElement('span');
    text.className = 'text';
    text.append(...(part.wraps ? [field] : [numbers, field]));
    element.append(title, text);
    const pane = { ...part, element, field, numbers };
    field.addEventListener('input', () => {
      count(pane);
      this.onInput(part.pointer, field.value);
    });
    field.addEventListener('scroll', () => (numbers.scrollTop = field.scrollTop));
    return pane;
  }
}

const whole: Part = { pointer: '', label: 'Scenario', of: '', wraps: false };

function partsOf(name: Shown, scenario: Json, places: Places): Part[] {
  const at = (template: string): string => resolve(template, places);
  const role = String(get(scenario, at('/accounts/{account}/Roles/{role}/RoleName')) ?? '');
  switch (name) {
    case 'scenario':
      return [whole];
    case 'token': {
      const oidc = at('/calls/{call}/params/WebIdentityToken');
      const saml = at('/calls/{call}/params/SAMLAssertion');
      const presented = [{ pointer: oidc, label: 'Token' }, { pointer: saml, label: 'SAML response' }].find(({ pointer }) => get(scenario, pointer) !== undefined);
      const other = { pointer: at('/calls/{call}/params'), label: 'Call' };
      const { pointer, label } = presented ?? other;
      const value = get(scenario, pointer);
      return value === undefined ? [] : [{ pointer, label, of: presented ? '' : String(get(scenario, at('/calls/{call}/action')) ?? ''), wraps: typeof value === 'string' }];
    }
    case 'trust': {
      const pointer = at('/accounts/{account}/Roles/{role}/AssumeRolePolicyDocument');
      return get(scenario, pointer) === undefined ? [] : [{ pointer, label: 'Trust policy', of: role, wraps: false }];
    }
    case 'permissions': {
      const policies = get(scenario, at('/accounts/{account}/Roles/{role}/Policies'));
      return (Array.isArray(policies) ? policies : []).map((policy, i) => ({
        pointer: at(`/accounts/{account}/Roles/{role}/Policies/${i}/PolicyDocument`),
        label: 'Permissions', of: String(get(policy, '/PolicyName') ?? ''), wraps: false,
      }));
    }
  }
}

/** A value as text to edit: text as it is, anything else as JSON. */
function textOf(value: Json | undefined): string {
  return typeof value === 'string' ? value : value === undefined ? '' : pretty(value);
}

/** What a pane's text stands for: a JSON object where it is one, else the text. Documents stay text, in which positions are the pane's. */
export function valueOf(pointer: string, text: string): Json {
  const read = /\/(params|WebIdentityToken|SAMLAssertion)$/.test(pointer) ? parse(text) : undefined;
  return isObject(read) ? read : text;
}

function count({ numbers, field }: Pane): void {
  const lines = field.value.split('\n').length;
  field.rows = Math.min(lines, 24);
  if (numbers.childElementCount === 0 && numbers.dataset['lines'] === String(lines)) return;
  numbers.dataset['lines'] = String(lines);
  numbers.textContent = Array.from({ length: lines }, (_, i) => i + 1).join('\n');
}
