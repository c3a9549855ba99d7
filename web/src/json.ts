// JSON values, JSON Pointers (RFC 6901) into them and JSON Patches (RFC 6902)
// on them: how a control names its place in the scenario, and how advice
// changes it.

export type Json = null | boolean | number | string | Json[] | JsonObject;
export interface JsonObject {
  [name: string]: Json;
}

export function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The reference tokens of a pointer, unescaped; none for the whole document. */
export function tokens(pointer: string): string[] {
  if (pointer === '') return [];
  return pointer.slice(1).split('/').map((t) => t.replaceAll('~1', '/').replaceAll('~0', '~'));
}

export function escape(token: string): string {
  return token.replaceAll('~', '~0').replaceAll('/', '~1');
}

/** The value at a pointer; undefined where there is none. */
export function get(root: Json | undefined, pointer: string): Json | undefined {
  let value = root;
  for (const token of tokens(pointer)) value = child(value, token);
  return value;
}

function child(value: Json | undefined, token: string): Json | undefined {
  if (Array.isArray(value)) return value[index(token)];
  // Own members only: a claim may well be called "constructor".
  return isObject(value) && Object.hasOwn(value, token) ? value[token] : undefined;
}

function index(token: string): number {
  return /^(0|[1-9]\d*)$/.test(token) ? Number(token) : -1;
}

/**
 * Writes the value at a pointer, making the parents that are missing, and
 * removes it where the value is undefined. Gives the new root; only the
 * containers on the way are copied.
 */
export function put(root: Json | undefined, pointer: string, value: Json | undefined): Json | undefined {
  return putAt(root, tokens(pointer), value);
}

function putAt(at: Json | undefined, path: string[], value: Json | undefined): Json | undefined {
  const [token, ...rest] = path;
  if (token === undefined) return value;
  if (Array.isArray(at) || (!isObject(at) && index(token) >= 0 && token.length < 12)) { // twelve digits name an account
    const items = Array.isArray(at) ? [...at] : [];
    const i = Math.min(index(token), items.length);
    if (i < 0) return at;
    const changed = putAt(items[i], rest, value);
    if (changed === undefined) items.splice(i, 1);
    else items[i] = changed;
    return items;
  }
  const changed = putAt(child(at, token), rest, value);
  if (changed === undefined && !isObject(at)) return at;
  const object = isObject(at) ? { ...at } : {};
  if (changed === undefined) delete object[token];
  else member(object, token, changed);
  return object;
}

/** Sets a member whatever its name: assigning to __proto__ would not make one. */
function member(object: JsonObject, name: string, value: Json): void {
  Object.defineProperty(object, name, { value, enumerable: true, configurable: true, writable: true });
}

export interface Operation {
  op: string;
  path: string;
  from?: string; // of move and copy
  value?: Json;
}

/**
 * Applies a patch, all of it or nothing: an operation that doesn't fit throws.
 * A member that add names may be the first below parents that are missing,
 * because a scenario leaves out what is empty.
 */
export function patch(root: Json, operations: Operation[]): Json {
  let result: Json | undefined = root;
  for (const { op, path, from = '', value } of operations) {
    const there = get(result, path);
    const source = get(result, from);
    switch (op) {
      case 'move':
      case 'copy':
        if (source === undefined) throw new Error(`there is nothing at ${from} to ${op}`);
        if (op === 'move') result = put(result, from, undefined);
        result = add(result, path, source);
        break;
      case 'add':
        result = add(result, path, value ?? null);
        break;
      case 'replace':
        if (there === undefined) throw new Error(`there is nothing at ${path} to replace`);
        result = put(result, path, value ?? null);
        break;
      case 'remove':
        if (there === undefined) throw new Error(`there is nothing at ${path} to remove`);
        result = put(result, path, undefined);
        break;
      case 'test':
        if (!equal(there, value)) throw new Error(`${path} has changed since`);
        break;
      default:
        throw new Error(`the operation ${op} is not known`);
    }
  }
  return result ?? null;
}

function add(root: Json | undefined, pointer: string, value: Json): Json | undefined {
  const cut = pointer.lastIndexOf('/');
  const list = cut < 0 ? undefined : get(root, pointer.slice(0, cut));
  if (!Array.isArray(list)) return put(root, pointer, value);
  const last = pointer.slice(cut + 1);
  const at = last === '-' ? list.length : index(last);
  if (at < 0 || at > list.length) throw new Error(`${pointer} is outside the list`);
  return put(root, pointer.slice(0, cut), list.toSpliced(at, 0, value));
}

/** A JSON Merge Patch (RFC 7396) applied: objects are merged, null removes, anything else replaces. */
export function mergePatch(root: Json | undefined, change: Json): Json | undefined {
  if (!isObject(change)) return change;
  const merged: JsonObject = isObject(root) ? { ...root } : {};
  for (const [name, value] of Object.entries(change)) {
    const next = value === null ? undefined : mergePatch(Object.hasOwn(merged, name) ? merged[name] : undefined, value);
    if (next === undefined) delete merged[name];
    else member(merged, name, next);
  }
  return merged;
}

export function equal(a: Json | undefined, b: Json | undefined): boolean {
  if (a === b) return true;
  if (Array.isArray(a) && Array.isArray(b)) return a.length === b.length && a.every((item, i) => equal(item, b[i]));
  if (!isObject(a) || !isObject(b)) return false;
  const names = Object.keys(a);
  return names.length === Object.keys(b).length && names.every((n) => Object.hasOwn(b, n) && equal(a[n], b[n]));
}

/** The value that a text holds; undefined where it is no JSON. */
export function parse(text: string): Json | undefined {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return undefined;
  }
}
