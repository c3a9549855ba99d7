// Lessons, as somebody takes them: the overview, the boxes that tick
// themselves off, hints, the solution, and what is remembered.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { axeFinds, launch, open, paste, ready, runsOver, serve, textOf } from './site.mjs';

let browser, site;
before(async () => {
  site = await serve();
  browser = await launch();
});
after(async () => {
  await browser.close();
  site.stop();
});

const boxes = (page) => page.locator('#tasks li').evaluateAll((items) => items.map((item) => item.classList.contains('is-passed')));
const isDone = (page) => page.waitForFunction(() => document.querySelector('#pane-lesson').hasAttribute('data-done') && document.querySelector('#report').ariaBusy === 'false');
const title = (page) => page.locator('#lesson-title').innerText();

async function take(page, slug) {
  await page.locator('#lessons > summary').click();
  await page.locator(`#lessons [data-take="${slug}"]`).click();
  await ready(page);
}

/** Solves the lesson in view by its own solution, as a reader who gives up does. */
async function solve(page) {
  await page.locator('.hint-of-lesson > summary', { hasText: 'Solution' }).click();
  await page.locator('[data-lesson="solve"]').click();
  await isDone(page);
}

test('every lesson begins with an empty box, and its solution ticks them all', async () => {
  const { page, context, violations } = await open(browser, site.url);
  const slugs = await page.locator('#lessons [data-take]').evaluateAll((links) => links.map((link) => link.dataset.take));
  assert.ok(slugs.length >= 24, `${slugs.length} lessons`);
  for (const slug of slugs) {
    await take(page, slug);
    const before = await boxes(page);
    assert.ok(before.length > 0 && before.includes(false), `${slug} begins with ${before}`);
    assert.ok(await page.locator('#lesson-debrief').isHidden(), `${slug}: what was learned comes afterwards`);
    assert.ok(await page.locator('#lesson-elsewhere').isHidden(), `${slug}: nothing is changed yet`);
    assert.ok(await page.locator(`#lessons [data-take="${slug}"] .done`).evaluate((word) => word.hidden), `${slug}: not done yet`);
    await solve(page);
    assert.deepEqual(await boxes(page), before.map(() => true), slug);
    assert.ok(await page.locator('#lesson-debrief').isVisible(), slug);
  }
  await page.locator('#lessons > summary').click();
  assert.equal(await page.locator('#lessons-done').innerText(), `${slugs.length} of ${slugs.length} done.`);
  assert.deepEqual(violations, []);
  await context.close();
});

test('what is done is remembered in this browser until it is forgotten', async () => {
  const { page, context } = await open(browser, site.url);
  const [first, second] = await page.locator('#lessons [data-take]').evaluateAll((links) => links.map((link) => link.dataset.take));
  await take(page, first);
  await solve(page);
  await page.reload();
  await ready(page);
  await page.locator('#lessons > summary').click();
  assert.ok(await page.locator(`#lessons [data-take="${first}"] .done`).isVisible());
  assert.ok(await page.locator(`#lessons [data-take="${second}"] .done`).isHidden());
  assert.deepEqual(await page.evaluate(() => JSON.parse(localStorage.getItem('lessons-done'))), [first]);
  await page.locator('#forget-progress').click();
  assert.ok(await page.locator(`#lessons [data-take="${first}"] .done`).isHidden());
  assert.equal(await page.evaluate(() => localStorage.getItem('lessons-done')), null);
  await context.close();
});

test('a lesson leads to the next one and back, and its address can be kept', async () => {
  const { page, context } = await open(browser, site.url);
  const [first] = await page.locator('#lessons [data-take]').evaluateAll((links) => links.map((link) => link.dataset.take));
  await take(page, first);
  const began = await title(page);
  assert.ok(await page.locator('#lesson-before').isHidden(), 'nothing stands before the first');
  assert.match(await page.locator('#lesson-place').innerText(), /· 1 of \d/);
  assert.equal(new URL(page.url()).search, `?lesson=${first}`);
  await page.locator('#lesson-after').click();
  await ready(page);
  assert.match(await page.locator('#lesson-place').innerText(), /· 2 of \d/);
  assert.notEqual(await title(page), began);
  await page.locator('#lesson-before').click();
  await ready(page);
  assert.equal(await title(page), began);
  assert.equal(await page.evaluate(() => document.activeElement?.id), 'lesson-title', 'the focus goes along');
  await context.close();
});

