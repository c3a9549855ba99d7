// Every example, as it plays in the page on a laptop.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { launch, open, ready, serve } from './site.mjs';

const laptop = { width: 1366, height: 768 };

let site, browser;
before(async () => {
  [site, browser] = await Promise.all([serve(), launch()]);
});
after(async () => {
  await browser?.close();
  site?.stop();
});

test('every example plays in the page with the outcome that it states, its failing stage in sight at 1366 × 768, and so that of each refused call and question', async () => {
  const { page, context, violations } = await open(browser, site.url, { viewport: laptop });
  const slugs = await page.locator('#examples [data-example]').evaluateAll((links) => links.map((link) => link.dataset.example));
  const low = [];
  for (const slug of slugs) {
    await page.evaluate((slug) => document.querySelector(`#examples [data-example="${slug}"]`).click(), slug);
    await page.waitForFunction((slug) => location.search === `?scenario=${slug}`, slug);
    await ready(page);
    assert.equal(await page.locator('#expectation .is-failed').count(), 0, slug);
    const refused = await page.locator(':is(#calls, #gates) [data-call]').evaluateAll((buttons) => buttons.filter((button) => button.textContent.includes('✕')).map((button) => button.dataset.call));
    for (const call of ['', ...refused]) {
      if (call !== '') {
        await page.evaluate((call) => document.querySelector(`:is(#calls, #gates) [data-call="${call}"]`).click(), call);
        await page.waitForFunction((call) => document.querySelector('#report').dataset.call === call, call);
        await ready(page);
      }
      const bottom = await page.evaluate(() => {
        document.querySelector('#pane-result').scrollTop = 0;
        return document.querySelector('.stage.is-failed > details > summary')?.getBoundingClientRect().bottom ?? 0;
      });
      if (bottom > 768) low.push(`${slug}, ${call === '' ? 'as opened' : `call ${call}`}: ends at ${Math.round(bottom)}`);
    }
  }
  assert.deepEqual(low, []);
  assert.deepEqual(violations, []);
  await context.close();
});
