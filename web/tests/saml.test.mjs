// A SAML sign-in in the page: what people paste, what is minted for them, and
// what becomes of attacks.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { axeFinds, choose, editor, expectVerdict, launch, loaded, open, paste, ready, runsOver, serve, textOf } from './site.mjs';

const read = (name) => readFileSync(new URL(`../../engine/saml/testdata/${name}`, import.meta.url), 'utf8');

/** A response that samlp, an identity provider on npm, signed, and the provider's metadata. */
const real = {
  response: Buffer.from(read('samlp-response.xml')).toString('base64'),
  metadata: read('samlp-metadata.xml'),
  issuedSoonBefore: '2026-11-22T01:20:00Z',
  policy: JSON.stringify({
    Version: '2012-10-17',
    Statement: [{
      Effect: 'Allow',
      Principal: { Federated: 'arn:aws:iam::123456789012:saml-provider/Idp' },
      Action: 'sts:AssumeRoleWithSAML',
      Condition: { StringEquals: { 'saml:aud': 'https://signin.aws.amazon.com/saml' } },
    }],
  }, null, 2),
};
const minted = '/?scenario=okta-signs-people-in-with-saml';

let site, browser;
before(async () => {
  [site, browser] = await Promise.all([serve(), launch()]);
});
after(async () => {
  await browser?.close();
  site?.stop();
});

/** From an empty scenario to the genuine sign-in, as a newcomer gets there. */
async function signIn(page, { response = real.response } = {}) {
  await choose(page, '#empty');
  await page.selectOption('#action', 'sts:AssumeRoleWithSAML');
  await paste(page, 'response', response);
  await page.fill('#field-saml-name', 'Idp');
  await page.selectOption('#metadata-mode', 'pasted');
  await paste(page, 'metadata', real.metadata);
  await page.fill('#field-role-name', 'Dev');
  await paste(page, 'trust', real.policy);
  await page.fill('#now', real.issuedSoonBefore);
}

test('a genuine response is accepted, refused when the policy wants another recipient, and mended by one click', async () => {
  const { page, context, violations } = await open(browser, site.url);
  await signIn(page);
  await expectVerdict(page, /accepts.*alice@example\.test/);
  assert.match(await page.locator('#saml-view .frame.is-passed').first().innerText(), /signed, verified/);
  assert.match(await page.locator('#attributes').innerText(), /RoleSessionName[\s\S]*alice@example\.test/);
  assert.equal(await page.inputValue('#field-principal-arn'), 'arn:aws:iam::123456789012:saml-provider/Idp');

  await paste(page, 'trust', real.policy.replace('amazon.com/saml"', 'amazon.com/samL"'));
  await expectVerdict(page, /refuses/);
  const row = await page.locator('.comparison.is-failed').innerText();
  assert.match(row, /saml:aud[\s\S]*response says[\s\S]*\/saml[\s\S]*policy wants[\s\S]*\/samL/);
  await page.locator('#advice button.fix').first().click();
  await expectVerdict(page, /accepts/);
  assert.deepEqual(violations, []);
  await context.close();
});

