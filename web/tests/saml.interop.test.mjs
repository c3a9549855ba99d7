// SAML responses that others made, played by the command line: minted during
// the test by two independent identity providers from npm (samlp and samlify),
// and by Debian's pysaml2, which signs with xmlsec1.

import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import samlify from 'samlify';
import samlp from 'samlp';
import { binary } from './site.mjs';

const role = 'arn:aws:iam::123456789012:role/reader';
const provider = 'arn:aws:iam::123456789012:saml-provider/IdP';
const endpoint = 'https://signin.aws.amazon.com/saml';
const entity = 'https://idp.example.test/saml';
const attributes = {
  'https://aws.amazon.com/SAML/Attributes/Role': `${role},${provider}`,
  'https://aws.amazon.com/SAML/Attributes/RoleSessionName': 'dana@example.test',
};

let work;
let key;
let cert;
let base64Cert;
before(() => {
  work = mkdtempSync(join(tmpdir(), 'saml-interop-'));
  execFileSync('openssl', ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', '-subj', '/CN=interop', '-keyout', join(work, 'key.pem'), '-out', join(work, 'cert.pem')], { stdio: 'pipe' });
  key = readFileSync(join(work, 'key.pem'));
  cert = readFileSync(join(work, 'cert.pem'));
  base64Cert = cert.toString().replace(/-----[^-]*-----/g, '').replace(/\s/g, '');
});
after(() => rmSync(work, { recursive: true, force: true }));

/** The identity provider's metadata, as it publishes it. */
const metadata = () => `<EntityDescriptor xmlns="urn:oasis:names:tc:SAML:2.0:metadata" entityID="${entity}">
  <IDPSSODescriptor WantAuthnRequestsSigned="false" protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol">
    <KeyDescriptor use="signing"><KeyInfo xmlns="http://www.w3.org/2000/09/xmldsig#"><X509Data><X509Certificate>${base64Cert}</X509Certificate></X509Data></KeyInfo></KeyDescriptor>
    <NameIDFormat>urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress</NameIDFormat>
    <SingleSignOnService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST" Location="https://idp.example.test/sso"/>
    <SingleSignOnService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect" Location="https://idp.example.test/sso"/>
  </IDPSSODescriptor>
</EntityDescriptor>`;

/** What the command line reports about a call with the response. */
async function play(response, { issuer = entity, subject = 'dana@example.test' } = {}) {
  const scenario = {
    title: 'a response from elsewhere',
    now: new Date(Date.now() + 1000).toISOString(),
    accounts: {
      123456789012: {
        SAMLProviders: [{ Name: 'IdP', SAMLMetadataDocument: metadata().replace(entity, issuer) }],
        Roles: [{
          RoleName: 'reader',
          AssumeRolePolicyDocument: {
            Version: '2012-10-17',
            Statement: [{
              Effect: 'Allow',
              Principal: { Federated: provider },
              Action: 'sts:AssumeRoleWithSAML',
              Condition: { StringEquals: { 'saml:aud': endpoint, 'saml:sub': subject } },
            }],
          },
        }],
      },
    },
    calls: [{ name: 'read', action: 'sts:AssumeRoleWithSAML', params: { RoleArn: role, PrincipalArn: provider, SAMLAssertion: response } }],
  };
  const check = spawn(binary, ['check', '--format', 'json', '-'], { stdio: ['pipe', 'pipe', 'inherit'] });
  check.stdin.end(JSON.stringify(scenario));
  let out = '';
  check.stdout.setEncoding('utf8').on('data', (text) => (out += text));
  const [code] = await once(check, 'close');
  assert.equal(code, 0, `check ended with ${code}: ${out}`);
  return JSON.parse(out)[0].calls[0];
}

const step = (call, rule) => call.steps.find((candidate) => candidate.rule === rule);

/** Accepted as it is, in the ways that people paste it, and refused with one letter changed. */
async function held(xml, options) {
  const base64 = Buffer.from(xml).toString('base64');
  for (const [how, text] of Object.entries({ base64, xml, 'form body': `SAMLResponse=${encodeURIComponent(base64)}&RelayState=` })) {
    const call = await play(text, options);
    assert.equal(call.outcome, 'success', `${how}: ${call.verdict}`);
    assert.match(step(call, 'saml/signature').status, /passed|warned/);
    assert.deepEqual(call.assumed, []);
  }
  const changed = xml.replace('>dana@example.test<', '>evil@example.test<');
  assert.notEqual(changed, xml);
  const call = await play(changed, { ...options, subject: 'evil@example.test' });
  assert.equal(call.error?.message, 'Response signature invalid', call.verdict);
  assert.doesNotMatch(JSON.stringify([call.response, call.session, call.event, call.decision]), /evil/);
}

/** A response of samlp (auth0). */
function ofSamlp(options) {
  const mapper = () => ({
    getClaims: () => attributes,
    getNameIdentifier: () => ({ nameIdentifier: 'dana@example.test', nameIdentifierFormat: 'urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress' }),
  });
  return new Promise((resolve, reject) => {
    samlp.getSamlResponse({
      issuer: entity, key, cert, audience: 'urn:amazon:webservices', recipient: endpoint, destination: endpoint, lifetimeInSeconds: 300,
      signatureAlgorithm: 'rsa-sha256', digestAlgorithm: 'sha256', profileMapper: mapper, ...options,
    }, {}, (error, xml) => (error ? reject(error) : resolve(String(xml))));
  });
}

for (const [name, options] of Object.entries({
  'signs the assertion': {},
  'signs the response': { signAssertion: false, signResponse: true },
  'signs both': { signResponse: true },
  'signs with SHA-1': { signatureAlgorithm: 'rsa-sha1', digestAlgorithm: 'sha1' },
})) {
  test(`samlp ${name}: accepted, and refused when changed`, async () => held(await ofSamlp(options)));
}

test('samlp signs with SHA-1: a warning says so', async () => {
  const call = await play(await ofSamlp({ signatureAlgorithm: 'rsa-sha1', digestAlgorithm: 'sha1' }));
  assert.equal(step(call, 'saml/signature').status, 'warned');
  assert.match(step(call, 'saml/signature').why, /SHA-1/);
});

test('samlp signs nothing: refused', async () => {
  const call = await play(await ofSamlp({ signAssertion: false }));
  assert.equal(call.outcome, 'failure');
  assert.equal(call.steps.find((candidate) => candidate.status === 'failed').rule, 'saml/signature');
});

/** A response of samlify. */
async function ofSamlify({ message = false, assertions = true } = {}) {
  samlify.setSchemaValidator({ validate: async () => 'valid' });
  const template = `<samlp:Response xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion" ID="{ID}" Version="2.0" IssueInstant="{IssueInstant}" Destination="{Destination}"><saml:Issuer>{Issuer}</saml:Issuer><samlp:Status><samlp:StatusCode Value="{StatusCode}"/></samlp:Status><saml:Assertion ID="{AssertionID}" Version="2.0" IssueInstant="{IssueInstant}"><saml:Issuer>{Issuer}</saml:Issuer><saml:Subject><saml:NameID Format="{NameIDFormat}">{NameID}</saml:NameID><saml:SubjectConfirmation Method="urn:oasis:names:tc:SAML:2.0:cm:bearer"><saml:SubjectConfirmationData NotOnOrAfter="{SubjectConfirmationDataNotOnOrAfter}" Recipient="{SubjectRecipient}"/></saml:SubjectConfirmation></saml:Subject><saml:Conditions NotBefore="{ConditionsNotBefore}" NotOnOrAfter="{ConditionsNotOnOrAfter}"><saml:AudienceRestriction><saml:Audience>{Audience}</saml:Audience></saml:AudienceRestriction></saml:Conditions><saml:AttributeStatement>${Object.entries(attributes).map(([name, value]) => `<saml:Attribute Name="${name}"><saml:AttributeValue>${value}</saml:AttributeValue></saml:Attribute>`).join('')}</saml:AttributeStatement></saml:Assertion></samlp:Response>`;
  const idp = samlify.IdentityProvider({ metadata: metadata(), privateKey: key, requestSignatureAlgorithm: 'http://www.w3.org/2001/04/xmldsig-more#rsa-sha256', loginResponseTemplate: { context: template } });
  const sp = samlify.ServiceProvider({ entityID: 'urn:amazon:webservices', wantAssertionsSigned: assertions, wantMessageSigned: message, assertionConsumerService: [{ Binding: samlify.Constants.namespace.binding.post, Location: endpoint }] });
  const now = new Date();
  const tags = {
    ID: idp.entitySetting.generateID(), AssertionID: idp.entitySetting.generateID(), Destination: endpoint, Audience: 'urn:amazon:webservices', SubjectRecipient: endpoint,
    Issuer: entity, IssueInstant: now.toISOString(), StatusCode: 'urn:oasis:names:tc:SAML:2.0:status:Success', ConditionsNotBefore: now.toISOString(),
    ConditionsNotOnOrAfter: new Date(now.getTime() + 300_000).toISOString(), SubjectConfirmationDataNotOnOrAfter: new Date(now.getTime() + 300_000).toISOString(),
    NameIDFormat: 'urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress', NameID: 'dana@example.test',
  };
  const { context } = await idp.createLoginResponse(sp, {}, 'post', { email: 'dana@example.test' }, (text) => ({ id: tags.ID, context: samlify.SamlLib.replaceTagsByValue(text, tags) }));
  return Buffer.from(context, 'base64').toString();
}

for (const [name, options] of Object.entries({
  'signs the assertion': {},
  'signs the response': { message: true, assertions: false },
  'signs both': { message: true },
})) {
  test(`samlify ${name}: accepted, and refused when changed`, async () => held(await ofSamlify(options)));
}

test('pysaml2 with xmlsec1 signs the assertion, the response and both: accepted, and refused when changed', async () => {
  const made = JSON.parse(execFileSync('/usr/bin/python3', [new URL('pysaml2.py', import.meta.url).pathname, work], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] }));
  assert.deepEqual(Object.keys(made), ['assertion', 'response', 'both']);
  for (const xml of Object.values(made)) await held(xml);
});
