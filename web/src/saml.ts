// What the controls of a call that presents a SAML response need to find and
// write: the provider's metadata and private key, and what is minted.

import { escape, get, isObject, type Json, put } from './json';
import type { Kept, Places } from './scenario';

export function providerAt({ account, saml }: Places): string {
  return `/accounts/${escape(account)}/SAMLProviders/${saml}`;
}

export function providerArn(account: string, name: string): string {
  return `arn:aws:iam::${account}:saml-provider/${name}`;
}

export function withProvider(scenario: Json, places: Places): Json {
  return isObject(get(scenario, providerAt(places))) ? scenario : (put(scenario, providerAt(places), { Name: 'my-idp' }) ?? null);
}

/** Renames a provider: its Name, and the PrincipalArn of the calls that name it. */
export function renameProvider(scenario: Json, places: Places, to: string): Json {
  const from = String(get(scenario, `${providerAt(places)}/Name`) ?? '');
  let result = put(scenario, `${providerAt(places)}/Name`, to) ?? null;
  eachCall(scenario, (call) => {
    const arn = get(scenario, `${call}/params/PrincipalArn`);
    const end = `:${places.account}:saml-provider/${from}`;
    if (typeof arn === 'string' && arn.endsWith(end)) result = put(result, `${call}/params/PrincipalArn`, arn.slice(0, arn.length - from.length) + to) ?? null;
  });
  return result;
}

/** Renames the identity provider whose metadata is registered; its issuer goes along, with the responses that it mints. */
export function renameEntity(scenario: Json, places: Places, to: string): Json {
  const from = get(scenario, `${providerAt(places)}/metadataOf`);
  let result = put(withProvider(scenario, places), `${providerAt(places)}/metadataOf`, to) ?? null;
  const issuer = entity(scenario, from);
  if (issuer < 0) return result;
  result = put(result, `/issuers/${issuer}/entityId`, to) ?? null;
  eachCall(scenario, (call) => {
    const place = `${call}/params/SAMLAssertion/mint/issuer`;
    if (get(scenario, place) === from) result = put(result, place, to) ?? null;
  });
  return result;
}

function eachCall(scenario: Json, visit: (call: string) => void): void {
  const calls = get(scenario, '/calls');
  if (Array.isArray(calls)) calls.forEach((_, i) => visit(`/calls/${i}`));
}

function entity(scenario: Json, id: Json | undefined): number {
  const issuers = get(scenario, '/issuers');
  return Array.isArray(issuers) && typeof id === 'string' ? issuers.findIndex((issuer) => get(issuer, '/entityId') === id) : -1;
}

/** The identity provider at hand for a provider and its call: the one that is named, else the scenario's first, else the example's. */
function entityFor(scenario: Json, places: Places, otherwise: string): string {
  const issuers = get(scenario, '/issuers');
  const candidates = [
    get(scenario, `/calls/${places.call}/params/SAMLAssertion/mint/issuer`),
    get(scenario, `${providerAt(places)}/metadataOf`),
    ...(Array.isArray(issuers) ? issuers.map((issuer) => get(issuer, '/entityId')) : []),
  ];
  const found = candidates.find((id) => typeof id === 'string' && id !== '');
  return typeof found === 'string' ? found : otherwise;
}

/** The scenario with playground keys for an identity provider that has none. */
function withKeys(scenario: Json, id: string): Json {
  const at = entity(scenario, id);
  const issuers = get(scenario, '/issuers');
  const signing = [{ alg: 'RS256' }];
  if (at < 0) return put(scenario, '/issuers', [...(Array.isArray(issuers) ? issuers : []), { entityId: id, signing }]) ?? null;
  return get(scenario, `/issuers/${at}/signing`) === undefined ? (put(scenario, `/issuers/${at}/signing`, signing) ?? null) : scenario;
}

const exampleEntity = 'https://idp.example.com/saml';

/** What is registered as the provider's metadata. */
export type MetadataMode = 'playground' | 'pasted' | 'none';

export function metadataMode(scenario: Json, places: Places): MetadataMode {
  const provider = get(scenario, providerAt(places));
  if (get(provider, '/SAMLMetadataDocument') !== undefined) return 'pasted';
  return get(provider, '/metadataOf') !== undefined ? 'playground' : 'none';
}

export function setMetadataMode(scenario: Json, places: Places, mode: MetadataMode, kept: Kept): Json {
  const at = providerAt(places);
  kept.metadata = get(scenario, `${at}/SAMLMetadataDocument`) ?? kept.metadata ?? '';
  const id = entityFor(scenario, places, exampleEntity);
  let result = withProvider(scenario, places);
  result = put(result, `${at}/SAMLMetadataDocument`, mode === 'pasted' ? kept.metadata : undefined) ?? null;
  result = put(result, `${at}/metadataOf`, mode === 'playground' ? id : undefined) ?? null;
  return mode === 'playground' ? withKeys(result, id) : result;
}

