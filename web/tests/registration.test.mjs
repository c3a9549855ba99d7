// Registration as calls: what IAM saves is there for the calls after it, and
// the account's settings of STS can be changed.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { expectVerdict, launch, open, serve } from './site.mjs';

let site, browser;
before(async () => {
  [site, browser] = await Promise.all([serve(), launch()]);
});
after(async () => {
  await browser?.close();
  site?.stop();
});

test('a call to IAM is told step by step, with its response and its record', async () => {
  const { page, context, violations } = await open(browser, site.url, { path: '/?scenario=a-role-from-nothing' });
  await expectVerdict(page, /IAM accepts CreateOpenIDConnectProvider/);
  const report = await page.locator('#report').innerText();
  assert.match(report, /Policies/);
  assert.match(report, /Content/);
  assert.match(await page.locator('#report').textContent(), /OpenIDConnectProviderArn/);
  assert.match(await page.locator('#report').textContent(), /iam\.amazonaws\.com/);
  assert.deepEqual(violations, []);
  await context.close();
});

test('the version of session tokens is a setting of the account', async () => {
  const { page, context, violations } = await open(browser, site.url, { path: '/?scenario=session-tokens-of-the-global-endpoint' });
  assert.match(await page.locator('#call-2').innerText(), /in Hong Kong, which has to be enabled\s+Refused/i);
  await page.locator('summary', { hasText: 'Account settings of STS' }).click();
  assert.equal(await page.inputValue('#field-token-version'), 'v1Token');
  assert.equal(await page.inputValue('#field-disabled-regions'), 'eu-west-3');
  await page.selectOption('#field-token-version', 'v2Token');
  await page.waitForFunction(() => /Accepted/i.test(document.querySelector('#call-2').textContent));
  assert.deepEqual(violations, []);
  await context.close();
});
