// Questions: calls of any action, asked with a session or by a principal of
// the world. Each change gives a new scenario.

import { claimText, writeClaim } from './claims';
import { escape, get, isObject, type Json, type JsonObject, put } from './json';
import { callName, frontDoor, givesSession, isOperation } from './scenario';
import { askable } from './suggestions';
import { delayed, delaySeconds, delayText, sayNow } from './timeline';

function calls(scenario: Json): Json[] {
  const value = get(scenario, '/calls');
  return Array.isArray(value) ? value : [];
}

/** A name that no call has yet: the one wanted, else with a number behind it. */
export function freeName(list: Json[], wanted: string, but = -1): string {
  const taken = new Set(list.map((call, i) => (i === but ? '' : callName(call, i))));
  const stem = wanted.replace(/ \d+$/, '');
  let name = wanted;
  for (let n = 2; taken.has(name); n++) name = `${stem} ${n}`;
  return name;
}

/**
 * Adds a question with the credentials of the call that is drawn, about
 * something that the policies name, so that it has an answer at once. Gives
 * its number as well.
 */
export function addAsk(scenario: Json, drawn: number): { scenario: Json; at: number } {
  const list = calls(scenario);
  const last = list[drawn];
  const door = frontDoor(scenario, drawn);
  const question: JsonObject = { name: freeName(list, 'question'), ...askable(scenario) };
  if (last !== undefined && !isOperation(last)) {
    for (const member of ['caller', 'after']) {
      const value = get(last, `/${member}`);
      if (value !== undefined) question[member] = value;
    }
  } else if (list[door] !== undefined && isOperation(list[door])) {
    const caller = givesSession(String(get(list[door], '/action') ?? '')) ? callName(list[door], door) : get(list[door], '/caller');
    if (caller !== undefined) question['caller'] = caller;
  }
  return { scenario: put(scenario, '/calls', [...list, question]) ?? null, at: list.length };
}

/** Asks again: the copy stands behind the call that it is of. */
export function copyCall(scenario: Json, at: number): Json {
  const list = calls(scenario);
  const call = list[at];
  if (!isObject(call)) return scenario;
  const { expect: _, ...rest } = call;
  return put(scenario, '/calls', list.toSpliced(at + 1, 0, { ...rest, name: freeName(list, callName(call, at)) })) ?? null;
}

/** Leaves a call out. Calls without a name are named first by their number, because others may say it. */
export function dropCall(scenario: Json, at: number): Json {
  const named = calls(scenario).map((call, i) => (isObject(call) && get(call, '/name') === undefined ? { name: callName(call, i), ...call } : call));
  return put(scenario, '/calls', named.toSpliced(at, 1)) ?? null;
}

/** Renames a call; the calls that use its credentials or its token follow. */
export function renameCall(scenario: Json, at: number, wanted: string): Json {
  const list = calls(scenario);
  const from = callName(list[at], at);
  const name = freeName(list, wanted, at);
  if (wanted === '' || wanted.startsWith('arn:') || wanted.startsWith('service/')) return scenario;
  return put(scenario, '/calls', list.map((call, i) => {
    if (!isObject(call)) return call;
    if (i === at) return { ...call, name };
    const followed = call['params'] === undefined ? call : { ...call, params: taken(call['params'], from, name) };
    return get(call, '/caller') === from ? { ...followed, caller: name } : followed;
  })) ?? null;
}

/** Parameters in which a token is taken from the call that is renamed. */
function taken(value: Json, from: string, name: string): Json {
  if (!isObject(value)) return value;
  if (Object.keys(value).length === 1 && value['from'] === from) return { from: name };
  return Object.fromEntries(Object.entries(value).map(([member, inner]) => [member, taken(inner, from, name)]));
}

/** Writes what was typed into a field that the engine drew; kind is its data-kind. */
export function writeAsk(scenario: Json, pointer: string, kind: string, text: string): Json {
  const at = Number(/^\/calls\/(\d+)\//.exec(pointer)?.[1] ?? -1);
  switch (kind) {
    case 'call-name':
      return renameCall(scenario, at, text);
    case 'claim':
    case 'claim-json':
      return writeClaim(scenario, pointer, kind, text);
    case 'action':
      return put(scenario, pointer, text.trim()) ?? null;
    case 'caller':
    case 'resource':
      return put(scenario, pointer, text.trim() || undefined) ?? null;
    case 'key':
    case 'key-list': {
      const value = kind === 'key' ? text : text.split(',').map((part) => part.trim()).filter((part) => part !== '');
      const written = put(scenario, pointer, text === '' ? undefined : value) ?? null;
      const context = get(written, `/calls/${at}/context`);
      return isObject(context) && Object.keys(context).length === 0 ? (put(written, `/calls/${at}/context`, undefined) ?? null) : written;
    }
    case 'delay':
      return delayed(scenario, pointer, delayText(Number(text)));
    default:
      return put(scenario, pointer, text === '' ? undefined : text) ?? null;
  }
}

/** What a field of a question shows. */
function askText(value: Json | undefined): string {
  if (Array.isArray(value)) return value.map(String).join(', ');
  return value === undefined || value === null || isObject(value) ? '' : String(value);
}

/** Adds a condition key to a question's request, without a value yet. */
export function addKey(scenario: Json, at: number, key: string): Json {
  const pointer = `/calls/${at}/context/${escape(key)}`;
  return get(scenario, pointer) === undefined ? (put(scenario, pointer, '') ?? null) : scenario;
}

/** Shows the scenario in the fields that the engine drew: what is drawn in them may be of an answer before the last keystroke. */
export function showFields(holder: HTMLElement, scenario: Json): void {
  const focused = (holder.getRootNode() as Document | ShadowRoot).activeElement;
  for (const field of holder.querySelectorAll<HTMLInputElement>('input[data-bind]')) {
    const { bind = '', kind = '' } = field.dataset;
    const value = get(scenario, bind);
    if (kind === 'delay') {
      const seconds = delaySeconds(askText(value));
      if (field !== focused) field.value = String(seconds);
      sayNow(field, field === focused ? undefined : seconds);
      continue;
    }
    const text = kind.startsWith('claim') ? claimText(value, kind) : askText(value);
    if (field === focused) continue;
    if (field.value !== text && (text !== '' || field.dataset['kind'] !== 'call-name')) field.value = text;
    if (field.dataset['complete'] === 'resource') field.scrollLeft = field.scrollWidth; // resources differ in their ends
  }
}
