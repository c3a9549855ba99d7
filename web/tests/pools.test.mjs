// Identity pools on the page: an example's is shown, a switch is flipped, and
// the verdict follows.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { expectVerdict, launch, open, ready, serve } from './site.mjs';

let site, browser;
before(async () => {
  [site, browser] = await Promise.all([serve(), launch()]);
});
after(async () => {
  await browser?.close();
  site?.stop();
});

test('a pool is edited, and Cognito answers otherwise', async () => {
  const { context, page, violations } = await open(browser, site.url, { path: '/?scenario=an-identity-pool-takes-guests' });
  try {
    await expectVerdict(page, /Cognito knows who it is/);
    const section = page.locator('details.more', { has: page.locator('summary', { hasText: 'Identity pools' }) });
    await section.locator('> summary').click();
    const pool = section.locator('details.item').first();
    await pool.locator('summary').click();
    assert.match(await pool.locator('summary').textContent(), /us-east-1:12345678/);
    const guests = pool.locator('[data-bind="./AllowUnauthenticatedIdentities"]');
    assert.equal(await guests.inputValue(), 'true');
    await guests.selectOption('false');
    await expectVerdict(page, /Cognito refuses. The call has no logins/);
    await ready(page);
    await pool.locator('[data-bind="./Roles/unauthenticated"]').fill('arn:aws:iam::210987654321:role/elsewhere');
    await page.waitForFunction(() => document.querySelector('#report').textContent.includes('The roles of an identity pool are its account'));
    if (process.env.SHOT) await page.screenshot({ path: process.env.SHOT, fullPage: true });
    assert.deepEqual(violations, []);
  } finally {
    await context.close();
  }
});
