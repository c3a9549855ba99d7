// A canary token and a canary private key, through every feature of the page:
// they are in no request, and kept nowhere but in the tab's draft. And what the
// browser keeps for the page may be anything by the time it is read again.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { deflateRawSync } from 'node:zlib';
import { binary, choose, launch, loaded, open, paste, ready, serve } from './site.mjs';

let site, browser;
before(async () => {
  [site, browser] = await Promise.all([serve(), launch()]);
});
after(async () => {
  await browser?.close();
  site?.stop();
});

const linkOf = (text) => `#s=1.${deflateRawSync(text).toString('base64url')}`;
const base64url = (text) => Buffer.from(text).toString('base64url');

const mark = 'canary7f3a9b';
const signature = base64url(`${mark} signature `.repeat(12));
const now = Math.floor(Date.now() / 1000);
const token = [
  base64url('{"alg":"RS256","kid":"1"}'),
  base64url(JSON.stringify({ iss: 'https://token.actions.githubusercontent.com', aud: 'sts.amazonaws.com', sub: `repo:${mark}/app:ref:refs/heads/main`, iat: now, exp: now + 300 })),
  signature,
].join('.');
const key = `-----BEGIN PRIVATE KEY-----\n${Buffer.from(`${mark} key `.repeat(30)).toString('base64')}\n-----END PRIVATE KEY-----`;

/** The canary in whatever form: as it is, in base64 at each of its three places, and the token's parts. */
const forms = [mark, ...[0, 1, 2].map((at) => Buffer.from('x'.repeat(at) + mark).toString('base64').slice(at === 0 ? 0 : 4, -4)), signature.slice(0, 40), token.split('.')[1].slice(0, 40)];
const holds = (text) => forms.some((form) => text.includes(form));

/** What the browser keeps, but for the tab's own storage, and the address. */
const kept = (page) => page.evaluate(async () => {
  const databases = await indexedDB.databases().catch(() => []);
  const cached = await caches.keys().catch(() => []);
  const workers = (await navigator.serviceWorker?.getRegistrations().catch(() => [])) ?? [];
  return JSON.stringify([{ ...localStorage }, document.cookie, location.href, history.state, window.name, document.title, databases, cached, workers.length]);
});

/** Does with the canaries whatever can be done on the page. */
async function exercise(page) {
  const click = async (selector) => {
    for (const each of await page.locator(selector).all()) if (await each.isVisible()) await each.click({ timeout: 5000 }).catch(() => undefined);
  };
  // Pasted outside of every field, and into the fields.
  await page.evaluate((text) => {
    const clipboardData = new DataTransfer();
    clipboardData.setData('text/plain', text);
    document.body.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }));
  }, token);
  await page.locator('#exchange-undo').waitFor();
  await ready(page);
  await page.evaluate(() => document.querySelectorAll('details:not(.menu, [name="more"], [name="stage"])').forEach((details) => details.closest('header') || (details.open = true)));
  await paste(page, 'token', token);
  await ready(page);
  await page.fill('#field-session-name', mark);
  await page.click('#open');
  await page.fill('#open-text', key);
  await page.click('#open-take');
  await page.locator('#open-refusal').waitFor();
  await page.click('#open-close');
  await ready(page);

  // Who gets in, the locks with their attacks, error lines, exports.
  await page.waitForFunction(() => document.querySelector('#attacks') && document.querySelector('#locks-progress').textContent === '', undefined, { timeout: 60_000 });
  await choose(page, '#causes > summary');
  await page.locator('#causes-text').fill(`Not authorized to perform sts:AssumeRoleWithWebIdentity ${token} ${key}`);
  await page.locator('#causes-found h2').first().waitFor();
  await page.keyboard.press('Escape');
  await choose(page, '#exchange > summary');
  for (const format of ['cloudformation', 'terraform']) await page.locator(`[data-format="${format}"]`).click();
  await page.waitForFunction(() => document.querySelector('#export-files').textContent.trim() !== '');
  await page.keyboard.press('Escape');
  await click('#report button.fix');
  await ready(page);

  // Sharing, with everything ticked and unticked.
  await page.click('#share');
  await page.locator('#share-link').waitFor();
  const link = await page.locator('#share-link').innerText();
  for (const option of ['accounts', 'people', 'claims', 'keys', 'view']) {
    const box = page.locator(`#share-${option}`);
    if (await box.isVisible()) await box.setChecked(!(await box.isChecked()));
  }
  await page.locator('[data-share="close"]').first().click();

  await click('#undo');
  await click('#redo');
  await page.emulateMedia({ media: 'print' });
  await page.emulateMedia({ media: 'screen' });
  await page.keyboard.press('Control+s').catch(() => undefined);
  await page.waitForFunction((text) => sessionStorage.getItem('draft')?.includes(text), signature);
  const draft = await page.evaluate(() => JSON.stringify({ ...sessionStorage }));

  // Another scenario takes its place.
  await page.evaluate(() => document.querySelector('#examples [data-example]').click());
  await ready(page);
  await page.evaluate(() => document.querySelector('#lessons [data-take]').click());
  await ready(page);
  await page.click('#undo');
  await ready(page);
  await page.click('#undo');
  await ready(page);
  return { link, draft };
}

