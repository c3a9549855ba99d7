// Tokens of GetWebIdentityToken, verified by an independent implementation of
// JOSE (npm jose) against the key set that the issuer publishes, as an outside
// service does it.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { test } from 'node:test';
import * as jose from 'jose';
import { binary } from './site.mjs';

const issuer = 'https://11111111-2222-3333-4444-555555555555.tokens.sts.global.api.aws';
const audience = 'https://api.example.com';
const principal = 'arn:aws:iam::123456789012:user/dana';
const now = new Date('2026-04-28T10:30:00Z');

/** What the command line reports about a token by that algorithm: the token, and the issuer's keys as the verifier fetches them. */
async function issued(algorithm) {
  const scenario = {
    now,
    accounts: {
      123456789012: {
        OutboundWebIdentityFederation: { IssuerIdentifier: issuer },
        Users: [{
          UserName: 'dana',
          Tags: [{ Key: 'team', Value: 'web' }],
          Policies: [{ PolicyName: 'tokens', PolicyDocument: { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: ['sts:GetWebIdentityToken', 'sts:TagGetWebIdentityToken'], Resource: '*' }] } }],
        }],
      },
    },
    calls: [
      { name: 'token', action: 'sts:GetWebIdentityToken', caller: principal, params: { Audience: [audience], SigningAlgorithm: algorithm, DurationSeconds: 120, Tags: [{ Key: 'job', Value: 'nightly' }] } },
      { name: 'verify', action: 'relying-party:Verify', params: { Token: { from: 'token' }, Issuer: issuer, Audience: audience, Subject: principal } },
    ],
  };
  const check = spawn(binary, ['check', '--format', 'json', '-'], { stdio: ['pipe', 'pipe', 'inherit'] });
  check.stdin.end(JSON.stringify(scenario));
  let out = '';
  check.stdout.setEncoding('utf8').on('data', (text) => (out += text));
  const [code] = await once(check, 'close');
  assert.equal(code, 0, `check ended with ${code}: ${out}`);
  const [token, verify] = JSON.parse(out)[0].calls;
  assert.equal(verify.outcome, 'success', verify.verdict);
  const keys = verify.steps.find((step) => step.rule === 'verifier/keys').steps[1].found;
  return { token: token.response.WebIdentityToken, keys: jose.createLocalJWKSet(JSON.parse(keys)) };
}

for (const algorithm of ['RS256', 'ES384']) {
  test(`jose verifies a token of AWS STS signed with ${algorithm}`, async () => {
    const { token, keys } = await issued(algorithm);
    const { payload, protectedHeader } = await jose.jwtVerify(token, keys, { issuer, audience, subject: principal, currentDate: now });
    assert.equal(protectedHeader.alg, algorithm);
    assert.equal(payload.exp - payload.iat, 120);
    const { aws_account, source_region, principal_tags, request_tags } = payload['https://sts.amazonaws.com/'];
    assert.deepEqual({ aws_account, source_region, principal_tags, request_tags }, { aws_account: '123456789012', source_region: 'us-east-1', principal_tags: { team: 'web' }, request_tags: { job: 'nightly' } });
  });

  test(`jose refuses a token of AWS STS signed with ${algorithm} two minutes later, for another audience, and changed`, async () => {
    const { token, keys } = await issued(algorithm);
    const refused = (compact, options, reason) => assert.rejects(jose.jwtVerify(compact, keys, { issuer, audience, currentDate: now, ...options }), reason);
    await refused(token, { currentDate: new Date(now.getTime() + 120_000) }, jose.errors.JWTExpired);
    await refused(token, { audience: 'https://other.example.com' }, jose.errors.JWTClaimValidationFailed);
    const [header, claims, signature] = token.split('.');
    const forged = Buffer.from(Buffer.from(claims, 'base64url').toString().replace('user/dana', 'user/root')).toString('base64url');
    await refused([header, forged, signature].join('.'), {}, jose.errors.JWSSignatureVerificationFailed);
  });
}