test('a task counts only while nothing else is changed, and what is can be put back', async () => {
  const { page, context } = await open(browser, site.url, { path: '/?lesson=the-missing-subject' });
  await solve(page);
  await page.locator('#mint-json-d > summary').click();
  const mint = JSON.parse(await textOf(page, 'mint'));
  await paste(page, 'mint', JSON.stringify({ ...mint, claims: { ...mint.claims, ref: 'refs/heads/elsewhere' } }));
  await page.locator('#lesson-elsewhere').waitFor();
  assert.ok(await page.locator('#lesson-debrief').isHidden());
  await page.locator('[data-lesson="mend"]').click();
  await isDone(page);
  assert.ok(await page.locator('#lesson-elsewhere').isHidden());
  await page.locator('[data-lesson="restart"]').click();
  await page.waitForFunction(() => !document.querySelector('#pane-lesson').hasAttribute('data-done'));
  await page.locator('#undo').click();
  await isDone(page);
  await context.close();
});

test('a box leads to its call, and says what the call does in place of what is wanted', async () => {
  const { page, context } = await open(browser, site.url, { path: '/?lesson=the-missing-subject' });
  const open_ = page.locator('#tasks li:not(.is-passed) button').first();
  assert.match(await open_.innerText(), /now it (succeeds|is refused)/);
  await open_.click();
  await ready(page);
  assert.equal(await page.locator('#report').getAttribute('data-call'), await open_.getAttribute('data-call'));
  await context.close();
});

test('a term is explained where it stands, and Escape leaves it', async () => {
  const { page, context } = await open(browser, site.url, { path: '/?lesson=the-missing-subject' });
  const term = page.locator('#pane-lesson .term').first();
  await term.focus();
  await page.keyboard.press('Enter');
  const id = await term.getAttribute('popovertarget');
  assert.ok(await page.locator(`#${id}`).isVisible());
  await page.keyboard.press('Escape');
  assert.ok(await page.locator(`#${id}`).isHidden());
  assert.ok(await term.evaluate((button) => button === document.activeElement));
  await context.close();
});

test('a lesson that somebody pastes is taken like the others, and its markup stays text', async () => {
  const { page, context, violations } = await open(browser, site.url);
  const lesson = {
    title: '<img src=x onerror=alert(1)>',
    now: '2026-04-28T10:30:00Z',
    calls: [{ name: 'who am I', action: 'sts:GetCallerIdentity', caller: 'arn:aws:iam::123456789012:root', expect: { outcome: 'failure', code: 'success' } }],
    lesson: { course: '<b>mine</b>', text: '<script>alert(1)</script> [x](javascript:alert(1)) ![y](https://evil.example/z.png)', task: 'Do *it*.', hints: ['<i>h</i>'], editable: ['/calls/0/expect'], solution: [{ op: 'move', from: '/calls/0/expect/code', path: '/calls/0/expect/outcome' }] },
  };
  await page.evaluate(() => { for (let up = document.querySelector('[data-editor="scenario"]'); up; up = up.parentElement) if (up instanceof HTMLDetailsElement) up.open = true; });
  await paste(page, 'scenario', JSON.stringify(lesson));
  await page.locator('#lesson-says em').waitFor();
  assert.equal(await title(page), lesson.title);
  assert.equal(await page.locator('#pane-lesson :is(script, img, b, i)').count(), 0);
  assert.equal(await page.locator('#pane-lesson a[href^="javascript"]').count(), 0);
  await solve(page);
  assert.deepEqual(violations, []);
  await context.close();
});

for (const [colorScheme, width] of [['light', 1366], ['dark', 390], ['dark', 1920], ['light', 1150]]) {
  test(`axe finds nothing in a lesson and in the overview at ${width} px in ${colorScheme}`, async () => {
    const { page, context } = await open(browser, site.url, { path: '/?lesson=the-missing-subject', colorScheme, viewport: { width, height: 800 } });
    assert.ok(await page.locator('#lesson-title').isVisible());
    assert.deepEqual(await axeFinds(page), []);
    if (await page.locator('#menu').isVisible()) await page.click('#menu');
    await page.locator('#lessons > summary').click();
    assert.deepEqual(await axeFinds(page), []);
    assert.equal(await runsOver(page), 0, 'nothing runs over');
    await context.close();
  });
}
