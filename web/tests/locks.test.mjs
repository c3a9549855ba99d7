// "Locks and attacks": the switches, the table of attacks, and a token's
// signature taken apart.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { axeFinds, expectVerdict, launch, open, serve, textOf } from './site.mjs';

let site, browser;
before(async () => {
  [site, browser] = await Promise.all([serve(), launch()]);
});
after(async () => {
  await browser?.close();
  site?.stop();
});

/** Opens the section, and waits until every attack is played. */
async function openSection(page) {
  await page.locator('#locks-d > summary').click();
  await settled(page);
}

async function settled(page) {
  await page.waitForFunction(() => document.querySelector('#locks').ariaBusy === 'false' && document.querySelector('#attacks') && document.querySelector('#locks-progress').textContent === '', undefined, { timeout: 60_000 });
}

/** Opens an example, with its section or without. */
async function example(slug, { section = true, ...options } = {}) {
  const opened = await open(browser, site.url, { path: `/?scenario=${slug}`, ...options });
  if (section) await openSection(opened.page);
  return opened;
}

/** The scenario, from its editor, which is opened if it isn't. */
async function scenarioOf(page) {
  const folded = page.locator('#part-scenario > details');
  if (!(await folded.evaluate((details) => details.open))) await folded.locator('summary').click();
  return JSON.parse(await textOf(page, 'scenario'));
}

const row = (page, name) => page.locator(`#attack-${name}`);

/** What is told of an attack, once its row is opened. */
async function told(page, name) {
  await row(page, name).locator('summary').click();
  return page.locator(`#attack-${name}-more`).innerText();
}

/** The words of a row's cells, by the lock's name. */
async function cells(page, name) {
  return page.evaluate((name) => {
    const locks = [...document.querySelectorAll('#attacks .lock-column')].map((th) => th.textContent.trim());
    const words = [...document.querySelectorAll(`#attack-${name} .lock-cell .word`)].map((td) => td.textContent.trim());
    return Object.fromEntries(locks.map((lock, i) => [lock, words[i]]));
  }, name);
}

