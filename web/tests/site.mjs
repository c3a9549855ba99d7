// What the page's tests share: a server of its own, a browser, and the page
// as a reader uses it.

import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';

const root = fileURLToPath(new URL('../..', import.meta.url));
export const binary = process.env.STSPLAYGROUND ?? `${root}/bin/stsplayground`;

// With every window Chromium draws the list of its address bar, a page of its
// own that takes as long as ours. Of two lists of features it heeds the last,
// and so what Playwright does without stands in this one too.
const unwanted = [
  'WebUIOmniboxPopup', 'WebUIOmniboxFullPopup', 'WebUIOmniboxAimPopup',
  'AimEnabled', 'AvoidUnnecessaryBeforeUnloadCheckSync', 'DestroyProfileOnBrowserClose', 'HttpsFirstBalancedModeAutoEnable', 'HttpsUpgrades', 'LensOverlay',
  'MediaRouter', 'NetworkTimeServiceQuerying', 'OptimizationHints', 'PaintHolding', 'PreconnectToSearch', 'ThirdPartyStoragePartitioning',
];
/** What Chromium is started with, so that it does nothing besides the page. */
export const quietly = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync', `--disable-features=${unwanted.join()}`];

/** Serves the site on a free port until the test's end; its scenarios are in a folder of their own. */
export async function serve(...flags) {
  const data = mkdtempSync(join(tmpdir(), 'scenarios-'));
  const server = spawn(binary, ['serve', '-addr', '127.0.0.1:0', '-data', data, ...flags], { stdio: ['ignore', 'pipe', 'pipe'] });
  const url = await new Promise((resolve, reject) => {
    const said = [];
    for (const stream of [server.stdout, server.stderr]) {
      createInterface({ input: stream }).on('line', (line) => {
        said.push(line);
        const address = /listening on (http:\S+)/.exec(line);
        if (address) resolve(address[1].replace(/\/$/, ''));
      });
    }
    server.on('error', reject);
    server.on('exit', () => reject(new Error(`the server ended: ${said.join('\n')}`)));
  });
  server.on('exit', () => rmSync(data, { recursive: true, force: true }));
  return { url, stop: () => server.kill() };
}

export function launch(more = []) {
  return chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: [...quietly, ...more] });
}

/**
 * Opens the site in a context of its own and watches it. `requests` holds
 * every request, `violations` what the security policy stopped or the
 * console complained about.
 */
export async function open(browser, url, { path = '/', alive = true, ...options } = {}) {
  const context = await browser.newContext(options);
  const page = await context.newPage();
  const requests = [];
  const violations = [];
  context.on('request', (request) => requests.push({ url: request.url(), body: request.postData() ?? '', headers: request.headers(), there: false }));
  context.on('requestfinished', (request) => {
    for (const each of requests) if (each.url === request.url()) each.there = true;
  });
  page.on('console', (message) => ['error', 'warning'].includes(message.type()) && violations.push(message.text()));
  page.on('pageerror', (error) => violations.push(String(error)));
  await page.addInitScript(() => {
    document.addEventListener('securitypolicyviolation', (event) => console.error(`policy: ${event.violatedDirective} ${event.blockedURI}`));
  });
  await page.goto(url + path);
  if (alive) await ready(page);
  return { context, page, requests, violations };
}

/** Waits until the engine has answered everything that it was asked, with AWS's names or without. */
export async function ready(page) {
  await page.waitForFunction(() => document.documentElement.dataset.names !== 'none' && document.documentElement.dataset.engine === 'ready' && document.querySelector('#report').ariaBusy === 'false');
}

/** Waits until the page has asked for all that it ever does. The tools come last, some seconds after the first answer. */
export async function loaded({ page, context, requests }) {
  const tools = /\/assets\/tools\.\w+\.wasm$/;
  if (!requests.some(({ url, there }) => there && tools.test(url))) await context.waitForEvent('requestfinished', (request) => tools.test(request.url()));
  await page.waitForLoadState('networkidle');
}

/** Opens the header's menu More, which in narrow windows stands in the one that holds all. */
export async function openMore(page) {
  const menu = page.locator('#menu');
  if (await page.locator('#reset').isVisible()) return;
  await ((await menu.isVisible()) ? menu : page.locator('#more > summary')).click();
}

/** Chooses something in the menu More. */
export async function choose(page, selector) {
  await openMore(page);
  await page.locator(selector).click();
}

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** What axe finds in the page as it stands, or in a part of it. By way of the debugger: the page's own policy lets no such script in. */
export async function axeFinds(page, where) {
  if (!(await page.evaluate(() => 'axe' in window))) await page.evaluate(axe);
  const { violations } = await page.evaluate((where) => window.axe.run(where ?? document, { resultTypes: ['violations'] }), where);
  return violations.map(({ id, nodes }) => `${id}: ${nodes.slice(0, 3).map((node) => `${node.target} ${node.failureSummary}`).join('; ')}`);
}

/** How many pixels the page is wider than the window. */
export const runsOver = (page) => page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);

export function editor(page, name) {
  return page.locator(`[data-editor="${name}"] .cm-content`);
}

/** Replaces an editor's text as a paste does. */
export async function paste(page, name, text) {
  const content = editor(page, name);
  await content.focus(); // a long text's middle, which a click aims at, may be out of sight
  await page.keyboard.press('Control+A');
  await content.evaluate((target, text) => {
    const clipboardData = new DataTransfer();
    clipboardData.setData('text/plain', text);
    target.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }));
  }, text);
}

/** The whole text of an editor, also the part that is out of sight. */
export function textOf(page, name) {
  return editor(page, name).evaluate((target) => target.cmTile.view.state.doc.toString());
}

export function verdict(page) {
  return page.locator('#verdict-words').innerText();
}

/** Waits for a verdict that matches, and says what it was where none does. */
export async function expectVerdict(page, pattern) {
  try {
    await page.waitForFunction(
      ([source]) => new RegExp(source, 'i').test(document.querySelector('#verdict-words')?.textContent ?? ''),
      [pattern.source],
      { timeout: 10_000 },
    );
    // The verdict is drawn first; what a test looks at next may be in the rest.
    await page.waitForFunction(() => document.querySelector('#report').ariaBusy === 'false', undefined, { timeout: 10_000 });
  } catch {
    throw new Error(`got the verdict ${JSON.stringify(await verdict(page))}, want ${pattern}`);
  }
}
