// "Who gets in?": the table, its comparison with the version before, and
// playing a row.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { axeFinds, editor, expectVerdict, launch, open, ready, runsOver, serve, textOf } from './site.mjs';

let site, browser;
before(async () => {
  [site, browser] = await Promise.all([serve(), launch()]);
});
after(async () => {
  await browser?.close();
  site?.stop();
});

/** Opens the section, and waits for its table. */
async function openSection(page) {
  await page.locator('#who-d > summary').click();
  await settled(page);
}

async function settled(page) {
  await page.waitForFunction(() => document.querySelector('#who').ariaBusy === 'false' && document.querySelector('#who-widest'));
}

/** Replaces the first occurrence of a text in the trust policy. */
async function retype(page, old, now) {
  await editor(page, 'trust').evaluate((target, [old, now]) => {
    const { view } = target.cmTile;
    const from = view.state.doc.toString().indexOf(old);
    if (from < 0) throw new Error(`the policy has no ${old}`);
    view.dispatch({ changes: { from, to: from + old.length, insert: now }, userEvent: 'input.type' });
  }, [old, now]);
}

function widest(page) {
  return page.locator('#who-widest').innerText();
}

function row(page, name) {
  return page.locator('#entrants tbody tr', { has: page.locator('.entrant-name', { hasText: new RegExp(`^${name}$`) }) });
}

test('nobody is asked before the section opens, and then everybody is', async () => {
  const { page, context, requests, violations } = await open(browser, site.url);
  assert.equal(await page.locator('#entrants').count(), 0);
  const asked = requests.length;
  await openSection(page);
  assert.match(await widest(page), /^Only acme\/app, branch main/);
  assert.match(await page.locator('#entrants caption').innerText(), /3 of 23 callers can assume arn:aws:iam::123456789012:role\/deploy/);
  assert.match(await row(page, 'acme/app, branch main').innerText(), /gets in[\s\S]*let in by statement 1/);
  assert.match(await row(page, 'a fork').innerText(), /refused[\s\S]*repo:mallory\/app:ref:refs\/heads\/main/);
  assert.equal(await page.locator('#who-change').count(), 0, 'there is no version before yet');
  assert.equal(requests.length, asked, 'nothing is requested');
  assert.deepEqual(violations, []);
  await context.close();
});

test('a changed policy says who was let in and who was shut out, and from here on', async () => {
  const { page, context } = await open(browser, site.url);
  await openSection(page);
  await retype(page, 'StringEquals', 'StringLike');
  await retype(page, 'acme/app:ref:refs/heads/main', 'acme/*');
  await page.waitForFunction(() => /^Every repository of acme gets in/.test(document.querySelector('#who-widest').textContent));
  await settled(page);
  assert.match(await page.locator('#who-change-words').innerText(), /^The change lets in /);
  assert.match(await page.locator('#who-let-in').innerText(), /a sibling repository/);
  assert.equal(await page.locator('#who-shut-out').count(), 0);

  await page.locator('#who-from-here').click();
  await page.waitForFunction(() => !document.querySelector('#who-change'));
  await retype(page, 'acme/*', 'acme/app:ref:refs/heads/main');
  await page.waitForFunction(() => /^The change shuts out/.test(document.querySelector('#who-change-words')?.textContent ?? ''));
  assert.match(await page.locator('#who-shut-out').innerText(), /a sibling repository/);
  await context.close();
});

test('a row is played as a call of the scenario', async () => {
  const { page, context, violations } = await open(browser, site.url);
  await openSection(page);
  await row(page, 'a pull request').getByRole('button', { name: 'Play this: a pull request' }).click();
  await expectVerdict(page, /refuses.*pull request/);
  assert.match(await page.locator('#calls').innerText(), /a pull request/);
  assert.match(await textOf(page, 'token'), /^eyJ/, 'its token is minted');
  await settled(page);
  assert.deepEqual(violations, []);
  await context.close();
});

test('a policy that is no JSON lets nobody in, and another example begins anew', async () => {
  const { page, context } = await open(browser, site.url);
  await openSection(page);
  await retype(page, '"Statement"', 'Statement');
  await page.waitForFunction(() => /no JSON, so nobody gets in/.test(document.querySelector('#who-widest').textContent));
  await page.locator('#examples > summary').click();
  await page.locator('#find-example').fill('too wide');
  await page.locator('[data-example="a-subject-that-is-too-wide"]').click();
  await ready(page);
  await page.waitForFunction(() => /^Every repository on GitHub/.test(document.querySelector('#who-widest').textContent));
  await settled(page);
  assert.equal(await page.locator('#who-change').count(), 0, 'another example is no version of the same policy');
  await context.close();
});

test('typing is not slowed down, and the table follows when it rests', async () => {
  const { page, context } = await open(browser, site.url);
  await openSection(page);
  const answers = await page.evaluate(() => {
    window.drawn = 0;
    new MutationObserver(() => window.drawn++).observe(document.querySelector('#who-body'), { subtree: true, childList: true, characterData: true });
    return window.drawn;
  });
  assert.equal(answers, 0);
  for (const letter of ['n', 'e', 'w']) {
    await retype(page, 'refs/heads/', `refs/heads/${letter}`);
    await page.waitForTimeout(60);
  }
  assert.equal(await page.evaluate(() => window.drawn), 0, 'while someone types nothing is drawn');
  await page.waitForFunction(() => /branch wenmain/.test(document.querySelector('#entrants').textContent));
  await context.close();
});

test('the section is good for the keyboard and for screen readers, in light, dark and on a phone', async () => {
  for (const options of [{ colorScheme: 'light' }, { colorScheme: 'dark' }, { viewport: { width: 390, height: 800 } }]) {
    const { page, context } = await open(browser, site.url, options);
    await page.locator('#who-d > summary').focus();
    await page.keyboard.press('Enter');
    await settled(page);
    await page.waitForFunction(() => /^Only acme/.test(document.querySelector('#status').textContent), undefined, { timeout: 5_000 });
    assert.deepEqual(await axeFinds(page, '#who'), []);
    assert.equal(await runsOver(page), 0, 'nothing sticks out');
    await context.close();
  }
});
