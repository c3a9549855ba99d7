// A workshop as a room takes it: by the code on the projector, over plain
// HTTP, from a laptop that may be closed once the page is there.

import assert from 'node:assert/strict';
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { after, before, test } from 'node:test';
import jsQR from 'jsqr';
import { axeFinds, choose, launch, loaded, open, ready, runsOver, serve } from './site.mjs';

const sample = fileURLToPath(new URL('../../examples/workshop', import.meta.url));

let browser, site, folder;
before(async () => {
  folder = join(mkdtempSync(join(tmpdir(), 'workshop-')), 'gitlab-without-keys');
  cpSync(sample, folder, { recursive: true });
  site = await serve('-workshop', folder);
  // A name that isn't this machine's own: what browsers keep to secure contexts isn't there.
  browser = await launch(['--host-resolver-rules=MAP workshop.test 127.0.0.1']);
  site.room = site.url.replace('127.0.0.1', 'workshop.test');
});
after(async () => {
  await browser.close();
  site.stop();
  rmSync(join(folder, '..'), { recursive: true });
});

const title = (page) => page.locator('#lesson-title').innerText();
const isDone = (page) => page.waitForFunction(() => document.querySelector('#pane-lesson').hasAttribute('data-done') && document.querySelector('#report').ariaBusy === 'false');

async function solve(page) {
  await page.locator('.hint-of-lesson > summary', { hasText: 'Solution' }).click();
  await page.locator('[data-lesson="solve"]').click();
  await isDone(page);
}

/** What a phone reads off a code. */
async function scanned(page, selector) {
  const { data, width, height } = await page.locator(selector).evaluate(async (svg) => {
    const image = new Image();
    image.src = `data:image/svg+xml;utf8,${encodeURIComponent(new XMLSerializer().serializeToString(svg).replace('<svg ', '<svg width="400" height="400" '))}`;
    await image.decode();
    const canvas = Object.assign(document.createElement('canvas'), { width: 400, height: 400 });
    const context = canvas.getContext('2d');
    context.drawImage(image, 0, 0, 400, 400);
    return { data: [...context.getImageData(0, 0, 400, 400).data], width: 400, height: 400 };
  });
  return jsQR(Uint8ClampedArray.from(data), width, height)?.data;
}

test('a room joins by the code on the projector, and then needs no server', async () => {
  const projector = await open(browser, site.room, { path: '/workshops/gitlab-without-keys/projector', alive: false });
  const code = await projector.page.locator('p.room-code').innerText();
  assert.equal(await scanned(projector.page, '.qr'), `${site.room}/w/${code}`);
  await projector.context.close();

  const { page, context, requests, violations } = await open(browser, site.room, { path: '/workshops', alive: false });
  await page.locator('#room').fill(` ${code.toLowerCase()} `);
  await page.locator('#room').press('Enter');
  await ready(page);
  assert.equal(await page.evaluate(() => isSecureContext), false, 'over plain HTTP, as in a room');
  assert.equal(await title(page), 'A token for AWS');
  assert.deepEqual(await page.locator('#lessons [data-take] strong').allTextContents(), ['A token for AWS', 'One branch of one project', 'Two hours for a long deployment']);
  await loaded({ page, context, requests });
  const before = requests.length;
  await context.setOffline(true);

  await solve(page);
  await page.locator('#lesson-after').click();
  await ready(page);
  assert.equal(await title(page), 'One branch of one project');
  assert.equal(new URL(page.url()).search, '?workshop=gitlab-without-keys&lesson=one-branch-of-one-project');
  await page.locator('.hint-of-lesson > summary').first().click();
  await page.locator('#lesson-says .term').first().click();
  assert.ok(await page.locator('#term-trust-policy').isVisible());
  await page.keyboard.press('Escape');
  await solve(page);
  await page.locator('#lesson-after').click();
  await ready(page);
  assert.match(await page.locator('#lesson-place').innerText(), /GitLab deploys to AWS without keys · 3 of 3/);
  assert.ok(await page.locator('#lesson-after').isHidden());
  await page.locator('#lesson-before').click();
  await ready(page);
  assert.equal(await title(page), 'One branch of one project');
  await page.locator('#lessons > summary').click();
  assert.equal(await page.locator('#lessons-done').innerText(), '2 of 3 done.');
  await page.keyboard.press('Escape');
  await page.locator('#share').click();
  await page.locator('#share-take').click();
  await page.waitForFunction(() => document.querySelector('#share-said').textContent !== '');
  assert.equal(await page.locator('#share-said').innerText(), 'The link is copied.');
  await page.keyboard.press('Escape');

  assert.deepEqual(requests.slice(before).map(({ url }) => url).filter((url) => !url.startsWith('blob:')), [], 'nothing is asked for');
  assert.deepEqual(violations.filter((said) => !said.includes('Cross-Origin-Opener-Policy')), []);
  assert.deepEqual(await page.evaluate(() => Object.keys(localStorage)), ['lessons-done gitlab-without-keys']);

  await context.setOffline(false);
  await page.reload();
  await ready(page);
  assert.equal(await title(page), 'One branch of one project');
  await page.locator('#lessons > summary').click();
  assert.equal(await page.locator('#lessons-done').innerText(), '2 of 3 done.', 'progress is kept');
  await page.goto(`${site.room}/?lesson=the-missing-subject`);
  await ready(page);
  assert.equal(await page.locator('#lessons-done').textContent(), '', 'a workshop’s progress is its own');
  await context.close();
});