test('a token and a private key are in no request, and kept nowhere but in the tab', async () => {
  const { page, context, requests, violations } = await open(browser, site.url, { acceptDownloads: true });
  await loaded({ page, context, requests });
  const before = requests.length;
  const { link, draft } = await exercise(page);
  await page.waitForFunction(() => document.querySelector('#report').ariaBusy === 'false');

  assert.deepEqual(requests.slice(before).map(({ url }) => url).filter((url) => !url.startsWith('blob:')), [], 'nothing is fetched by what is typed');
  assert.ok(!requests.some((request) => holds(JSON.stringify(request))), 'no request carries a canary');
  assert.ok(draft.includes(signature), 'the tab keeps the draft');
  const stored = await kept(page);
  assert.ok(!holds(stored), stored);
  assert.deepEqual((await context.storageState()).cookies, []);
  assert.ok(!link.includes(signature.slice(0, 20)));
  assert.deepEqual(violations, []);

  // A new tab knows nothing of it, and a reload of this one everything.
  const other = await context.newPage();
  await other.goto(site.url);
  await ready(other);
  assert.ok(!holds(await other.evaluate(() => JSON.stringify([{ ...sessionStorage }, document.documentElement.outerHTML]))));
  await context.close();
});

test('the one-file page keeps a canary to itself, too', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'canary-'));
  execFileSync(binary, ['export', dir]);
  try {
    const { page, context, requests } = await open(browser, pathToFileURL(join(dir, 'offline.html')).href, { path: '' });
    await exercise(page);
    assert.deepEqual(requests.map(({ url }) => url).filter((url) => !/^(file|blob):/.test(url)), []);
    const stored = await kept(page);
    assert.ok(!holds(stored), stored);
    await context.close();
  } finally {
    rmSync(dir, { recursive: true });
  }
});

const deep = (levels) => '['.repeat(levels) + ']'.repeat(levels);
const scenario = '{"title":"x","calls":[{"action":"sts:GetCallerIdentity"}]}';

