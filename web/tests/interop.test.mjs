// Tokens that others made, played by the command line: minted during the test
// by a certified OpenID provider (npm oidc-provider, on loopback) and by an
// independent implementation of JOSE (npm jose).

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { after, before, test } from 'node:test';
import * as jose from 'jose';
import { binary } from './site.mjs';

const audience = 'sts.amazonaws.com';
const issuer = 'https://idp.example.test';

/** The scenario of a role that trusts the issuer's subject, and a call with the token. */
function scenario({ url = issuer, token, jwks, subject = 'alice' }) {
  const host = url.replace(/^https?:\/\//, '');
  return {
    title: 'a token from elsewhere',
    now: new Date().toISOString(),
    issuers: [{ url, jwks }],
    accounts: {
      123456789012: {
        OpenIDConnectProviders: [{ Url: url, ClientIDList: [audience], ThumbprintList: [] }],
        Roles: [{
          RoleName: 'reader',
          AssumeRolePolicyDocument: {
            Version: '2012-10-17',
            Statement: [{
              Effect: 'Allow',
              Principal: { Federated: `arn:aws:iam::123456789012:oidc-provider/${host}` },
              Action: 'sts:AssumeRoleWithWebIdentity',
              Condition: { StringEquals: { [`${host}:aud`]: audience, [`${host}:sub`]: subject } },
            }],
          },
        }],
      },
    },
    calls: [{
      name: 'read',
      action: 'sts:AssumeRoleWithWebIdentity',
      params: { RoleArn: 'arn:aws:iam::123456789012:role/reader', RoleSessionName: 'interop', WebIdentityToken: token },
    }],
  };
}

/** What the command line reports about a scenario's only call. */
async function play(input) {
  const check = spawn(binary, ['check', '--format', 'json', '-'], { stdio: ['pipe', 'pipe', 'inherit'] });
  check.stdin.end(JSON.stringify(scenario(input)));
  let out = '';
  check.stdout.setEncoding('utf8').on('data', (text) => (out += text));
  const [code] = await once(check, 'close');
  assert.equal(code, 0, `check ended with ${code}: ${out}`);
  return JSON.parse(out)[0].calls[0];
}

const status = (call, rule) => call.steps.find((step) => step.rule === rule)?.status;

async function minted(alg, { header = {}, options = {}, claims = {} } = {}) {
  const { publicKey, privateKey } = await jose.generateKeyPair(alg, { extractable: true, ...options });
  const jwk = { ...(await jose.exportJWK(publicKey)), kid: 'k1', alg, use: 'sig' };
  const token = await new jose.SignJWT({ sub: 'alice', aud: audience, ...claims })
    .setProtectedHeader({ alg, kid: 'k1', ...header }).setIssuer(issuer).setIssuedAt().setExpirationTime('10m').sign(privateKey);
  return { token, jwks: { keys: [jwk] } };
}

for (const alg of ['RS256', 'RS384', 'RS512', 'ES256', 'ES384', 'ES512']) {
  test(`jose signs with ${alg}: accepted`, async () => {
    const call = await play(await minted(alg));
    assert.equal(call.outcome, 'success', call.verdict);
    assert.equal(status(call, 'oidc/signature'), 'passed');
  });

  test(`jose signs with ${alg}, and one byte of the claims is changed: refused`, async () => {
    const { token, jwks } = await minted(alg);
    const [header, claims, signature] = token.split('.');
    const forged = Buffer.from(Buffer.from(claims, 'base64url').toString().replace('alice', 'alicE')).toString('base64url');
    const call = await play({ token: [header, forged, signature].join('.'), jwks, subject: 'alicE' });
    assert.equal(call.outcome, 'failure');
    assert.equal(status(call, 'oidc/signature'), 'failed');
    assert.equal(call.error.code, 'InvalidIdentityToken');
  });
}

for (const alg of ['PS256', 'EdDSA', 'Ed25519']) {
  test(`jose signs with ${alg}, which STS doesn't take: refused`, async () => {
    const call = await play(await minted(alg));
    assert.equal(call.outcome, 'failure');
    assert.equal(status(call, 'oidc/algorithm'), 'failed');
  });
}

test('jose signs with HS256 and the public key as the secret: refused', async () => {
  const { jwks } = await minted('RS256');
  const secret = new TextEncoder().encode(JSON.stringify(jwks.keys[0]).padEnd(64));
  const token = await new jose.SignJWT({ sub: 'alice', aud: audience })
    .setProtectedHeader({ alg: 'HS256', kid: 'k1' }).setIssuer(issuer).setIssuedAt().setExpirationTime('10m').sign(secret);
  const call = await play({ token, jwks });
  assert.equal(call.outcome, 'failure');
  assert.equal(status(call, 'oidc/algorithm'), 'failed');
});

test('jose leaves the token unsecured: refused', async () => {
  const { jwks } = await minted('RS256');
  const token = new jose.UnsecuredJWT({ sub: 'alice', aud: audience }).setIssuer(issuer).setIssuedAt().setExpirationTime('10m').encode();
  const call = await play({ token, jwks });
  assert.equal(call.outcome, 'failure');
});

test("another key under the key set's kid: refused", async () => {
  const { token } = await minted('RS256');
  const { jwks } = await minted('RS256');
  const call = await play({ token, jwks });
  assert.equal(call.outcome, 'failure');
  assert.equal(status(call, 'oidc/signature'), 'failed');
});

let provider;
before(async () => {
  // oidc-provider says on the console that it is meant for a server with TLS.
  const { default: Provider } = await import('oidc-provider');
  const { privateKey } = await jose.generateKeyPair('RS256', { extractable: true });
  const ec = await jose.generateKeyPair('ES256', { extractable: true });
  const keys = [{ ...(await jose.exportJWK(privateKey)), kid: 'rsa', use: 'sig' }, { ...(await jose.exportJWK(ec.privateKey)), kid: 'ec', use: 'sig' }];
  const server = createServer();
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const address = `http://127.0.0.1:${server.address().port}`;
  const client = (alg) => ({
    client_id: audience, redirect_uris: ['https://client.example.test/callback'], response_types: ['id_token'],
    grant_types: ['implicit'], token_endpoint_auth_method: 'none', id_token_signed_response_alg: alg,
  });
  const make = (alg) => new Provider(issuer, {
    jwks: { keys },
    clients: [client(alg)],
    responseTypes: ['id_token'],
    cookies: { keys: ['a test only'] },
    findAccount: (_, id) => ({ accountId: id, claims: () => ({ sub: id }) }),
    features: { devInteractions: { enabled: false } },
    interactions: { url: (_, interaction) => `/login/${interaction.uid}` },
  });
  const providers = { RS256: make('RS256'), ES256: make('ES256') };
  let current = providers.RS256;
  server.on('request', async (request, response) => {
    if (request.url.startsWith('/login/')) return login(current, request, response);
    current.callback()(request, response);
  });
  provider = { address, use: (alg) => (current = providers[alg]), stop: () => server.close() };
});
after(() => provider?.stop());

/** Stands in for the person: says who it is and consents. */
async function login(current, request, response) {
  const details = await current.interactionDetails(request, response);
  const grant = new current.Grant({ accountId: 'alice', clientId: audience });
  grant.addOIDCScope('openid');
  const result = details.prompt.name === 'login' ? { login: { accountId: 'alice' } } : { consent: { grantId: await grant.save() } };
  await current.interactionFinished(request, response, result, { mergeWithLastSubmission: true });
}

/** Follows the implicit flow, cookies in hand, until the provider hands over the token. */
async function signIn() {
  const cookies = new Map();
  let url = `${provider.address}/auth?client_id=${audience}&response_type=id_token&scope=openid&nonce=n-1&redirect_uri=${encodeURIComponent('https://client.example.test/callback')}`;
  for (let hop = 0; hop < 10; hop++) {
    const response = await fetch(url, { redirect: 'manual', headers: { cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join('; ') } });
    for (const cookie of response.headers.getSetCookie()) {
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(cookie);
      cookies.set(name, value);
    }
    const location = response.headers.get('location');
    assert.ok(location, `the provider answered ${response.status}: ${await response.text()}`);
    const token = /[#&]id_token=([^&]+)/.exec(location);
    if (token) return token[1];
    url = new URL(location.replace(issuer, provider.address), provider.address).href;
  }
  throw new Error('the provider handed over no token');
}

for (const alg of ['RS256', 'ES256']) {
  test(`oidc-provider issues an ID token signed with ${alg}: accepted, and refused for another subject`, async () => {
    provider.use(alg);
    const token = await signIn();
    const jwks = await (await fetch(`${provider.address}/jwks`)).json();
    assert.equal(jose.decodeProtectedHeader(token).alg, alg);
    const call = await play({ token, jwks });
    assert.equal(call.outcome, 'success', call.verdict);
    assert.equal(status(call, 'oidc/signature'), 'passed');
    assert.equal((await play({ token, jwks, subject: 'bob' })).error.code, 'AccessDenied');
  });
}
