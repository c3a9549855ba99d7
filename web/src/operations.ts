// The operations that a call can be, as the engine has them, and what a call
// keeps when it becomes one of another.

import { renameCall } from './asks';
import { get, isObject, type Json, type JsonObject, parse, put } from './json';
import { begins } from './likely';
import { providerArn, providerAt, setMetadataMode, withProvider } from './saml';
import { callName, givesSession, isOperation, type Kept, type KeptCall, type Places, resolve } from './scenario';
import { principals } from './suggestions';

/** What a call presents: an OIDC token or a SAML response, which have controls of their own; such tokens or a response among its parameters; or nothing of the kind. */
export type Protocol = 'oidc' | 'saml' | 'logins' | 'response' | 'other';

interface Operation {
  params: string[];
  signed: boolean;
  protocol: Protocol;
  /** What the operation can't do without. */
  defaults: JsonObject;
}

const withToken = 'sts:AssumeRoleWithWebIdentity';
const withResponse = 'sts:AssumeRoleWithSAML';
const signIn = 'signin:ConsoleLogin';

/** Operations that roles call, and root doesn't. */
const ofRoles = /^(sts:AssumeRole|sts:AssumeRoot|eks-auth:AssumeRoleForPodIdentity)$/;

const table = (parse(document.getElementById('operations')?.textContent ?? '') ?? {}) as unknown as Record<string, Operation>;

export function operation(action: string): Operation | undefined {
  return Object.hasOwn(table, action) ? table[action] : undefined;
}

export function actionOf(scenario: Json, { call }: Pick<Places, 'call'>): string {
  const action = get(scenario, `/calls/${call}/action`);
  return typeof action === 'string' ? action : withToken;
}

export function isSigned(action: string): boolean {
  return operation(action)?.signed ?? true;
}

/** Makes the call one of another operation. What only others have is kept, for the way back. */
export function setAction(scenario: Json, places: Places, to: string, kept: Kept): Json {
  const from = actionOf(scenario, places);
  const next = operation(to);
  if (from === to || !next) return scenario;
  const call = `/calls/${places.call}`;
  const old = get(scenario, `${call}/params`);
  const had: JsonObject = isObject(old) ? old : {};
  const mine = keptOf(kept, Number(places.call));
  mine.params = { ...mine.params, ...had };
  const own = operation(from)?.params ?? Object.keys(had);
  const there = next.params.map((name): [string, Json | undefined] => [name, own.includes(name) ? had[name] : mine.params[name]]);
  const shared = Object.fromEntries(there.filter((each): each is [string, Json] => each[1] !== undefined));
  const fresh = !mine.seen.includes(to);
  mine.seen.push(from, to);
  let result = put(scenario, `${call}/action`, to) ?? null;
  if (to === signIn && fresh && get(result, providerAt(places)) === undefined) result = setMetadataMode(result, places, 'playground', kept);
  const wanted = { scenario: result ?? null, call: Number(places.call), account: places.account };
  const params = fresh ? { ...missing(next, shared, scenario, places), ...begins(wanted, to, next.params), ...shared } : shared;
  if (to === withResponse && fresh) {
    result = withProvider(result, places);
    params['PrincipalArn'] = providerArn(places.account, String(get(result, `${providerAt(places)}/Name`) ?? ''));
  }
  result = put(result, `${call}/params`, params) ?? null;
  return renamed(withCaller(result, places, next.signed, kept), places, from, to);
}

/** Keeps what a call has, for the way back from whatever it is made. */
export function keepCall(scenario: Json, { call }: Pick<Places, 'call'>, kept: Kept): void {
  const params = get(scenario, `/calls/${call}/params`);
  const mine = keptOf(kept, Number(call));
  if (isObject(params)) mine.params = { ...mine.params, ...params };
  mine.seen.push(actionOf(scenario, { call }));
  const caller = get(scenario, `/calls/${call}/caller`);
  if (caller !== undefined) mine.caller = caller;
}

function keptOf(kept: Kept, call: number): KeptCall {
  kept.calls ??= [];
  return (kept.calls[call] ??= { params: {}, seen: [] });
}

/** What the operation can't do without, and the call doesn't have. */
function missing({ defaults }: Operation, has: JsonObject, scenario: Json, places: Places): JsonObject {
  const role = get(scenario, `/accounts/${places.account}/Roles/${places.role}`);
  const name = `${String(get(role, '/Path') ?? '/').slice(1)}${String(get(role, '/RoleName') ?? 'my-role')}`;
  const text = JSON.stringify(defaults).replaceAll('{role}', JSON.stringify(name).slice(1, -1));
  const all = JSON.parse(resolve(text, places)) as JsonObject;
  return Object.fromEntries(Object.entries(all).filter(([param]) => has[param] === undefined));
}

/** Who signs the call: whoever did before, else the last session before it, else a user or root of the account. Nobody where it isn't signed. */
function withCaller(scenario: Json, places: Places, signed: boolean, kept: Kept): Json {
  const at = `/calls/${places.call}/caller`;
  const caller = get(scenario, at);
  if (!signed) {
    if (caller !== undefined) keptOf(kept, Number(places.call)).caller = caller;
    return put(scenario, at, undefined) ?? null;
  }
  if (caller !== undefined) return scenario;
  const likely = keptOf(kept, Number(places.call)).caller ?? likelyCaller(scenario, Number(places.call), actionOf(scenario, places));
  return put(scenario, at, likely === '' ? undefined : likely) ?? null;
}

/** Who might make a call that stands at that number: root, who may not assume roles, only where there is nobody else. */
export function likelyCaller(scenario: Json, at: number, action: string): string {
  const calls = get(scenario, '/calls');
  const earlier = Array.isArray(calls) ? calls.slice(0, at) : [];
  const session = earlier.findLastIndex((call) => isOperation(call) && givesSession(actionOf({ calls: [call] }, { call: '0' })));
  if (session >= 0) return callName(earlier[session], session);
  const all = principals(scenario);
  const kinds = ['user', ...(ofRoles.test(action) ? ['role'] : []), 'root user'];
  return kinds.map((kind) => all.find(({ type }) => type === kind)).find((each) => each !== undefined)?.value ?? '';
}

/** A call that was named for its operation is named for the new one. */
function renamed(scenario: Json, { call }: Places, from: string, to: string): Json {
  const name = callName(get(scenario, `/calls/${call}`), Number(call));
  const word = (action: string): string => action.replace(/^.*:/, '');
  return name.replace(/ \d+$/, '') === word(from) ? renameCall(scenario, Number(call), word(to)) : scenario;
}
