// The scenario that the page holds: one JSON document, never changed in
// place, in which policies, key sets and tokens stand as the text that was
// typed. Here is what the controls need to find and write places in it.

import nothing from '../page/empty.json';
import { equal, escape, get, isObject, type Json, type JsonObject, parse, put } from './json';

/** The numbers and names that stand for the braces in a control's pointer. */
export interface Places {
  call: string;
  account: string;
  /** The account whose policies and resources are listed: that of the role, or another that was chosen. */
  around: string;
  role: string;
  issuer: string;
  provider: string;
  saml: string;
}

/** A scenario with nothing in it but the places that the page's controls show. */
export const empty: Json = nothing;

/** The actions that the engine plays as operations. */
const operations = (document.documentElement.dataset['operations'] ?? '').split(' ');

/** Whether a call is an operation of STS or of a system in front of it, and so may come in by the front door. */
export function isOperation(call: Json | undefined): boolean {
  const action = get(call, '/action');
  if (typeof action !== 'string' || /^sts:/i.test(action)) return true;
  return operations.includes(action) && (!action.startsWith('iam:') || get(call, '/params') !== undefined);
}

/** Whether a call of the operation gives credentials that another may use; those that don't say so when they are played. */
export function givesSession(action: string): boolean {
  return !/^iam:|^sts:(GetCallerIdentity|GetAccessKeyInfo|DecodeAuthorizationMessage|GetWebIdentityToken)$/.test(action);
}

/** How later calls name a call as their caller. */
export function callName(call: Json | undefined, at: number): string {
  const name = get(call, '/name');
  return typeof name === 'string' && name !== '' ? name : `call ${at + 1}`;
}

/** The operation by which a call came in: itself, or the one whose credentials it uses, else the scenario's first. */
export function frontDoor(scenario: Json, call: number): number {
  const calls = list(get(scenario, '/calls'));
  if (isOperation(calls[call])) return call;
  const caller = get(calls[call], '/caller');
  const named = calls.findIndex((other, i) => isOperation(other) && callName(other, i) === caller);
  return named >= 0 ? named : Math.max(0, calls.findIndex(isOperation));
}

/**
 * Finds the places for a call, of an action for the one by which it came in.
 * issuer is the token's own word for who issued it, where the last report
 * knew; it settles which issuer and provider are shown for a token that
 * wasn't minted here. chosen is the account that the reader wants listed.
 */
export function places(scenario: Json, drawn: number, issuer: string, chosen = ''): Places {
  const call = frontDoor(scenario, drawn);
  const caller = roleArn(get(scenario, `/calls/${drawn}/caller`));
  const arn = (call !== drawn && caller) || roleArn(get(scenario, `/calls/${call}/params/RoleArn`));
  const accounts = get(scenario, '/accounts');
  const ids = isObject(accounts) ? Object.keys(accounts) : [];
  const account = arn && ids.includes(arn.account) ? arn.account : (ids[0] ?? '123456789012');
  const roles = list(get(scenario, `/accounts/${escape(account)}/Roles`));
  const issuers = list(get(scenario, '/issuers'));
  const minted = get(scenario, `/calls/${call}/params/WebIdentityToken/mint/issuer`) ?? issuer;
  const issuerAt = issuers.findIndex((entry) => minted !== '' && get(entry, '/url') === minted);
  const providers = list(get(scenario, `/accounts/${escape(account)}/OpenIDConnectProviders`));
  const providerOf = (url: Json | undefined): number => providers.findIndex((provider) => same(get(provider, '/Url'), url));
  const registered = providerOf(minted);
  return {
    call: String(call),
    account,
    around: ids.includes(chosen) ? chosen : account,
    role: found(roles.findIndex((role) => arn && same(get(role, '/RoleName'), arn.name))),
    // That of a token which is registered and of which no keys are at hand comes behind those that are there.
    issuer: found(issuerAt < 0 && registered >= 0 ? issuers.length : issuerAt),
    provider: found(registered >= 0 ? registered : providerOf(get(issuers[Math.max(0, issuerAt)], '/url'))),
    saml: found(samlProvider(scenario, call, account)),
  };
}

