// Where a pasted thing belongs in the scenario.

import { escape, type Json, put } from './json';
import { setAction, withResponse, withToken } from './operations';
import type { Thing } from './recognise';
import { setMetadataMode } from './saml';
import { type Kept, type Places, places, setKeysMode } from './scenario';

/** What is offered for a thing that was pasted elsewhere: what it is, and what to do with it. */
export const offers: Record<Exclude<Thing, 'world'>, [string, string]> = {
  token: ['This is an OIDC token.', 'Ask with it: AssumeRoleWithWebIdentity'],
  response: ['This is a SAML response.', 'Ask with it: AssumeRoleWithSAML'],
  metadata: ['This is the metadata of a SAML identity provider.', 'Register it with the SAML provider'],
  jwks: ['This is a key set.', 'Use it as the issuer’s keys'],
};

/** The scenario with a text where it belongs. */
export function placed(scenario: Json, here: Places, thing: Exclude<Thing, 'world'>, text: string, kept: Kept): Json {
  const next = setAction(scenario, here, thing === 'response' || thing === 'metadata' ? withResponse : withToken, kept);
  const there = places(next, Number(here.call), '');
  switch (thing) {
    case 'token':
      return put(next, `/calls/${there.call}/params/WebIdentityToken`, text) ?? null;
    case 'response':
      return put(next, `/calls/${there.call}/params/SAMLAssertion`, text) ?? null;
    case 'metadata':
      return put(setMetadataMode(next, there, 'pasted', kept), `/accounts/${escape(there.account)}/SAMLProviders/${there.saml}/SAMLMetadataDocument`, text) ?? null;
    case 'jwks':
      return put(setKeysMode(next, there, 'pasted', kept), `/issuers/${there.issuer}/jwks`, text) ?? null;
  }
}
