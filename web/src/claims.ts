// The claims of a minted token, each a field: what is typed there is written
// into what is minted. The engine draws the fields; see ClaimsForm.

import { escape, get, isObject, type Json, parse, put } from './json';

/** Writes a claim; without text the token has what its profile says. */
export function writeClaim(scenario: Json, pointer: string, kind: string, text: string): Json {
  return put(asObject(scenario, pointer), pointer, text === '' ? undefined : claimValue(kind, text)) ?? null;
}

/** Adds a claim of the mint's own, which is empty at first. */
export function addClaim(scenario: Json, claims: string, name: string): Json {
  const pointer = `${claims}/${escape(name)}`;
  return get(scenario, pointer) === undefined ? (put(asObject(scenario, pointer), pointer, '') ?? null) : scenario;
}

/** Leaves a claim out of the token, or lets it be as the profile has it. */
export function setClaim(scenario: Json, pointer: string, what: string): Json {
  return put(asObject(scenario, pointer), pointer, what === 'drop' ? null : undefined) ?? null;
}

/** What a claim's field shows. A text that would be read as something else is shown in quotes. */
export function claimText(value: Json | undefined, kind: string): string {
  if (value === undefined || value === null) return '';
  return typeof value === 'string' && claimValue(kind, value) === value ? value : JSON.stringify(value);
}

/** Lists, objects and what stands in quotes is JSON in every field; numbers and words only where the token has such a value. */
function claimValue(kind: string, text: string): Json {
  return kind === 'claim-json' || /^\s*["[{]/.test(text) ? (parse(text) ?? text) : text;
}

/** A mint may say its claims as a text that holds the object. */
function asObject(scenario: Json, pointer: string): Json {
  const claims = pointer.slice(0, pointer.lastIndexOf('/'));
  const said = get(scenario, claims);
  const read = typeof said === 'string' ? parse(said) : undefined;
  return isObject(read) ? (put(scenario, claims, read) ?? null) : scenario;
}