test('what is typed in a workshop survives a reload, and the workshop does', async () => {
  const { page, context } = await open(browser, site.room, { path: '/?workshop=gitlab-without-keys&lesson=two-hours-for-a-long-deployment' });
  await solve(page);
  assert.equal(new URL(page.url()).search, '?workshop=gitlab-without-keys', 'what is edited is no longer what the address named');
  await page.waitForFunction(() => sessionStorage.getItem('draft of gitlab-without-keys')?.includes('7200'));
  await page.reload();
  await isDone(page);
  assert.equal(await title(page), 'Two hours for a long deployment');
  assert.ok(await page.locator('#lesson-after').isHidden() && await page.locator('#lesson-before').isVisible());
  await context.close();
});

test('a copy button copies over plain HTTP, too', async () => {
  const { page, context, violations } = await open(browser, site.room, { path: '/?workshop=gitlab-without-keys' });
  assert.equal(await page.evaluate(() => navigator.clipboard), undefined);
  await choose(page, '#exchange > summary');
  await page.locator('[data-format="cli"]').click();
  const button = page.locator('#export-files [data-copy]').first();
  await button.click();
  const wanted = await page.locator(`#${await button.getAttribute('data-copy')}`).evaluate((source) => source.textContent);
  await page.waitForFunction(() => document.querySelector('#status').textContent === 'Copied.');
  await page.locator('#find-example').evaluate((field) => {
    field.closest('details').open = true;
    field.focus();
  });
  await page.keyboard.press('Control+V');
  assert.equal((await page.locator('#find-example').inputValue()).trim(), wanted.replace(/\n/g, ' ').trim(), 'a field of one line has spaces for line ends');
  assert.deepEqual(violations.filter((said) => !said.includes('Cross-Origin-Opener-Policy')), []);
  await context.close();
});

test('the workshop in one file is opened from a disk, with its lessons and nothing to load', async () => {
  const response = await fetch(`${site.url}/workshops/gitlab-without-keys/offline.html`);
  const file = join(folder, '..', 'home.html');
  writeFileSync(file, Buffer.from(await response.arrayBuffer()));
  const { page, context, requests, violations } = await open(browser, pathToFileURL(file).href, { path: '' });
  assert.equal(await title(page), 'A token for AWS');
  await solve(page);
  await page.locator('#lesson-after').click();
  await ready(page);
  assert.equal(await title(page), 'One branch of one project');
  assert.deepEqual(requests.map(({ url }) => url).filter((url) => /^https?:/.test(url)), []);
  assert.deepEqual(violations, []);
  await context.close();
});

test('an address made by the form is a workshop of the lessons chosen', async () => {
  const { page, context, requests } = await open(browser, site.room, { path: '/workshops', alive: false });
  await page.locator('#compose-name').fill('Tuesday <b>');
  for (const [course, lesson] of [['The trust policy is the lock', 'The missing subject'], ['GitLab deploys to AWS without keys', 'Two hours for a long deployment']]) {
    await page.locator('.compose summary', { hasText: course }).click();
    await page.getByLabel(lesson).check();
  }
  await page.getByRole('button', { name: 'Make the workshop' }).click();
  assert.equal(await page.locator('h1').innerText(), 'Tuesday <b>');
  assert.equal(new URL(page.url()).search, '?lesson=two-hours-for-a-long-deployment&lesson=the-missing-subject&title=Tuesday+%3Cb%3E');
  const code = await page.locator('.room-code').innerText();
  await page.getByRole('link', { name: 'Begin' }).click();
  await ready(page);
  assert.equal(await title(page), 'Two hours for a long deployment');
  await loaded({ page, context, requests });
  await context.setOffline(true);
  await page.locator('#lesson-after').click();
  await ready(page);
  assert.match(await page.locator('#lesson-place').innerText(), /^Tuesday <b> · 2 of 2$/);
  await context.setOffline(false);
  await page.goto(`${site.room}/w/${code}`);
  await ready(page);
  assert.equal(await title(page), 'Two hours for a long deployment', 'the room’s code leads there');
  await context.close();
});

for (const [colorScheme, width] of [['light', 1366], ['dark', 320]]) {
  test(`axe finds nothing on the workshops' pages at ${width} px in ${colorScheme}`, async () => {
    const { page, context } = await open(browser, site.room, { path: '/workshops', alive: false, colorScheme, viewport: { width, height: 800 } });
    for (const path of ['/workshops', '/workshops/gitlab-without-keys', '/workshops/gitlab-without-keys/projector', '/w/none']) {
      await page.goto(site.room + path);
      assert.deepEqual(await axeFinds(page), [], path);
      assert.equal(await runsOver(page), 0, `${path}: nothing runs over`);
    }
    await context.close();
  });
}
