// What the page promises: nothing that is typed leaves it, and nothing that is
// typed becomes part of it.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { choose, editor, launch, loaded, open, paste, ready, serve } from './site.mjs';

let site, browser;
before(async () => {
  [site, browser] = await Promise.all([serve(), launch()]);
});
after(async () => {
  await browser?.close();
  site?.stop();
});

const base64url = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');

test('after it has loaded the page makes no request, and keeps what was typed nowhere but in the tab’s draft, which a reset drops', async () => {
  const { page, context, requests } = await open(browser, site.url);
  await loaded({ page, context, requests });
  const canary = 'canary7f3a9b';
  const token = [base64url({ alg: 'RS256', kid: canary }), base64url({ iss: 'https://idp.example.test', sub: canary, aud: canary }), canary].join('.');
  const before = requests.length;

  await paste(page, 'token', token);
  await page.selectOption('#keys-mode', 'pasted');
  await paste(page, 'jwks', JSON.stringify({ keys: [{ kty: 'RSA', kid: canary }] }));
  await paste(page, 'trust', JSON.stringify({ Version: '2012-10-17', Statement: [{ Sid: canary }] }));
  await page.fill('#field-session-name', canary);
  await page.click('#use-clock');
  for (const button of await page.locator('button.fix').all()) if (await button.isVisible()) await button.click();
  await page.evaluate(() => document.querySelector('#examples [data-example]').click());
  await page.click('#undo');
  await choose(page, '#reset');
  await ready(page);
  await page.waitForFunction((canary) => !JSON.stringify({ ...sessionStorage }).includes(canary), canary); // the draft is written once nothing is typed for a moment
  await page.waitForLoadState('networkidle');

  assert.deepEqual(requests.slice(before).map((request) => request.url), []);
  assert.ok(!requests.some((request) => JSON.stringify(request).includes(canary)), 'no request carries the canary');
  const stored = await page.evaluate(async () => JSON.stringify([
    { ...localStorage }, { ...sessionStorage }, document.cookie, location.href, history.state,
    (await indexedDB.databases()).map((database) => database.name), await caches.keys(),
  ]));
  assert.ok(!stored.includes(canary), `stored: ${stored}`);
  await context.close();
});

test('hostile text in every field stays text', async () => {
  const { page, context, violations } = await open(browser, site.url);
  const hostile = `"'><img src=x onerror="window.hacked=1"><script>window.hacked=1</script><details open ontoggle=window.hacked=1>\u202e\u0000\ud800__proto__`;
  const elements = await page.evaluate(() => document.querySelectorAll('#report img, script').length);
  for (const details of await page.locator('details.more').all()) await details.evaluate((element) => (element.open = true));
  for (const field of await page.locator('input[data-bind], textarea[data-bind]').all()) {
    if (await field.isVisible()) await field.fill(hostile.replace('\u0000', ''));
  }
  await page.selectOption('#keys-mode', 'pasted');
  for (const name of ['token', 'jwks', 'trust', 'session-policy', 'context', 'scenario']) {
    if (await editor(page, name).isVisible()) await paste(page, name, hostile);
    await ready(page);
  }
  await choose(page, '#reset');
  const json = JSON.stringify(hostile);
  await paste(page, 'trust', `{"Version": ${json}, "Statement": [{"Sid": ${json}, "Effect": ${json}, "Principal": {"Federated": ${json}}, "Action": ${json}, "Condition": {${json}: {${json}: ${json}}, "StringEquals": {"__proto__": ${json}, "constructor": "x"}}}]}`);
  await paste(page, 'token', [base64url({ alg: hostile, kid: hostile }), base64url({ iss: hostile, sub: hostile, aud: [hostile], __proto__: 1, [hostile]: hostile }), hostile].join('.'));
  await ready(page);
  assert.equal(await page.evaluate(() => window.hacked), undefined);
  assert.equal(await page.evaluate(() => document.querySelectorAll('#report img, script').length), elements);
  assert.equal(await page.evaluate(() => ({}).polluted ?? Object.keys(Object.prototype).length), 0);
  assert.equal(await page.locator('#problems').isVisible(), false, await page.locator('#problems').innerText());
  assert.ok((await page.locator('#verdict-words').innerText()).length > 0);
  assert.deepEqual(violations, []);
  await context.close();
});