/** The index of the account's SAML provider that the call's PrincipalArn names. */
function samlProvider(scenario: Json, call: number, account: string): number {
  const arn = get(scenario, `/calls/${call}/params/PrincipalArn`);
  const providers = list(get(scenario, `/accounts/${escape(account)}/SAMLProviders`));
  return typeof arn === 'string' ? providers.findIndex((provider) => arn.endsWith(`:saml-provider/${String(get(provider, '/Name'))}`)) : -1;
}

function found(at: number): string {
  return String(Math.max(0, at));
}

function list(value: Json | undefined): Json[] {
  return Array.isArray(value) ? value : [];
}

function same(a: Json | undefined, b: Json | undefined): boolean {
  return typeof a === 'string' && typeof b === 'string' && a.toLowerCase() === b.toLowerCase();
}

function roleArn(value: Json | undefined): { account: string; name: string } | undefined {
  const match = typeof value === 'string' ? /^arn:[^:]*:iam::([^:]*):role\/(?:.*\/)?([^/]*)$/.exec(value) : null;
  return match ? { account: match[1] ?? '', name: match[2] ?? '' } : undefined;
}

/** A control's pointer with the places filled in. */
export function resolve(template: string, places: Places): string {
  return template.replace(/\{(call|account|around|role|issuer|provider|saml)\}/g, (_, name: keyof Places) => escape(places[name]));
}

/** Where a scenario may write a document as an object and the page has an editor for its text; * stands for any name or number. */
const documents = [
  'issuers/*/jwks',
  ...['Policy', 'PolicyDocument', 'AssumeRolePolicyDocument'].map((param) => `calls/*/params/${param}`),
  'accounts/*/Roles/*/AssumeRolePolicyDocument',
  ...['Roles', 'Users', 'Groups'].map((kind) => `accounts/*/${kind}/*/Policies/*/PolicyDocument`),
  ...['Roles', 'Users'].map((kind) => `accounts/*/${kind}/*/PermissionsBoundary`),
  'accounts/*/Policies/*/PolicyDocument',
  'accounts/*/Resources/*/Policy',
  'accounts/*/VpcEndpoints/*/PolicyDocument',
  ...['InlinePolicy', 'PermissionsBoundary'].map((kind) => `identityCenter/PermissionSets/*/${kind}`),
  'identityCenter/Users/*/attributes',
  ...['ServiceControlPolicies', 'ResourceControlPolicies'].map((kind) => `accounts/*/${kind}/*/*`),
].map((path) => path.split('/'));

/** A scenario for the page: those documents become text, so that positions in them are positions in the editors. */
export function typed(scenario: Json): Json {
  return mapDocuments(scenario, (value) => (isObject(value) && !isReference(value) ? pretty(value) : value));
}

/** The opposite, for reading: text that is a JSON object is shown as one. */
export function untyped(scenario: Json): Json {
  return mapDocuments(scenario, (value) => {
    const inner = typeof value === 'string' ? parse(value) : undefined;
    return isObject(inner) ? inner : value;
  });
}

/** Whether a permissions boundary names a policy instead of being one. */
function isReference(value: Json): boolean {
  return get(value, '/PolicyArn') !== undefined || get(value, '/PermissionsBoundaryArn') !== undefined;
}

function mapDocuments(scenario: Json, change: (value: Json) => Json): Json {
  return documents.reduce((result, path) => mapAt(result, path, change), scenario);
}

function mapAt(value: Json, [name, ...rest]: string[], change: (value: Json) => Json): Json {
  if (name === undefined) return change(value);
  if (Array.isArray(value)) return name === '*' ? value.map((item) => mapAt(item, rest, change)) : value;
  if (!isObject(value) || (name !== '*' && !Object.hasOwn(value, name))) return value;
  return Object.fromEntries(Object.entries(value).map(([own, item]) => [own, name === '*' || own === name ? mapAt(item, rest, change) : item]));
}

export function pretty(value: Json): string {
  return JSON.stringify(value, null, 2);
}

/** The number of an account that the scenario doesn't have yet. */
export function freeAccount(taken: string[]): string {
  let id = 210987654321;
  while (taken.includes(String(id))) id += 111;
  return String(id);
}

