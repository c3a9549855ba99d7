// Calls come and go: one more, one less, one before another. Each change gives
// a new scenario.

import { addAsk, copyCall, dropCall, freeName } from './asks';
import { get, isObject, type Json, type JsonObject, put } from './json';
import { actionOf, likelyCaller } from './operations';
import { callName, givesSession, isOperation, type Kept } from './scenario';

/** A scenario, and the number of the call that is to be drawn. */
export interface Turn {
  scenario: Json;
  at: number;
}

/** What one of the page's buttons for calls makes of the scenario: of the call of that number, with drawn in view. */
export function turned(what: string, scenario: Json, at: number, drawn: number, kept: Kept): Turn {
  switch (what) {
    case 'add':
      return addAsk(scenario, at);
    case 'add-call':
      return addCall(scenario, drawn);
    case 'copy':
      return duplicate(scenario, at, kept);
    case 'drop':
      return remove(scenario, at, drawn, kept);
    default:
      return moveCall(scenario, at, what === 'later' ? 1 : -1, kept);
  }
}

/** Adds a call behind all others, which asks who its caller is: the session of the call drawn, where it has one. Gives its number as well. */
function addCall(scenario: Json, drawn: number): Turn {
  const before = get(scenario, '/calls');
  const calls = Array.isArray(before) ? before : [];
  const last = calls[drawn];
  const call: JsonObject = { name: freeName(calls, 'GetCallerIdentity'), action: 'sts:GetCallerIdentity', params: {} };
  const asked = last !== undefined && !isOperation(last) ? get(last, '/caller') : undefined;
  const own = last !== undefined && isOperation(last) && givesSession(actionOf(scenario, { call: String(drawn) }));
  const caller = asked ?? (own ? callName(last, drawn) : likelyCaller(scenario, calls.length, 'sts:GetCallerIdentity'));
  if (caller !== '') call['caller'] = caller;
  const after = get(last, '/after');
  if (after !== undefined) call['after'] = after;
  return { scenario: put(scenario, '/calls', [...calls, call]) ?? null, at: calls.length };
}

/** Changes places with the call before or behind. Gives the number of the call afterwards. */
function moveCall(scenario: Json, at: number, by: 1 | -1, kept: Kept): Turn {
  const calls = get(scenario, '/calls');
  const to = at + by;
  if (!Array.isArray(calls) || to < 0 || to >= calls.length) return { scenario, at };
  const named = calls.map((call, i) => (isObject(call) && get(call, '/name') === undefined ? { name: callName(call, i), ...call } : call));
  const [moved = null] = named.splice(at, 1);
  named.splice(to, 0, moved);
  if (kept.calls) [kept.calls[at], kept.calls[to]] = [kept.calls[to], kept.calls[at]];
  return { scenario: put(scenario, '/calls', named) ?? null, at: to };
}

/** Asks again: the copy stands behind the call, and is drawn. */
function duplicate(scenario: Json, at: number, kept: Kept): Turn {
  kept.calls?.splice(at + 1, 0, undefined);
  return { scenario: copyCall(scenario, at), at: at + 1 };
}

/** Leaves a call out; the one drawn stays drawn where it can. */
function remove(scenario: Json, at: number, drawn: number, kept: Kept): Turn {
  kept.calls?.splice(at, 1);
  return { scenario: dropCall(scenario, at), at: drawn > at ? drawn - 1 : drawn };
}