/** The private key that opens encrypted assertions. */
export type KeyMode = 'none' | 'playground' | 'pasted';

export function keyMode(scenario: Json, places: Places): KeyMode {
  const key = get(scenario, `${providerAt(places)}/privateKeys/0`);
  return key === undefined ? 'none' : key === 'playground' ? 'playground' : 'pasted';
}

export function setKeyMode(scenario: Json, places: Places, mode: KeyMode, kept: Kept): Json {
  const at = `${providerAt(places)}/privateKeys`;
  const old = get(scenario, `${at}/0`);
  if (old !== undefined && old !== 'playground') kept.privateKey = old;
  const key = mode === 'playground' ? 'playground' : (kept.privateKey ?? '');
  return put(withProvider(scenario, places), at, mode === 'none' ? undefined : [key]) ?? null;
}

/** What a profile of another system is minted by: the list's options name the usual issuer of each. */
export interface Choice {
  value: string;
  /** The usual issuer of the profile; empty for an attack. */
  issuer: string;
  /** The usual issuers of all profiles of the list. */
  issuers: string[];
}

/**
 * The scenario in which the call's token or response is minted with a profile
 * or an attack. Where nothing was minted before, an issuer with playground
 * keys mints it, and is registered where nothing else is. A profile of another
 * system is minted by that system, unless the issuer is one of somebody's own.
 */
export function mintWith(scenario: Json, places: Places, pointer: string, { value, issuer, issuers }: Choice): Json {
  const mint = pointer.slice(0, pointer.lastIndexOf('/'));
  const saml = pointer.includes('/SAMLAssertion/');
  let result = scenario;
  const now = get(result, `${mint}/issuer`);
  if (!isObject(get(result, mint))) {
    result = saml ? withEntity(result, places, mint, issuer) : withIssuer(result, places, mint, issuer);
  } else if (issuer !== '' && now !== issuer && typeof now === 'string' && issuers.includes(now)) {
    result = saml ? renameEntity(result, places, issuer) : registered(put(result, `${mint}/issuer`, issuer) ?? null, places, issuer);
  }
  return put(result, pointer, value === 'none' ? undefined : value) ?? null;
}

/** Providers that IAM knows without a registration. */
const builtIn = ['https://accounts.google.com', 'https://www.amazon.com', 'https://graph.facebook.com'];

/** The scenario with the issuer among those outside, and registered in the account. */
function registered(scenario: Json, { account }: Places, url: string): Json {
  const providers = `/accounts/${escape(account)}/OpenIDConnectProviders`;
  const missing = (pointer: string, member: string, entry: Json): void => {
    const list = get(result, pointer);
    const all = Array.isArray(list) ? list : [];
    if (!all.some((each) => get(each, member) === url)) result = put(result, pointer, [...all, entry]) ?? null;
  };
  let result = scenario;
  missing('/issuers', '/url', { url, signing: [{ kid: 'demo', alg: 'RS256' }] });
  if (!builtIn.includes(url)) missing(providers, '/Url', { Url: url, ClientIDList: ['sts.amazonaws.com'] });
  return result;
}

function withEntity(scenario: Json, places: Places, mint: string, usual: string): Json {
  const id = entityFor(scenario, places, usual || exampleEntity);
  const minted = put(scenario, mint.replace(/\/mint$/, ''), { mint: { issuer: id } }) ?? null;
  return metadataMode(minted, places) === 'pasted' ? withKeys(minted, id) : setMetadataMode(minted, places, 'playground', {});
}

function withIssuer(scenario: Json, places: Places, mint: string, usual: string): Json {
  const providers = `/accounts/${escape(places.account)}/OpenIDConnectProviders`;
  const known = get(scenario, `/issuers/${places.issuer}/url`) ?? get(scenario, `${providers}/${places.provider}/Url`);
  const url = typeof known === 'string' && known !== '' ? known : usual || 'https://idp.example.com';
  let result = put(scenario, mint.replace(/\/mint$/, ''), { mint: { issuer: url } }) ?? null;
  if (get(result, `/issuers/${places.issuer}/url`) !== url) {
    const issuers = get(result, '/issuers');
    result = put(result, '/issuers', [...(Array.isArray(issuers) ? issuers : []), { url, signing: [{ kid: 'demo', alg: 'RS256' }] }]) ?? null;
  }
  if (get(result, `${providers}/${places.provider}/Url`) === undefined && !builtIn.includes(url)) {
    result = put(result, `${providers}/${places.provider}`, { Url: url, ClientIDList: ['sts.amazonaws.com'] }) ?? null;
  }
  return result;
}
