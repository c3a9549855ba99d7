// The page that makes snippets, and the samples in examples/embeds.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { extname, join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { axeFinds, binary, launch, runsOver, serve } from './site.mjs';

const samples = fileURLToPath(new URL('../../examples/embeds/', import.meta.url));
const types = { '.html': 'text/html; charset=utf-8', '.js': 'text/javascript', '.css': 'text/css', '.yaml': 'application/yaml', '.json': 'application/json', '.svg': 'image/svg+xml' };
const hosts = [];
let site, browser, work;
before(async () => {
  work = mkdtempSync(join(tmpdir(), 'embeds-'));
  [site, browser] = await Promise.all([serve(), launch()]);
});
after(async () => {
  await browser?.close();
  site?.stop();
  for (const server of hosts) server.close();
  rmSync(work, { recursive: true, force: true });
});

/** Serves a folder; where its pages name the samples' playground they name another. Everything is open to other origins, as on hosts for static files. */
async function host(folder, playground) {
  const server = createServer((request, response) => {
    const { pathname, search } = new URL(request.url, 'http://host');
    let path = join(folder, decodeURIComponent(pathname));
    if (existsSync(path) && statSync(path).isDirectory()) {
      if (!pathname.endsWith('/')) return response.writeHead(301, { Location: `${pathname}/${search}`, 'Access-Control-Allow-Origin': '*' }).end();
      path = join(path, 'index.html');
    }
    if (!existsSync(path)) return response.writeHead(404).end();
    const body = readFileSync(path);
    const text = /html|js$/.test(extname(path)) ? body.toString().replaceAll('https://sts.example.com', playground) : body;
    response.writeHead(200, { 'Content-Type': types[extname(path)] ?? 'application/octet-stream', 'Access-Control-Allow-Origin': '*' }).end(text);
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  hosts.push(server);
  return `http://127.0.0.1:${server.address().port}`;
}

/** Opens a page and brings every playground in it into sight; what each says of itself. */
async function played(url, count) {
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.goto(url);
  const all = page.locator('sts-playground');
  assert.equal(await all.count(), count);
  const said = [];
  for (let i = 0; i < count; i++) {
    await all.nth(i).scrollIntoViewIfNeeded();
    const run = all.nth(i).getByRole('button', { name: 'Run this example' });
    if ((await all.nth(i).getAttribute('loading')) === 'click') await run.click();
    said.push((await all.nth(i).locator('#self-check').innerText()).replaceAll(/\s+/g, ' '));
  }
  return { context, page, said };
}

test('the builder makes a snippet for each kind of site, which is what its preview shows', async () => {
  const context = await browser.newContext({ viewport: { width: 320, height: 900 } });
  const page = await context.newPage();
  await page.goto(`${site.url}/embeds`);
  const snippet = page.locator('#snippets pre').first();
  await page.locator('#preview .stages').waitFor();
  assert.equal(await snippet.innerText(), `<sts-playground scenario="github-actions-deploys-from-main">\n  <a href="${site.url}/?scenario=github-actions-deploys-from-main">GitHub Actions deploys from main</a>\n</sts-playground>`);
  await page.getByLabel('What is played').fill('the-organisation-in-another-letter-case');
  await page.getByLabel('What is shown').selectOption('verdict');
  await page.getByLabel(/^Expected/).fill('deny "AccessDenied"');
  await page.getByLabel(/^Expected/).fill('deny AccessDenied');
  await page.getByLabel('Theme').selectOption('dark');
  await page.getByLabel('Readers can’t change it').check();
  await page.locator('#preview .sts[data-theme="dark"][data-view="verdict"] #self-check[data-met="true"]').waitFor();
  for (const [name, want] of [
    ['HTML', '<sts-playground scenario="the-organisation-in-another-letter-case" view="verdict" expect="deny AccessDenied" theme="dark" readonly="true">'],
    ['iframe', `<iframe src="${site.url}/v1/embed?scenario=the-organisation-in-another-letter-case&amp;view=verdict&amp;expect=deny+AccessDenied&amp;theme=dark&amp;readonly=true"`],
    ['Markdown, MDX', '<sts-playground scenario="the-organisation-in-another-letter-case"'],
    ['MkDocs', 'extra_javascript:'],
    ['Docusaurus', `scripts: [{ src: '${site.url}/v1/embed.js', type: 'module' }],`],
    ['Hugo', '.Page.Store'],
  ]) {
    await page.getByLabel(name, { exact: true }).check();
    assert.ok((await page.locator('#snippets pre').allInnerTexts()).join('\n').includes(want), `${name}: ${await page.locator('#snippets').innerText()}`);
  }
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await page.locator('#snippets').getByRole('button', { name: /^Copy/ }).last().click();
  assert.match(await page.evaluate(() => navigator.clipboard.readText()), /^\{\{< sts scenario="the-organisation-in-another-letter-case" view="verdict"/);
  await page.getByLabel('What is played').fill(`${site.url}/#s=1.q1YqVrKKjq0FAA`);
  await page.getByLabel('iframe', { exact: true }).check();
  assert.match(await page.locator('#snippets pre').first().innerText(), /\/v1\/embed\?view=verdict[^"]*#s=1\.q1YqVrKKjq0FAA"/);
  assert.equal(await runsOver(page), 0);
  assert.deepEqual(await axeFinds(page), []);
  await context.close();
});

test('the sample in HTML: an example, a file, a text in the page, a listing and a frame', async () => {
  const docs = await host(samples, site.url);
  const { context, page, said } = await played(`${docs}/html/`, 4);
  assert.deepEqual(said, [
    '✓ as this page says: “push to main” succeeds. ✓ as the scenario expects: 2 calls.',
    '✓ as this page says: “a pull request” is refused with AccessDenied at trust/condition. ✓ as the scenario expects: 1 call.',
    '✓ as this page says: “alice asks” succeeds.',
    '✓ as the scenario expects: 1 call.',
  ]);
  await page.locator('iframe').scrollIntoViewIfNeeded();
  await page.frameLocator('iframe').locator('.sts .verdict', { hasText: 'STS refuses.' }).waitFor();
  await context.close();
});

test('the sample in MkDocs, built', async () => {
  execFileSync('mkdocs', ['build', '--quiet', '--strict', '--site-dir', `${work}/site`, '--config-file', `${samples}mkdocs/mkdocs.yml`]);
  const docs = await host(`${work}/site`, site.url);
  const { context, said } = await played(`${docs}/`, 2);
  assert.deepEqual(said.map((each) => each.slice(0, 23)), ['✓ as this page says: “p', '✓ as this page says: “a']);
  await context.close();
});

test('the sample in Docusaurus has in its settings what the builder says, and a lockfile of its own', async () => {
  const { default: settings } = await import(`${samples}docusaurus/docusaurus.config.js`);
  assert.deepEqual(settings.scripts, [{ src: 'https://sts.example.com/v1/embed.js', type: 'module' }]);
  const { dependencies } = JSON.parse(readFileSync(`${samples}docusaurus/package.json`, 'utf8'));
  assert.deepEqual(JSON.parse(readFileSync(`${samples}docusaurus/package-lock.json`, 'utf8')).packages[''].dependencies, dependencies);
});

// Its thousand packages take minutes to install and to build: see make samples.
test('the sample in Docusaurus, built', { skip: !process.env.DOCUSAURUS }, async () => {
  const docs = await host(process.env.DOCUSAURUS, site.url);
  const { context, page, said } = await played(`${docs}/`, 2);
  assert.deepEqual(said, ['✓ as this page says: “push to main” succeeds. ✓ as the scenario expects: 2 calls.', '✓ as the scenario expects: 1 call.']);
  await page.getByRole('button', { name: /Switch between dark and light/ }).click();
  await page.locator('sts-playground .sts[data-theme="dark"]').first().waitFor();
  await context.close();
});

test('from the files of an export, under a path, the element and the frame work the same', async () => {
  execFileSync(binary, ['export', `${work}/host/docs/sts`]);
  const playground = await host(`${work}/host`, 'https://sts.example.com');
  const docs = await host(samples, `${playground}/docs/sts`);
  const { context, page, said } = await played(`${docs}/html/`, 4);
  assert.match(said[0], /^✓ as this page says: “push to main” succeeds/);
  await page.locator('iframe').scrollIntoViewIfNeeded();
  await page.frameLocator('iframe').locator('.sts .verdict', { hasText: 'STS refuses.' }).waitFor();
  await context.close();
});
