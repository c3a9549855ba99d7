// IAM Identity Center and the console's sign-in, as a reader plays them.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { launch, open, ready, serve } from './site.mjs';

let site, browser;
before(async () => {
  site = await serve();
  browser = await launch();
});
after(async () => {
  await browser?.close();
  site?.stop();
});

test('a permission set can be edited in the page, and its session follows', async () => {
  const { page, context, violations } = await open(browser, site.url, { path: '/?scenario=permission-sets-become-roles' });
  assert.match(await page.locator('#report').innerText(), /access portal/);
  const center = page.locator('#part-account > details').filter({ has: page.locator('summary', { hasText: 'IAM Identity Center' }) }).first();
  await center.locator('summary').first().click();
  assert.equal(await center.locator('summary .size').first().textContent(), '2');
  const set = center.locator('details.item', { hasText: 'Permission set ReadOnly' }).first();
  await set.locator('summary').first().click();
  await set.locator('[data-bind$="/SessionDuration"]').fill('PT2H');
  await ready(page);
  await page.click('#call-3');
  await ready(page);
  assert.match(await page.locator('#report').innerText(), /AWSReservedSSO_ReadOnly_1234567890abcdef/);
  assert.match(await page.locator('#report').innerText(), /GetRoleCredentials/);
  await set.locator('[data-bind$="/SessionDuration"]').fill('2h');
  await page.waitForSelector('#findings');
  await ready(page);
  assert.match(await page.locator('#report').innerText(), /ISO 8601/);
  assert.deepEqual(violations, []);
  await context.close();
});

test('the role chooser lists what the response offers', async () => {
  const { page, context, violations } = await open(browser, site.url, { path: '/?scenario=a-form-signs-people-in-to-the-console' });
  assert.match(await page.locator('#report').innerText(), /Signed in to the console/);
  await page.click('#call-2');
  await ready(page);
  const report = await page.locator('#report').innerText();
  assert.match(report, /which of 2 roles is meant: developer of account 123456789012; auditor of account 210987654321/);
  assert.match(await page.locator('#report').textContent(), /RoleChooser/);
  assert.deepEqual(violations, []);
  await context.close();
});
