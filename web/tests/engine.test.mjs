// The engine as a part that can be late, fail or run away.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { expectVerdict, launch, open, paste, ready, serve, textOf } from './site.mjs';

let site, browser;
before(async () => {
  [site, browser] = await Promise.all([serve(), launch()]);
});
after(async () => {
  await browser?.close();
  site?.stop();
});

/** A page whose requests for an asset are answered by the test. */
async function openWith(pattern, answer) {
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.route(pattern, answer);
  await page.goto(site.url);
  return { context, page };
}

test('a run without an end is stopped and said so, and what was typed is kept', async () => {
  // A worker in the engine's place: its first run answers, its second never ends.
  const stub = `let runs = 0;
    self.onmessage = ({data}) => {
      if (data.kind === 'start') return self.postMessage({kind: 'ready', module: data.engine});
      if (data.kind !== 'run') return;
      if (++runs === 2) for (;;);
      const {scenario} = JSON.parse(data.request);
      self.postMessage({kind: 'answer', id: data.id, answer: {parts: [{id: 'verdict-words', holder: '', html: '<h2 id="verdict-words">' + (scenario.includes('typed') ? 'typed' : 'first') + '</h2>'}], scenario: '', internal: '', findings: [], calls: []}});
    };`;
  const { context, page } = await openWith(/\/worker\.\w+\.js$/, (route) => route.fulfill({ contentType: 'text/javascript', body: stub }));
  await expectVerdict(page, /first/);
  await paste(page, 'trust', '{"typed": true}');
  await page.waitForFunction(() => /working/i.test(document.querySelector('#engine-words').textContent));
  await page.waitForFunction(() => document.documentElement.dataset.engine === 'stopped', undefined, { timeout: 15_000 });
  assert.match(await page.locator('#problems').innerText(), /longer than eight seconds/);
  assert.equal(await textOf(page, 'trust'), '{"typed": true}');

  await context.setOffline(true);
  await page.click('#restart');
  await expectVerdict(page, /typed/);
  assert.equal(await page.locator('#problems').isVisible(), false);
  await context.close();
});

test('the real engine starts again without a request', async () => {
  const { context, page } = await open(browser, site.url);
  await context.setOffline(true);
  await page.evaluate(() => {
    document.querySelector('#restart').hidden = false;
    document.querySelector('#engine').hidden = false;
  });
  await page.click('#restart');
  await ready(page);
  await paste(page, 'trust', '{}');
  await expectVerdict(page, /refuses/);
  await context.close();
});

test('an engine that can not be loaded is named with its reason, and another try works', async () => {
  let broken = true;
  const { context, page } = await openWith(/\/engine\.\w+\.wasm$/, (route) => (broken ? route.fulfill({ status: 503, body: 'no' }) : route.continue()));
  await page.waitForFunction(() => document.documentElement.dataset.engine === 'stopped');
  assert.match(await page.locator('#problems').innerText(), /could not be loaded.*503/);
  await paste(page, 'trust', '{}');
  broken = false;
  await page.click('#restart');
  await ready(page);
  await expectVerdict(page, /refuses/);
  await context.close();
});

test('what is typed before the engine arrives is played when it does', async () => {
  let release;
  const held = new Promise((resolve) => (release = resolve));
  const { context, page } = await openWith(/\/engine\.\w+\.wasm$/, async (route) => {
    await held;
    await route.continue();
  });
  await paste(page, 'trust', '{}');
  assert.equal(await page.evaluate(() => document.documentElement.dataset.engine), 'loading');
  release();
  await expectVerdict(page, /refuses/);
  await context.close();
});

const misnamed = JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Principal: { Federated: 'arn:aws:iam::123456789012:oidc-provider/idp.example.com' }, Action: 'sts:AssumeRoleWithWebIdentity', Condition: { StringEquals: { 'aws:RequestedRegions': 'eu-west-1' } } }] });

test('AWS’s names arrive after the first answer, and reports go by them from then on', async () => {
  let release;
  const held = new Promise((resolve) => (release = resolve));
  const { context, page } = await openWith(/\/reference\.\w+\.tsv$/, async (route) => {
    await held;
    await route.continue();
  });
  await page.waitForFunction(() => document.documentElement.dataset.engine === 'ready');
  await paste(page, 'trust', misnamed);
  await page.waitForFunction(() => document.querySelector('#report').ariaBusy === 'false');
  assert.doesNotMatch(await page.locator('#report').innerText(), /aws:RequestedRegion is the nearest/);
  release();
  await page.waitForFunction(() => /aws:RequestedRegion is the nearest/.test(document.querySelector('#report').innerText));
  assert.equal(await page.locator('#unreferred').isVisible(), false);
  await context.close();
});

test('without AWS’s names everything works but the check of names, and the page says so', async () => {
  const { context, page } = await openWith(/\/reference\.\w+\.tsv$/, (route) => route.fulfill({ status: 503, body: 'no' }));
  await ready(page);
  assert.equal(await page.evaluate(() => document.documentElement.dataset.names), 'missing');
  assert.match(await page.locator('#unreferred').innerText(), /503.*aren’t checked/);
  await paste(page, 'trust', '{}');
  await expectVerdict(page, /refuses/);
  assert.equal(await page.evaluate(() => document.documentElement.dataset.engine), 'ready');
  await context.close();
});
