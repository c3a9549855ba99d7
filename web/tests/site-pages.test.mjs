// The pages around the playground, as somebody reads them whose browser runs
// no program: a scenario with its whole report, the gallery, the lessons.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { axeFinds, expectVerdict, launch, open, ready, runsOver, serve } from './site.mjs';

const pages = ['examples/github-actions-deploys-from-main', 'gallery', 'gallery/symptoms', 'gallery?q=expired', 'lessons', 'lessons/a-star-in-the-subject'];

let site, browser;
before(async () => {
  [site, browser] = await Promise.all([serve(), launch()]);
});
after(async () => {
  await browser?.close();
  site?.stop();
});

const read = (path, options = {}) => open(browser, site.url, { path: `/${path}`, alive: false, javaScriptEnabled: false, ...options });

// axe is a program itself, so these have one running; the pages have none.
for (const [width, theme] of [[390, 'dark'], [390, 'light'], [1366, 'light'], [1366, 'dark']]) {
  test(`axe finds nothing in the pages at ${width} px in ${theme}, and nothing runs over`, async () => {
    const { context, page, violations } = await read(pages[0], { javaScriptEnabled: true, viewport: { width, height: 844 }, colorScheme: theme });
    for (const path of pages) {
      await page.goto(`${site.url}/${path}`);
      assert.deepEqual(await axeFinds(page), [], path);
      assert.equal(await runsOver(page), 0, `${path} scrolls sideways`);
    }
    assert.deepEqual(violations, []);
    await context.close();
  });
}

test('without a program, a scenario’s page tells each call’s verdict, and every step opens', async () => {
  const { context, page, requests } = await read('examples/github-actions-deploys-from-main');
  assert.deepEqual(requests.map(({ url }) => new URL(url).pathname.replace(/\.[0-9a-f]+\.css$/, '.css')), ['/examples/github-actions-deploys-from-main', '/assets/app.css']);
  const second = page.locator('#call-2');
  assert.match(await second.locator('.verdict-words').innerText(), /STS refuses\. The policy wants repo:acme\/app:ref:refs\/heads\/main/);
  assert.match(await second.locator('.aws-error').innerText(), /AccessDenied\s+HTTP 403\s+Not authorized to perform sts:AssumeRoleWithWebIdentity/);

  const stages = second.locator('.stage > details > summary');
  await stages.filter({ hasText: 'Signature' }).press('Enter');
  await second.locator('.step > details > summary', { hasText: 'verifies the signature' }).click();
  assert.ok(await second.locator('.foot .rule', { hasText: 'oidc/signature' }).isVisible());

  await second.locator('summary', { hasText: 'CloudTrail' }).click();
  assert.ok(await second.locator('pre', { hasText: '"errorCode": "AccessDenied"' }).isVisible());
  await context.close();
});

test('a step leads to its line of the scenario', async () => {
  const { context, page } = await read('examples/github-actions-deploys-from-main');
  const link = page.locator('#call-2 .comparison', { hasText: ':sub' }).first().locator('a.goto');
  await link.click();
  const line = page.locator(':target');
  assert.match(await line.textContent(), /"token\.actions\.githubusercontent\.com:sub": "repo:acme\/app:ref:refs\/heads\/main"/);
  assert.ok(await line.evaluate((element) => element.getBoundingClientRect().top > 0 && element.getBoundingClientRect().bottom < innerHeight));
  await context.close();
});

test('a job’s error line is found in the gallery, by a form alone', async () => {
  const { context, page } = await read('gallery');
  await page.getByLabel('Find a system, a word, or an error line').fill('Error: Could not assume role with OIDC: Incorrect token audience');
  await page.keyboard.press('Enter');
  await page.waitForURL(/\/gallery\?q=/);
  await page.locator('.recognised', { hasText: 'Incorrect token audience' }).waitFor();
  await page.locator('.entries a').first().click();
  assert.match(await page.locator('main').innerText(), /Incorrect token audience/);
  await context.close();
});

test('a symptom opens to what it means and to the scenarios that show it', async () => {
  const { context, page } = await read('gallery/symptoms');
  const symptom = page.locator('.symptoms > li', { hasText: 'No OpenIDConnect provider found in your account for {issuer}' });
  await symptom.locator('summary').press('Enter');
  assert.ok(await symptom.locator('h3', { hasText: 'An OIDC provider is registered for the issuer' }).isVisible());
  assert.ok((await symptom.locator('.plain-links a').count()) > 5);
  await context.close();
});

test('a lesson is read with its hints and its solution, and leads into the playground', async () => {
  const { context, page } = await read('lessons/a-star-in-the-subject');
  const solution = page.locator('details', { hasText: 'Solution' }).last();
  assert.equal(await solution.locator('pre').isVisible(), false);
  await page.locator('summary', { hasText: 'Solution' }).click();
  assert.match(await page.locator('.help pre').innerText(), /"StringLike": \{\n\s+"token\.actions\.githubusercontent\.com:sub": "repo:acme\/\*"/);
  assert.match(await page.locator('.to-do').innerText(), /the organisation acme-evil is refused\s+✕\s+Refused\s+as wanted/);
  await page.locator('.turn a[rel="next"]').click();
  assert.match(await page.locator('.label').first().innerText(), /Lesson 3 of/);
  await context.close();
});

test('from a scenario’s page one goes into the playground with it, and back to the gallery', async () => {
  const { context, page } = await open(browser, site.url, { path: '/examples/the-token-is-expired', alive: false });
  await page.locator('.actions .primary').click();
  await ready(page);
  assert.equal(new URL(page.url()).search, '?scenario=the-token-is-expired');
  await expectVerdict(page, /accepts/);
  await page.locator('#examples > summary').click();
  const [gallery] = await Promise.all([context.waitForEvent('page'), page.locator('#examples a', { hasText: 'by error message' }).click()]);
  await gallery.waitForLoadState();
  assert.equal(new URL(gallery.url()).pathname, '/gallery/symptoms');
  await context.close();
});

test('printed, a scenario’s page has its verdicts, its checks and its text, and no navigation', async () => {
  const { context, page } = await read('examples/the-token-is-expired');
  await page.emulateMedia({ media: 'print' });
  for (const gone of ['.top', '.actions', '.foot-of-site nav', '.next']) assert.equal(await page.locator(gone).first().isVisible(), false, gone);
  assert.equal(await page.locator('.verdict').count(), await page.locator('.verdict:visible').count());
  assert.ok(await page.locator('#call-1-stage-request > details > summary').isVisible());
  assert.ok(await page.locator('#call-1-s_sts-role-arn > details > summary').isVisible());
  assert.ok(await page.locator('#line-1').isVisible());
  await context.close();
});

test('the picture of a preview is drawn', async () => {
  const answer = await fetch(`${site.url}/examples/the-token-is-expired.png`);
  assert.equal(answer.headers.get('content-type'), 'image/png');
  const size = new DataView(await answer.arrayBuffer(), 16, 8);
  assert.deepEqual([size.getUint32(0), size.getUint32(4)], [1200, 630]);
});
