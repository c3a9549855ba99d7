// Who opens the page for the first time: from an empty scenario, or from an
// example, to each system and operation by fields alone.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { expectVerdict, launch, open, ready, serve, textOf } from './site.mjs';

let site, browser;
before(async () => {
  [site, browser] = await Promise.all([serve(), launch()]);
});
after(async () => {
  await browser?.close();
  site?.stop();
});

/** The scenario that the page holds. */
async function scenarioOf(page) {
  const folded = page.locator('#part-scenario > details');
  if (!(await folded.evaluate((details) => details.open))) await folded.locator('summary').click();
  return JSON.parse(await textOf(page, 'scenario'));
}

async function choose(page, list, value) {
  await page.selectOption(list, value);
  await ready(page);
}

test('a profile of another system is minted by that system, and by nobody else', async () => {
  const { page, context } = await open(browser, site.url);
  await page.click('#empty');
  await choose(page, '#token-profile', 'custom');
  await choose(page, '#token-profile', 'gitlab');
  let all = await scenarioOf(page);
  assert.equal(all.calls[0].params.WebIdentityToken.mint.issuer, 'https://gitlab.com');
  assert.deepEqual(all.accounts['123456789012'].OpenIDConnectProviders.map(({ Url }) => Url), ['https://idp.example.com', 'https://gitlab.com']);
  assert.equal(await page.inputValue('#field-provider-url'), 'https://gitlab.com');

  // Google is built into IAM: nothing is registered for it.
  await choose(page, '#token-profile', 'google');
  all = await scenarioOf(page);
  assert.equal(all.calls[0].params.WebIdentityToken.mint.issuer, 'https://accounts.google.com');
  assert.equal(all.accounts['123456789012'].OpenIDConnectProviders.length, 2);

  // An issuer of one's own stays.
  await choose(page, '#token-profile', 'gitlab-self-managed');
  await page.fill('#field-provider-url', 'https://git.corp.example');
  await ready(page);
  await choose(page, '#token-profile', 'gitlab');
  all = await scenarioOf(page);
  assert.equal(all.calls[0].params.WebIdentityToken.mint.issuer, 'https://git.corp.example');
  await context.close();
});

test('a response of another system is made by that system, and its metadata go along', async () => {
  const { page, context } = await open(browser, site.url);
  await page.click('#empty');
  await choose(page, '#action', 'sts:AssumeRoleWithSAML');
  await choose(page, '#response-profile', 'okta');
  await choose(page, '#response-profile', 'entra-id');
  const all = await scenarioOf(page);
  const entity = 'https://sts.windows.net/aaaabbbb-0000-cccc-1111-dddd2222eeee/';
  assert.equal(all.calls[0].params.SAMLAssertion.mint.issuer, entity);
  assert.equal(all.accounts['123456789012'].SAMLProviders[0].metadataOf, entity);
  assert.equal(await page.inputValue('#field-entity'), entity);
  await page.locator('#report button', { hasText: 'Write a trust policy' }).click();
  await expectVerdict(page, /accepts/);
  await context.close();
});
