// Everyone can use the page: axe has nothing to say in any view, the Tab key
// reaches everything and stays nowhere, and states are told in words and shape.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { axeFinds, choose, expectVerdict, launch, open, openMore, paste, ready, runsOver, serve } from './site.mjs';

let site, browser;
before(async () => {
  [site, browser] = await Promise.all([serve(), launch()]);
});
after(async () => {
  await browser?.close();
  site?.stop();
});

const tab = async (page, name) => (await page.locator('#tabs').isVisible()) && page.click(`#tabs [data-tab="${name}"]`);
const reveal = (id) => async (page) => {
  await tab(page, 'result');
  await page.locator(`#to-${id}-part`).click();
  await ready(page);
};
const menu = (id) => async (page) => {
  if (await page.locator('#menu').isVisible()) await page.click('#menu');
  await page.click(`#${id} > summary`);
};

const refused = '/?scenario=the-organisation-in-another-letter-case';

/** Each view, and how a reader comes to it. */
const views = [
  ['the start page', '/', () => {}],
  ['the menu of examples', '/', menu('examples')],
  ['examples that were looked for', '/', async (page) => {
    await menu('examples')(page);
    await page.fill('#find-example', 'okta');
  }],
  ['the menu More', '/', openMore],
  ['import and export', '/', async (page) => {
    await choose(page, '#exchange > summary');
    await page.waitForSelector('#export-files pre');
  }],
  ['an error explained', '/', async (page) => {
    await choose(page, '#causes > summary');
    await page.fill('#causes-text', 'Not authorized to perform sts:AssumeRoleWithWebIdentity');
    await page.waitForSelector('#causes-found h2');
  }],
  ['what is said on privacy', '/', (page) => choose(page, '#privacy-more > summary')],
  ['the map of the keyboard', '/', (page) => choose(page, '#show-keys')],
  ['a refused call', refused, () => {}],
  ['the token’s tab', refused, (page) => tab(page, 'token')],
  ['the role’s tab', refused, (page) => tab(page, 'role')],
  ['a session with credentials', '/', async (page) => {
    for (const part of ['session', 'response', 'credentials']) await reveal(part)(page);
  }],
  ['CloudTrail', '/', reveal('event')],
  ['the picture', refused, reveal('picture')],
  ['the line of time', refused, reveal('time')],
  ['who gets in', '/', async (page) => {
    await reveal('who')(page);
    await page.waitForSelector('.entrants');
  }],
  ['two gates', '/?scenario=glue-and-athena-by-team', () => {}],
  ['a SAML response', '/?scenario=okta-signs-people-in-with-saml', () => {}],
  ['a policy with findings', '/', async (page) => {
    await tab(page, 'role');
    await paste(page, 'trust', '{"Statement": [{"Effect": "Allow", "Principal": "*", "Action": "sts:AssumeRoleWithWebIdentity"');
    await page.waitForSelector('#findings', { state: 'attached' });
    await ready(page);
  }],
  ['presenter mode', refused, (page) => choose(page, '#presenter')],
  ['plain text editors', '/', async (page) => {
    await choose(page, '#plain');
    await page.keyboard.press('Escape');
    await tab(page, 'role');
    await page.fill('#text-trust', '{"Statement": []}');
    await page.waitForSelector('.marks li', { state: 'attached' });
  }],
  ['the empty page', '/new', () => {}],
  ['a draft that was restored', '/', async (page) => {
    await tab(page, 'token');
    await page.fill('#field-session-name', 'mine');
    await page.reload();
    await ready(page);
    await page.waitForSelector('#draft-line:not([hidden])');
  }],
  ['an engine that stopped', '/', async (page) => {
    await page.evaluate(() => {
      for (const id of ['engine', 'restart', 'problems']) document.getElementById(id).hidden = false;
      document.getElementById('engine-words').textContent = 'The engine could not be started.';
      document.getElementById('problems').append(Object.assign(document.createElement('li'), { textContent: 'The engine could not be started.' }));
      document.documentElement.dataset.engine = 'stopped';
    });
  }],
  ['a scenario that is too large', '/', async (page) => {
    await tab(page, 'role');
    await paste(page, 'trust', `{"Id": "${'x'.repeat(1 << 20)}"}`);
    await page.waitForSelector('#too-large:not([hidden])');
  }],
];

/**
 * A view in a theme at a width. Together they take most of ten minutes: each
 * view is looked at in one of them here, the next view in the next one, and in
 * all with ALL_VIEWS=1, which `make accessibility` sets.
 */
const looks = [360, 1366, 1920].flatMap((width) => ['light', 'dark'].map((colorScheme) => ({ width, colorScheme })));

for (const [i, [name, path, come]] of views.entries()) {
  for (const { width, colorScheme } of process.env.ALL_VIEWS ? looks : [looks[i % looks.length]]) {
    test(`axe finds nothing in ${name} at ${width} px in ${colorScheme}, and nothing runs over`, async () => {
      const { page, context } = await open(browser, site.url, { path, colorScheme, viewport: { width, height: 800 }, reducedMotion: 'reduce' });
      await come(page);
      assert.deepEqual(await axeFinds(page), []);
      assert.ok((await runsOver(page)) <= 0, 'nothing runs over');
      await context.close();
    });
  }
}