/** Renames an account: its key, and the digits in the calls' RoleArn and PrincipalArn. Another account's name is not taken. */
export function renameAccount(scenario: Json, from: string, to: string): Json {
  const accounts = get(scenario, '/accounts');
  if (isObject(accounts) && Object.hasOwn(accounts, to)) return scenario;
  const entries = isObject(accounts) ? Object.entries(accounts) : [];
  const renamed: JsonObject = Object.fromEntries(entries.map(([id, account]) => [id === from ? to : id, account]));
  if (entries.length === 0) renamed[to] = {};
  const moved = put(scenario, '/accounts', renamed) ?? null;
  const rename = (arn: string): string => arn.replace(/^(arn:[^:]*:iam::)([^:]*)(:)/, (all, before: string, id: string, after: string) => (id === from ? before + to + after : all));
  return eachArn(eachArn(moved, 'RoleArn', rename), 'PrincipalArn', rename);
}

/** Renames a role: its RoleName, and the end of the RoleArn of the calls that name it. */
export function renameRole(scenario: Json, { account, role }: Places, to: string): Json {
  const pointer = `/accounts/${escape(account)}/Roles/${role}/RoleName`;
  const from = get(scenario, pointer);
  const renamed = put(scenario, pointer, to) ?? null;
  return eachArn(renamed, 'RoleArn', (arn) => {
    const named = roleArn(arn);
    return named && named.account === account && named.name === from ? arn.slice(0, arn.length - named.name.length) + to : arn;
  });
}

function eachArn(scenario: Json, param: string, change: (arn: string) => string): Json {
  let result = scenario;
  list(get(scenario, '/calls')).forEach((call, i) => {
    const arn = get(call, `/params/${param}`);
    if (typeof arn === 'string') result = put(result, `/calls/${i}/params/${param}`, change(arn)) ?? null;
  });
  return result;
}

/** Writes the URL at a pointer; the issuer that had the same one goes along, with the tokens that it mints. */
export function renameURL(scenario: Json, pointer: string, { issuer }: Places, to: string): Json {
  const from = get(scenario, pointer);
  let result = put(scenario, pointer, to === '' ? undefined : to) ?? null;
  const url = get(scenario, `/issuers/${issuer}/url`);
  if (url === undefined || !equal(url, from ?? '')) return result;
  result = put(result, `/issuers/${issuer}/url`, to) ?? null;
  list(get(scenario, '/calls')).forEach((call, i) => {
    if (equal(get(call, '/params/WebIdentityToken/mint/issuer'), url)) {
      result = put(result, `/calls/${i}/params/WebIdentityToken/mint/issuer`, to) ?? null;
    }
  });
  return result;
}

/** What STS finds when it asks the issuer for its keys. */
export type KeysMode = 'playground' | 'pasted' | 'none' | 'unreachable';

export function keysMode(scenario: Json, { issuer }: Places): KeysMode {
  const entry = get(scenario, `/issuers/${issuer}`);
  if (get(entry, '/reachable') === false) return 'unreachable';
  if (get(entry, '/jwks') !== undefined) return 'pasted';
  return list(get(entry, '/signing')).length > 0 ? 'playground' : 'none';
}

/** What the scenario had for the modes that it isn't in, for the way back. */
export interface Kept {
  jwks?: Json;
  signing?: Json;
  metadata?: Json;
  privateKey?: Json;
  /** What calls had as calls of other operations, by their numbers. */
  calls?: (KeptCall | undefined)[];
}

/** The parameters that a call last had as a call of any operation, which operations those were, and who signed. */
export interface KeptCall {
  params: JsonObject;
  seen: string[];
  caller?: Json;
}

/** Sets the mode, and keeps in kept what the new one can't have, for the way back. */
export function setKeysMode(scenario: Json, { account, issuer, provider }: Places, mode: KeysMode, kept: Kept): Json {
  const pointer = `/issuers/${issuer}`;
  const old = get(scenario, pointer);
  let entry: Json | undefined = isObject(old) ? old : { url: get(scenario, `/accounts/${escape(account)}/OpenIDConnectProviders/${provider}/Url`) ?? '' };
  kept.jwks = get(entry, '/jwks') ?? kept.jwks ?? '';
  kept.signing = get(entry, '/signing') ?? kept.signing ?? [{ kid: 'demo', alg: 'RS256' }];
  entry = put(entry, '/reachable', mode === 'unreachable' ? false : undefined);
  if (mode !== 'unreachable') {
    entry = put(entry, '/jwks', mode === 'pasted' ? kept.jwks : undefined);
    entry = put(entry, '/signing', mode === 'playground' ? kept.signing : undefined);
  }
  return put(scenario, pointer, entry) ?? null;
}