test('a response is taken as people have it', async () => {
  const { page, context } = await open(browser, site.url);
  await signIn(page);
  const xml = Buffer.from(real.response, 'base64').toString();
  const har = JSON.stringify({ log: { entries: [{ request: { method: 'POST', url: 'https://signin.aws.amazon.com/saml', postData: { params: [{ name: 'SAMLResponse', value: real.response }] } } }] } });
  for (const [text, words] of [
    [xml, /Pasted as XML/],
    [encodeURIComponent(real.response), /URL encoding, in it base64/],
    [`RelayState=&SAMLResponse=${encodeURIComponent(real.response)}`, /a form's body, in it/],
    [`<form method="post"><input type="hidden" name="SAMLResponse" value="${real.response}"></form>`, /a page with a form, in it base64/],
    [har, /a HAR excerpt, in it base64/],
  ]) {
    await paste(page, 'response', text);
    await expectVerdict(page, /accepts/);
    await page.waitForFunction(([source]) => new RegExp(source).test(document.querySelector('#saml-view').innerText), [words.source]);
    assert.equal(await textOf(page, 'response'), text, 'it stays as it was pasted');
  }
  await context.close();
});

test('a tampered response is refused for its signature, and links lead into what was pasted', async () => {
  const { page, context } = await open(browser, site.url);
  const xml = Buffer.from(real.response, 'base64').toString();
  await signIn(page, { response: xml.replace('alice@example.test</saml:NameID>', 'mallory@example.test</saml:NameID>') });
  await expectVerdict(page, /refuses.*changed/);
  assert.match(await page.locator('#saml-view .frame.is-broken').first().innerText(), /signature not good/);
  await page.locator('#saml-view .goto').last().click();
  assert.equal(await page.evaluate(() => document.activeElement.dataset.editor), 'response');
  await context.close();
});

test('an attack is switched on and off, and its identity is nowhere accepted', async () => {
  const { page, context, violations } = await open(browser, site.url, { path: minted });
  await expectVerdict(page, /accepts/);
  const honest = await textOf(page, 'response');
  assert.match(honest, /^<\w+:Response/, 'the minted response is shown');
  for (const attack of ['xsw3', 'xsw7', 'tampered-name-id', 'stripped']) {
    await page.selectOption('#response-attack', attack);
    await expectVerdict(page, /refuses/);
    const found = await page.evaluate(() => {
      const evil = [...document.querySelectorAll('#report *')].filter((e) => e.children.length === 0 && e.textContent.includes('evil@'));
      return { mentions: evil.length, accepted: evil.filter((e) => e.closest('.frame, .is-passed')?.matches('.is-passed')).length, session: document.querySelector('#session') !== null };
    });
    assert.deepEqual({ accepted: found.accepted, session: found.session }, { accepted: 0, session: false }, attack);
    if (attack.startsWith('xsw')) assert.ok(found.mentions > 0, 'the forged identity is shown for what it is');
    if (attack === 'xsw3') assert.match(await page.locator('#assertions').innerText(), /not signed\s+evil@/);
    assert.notEqual(await page.locator('#response-attack-about').innerText(), '', 'the attack is described');
  }
  await page.selectOption('#response-attack', 'none');
  await expectVerdict(page, /accepts/);
  assert.deepEqual(violations, []);
  await context.close();
});

test('what is pasted into the wrong editor is put where it belongs by one click', async () => {
  const { page, context } = await open(browser, site.url);
  await page.locator('details:has(> [data-editor="mint"]) > summary, details:has([data-editor="mint"]) > summary').first().click(); // the editor is made when it is shown
  const mint = await textOf(page, 'mint');
  const offer = (name) => page.locator(`[data-editor="${name}"] .note button`);
  await paste(page, 'token', real.response);
  await offer('token').waitFor();
  assert.match(await page.locator('[data-editor="token"] .note').innerText(), /This is a SAML response/);
  await offer('token').click();
  await ready(page);
  assert.equal(await textOf(page, 'response'), real.response);
  assert.equal(await page.inputValue('#action'), 'sts:AssumeRoleWithSAML');

  await paste(page, 'response', real.metadata);
  await offer('response').click();
  await ready(page);
  assert.equal(await textOf(page, 'metadata'), real.metadata);
  assert.equal(await textOf(page, 'response'), real.response, 'the response is what it was');
  assert.equal(await page.inputValue('#metadata-mode'), 'pasted');

  await paste(page, 'metadata', real.response);
  await offer('metadata').waitFor();
  assert.match(await page.locator('[data-editor="metadata"] .note').innerText(), /This is a SAML response/);
  await paste(page, 'metadata', real.metadata);
  assert.equal(await page.locator('[data-editor="metadata"] .note').isVisible(), false);

  await page.selectOption('#action', 'sts:AssumeRoleWithWebIdentity');
  await ready(page);
  assert.equal(await textOf(page, 'mint'), mint, 'the token is what it was');
  await expectVerdict(page, /accepts/);
  await page.selectOption('#action', 'sts:AssumeRoleWithSAML');
  await ready(page);
  assert.equal(await textOf(page, 'response'), real.response, 'and so is the response');
  await context.close();
});

test('from an empty scenario a response and a token are minted with a profile', async () => {
  const { page, context } = await open(browser, site.url);
  await choose(page, '#empty');
  await page.selectOption('#action', 'sts:AssumeRoleWithSAML');
  await page.selectOption('#response-profile', { index: 1 });
  await ready(page);
  assert.match(await textOf(page, 'response'), /^<\w+:Response/);
  assert.equal(await page.inputValue('#metadata-mode'), 'playground');
  assert.match(await page.locator('#stage-signature > details > summary').innerText(), /passed/);
  await page.selectOption('#action', 'sts:AssumeRoleWithWebIdentity');
  await page.selectOption('#token-profile', { index: 1 });
  await ready(page);
  assert.match(await textOf(page, 'token'), /^eyJ/);
  assert.match(await page.locator('#stage-signature > details > summary').innerText(), /passed/);
  await page.selectOption('#token-attack', 'alg-none');
  await expectVerdict(page, /refuses/);
  await page.selectOption('#token-attack', 'ec-der-signature');
  await page.waitForSelector('#token-attack-about.is-failed:not([hidden])'); // an attack that doesn't fit says so
  await context.close();
});

test('choosing a profile over a pasted response can be taken back', async () => {
  const { page, context } = await open(browser, site.url);
  await signIn(page);
  await expectVerdict(page, /accepts/);
  await page.selectOption('#response-profile', { index: 1 });
  await ready(page);
  assert.notEqual(await textOf(page, 'response'), real.response);
  await page.click('#undo');
  await expectVerdict(page, /accepts/);
  assert.equal(await textOf(page, 'response'), real.response);
  await context.close();
});

test('an encrypted assertion is opened with the key that is given', async () => {
  const { page, context } = await open(browser, site.url, { path: minted });
  await page.locator('#response-json-d > summary').click();
  const mint = JSON.parse(await textOf(page, 'response-mint'));
  await page.locator('#part-saml-provider details.more summary').click();
  await page.selectOption('#private-key', 'playground');
  await paste(page, 'response-mint', JSON.stringify({ ...mint, encrypt: 'aes256-gcm' }));
  await ready(page);
  await expectVerdict(page, /accepts/);
  assert.match(await page.locator('#saml-view').innerText(), /The assertion, decrypted[\s\S]*signed, verified/);
  await page.selectOption('#private-key', 'pasted');
  await page.fill('#field-private-pem', '-----BEGIN PRIVATE KEY-----\nnone\n-----END PRIVATE KEY-----');
  await ready(page);
  assert.match(await page.locator('#findings').innerText(), /private key/i);
  await context.close();
});

test('a finding about the metadata is marked in its text', async () => {
  const { page, context } = await open(browser, site.url);
  await signIn(page);
  await paste(page, 'metadata', real.metadata.replace('</md:EntityDescriptor>', ''));
  await page.waitForSelector('[data-editor="metadata"] [class*=cm-lint]', { state: 'attached' });
  await context.close();
});

test('after it has loaded the page asks the network for nothing, also with a response', async () => {
  const { page, context, requests } = await open(browser, site.url);
  await loaded({ page, context, requests });
  const canary = 'canary7f3a9b';
  const before = requests.length;
  await context.setOffline(true);
  await signIn(page);
  await expectVerdict(page, /accepts/);
  await paste(page, 'response', `<Response xmlns="urn:oasis:names:tc:SAML:2.0:protocol" ID="${canary}"/>`);
  await paste(page, 'metadata', `<EntityDescriptor entityID="https://${canary}.example/"/>`);
  await page.fill('#field-saml-name', canary);
  await ready(page);
  assert.deepEqual(requests.slice(before).map((request) => request.url), []);
  assert.ok(!requests.some((request) => JSON.stringify(request).includes(canary)));
  await context.close();
});

test('a response of thousands of elements stays usable', async () => {
  const { page, context } = await open(browser, site.url);
  await signIn(page);
  const values = Array.from({ length: 1150 }, (_, i) => `<saml:AttributeValue>group-${i}</saml:AttributeValue>`).join('');
  const xml = Buffer.from(real.response, 'base64').toString().replace('</saml:AttributeStatement>', `<saml:Attribute Name="groups">${values}</saml:Attribute></saml:AttributeStatement>`);
  await paste(page, 'response', xml);
  await expectVerdict(page, /refuses/);
  const view = page.locator('#saml-view');
  assert.match(await view.innerText(), /1,1\d\d more elements, not drawn here/);
  assert.ok((await view.evaluate((e) => e.outerHTML.length)) < 60_000);
  await context.close();
});

for (const width of [390, 1440]) {
  test(`axe finds nothing in the views of SAML at ${width} px, light and dark, and nothing runs over`, async () => {
    const { page, context } = await open(browser, site.url, { path: minted, viewport: { width, height: 900 }, reducedMotion: 'reduce' });
    const look = async (what) => {
      for (const colorScheme of ['light', 'dark']) {
        await page.emulateMedia({ colorScheme });
        assert.deepEqual(await axeFinds(page), [], `${what}, ${colorScheme}`);
      }
      assert.equal(await runsOver(page), 0, `${what} is wider than the window`);
    };
    await look('accepted');
    await page.evaluate(() => (document.querySelector('#response-attack').value = 'xsw3') && document.querySelector('#response-attack').dispatchEvent(new Event('input')));
    await ready(page);
    await look('wrapped');
    if (width < 720) await page.click('#tabs [data-tab="token"]');
    await page.selectOption('#response-attack', 'tampered-role');
    await page.selectOption('#metadata-mode', 'pasted');
    await ready(page);
    await look('tampered, with the controls');
    await context.close();
  });
}