for (const theme of ['light', 'dark']) {
  test(`axe finds nothing in the pages to read in ${theme}`, async () => {
    // An error page loads nothing, and in dark has the browser's own colours, which axe can't see.
    for (const path of theme === 'light' ? ['/modelled', '/nothing'] : ['/modelled']) {
      const { page, context } = await open(browser, site.url, { path, alive: false, colorScheme: theme });
      assert.deepEqual(await axeFinds(page), [], path);
      await context.close();
    }
  });
}

for (const [width, height] of [[1366, 768], [390, 844]]) {
  test(`Tab walks through the whole page at ${width} px: each stop has a name, is in sight, shows its focus, and none is a trap`, async () => {
    const { page, context } = await open(browser, site.url, { path: refused, viewport: { width, height }, reducedMotion: 'reduce' });
    await page.evaluate(() => document.querySelector('.skip').focus());
    const stops = [];
    const wrong = [];
    for (let i = 0; i < 300; i++) {
      const stop = await page.evaluate(() => {
        let at = document.activeElement;
        while (at?.shadowRoot?.activeElement) at = at.shadowRoot.activeElement;
        if (!at || at === document.body) return null;
        const host = at.getRootNode() instanceof ShadowRoot ? at.getRootNode().host : at;
        const labels = at.labels ? [...at.labels].map((label) => label.textContent).join(' ') : '';
        const labelledby = (at.getAttribute('aria-labelledby') ?? '').split(' ').map((id) => document.getElementById(id)?.textContent ?? '').join(' ');
        const name = (at.getAttribute('aria-label') || labelledby.trim() || labels || at.textContent || at.title || '').trim();
        const box = at.getBoundingClientRect();
        const rings = [at, host, at.closest('.editor')].filter(Boolean).map((element) => getComputedStyle(element));
        const ring = rings.some((style) => style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 1);
        const x = Math.min(Math.max(box.left + Math.min(box.width, 24) / 2, 1), innerWidth - 1);
        const y = Math.min(Math.max(box.top + Math.min(box.height, 24) / 2, 1), innerHeight - 1);
        const seen = box.width > 0 && box.height > 0 && box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth;
        const hit = document.elementFromPoint(x, y);
        const covered = !(hit && (host.contains(hit) || hit.contains(host)));
        window.stopIds ??= new Map();
        if (!window.stopIds.has(at)) window.stopIds.set(at, window.stopIds.size);
        return { key: window.stopIds.get(at), what: `${at.localName}#${at.id || host.id || host.dataset?.editor || ''} “${name.slice(0, 40)}”`, name, seen, covered, ring };
      });
      if (!stop) break;
      if (stops.includes(stop.key)) {
        wrong.push(`${stop.what} comes twice`);
        break;
      }
      stops.push(stop.key);
      if (stop.name === '') wrong.push(`${stop.what} has no name`);
      if (!stop.seen) wrong.push(`${stop.what} is out of sight`);
      else if (stop.covered) wrong.push(`${stop.what} is covered`);
      if (!stop.ring) wrong.push(`${stop.what} shows no focus`);
      await page.keyboard.press('Tab');
    }
    assert.deepEqual(wrong, []);
    assert.ok(stops.length > (width < 720 ? 20 : 60), `only ${stops.length} stops`);
    await context.close();
  });
}

test('under forced colours states keep their shapes and words, and what is chosen is outlined', async () => {
  const { page, context } = await open(browser, site.url, { path: refused, forcedColors: 'active' });
  const state = page.locator('#stage-trust summary .state').first();
  assert.match(await state.innerText(), /✕\s*failed/);
  assert.match(await page.locator('#stage-request summary .state').first().innerText(), /✓\s*passed/);
  const style = (selector, name) => page.locator(selector).first().evaluate((element, name) => getComputedStyle(element)[name], name);
  assert.equal(await style('#verdict', 'borderTopStyle'), 'solid');
  assert.equal(await style('.stage > details[open] > summary', 'outlineStyle'), 'solid');
  await openMore(page);
  assert.equal(await style('#more > summary', 'outlineStyle'), 'solid');
  const off = await style('#presenter', 'backgroundColor');
  await page.locator('#plain').check();
  assert.notEqual(await style('#plain', 'backgroundColor'), off, 'a switch that is on is filled');
  assert.deepEqual(await axeFinds(page), []);
  await context.close();
});

test('under reduced motion nothing moves', async () => {
  const { page, context } = await open(browser, site.url, { reducedMotion: 'reduce' });
  await page.evaluate(() => (document.documentElement.dataset.engine = 'loading'));
  const moving = await page.evaluate(() => document.getAnimations().length);
  assert.equal(moving, 0);
  const durations = await page.evaluate(() => [...document.querySelectorAll('*')].filter((element) => parseFloat(getComputedStyle(element).transitionDuration) > 0).length);
  assert.equal(durations, 0);
  await context.close();

  const lively = await open(browser, site.url, { reducedMotion: 'no-preference' });
  await lively.page.evaluate(() => (document.documentElement.dataset.engine = 'loading'));
  assert.equal(await lively.page.evaluate(() => document.getAnimations().length), 1, 'only the line that says that the engine arrives moves');
  await lively.context.close();
});

test('the verdict is told to screen readers in one sentence when it changes', async () => {
  const { page, context } = await open(browser, site.url);
  await paste(page, 'trust', '{"Version": "2012-10-17", "Statement": []}');
  await expectVerdict(page, /refuses/);
  await page.waitForFunction(() => /refuses/.test(document.querySelector('#status').textContent));
  assert.equal(await page.locator('#status').getAttribute('role'), 'status');
  await context.close();
});
