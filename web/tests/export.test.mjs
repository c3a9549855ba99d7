// The playground without its server: as static files under any path of any
// host, and as one file from a disk.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { extname, join, normalize } from 'node:path';
import { after, before, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { binary, choose, expectVerdict, launch, paste, ready } from './site.mjs';

const prefix = '/docs/v2/sts';
let browser, dir, host, url;

before(async () => {
  dir = mkdtempSync(join(tmpdir(), 'export-'));
  execFileSync(binary, ['export', dir]);
  // A host that knows as little as one can: no media type for WebAssembly, no headers.
  const types = { '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css', '.json': 'application/json' };
  host = createServer((request, response) => {
    const { pathname } = new URL(request.url, 'http://host');
    let path = join(dir, normalize(pathname.slice(prefix.length)));
    try {
      if (!pathname.startsWith(prefix)) throw new Error('outside');
      if (statSync(path).isDirectory()) {
        if (!pathname.endsWith('/')) return response.writeHead(301, { Location: `${pathname}/` }).end();
        path = join(path, 'index.html');
      }
      response.writeHead(200, { 'Content-Type': types[extname(path)] ?? 'application/octet-stream' }).end(readFileSync(path));
    } catch {
      response.writeHead(404).end();
    }
  });
  await new Promise((resolve) => host.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${host.address().port}${prefix}/`;
  browser = await launch();
});

after(async () => {
  await browser.close();
  host.close();
  rmSync(dir, { recursive: true });
});

async function open(address, options) {
  const context = await browser.newContext(options);
  const page = await context.newPage();
  const requests = [];
  const complaints = [];
  context.on('request', (request) => requests.push(request.url()));
  page.on('console', (message) => ['error', 'warning'].includes(message.type()) && complaints.push(message.text()));
  page.on('pageerror', (error) => complaints.push(String(error)));
  await page.goto(address);
  await ready(page);
  return { context, page, requests, complaints };
}


function titled(page, title) {
  return page.waitForFunction((title) => document.querySelector('#title').textContent === title, title);
}

test('under a path of a plain host everything is there, and nothing outside of it is asked for', async () => {
  const { context, page, requests, complaints } = await open(url);
  await expectVerdict(page, /accepts/);
  assert.equal(await page.title(), 'STS Playground: GitHub Actions deploys from main');
  await page.goto(`${url}?scenario=the-token-is-expired`);
  await titled(page, 'The token is expired');
  const [lesson] = await page.locator('#lessons [data-take]').evaluateAll((links) => links.map((link) => link.dataset.take));
  await page.goto(`${url}?lesson=${lesson}`);
  await page.locator('#pane-lesson .lesson-task').waitFor();
  await page.locator('#tasks li').first().waitFor(); // its boxes
  await page.goto(`${url}new/`);
  await ready(page);
  await titled(page, 'Untitled scenario');
  await page.goto(`${url}modelled`);
  await page.locator('h1', { hasText: 'What is modelled' }).waitFor();
  await page.getByRole('link', { name: 'STS Playground' }).click();
  await ready(page);
  assert.equal(page.url(), url);
  for (const asked of requests) assert.ok(asked.startsWith(url) || asked.startsWith('blob:') || asked.startsWith('data:'), asked);
  assert.deepEqual(complaints, []);
  await context.close();
});

test('what an exported page may fetch is its own files, and no other of its host', async () => {
  const { context, page } = await open(url);
  const answer = (address) => page.evaluate((address) => fetch(address).then(() => 'fetched', () => 'refused'), address);
  assert.equal(await answer('examples/the-token-is-expired.yaml'), 'refused');
  assert.equal(await answer('/collect'), 'refused');
  await context.close();
});

test('one file from a disk is the whole playground, and asks for nothing', async () => {
  const { context, page, requests, complaints } = await open(pathToFileURL(join(dir, 'offline.html')).href);
  await expectVerdict(page, /accepts/);
  await page.locator('#examples > summary').click();
  await page.fill('#find-example', 'the token is expired');
  await page.locator('[data-example="the-token-is-expired"]').click();
  await titled(page, 'The token is expired');
  await page.locator('#lessons > summary').click();
  await page.locator('#lessons [data-take]').first().click();
  await page.locator('#lesson-says .lesson-task').waitFor();
  assert.match(await page.locator('#lesson-place').innerText(), /1 of \d/);
  await paste(page, 'trust', '{');
  await page.locator('.finding, .findings').first().waitFor();
  await choose(page, '#causes > summary');
  await page.fill('#causes-text', 'Not authorized to perform sts:AssumeRoleWithWebIdentity');
  await page.locator('#causes-found .cause').first().waitFor();
  await page.keyboard.press('Escape');
  await page.locator('#privacy > summary').click();
  await page.locator('#privacy a[href="modelled"]').click();
  await page.locator('dialog h1', { hasText: 'What is modelled' }).waitFor();
  await page.keyboard.press('Escape');
  await page.waitForFunction(() => !document.querySelector('dialog.page-to-read'));
  await page.locator('#lessons > summary').click();
  await page.locator('#lessons .readings a', { hasText: 'Comparisons' }).click();
  await page.locator('dialog h1', { hasText: 'Comparisons' }).waitFor();
  await page.locator('dialog nav a', { hasText: 'A roll-out order' }).click();
  await page.waitForFunction(() => { const { top } = document.querySelector('dialog h2[id$="roll-out"]').getBoundingClientRect(); return top >= 0 && top < innerHeight; });
  await page.locator('dialog a[href="glossary#metadata"]').first().click();
  await page.locator('dialog h1', { hasText: 'Glossary' }).waitFor();
  await page.waitForFunction(() => { const { top } = document.querySelector('dialog [id$="-metadata"]').getBoundingClientRect(); return top >= 0 && top < innerHeight; });
  assert.deepEqual(await page.evaluate(() => [...document.querySelectorAll('[id]')].map(({ id }) => id).filter((id, i, all) => all.indexOf(id) !== i)), [], 'ids that stand twice');
  await page.keyboard.press('Escape');
  await page.waitForFunction(() => !document.querySelector('dialog.page-to-read'));
  assert.deepEqual(requests.filter((asked) => !asked.startsWith('blob:') && !asked.startsWith('data:')), [pathToFileURL(join(dir, 'offline.html')).href]);
  assert.deepEqual(complaints, []);
  await context.close();
});

test('an exported page that is opened from a disk leads to the one file, with what its address names', async () => {
  const { context, page, complaints } = await open(`${pathToFileURL(join(dir, 'index.html')).href}?scenario=the-token-is-expired`);
  assert.match(page.url(), /offline\.html/);
  await titled(page, 'The token is expired');
  await context.close();
});
