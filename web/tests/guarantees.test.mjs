// What the page promises: nothing that is typed leaves it, nothing that is
// typed becomes part of it, and everyone can use it.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { after, before, test } from 'node:test';
import { choose, editor, launch, open, paste, ready, serve } from './site.mjs';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

let site, browser;
before(async () => {
  [site, browser] = await Promise.all([serve(), launch()]);
});
after(async () => {
  await browser?.close();
  site?.stop();
});

const base64url = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');

test('after it has loaded the page makes no request, and keeps nothing of what was typed', async () => {
  const { page, context, requests } = await open(browser, site.url);
  await page.waitForLoadState('networkidle');
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
  await page.waitForTimeout(300);

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

for (const theme of ['light', 'dark']) {
  for (const width of [360, 1366, 1920]) {
    test(`axe finds nothing serious at ${width} px in ${theme}`, async () => {
      const { page, context } = await open(browser, site.url, { viewport: { width, height: 900 }, colorScheme: theme });
      if (width < 720) await page.click('#tabs [data-tab="role"]');
      await paste(page, 'trust', '{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": "*", "Action": "sts:AssumeRoleWithWebIdentity"');
      await ready(page);
      for (const tab of width < 720 ? ['token', 'role', 'result'] : ['result']) {
        if (width < 720) await page.click(`#tabs [data-tab="${tab}"]`);
        // By way of the debugger: the page's own policy lets no such script in.
        await page.evaluate(axe);
        const found = await page.evaluate(() => window.axe.run(document, { resultTypes: ['violations'] }));
        const serious = found.violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
        assert.deepEqual(serious.map(({ id, nodes }) => `${tab}: ${id}: ${nodes.map((node) => `${node.target} ${node.failureSummary}`).join('; ')}`), []);
      }
      await context.close();
    });
  }
}

for (const width of [360, 1366]) {
  test(`nothing is cut off or runs over at ${width} px`, async () => {
    const { page, context } = await open(browser, site.url, { viewport: { width, height: 800 } });
    const over = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    assert.equal(over, 0, `the page is ${over} px wider than the window`);
    await context.close();
  });
}