test('no attack is played before the section opens, and then all of them are', async () => {
  const { page, context, violations } = await example('github-actions-deploys-from-main', { section: false });
  assert.equal(await page.locator('#attacks').count(), 0);
  await openSection(page);
  assert.match(await page.locator('#attacks-caption').innerText(), /^\d+ attacks on push to main, each played for real: \d+ refused by AWS's locks, 1 not\.$/);
  assert.equal((await cells(page, 'alg-none')).keys, 'stops');
  assert.equal((await cells(page, 'tampered-payload')).signature, 'stops');
  assert.equal((await cells(page, 'tampered-payload')).subject, 'not asked');
  assert.equal((await cells(page, 'other-audience')).audience, 'stops');
  assert.match(await row(page, 'replayed').innerText(), /gets in, twice/);
  assert.match(await told(page, 'expired'), /ExpiredTokenException[^]*Without the lock expiry: in as repo:acme\/app:ref:refs\/heads\/main\./);
  assert.match(await told(page, 'embedded-jwk'), /Without the lock signature or keys: in as/);
  assert.match(await row(page, 'ec-der-signature').innerText(), /not staged/);
  assert.match(await told(page, 'ec-der-signature'), /Not staged:[^]*EC key/);
  assert.deepEqual(violations, []);
  await context.close();
});

test('the table is one to a screen reader: caption, and a header for each row and column', async () => {
  const { page, context } = await example('github-actions-deploys-from-main');
  const table = await page.evaluate(() => {
    const rows = [...document.querySelectorAll('#attacks tbody tr:not(.attack-kind, .attack-more)')];
    return {
      caption: document.querySelector('#attacks > caption') !== null,
      columns: [...document.querySelectorAll('#attacks thead th')].every((th) => th.scope === 'col'),
      rows: rows.every((tr) => tr.cells[0].localName === 'th' && tr.cells[0].scope === 'row'),
      worded: [...document.querySelectorAll('#attacks .lock-cell')].every((td) => td.querySelector('.word').textContent !== '' && td.querySelector('.shape').ariaHidden === 'true'),
    };
  });
  assert.deepEqual(table, { caption: true, columns: true, rows: true, worded: true });
  await context.close();
});

test('at 1366 px an attack is one line, and what AWS says to it one click away', async () => {
  for (const slug of ['github-actions-deploys-from-main', 'okta-signs-people-in-with-saml']) {
    const { page, context } = await example(slug, { viewport: { width: 1366, height: 768 } });
    const rows = await page.evaluate(() => [...document.querySelectorAll('#attacks tbody tr')].filter((row) => row.checkVisibility()).map((row) => [row.id, row.getBoundingClientRect().height]));
    assert.ok(rows.length > 30);
    assert.deepEqual(rows.filter(([, height]) => height > 40), []);
    const { overflow, borders } = await page.evaluate(() => ({
      overflow: document.querySelector('.attacks-scroll').scrollWidth - document.querySelector('.attacks-scroll').clientWidth,
      borders: [...document.querySelectorAll('.attack-play button')].map((button) => getComputedStyle(button).borderTopColor === getComputedStyle(document.querySelector('#share')).borderTopColor),
    }));
    assert.equal(overflow, 0);
    assert.deepEqual([...new Set(borders)], [true], 'the buttons look like the others');
    assert.match(await told(page, 'expired'), /AWS: ExpiredTokenException/);
    await context.close();
  }
});

test('on paper the attacks are those that get in and the one that is played, with what AWS says to it', async () => {
  const { page, context } = await example('github-actions-deploys-from-main');
  await row(page, 'alg-none').getByRole('button', { name: /^Play it/ }).click();
  await page.locator('#attack-alg-none-back').waitFor();
  await settled(page);
  await page.emulateMedia({ media: 'print' });
  const printed = await page.evaluate(() => [...document.querySelectorAll('#attacks tbody tr, #locks .lock')].filter((one) => one.checkVisibility()).map((one) => one.id));
  assert.deepEqual(printed.filter((id) => id !== ''), ['attack-replayed', 'attack-alg-none', 'attack-alg-none-more']);
  await context.close();
});

test('an attack is played, walks in where its lock is off, and all of it is taken back', async () => {
  const { page, context } = await example('github-actions-deploys-from-main');
  const honest = await scenarioOf(page);
  await row(page, 'tampered-payload').getByRole('button', { name: /^Play it/ }).focus();
  await page.keyboard.press('Enter');
  await expectVerdict(page, /STS refuses/);
  await settled(page);
  assert.equal(await row(page, 'tampered-payload').getAttribute('class'), 'is-played');

  await page.locator('#lock-signature').focus();
  await page.keyboard.press('Space');
  await expectVerdict(page, /This isn't AWS: the lock signature is off\. STS accepts/);
  assert.match(await page.locator('#not-aws').innerText(), /This isn’t AWS: the lock signature is off\./);
  assert.match(await page.locator('#lock-signature-label').innerText(), /off: not AWS/);
  for (const part of ['session', 'response', 'event']) {
    assert.match(await page.locator(`#${part} .not-aws`).textContent(), /This isn’t AWS/);
  }
  assert.match(await page.locator('#s_oidc-signature').textContent(), /AWS would answer InvalidIdentityToken/);

  await page.locator('#not-aws-back').click();
  await expectVerdict(page, /^(?!.*isn't AWS).*STS refuses/);
  assert.equal(await page.locator('#not-aws').count(), 0);
  await settled(page);
  assert.equal(await page.locator('#lock-signature').isChecked(), true);

  await page.locator('#attack-tampered-payload-back').click();
  await expectVerdict(page, /STS accepts/);
  assert.deepEqual(await scenarioOf(page), honest);
  await context.close();
});

test('an attack that was played can be undone, and one that the scenario stages can be taken back', async () => {
  const { page, context } = await example('github-actions-deploys-from-main');
  await row(page, 'alg-none').getByRole('button', { name: /^Play it/ }).click();
  await expectVerdict(page, /STS refuses/);
  await page.locator('#undo').click();
  await expectVerdict(page, /STS accepts/);
  await page.locator('#redo').click();
  await expectVerdict(page, /STS refuses/);
  await settled(page);
  await row(page, 'alg-none').getByRole('button', { name: /^Take it back/ }).click();
  await expectVerdict(page, /STS accepts/);
  await context.close();
});

test('a wrapped response gets its forged person in, once the lock that stops wrapping is off', async () => {
  const { page, context } = await example('okta-signs-people-in-with-saml');
  assert.equal((await cells(page, 'xsw3')).assertion, 'stops');
  assert.match(await told(page, 'xsw3'), /Without the lock assertion: in as evil@attacker\.test\./);
  await row(page, 'xsw3').getByRole('button', { name: /^Play it/ }).click();
  await expectVerdict(page, /STS refuses/);
  await page.locator('#lock-assertion').click();
  await expectVerdict(page, /This isn't AWS: the lock assertion is off\. STS accepts/);
  await context.close();
});

test('a token that was pasted is attacked with what an attacker has, which is no key of the issuer’s', async () => {
  const { page, context } = await example('a-token-and-key-set-from-a-real-provider');
  assert.equal((await cells(page, 'hs256-public-key')).keys, 'stops');
  assert.match(await told(page, 'other-audience'), /Only the provider's key can sign one/);
  await row(page, 'alg-none').getByRole('button', { name: /^Play it/ }).click();
  await expectVerdict(page, /STS refuses/);
  await settled(page);
  await page.locator('#attack-back').click();
  await expectVerdict(page, /STS accepts/);
  await context.close();
});

test('a call that presents no proof has no attacks, and says so', async () => {
  const { page, context } = await open(browser, site.url, { path: '/?scenario=whose-credentials-are-these' });
  await page.locator('#locks-d > summary').click();
  await page.waitForFunction(() => document.querySelector('#locks').ariaBusy === 'false');
  assert.match(await page.locator('#locks-body').innerText(), /presents neither a token nor a SAML response/);
  await context.close();
});

test('keystrokes are answered while attacks are played', async () => {
  const { page, context } = await example('github-actions-deploys-from-main', { section: false });
  await page.locator('#locks-d > summary').click();
  await page.locator('#field-session-name').fill('another-name');
  await expectVerdict(page, /assumed as another-name/);
  await settled(page);
  assert.match(await page.locator('#attacks-caption').innerText(), /attacks on push to main/);
  await context.close();
});

test('a narrow window scrolls the table and not the page', async () => {
  const { page, context } = await open(browser, site.url, { path: '/?scenario=github-actions-deploys-from-main', viewport: { width: 390, height: 844 } });
  await page.evaluate(() => document.querySelector('#tabs [data-tab="result"]').click());
  await openSection(page);
  const width = await page.evaluate(() => ({ page: document.documentElement.scrollWidth, table: document.querySelector('.attacks-scroll').scrollWidth, box: document.querySelector('.attacks-scroll').clientWidth }));
  assert.ok(width.page <= 390, `the page is ${width.page} px wide`);
  assert.ok(width.table > width.box, 'the table has no reason to scroll');
  await context.close();
});

test('the signature comes apart from its step and from the token, and the two digests are equal', async () => {
  const { page, context } = await example('github-actions-deploys-from-main', { section: false });
  await page.locator('#take-apart').click();
  assert.equal(await page.locator('#dissection-d').evaluate((details) => details.open && details.contains(document.activeElement)), true);
  assert.match(await page.locator('#signature-outcome').innerText(), /equal: the signature is good/);
  const digests = await page.evaluate(() => ['#way-token', '#way-signature'].map((way) => document.querySelector(`${way} .is-result .octets`).textContent.replace(/\s/g, '')));
  assert.equal(digests[0], digests[1]);
  assert.equal(digests[0].length, 64);
  // The picture computes what the browser's own cryptography computes.
  const own = await page.evaluate(async () => {
    const compact = document.querySelector('#token-view .compact').textContent;
    const input = new TextEncoder().encode(compact.slice(0, compact.lastIndexOf('.')));
    return [...new Uint8Array(await crypto.subtle.digest('SHA-256', input))].map((octet) => octet.toString(16).padStart(2, '0')).join('');
  });
  assert.equal(digests[0], own);
  await page.locator('#dissection-d > summary').click();
  await page.evaluate(() => document.querySelector('#s_oidc-signature-apart').click());
  assert.equal(await page.locator('#dissection-d').evaluate((details) => details.open), true);
  await context.close();
});

test('a tampered token has another digest than its signature, byte for byte', async () => {
  const { page, context } = await example('github-actions-deploys-from-main', { section: false });
  for (const [attack, words] of [
    ['tampered-payload', /not equal: something else was signed[^]*\d+ octets of 32 differ/],
    ['wrong-key', /no digest in it: another key signed/],
    ['alg-none', /there is none[^]*nobody signed this/],
    ['hs256-public-key', /there is no secret/],
    ['empty-signature', /it is empty/],
  ]) {
    await page.locator('#token-attack').selectOption(attack);
    await expectVerdict(page, /STS refuses/);
    assert.match(await page.locator('#signature-outcome').innerText(), words, attack);
    assert.equal(await page.locator('#dissection-d').evaluate((details) => details.open), true, `${attack}: what is wrong stands open`);
  }
  await page.locator('#token-attack').selectOption('tampered-payload');
  await page.waitForFunction(() => document.querySelectorAll('#way-token .octets mark').length > 20);
  await context.close();
});

for (const colorScheme of ['light', 'dark']) {
  test(`locks, attacks and the signature are accessible, ${colorScheme}`, async () => {
    const { page, context } = await example('five-locks-off-and-who-walks-in', { colorScheme });
    await page.locator('#take-apart').click();
    assert.deepEqual(await axeFinds(page, { include: [['#locks'], ['#dissection'], ['#verdict']] }), []);
    await context.close();
  });
}