for (const [name, storage] of Object.entries({
  'no JSON': { draft: '{', 'lessons-done': ']', theme: '<script>' },
  'JSON of other kinds': { draft: '[1]', 'lessons-done': '{"__proto__":[1]}' },
  'a draft whose text is an object': { draft: `{"scenario":${scenario},"origin":${scenario},"call":0,"unread":{"a":1}}` },
  'a draft of a call that cannot be': { draft: `{"scenario":${scenario},"origin":${scenario},"call":1e99}` },
  'a draft of other shapes': { draft: '{"scenario":{"calls":"x","accounts":[1],"issuers":{"a":1},"lesson":[[]],"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}}},"origin":{},"call":3}' },
  'a draft with markup': { draft: JSON.stringify({ scenario: { title: '<img src=x onerror=window.hacked=1>', lesson: { course: '<img src=x onerror=window.hacked=1>', task: '[x](javascript:window.hacked=1) <script>window.hacked=1</script> ![x](x)', hints: ['<img src=x onerror=window.hacked=1>'] } }, origin: {}, call: 0 }) },
  'a deep draft': { draft: `{"scenario":{"calls":[{"action":"sts:GetCallerIdentity","params":{"a":${deep(20_000)}}}]},"origin":{},"call":0}` },
  'a long list of lessons': { 'lessons-done': JSON.stringify(Array.from({ length: 50_000 }, (_, i) => `__proto__${i}`)) },
})) {
  test(`a page whose storage was tampered with works: ${name}`, async () => {
    const context = await browser.newContext();
    const page = await context.newPage();
    const errors = [];
    page.on('pageerror', (error) => errors.push(String(error)));
    await page.addInitScript((storage) => {
      for (const [key, value] of Object.entries(storage)) (key === 'draft' ? sessionStorage : localStorage).setItem(key, value);
    }, storage);
    await page.goto(site.url);
    await ready(page);
    await page.evaluate(() => document.querySelector('#examples [data-example="a-subject-that-is-too-wide"]').click());
    await ready(page);
    assert.match(await page.locator('#title').innerText(), /too wide/i);
    assert.equal(await page.evaluate(() => window.hacked ?? {}.polluted), undefined);
    assert.deepEqual(errors, []);
    await context.close();
  });
}

test('a hostile lesson is text, and its solution reaches nothing but the scenario', async () => {
  const pollution = { polluted: 1, onerror: '<img src=x>' };
  const text = '# <img src=x onerror=window.hacked=1>\n[a](javascript:window.hacked=1) [b](data:text/html,x) [c](//evil.test) [d](https://a.test/"onmouseover="window.hacked=1) ![e](https://evil.test/p.png) [f](glossary:__proto__)\n\n<script>window.hacked=1</script>';
  const { page, context, requests, violations } = await open(browser, site.url);
  await loaded({ page, context, requests });
  const before = requests.length;
  for (const solution of [
    JSON.parse(`{"__proto__":${JSON.stringify(pollution)},"constructor":{"prototype":${JSON.stringify(pollution)}},"title":"Solved"}`),
    [{ op: 'add', path: '/__proto__/polluted', value: 1 }, { op: 'add', path: '/constructor/prototype/polluted', value: 1 }, { op: 'replace', path: '/title', value: 'Solved' }],
  ]) {
    const lesson = { course: text, text, task: text, hints: [text, '>'.repeat(100_000)], debrief: text, solution, editable: ['/title', '/__proto__', '/constructor'] };
    const link = linkOf(JSON.stringify({ title: text, calls: [{ name: 'a', action: 'sts:GetCallerIdentity', expect: { outcome: 'failure' } }], lesson }));
    await page.evaluate((hash) => (location.hash = hash), link);
    await page.locator('#shared-words', { hasText: 'Opened from a link' }).waitFor();
    await page.locator('#lesson-help').waitFor();
    await ready(page);
    for (const summary of await page.locator('.hint-of-lesson > summary').all()) await summary.click();
    await page.locator('[data-lesson="solve"]').click();
    await page.waitForFunction(() => document.querySelector('#title').textContent === 'Solved');
    await ready(page);
    assert.deepEqual(await page.evaluate(() => [window.hacked, {}.polluted, Object.keys(Object.prototype).length, document.querySelectorAll('#pane-lesson :is(img, script, iframe), a[href^="javascript" i], a[href^="data:" i]').length]), [undefined, undefined, 0, 0]);
    assert.ok(await page.locator('#shared-line').isHidden(), 'what was said of the link goes with its scenario');
  }
  assert.deepEqual(requests.slice(before), []);
  assert.deepEqual(violations, []);
  await context.close();
});
