// The pages to read, as somebody reads them: by keyboard, on a phone, in both
// themes, and from there into the playground.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { axeFinds, launch, open, openMore, ready, runsOver, serve } from './site.mjs';

const pages = ['compare', 'myths', 'glossary', 'modelled'];

let site, browser;
before(async () => {
  [site, browser] = await Promise.all([serve(), launch()]);
});
after(async () => {
  await browser?.close();
  site?.stop();
});

const read = (name, options = {}) => open(browser, site.url, { path: `/${name}`, alive: false, ...options });

for (const [width, theme] of [[320, 'light'], [390, 'dark'], [1366, 'light'], [1920, 'dark']]) {
  test(`axe finds nothing in the pages to read at ${width} px in ${theme}, and nothing runs over`, async () => {
    for (const name of pages) {
      const { context, page, violations } = await read(name, { viewport: { width, height: 844 }, colorScheme: theme });
      assert.deepEqual(await axeFinds(page), [], name);
      assert.equal(await runsOver(page), 0, `${name} scrolls sideways`);
      assert.deepEqual(violations, [], name);
      await context.close();
    }
  });
}

test('a page to read loads its style and the script that knows the theme, and nothing else', async () => {
  const { context, requests } = await read('myths');
  const paths = requests.map(({ url }) => new URL(url).pathname.replace(/\.[0-9a-f]+\.(css|js)$/, '.$1'));
  assert.deepEqual(paths.filter((path) => path.startsWith('/')).sort(), ['/assets/app.css', '/assets/theme.js', '/myths']);
  await context.close();
});

test('a page to read has the theme that was chosen in the playground, also while it is open, and without scripts the system’s', async () => {
  const { context, page } = await open(browser, site.url, { colorScheme: 'light' });
  const ground = (of) => of.evaluate(() => getComputedStyle(document.body).getPropertyValue('--surface').trim());
  const dark = '#211f1d';
  const beside = await context.newPage();
  await beside.goto(`${site.url}/glossary`);
  assert.match(await ground(beside), /^#fff(fff)?$/);
  await openMore(page);
  await page.locator('#theme').selectOption('dark');
  await beside.waitForFunction((dark) => getComputedStyle(document.body).getPropertyValue('--surface').trim() === dark, dark);
  for (const name of pages) {
    await beside.goto(`${site.url}/${name}`);
    assert.equal(await ground(beside), dark, name);
  }
  await page.locator('#theme').selectOption('auto');
  await beside.reload();
  assert.match(await ground(beside), /^#fff(fff)?$/);
  await context.close();

  const still = await read('glossary', { colorScheme: 'dark', javaScriptEnabled: false });
  assert.equal(await still.page.locator('h1').isVisible(), true);
  assert.deepEqual(still.violations, []);
  await still.context.close();
});

test('by keyboard, the first stop skips to the text, and the next are the other pages', async () => {
  const { context, page } = await read('compare');
  await page.keyboard.press('Tab');
  assert.equal(await page.evaluate(() => document.activeElement.textContent), 'Skip to the text');
  await page.keyboard.press('Enter');
  await page.keyboard.press('Tab');
  assert.equal(await page.evaluate(() => document.activeElement.textContent), 'OAuth 2.0, OIDC and SAML');
  await page.keyboard.press('Enter');
  assert.equal(new URL(page.url()).hash, '#protocols');
  assert.ok(await page.locator('#protocols').evaluate((heading) => heading.getBoundingClientRect().top >= document.querySelector('.top').getBoundingClientRect().bottom - 1), 'the heading is below the page’s head');
  await context.close();
});

test('on a phone each cell of a table says its column', async () => {
  const { context, page } = await read('compare', { viewport: { width: 390, height: 844 } });
  const cell = page.locator('td', { hasText: 'Issuer and NameID' });
  assert.equal(await cell.evaluate((td) => getComputedStyle(td, '::before').content), '"SAML 2.0"');
  assert.ok(await cell.evaluate((td) => td.getBoundingClientRect().width > 300));
  const roles = await page.locator('table').first().ariaSnapshot();
  assert.match(roles, /^- table/);
  assert.match(roles, /rowheader "Who it is"/);
  assert.match(roles, /columnheader "SAML 2.0"/);
  await context.close();
});

test('a myth leads to the example that plays it', async () => {
  const { context, page } = await read('myths#star-under-string-equals');
  await page.locator('#star-under-string-equals a', { hasText: 'A lone star under StringEquals' }).click();
  await ready(page);
  assert.equal(new URL(page.url()).search, '?scenario=a-lone-star-under-string-equals');
  assert.match(await page.locator('#title').textContent(), /lone star/);
  await context.close();
});

test('a term of an article leads to its explanation', async () => {
  const { context, page } = await read('compare');
  await page.locator('a', { hasText: /^metadata$/ }).first().click();
  await page.waitForURL(/glossary#metadata$/);
  assert.ok(await page.locator('#metadata').evaluate((term) => term.matches(':target') && term.getBoundingClientRect().top < innerHeight));
  await context.close();
});

test('from the front page the pages to read open beside it', async () => {
  const { context, page } = await open(browser, site.url);
  await page.locator('#lessons > summary').click();
  const [beside] = await Promise.all([context.waitForEvent('page'), page.locator('#lessons .readings a', { hasText: 'Comparisons' }).click()]);
  await beside.waitForLoadState();
  assert.equal(await beside.title(), 'Comparisons - STS Playground');
  assert.equal(await beside.evaluate(() => window.opener), null);
  await context.close();
});

test('on paper there is the text and no menu', async () => {
  const { context, page } = await read('glossary');
  await page.emulateMedia({ media: 'print' });
  assert.equal(await page.locator('.top').isVisible(), false);
  assert.equal(await page.locator('main > nav').isVisible(), false);
  assert.equal(await page.locator('#issuer').isVisible(), true);
  await context.close();
});
