// From an error's words to its reasons.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { choose, launch, open, serve } from './site.mjs';

let site, browser;
before(async () => {
  [site, browser] = await Promise.all([serve(), launch()]);
});
after(async () => {
  await browser?.close();
  site?.stop();
});

test('an error line of a CI log is explained, and an example shows the cause', async () => {
  const { page } = await open(browser, site.url);
  await choose(page, '#causes > summary');
  await page.locator('#causes-text').fill('2026-04-28T10:30:00Z Error: Could not assume role with OIDC: Not authorized to perform sts:AssumeRoleWithWebIdentity');
  await page.locator('#causes-found h2').first().waitFor();
  assert.match(await page.locator('#causes-found h2').first().textContent(), /Not authorized to perform sts:AssumeRoleWithWebIdentity/);
  const link = page.locator('#causes-found [data-example]').first();
  assert.match(await link.textContent(), /^Example: The subject/);
  await link.click();
  await page.waitForFunction(() => document.querySelector('#title')?.textContent?.startsWith('The subject'));
  assert.equal(await page.locator('#causes').getAttribute('open'), null);
});

test('what nobody knows is said plainly, the known ones can be chosen, and markup stays text', async () => {
  const { page } = await open(browser, site.url);
  await choose(page, '#causes > summary');
  await page.locator('#causes-text').fill('<img src=x onerror=alert(1)> all is well');
  await page.locator('#causes-none').waitFor();
  await page.locator('#causes-text').fill('User: <b>x</b> is not authorized to perform: s3:GetObject on resource: <script>alert(1)</script>');
  await page.locator('#causes-found h2').first().waitFor();
  assert.equal(await page.locator('#causes-found b, #causes-found script, #causes-found img').count(), 0);
  await page.locator('#causes-text').fill('');
  await page.locator('.known-errors').waitFor({ state: 'attached' });
  await page.locator('#causes-found summary').click();
  await page.locator('.known-errors button', { hasText: 'Incorrect token audience' }).click();
  await page.waitForFunction(() => document.querySelector('#causes-found h2')?.textContent === 'Incorrect token audience');
});
