// Playgrounds in other people's pages: the element and the frame, in a page
// of another origin.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { after, before, test } from 'node:test';
import { inflateRawSync } from 'node:zlib';
import { axeFinds, launch, runsOver, serve } from './site.mjs';

let site, browser, host, docs;

/** What the other site serves: HTML by path, with the headers of that page. */
const pages = new Map();

before(async () => {
  [site, browser] = await Promise.all([serve(), launch()]);
  host = createServer((request, response) => {
    const { html, headers = {} } = pages.get(request.url) ?? {};
    if (html === undefined) return response.writeHead(404).end();
    response.writeHead(200, { 'Content-Type': request.url.endsWith('.yaml') ? 'application/yaml' : 'text/html; charset=utf-8', ...headers }).end(html);
  });
  await new Promise((resolve) => host.listen(0, '127.0.0.1', resolve));
  docs = `http://127.0.0.1:${host.address().port}`;
});
after(async () => {
  await browser?.close();
  host?.close();
  site?.stop();
});

const script = () => `<script type="module" src="${site.url}/v1/embed.js"></script>`;
const github = 'github-actions-deploys-from-main';
const typo = 'the-organisation-in-another-letter-case';
const scenario = readFileSync(new URL('../../examples/embeds/scenarios/pull-requests.yaml', import.meta.url), 'utf8');

/** Opens a page of the other site. `requests` has every address asked for, `problems` what the console complained about. */
async function open(body, { headers, path = '/', ...options } = {}) {
  pages.set(path, { html: `<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><link rel="icon" href="data:,"><title>Docs</title><body><main><h1>Docs</h1>${body}</main>`, headers });
  const context = await browser.newContext(options);
  const page = await context.newPage();
  const requests = [];
  const problems = [];
  context.on('request', (request) => requests.push(request.url()));
  page.on('console', (message) => ['error', 'warning'].includes(message.type()) && problems.push(message.text()));
  page.on('pageerror', (error) => problems.push(String(error)));
  page.heard = [];
  page.waiting = new Set();
  await page.exposeFunction('tell', (said) => {
    page.heard.push(said);
    for (const look of page.waiting) look();
  });
  await page.addInitScript(() => {
    if (window !== top) return;
    for (const name of ['sts-ready', 'sts-change', 'sts-result', 'sts-error']) {
      document.addEventListener(name, ({ type, target, detail }) => window.tell({ type, id: target.id, ...detail }));
    }
    window.addEventListener('message', ({ data, origin }) => data?.type?.startsWith('sts-playground:') && window.tell({ ...data, origin }));
  });
  await page.goto(docs + path);
  return { context, page, requests, problems };
}

/** Waits for the page to have heard something that passes the check; the last such. */
function heard(page, check) {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`heard ${JSON.stringify(page.heard.map(({ report, ...rest }) => rest))}, want ${check}`)), 30_000);
    const look = () => {
      const found = page.heard.findLast(check);
      if (!found) return;
      clearTimeout(timer);
      page.waiting.delete(look);
      resolve(found);
    };
    page.waiting.add(look);
    look();
  });
}

/** Waits until a playground's last word on its call passes the check. */
const result = (page, id, check = () => true) =>
  heard(page, (each) => each === page.heard.findLast(({ type, id: whose }) => type === 'sts-result' && whose === id) && check(each));

test('an example of the gallery is played in a page of another origin, with its texts, its walk and what the page says of it', async () => {
  const { context, page, problems } = await open(`<p id="words">Words of ours</p><sts-playground id="one" scenario="${github}" expect="allow" step="trust/condition"><p>It is allowed.</p></sts-playground>${script()}`);
  const { outcome, met, verdict, report } = await result(page, 'one');
  assert.deepEqual([outcome, met], ['success', true]);
  assert.match(verdict, /^STS accepts/);
  assert.equal(report.calls.length, 2);
  const one = page.locator('#one');
  await one.locator('#self-check', { hasText: 'as this page says: “push to main” succeeds.' }).waitFor();
  await one.locator('.pane', { hasText: 'Trust policy' }).locator('textarea').waitFor();
  assert.equal(await one.getByText('It is allowed.').isVisible(), false);
  assert.equal(await one.getByRole('link', { name: /Open in full/ }).getAttribute('href'), `${site.url}/?scenario=${github}`);
  assert.ok(await one.locator('[id$="trust-condition"] > details').first().evaluate((details) => details.open), 'the step that the page names is open');
  await one.locator('.goto', { hasText: 'line 13' }).first().click();
  assert.match(await one.locator('.pane', { hasText: 'Trust policy' }).locator('textarea').evaluate((field) => field.value.slice(field.selectionStart, field.selectionEnd)), /:sub/);
  assert.equal(page.url(), `${docs}/`, 'links of the report lead nowhere in the page around it');
  assert.equal(await page.locator('#words').evaluate((words) => getComputedStyle(words).fontFamily), await page.evaluate(() => getComputedStyle(document.body).fontFamily));
  assert.deepEqual(await page.evaluate(() => [...document.querySelector('#one').attributes].map(({ name }) => name)), ['id', 'scenario', 'expect', 'step']);
  assert.deepEqual(problems, []);
  await context.close();
});

test('an edit is played, told, carried along by “Open in full”, and taken back', async () => {
  pages.set('/pull-requests.yaml', { html: scenario });
  const { context, page } = await open(`<sts-playground id="one" src="pull-requests.yaml" show="token trust" expect="deny"></sts-playground>${script()}`);
  await result(page, 'one', (each) => each.outcome === 'failure' && each.met);
  const one = page.locator('#one');
  const trust = one.locator('.pane', { hasText: 'Trust policy' }).locator('textarea');
  await trust.fill((await trust.inputValue()).replace('ref:refs/heads/main', 'pull_request'));
  await result(page, 'one', (each) => each.outcome === 'success' && each.met === false);
  await one.locator('#self-check', { hasText: 'not as this page says: “a pull request” should be refused, and succeeds.' }).waitFor();
  assert.equal(page.heard.findLast((each) => each.type === 'sts-change').scenario.accounts['123456789012'].Roles[0].AssumeRolePolicyDocument.Statement[0].Condition.StringEquals['token.actions.githubusercontent.com:sub'], 'repo:acme/app:pull_request');
  const link = one.getByRole('link', { name: /Open in full/ });
  await page.waitForFunction(() => document.querySelector('#one').shadowRoot.querySelector('.open').href.includes('#s=1.'));
  const [, payload] = /#s=1\.([\w-]+)/.exec(await link.getAttribute('href'));
  assert.match(inflateRawSync(Buffer.from(payload, 'base64url')).toString(), /repo:acme\/app:pull_request/);
  const [opened] = await Promise.all([context.waitForEvent('page'), link.click()]);
  await opened.locator('#shared-words', { hasText: 'Opened from a link' }).waitFor();
  await opened.locator('#verdict-words', { hasText: 'STS accepts' }).waitFor();
  await opened.close();
  await one.getByRole('button', { name: 'Reset' }).click();
  await result(page, 'one', (each) => each.outcome === 'failure');
  await context.close();
});

test('advice is applied in place, and calls are chosen', async () => {
  const { context, page } = await open(`<sts-playground id="one" scenario="${typo}" view="trace"></sts-playground><sts-playground id="two" scenario="${typo}" view="trace" readonly></sts-playground>${script()}`);
  await result(page, 'one');
  await page.locator('#one .fix').first().click();
  await result(page, 'one', (each) => each.outcome === 'success');
  await page.locator('#two').scrollIntoViewIfNeeded();
  await result(page, 'two');
  assert.equal(await page.locator('#two .fix').first().isDisabled(), true);
  await page.evaluate((slug) => document.querySelector('#one').setAttribute('scenario', slug), github);
  await result(page, 'one', (each) => each.report.calls.length === 2 && each.outcome === 'success');
  await page.locator('#one #call-1').click();
  await result(page, 'one', (each) => each.outcome === 'failure');
  await context.close();
});

test('ten embeds share one engine, and what isn’t nearly in sight waits', async () => {
  const near = Array.from({ length: 9 }, (_, i) => `<sts-playground id="e${i}" scenario="${github}" view="verdict" call="${1 + (i % 2)}"></sts-playground>`).join('');
  const { context, page, requests } = await open(`${near}<div style="height: 6000px"></div><sts-playground id="far" scenario="${typo}" view="verdict"></sts-playground><sts-playground id="asked" scenario="${typo}" view="verdict" loading="click"></sts-playground>${script()}`, { viewport: { width: 1000, height: 900 } });
  for (let i = 0; i < 9; i++) {
    await page.locator(`#e${i}`).scrollIntoViewIfNeeded();
    assert.equal((await result(page, `e${i}`)).outcome, i % 2 ? 'failure' : 'success');
  }
  assert.ok(!requests.some((url) => url.includes(typo)), 'what is far away was asked for');
  await page.locator('#far').scrollIntoViewIfNeeded();
  await result(page, 'far');
  assert.equal(page.heard.some(({ id }) => id === 'asked'), false);
  await page.locator('#asked').getByRole('button', { name: 'Run this example' }).click();
  await result(page, 'asked');
  assert.equal(requests.filter((url) => url.endsWith('.wasm')).length, 1);
  assert.equal(requests.filter((url) => /worker\.\w+\.js$/.test(url)).length, 1);
  await context.close();
});

test('a page whose policy is strict lets the element in by what it names', async () => {
  const policy = `default-src 'none'; script-src ${site.url} 'wasm-unsafe-eval'; connect-src ${site.url}; worker-src blob:; img-src data:; require-trusted-types-for 'script'; trusted-types sts`;
  const { context, page, problems } = await open(`<sts-playground id="one" scenario="${github}" height="300"></sts-playground>${script()}`, { headers: { 'Content-Security-Policy': policy } });
  assert.equal((await result(page, 'one')).outcome, 'success');
  assert.deepEqual(problems, []);
  assert.equal(await page.locator('#one').evaluate((one) => one.getBoundingClientRect().height), 300);
  await context.close();
});

test('where it can’t run, what the page has in its place stays, and the page is told why', async () => {
  const { context, page } = await open(`<sts-playground id="one" scenario="${github}" loading="eager"><p>It is allowed.</p></sts-playground>${script()}`, { headers: { 'Content-Security-Policy': `script-src ${site.url}; worker-src 'none'` } });
  await heard(page, ({ type, message }) => type === 'sts-error' && message !== '');
  assert.ok(await page.getByText('It is allowed.').isVisible());
  await page.locator('#one').getByText('This example can’t be played').waitFor();
  await context.close();

  const without = await open(`<sts-playground scenario="${github}"><p>It is allowed.</p></sts-playground>${script()}`, { javaScriptEnabled: false });
  assert.ok(await without.page.getByText('It is allowed.').isVisible());
  await without.context.close();

  const unknown = await open(`<sts-playground scenario="no-such-example" loading="eager"></sts-playground>${script()}`);
  await unknown.page.getByText('This example can’t be played: there is no example no-such-example.').waitFor();
  await unknown.context.close();
});

test('frameworks: what is set before, put in late, moved about and exchanged', async () => {
  const { context, page, requests } = await open('<div id="app"></div><div id="other"></div>');
  await page.evaluate(({ url, scenario }) => {
    const make = (id, more = {}) => Object.assign(document.createElement('sts-playground'), { id }, more);
    const early = make('early', { scenario, view: 'verdict' }); // properties of what is no element yet
    const late = make('late', { loading: 'eager' });
    late.setAttribute('loading', 'eager');
    late.setAttribute('view', 'verdict');
    document.querySelector('#app').append(early, late);
    for (const query of ['', '?twice']) document.head.append(Object.assign(document.createElement('script'), { type: 'module', src: `${url}/v1/embed.js${query}` }));
  }, { url: site.url, scenario });
  await result(page, 'early', (each) => each.outcome === 'failure');
  await page.locator('#late').getByText('no scenario is given').waitFor();
  await page.evaluate(() => {
    const text = document.createElement('script');
    text.type = 'application/json';
    text.textContent = '{"calls": [{"name": "nobody", "action": "sts:GetCallerIdentity"}]}';
    document.querySelector('#late').append(text);
  });
  await result(page, 'late', (each) => each.code === 'MissingAuthenticationToken');

  // An edit survives that the element is moved, and the engine isn't fetched again.
  await page.evaluate(() => document.querySelector('#early').setAttribute('view', 'editors'));
  const token = page.locator('#early .pane textarea').first();
  await token.fill((await token.inputValue()).replace('pull_request', 'ref:refs/heads/main'));
  await result(page, 'early', (each) => each.outcome === 'success');
  await page.evaluate(() => {
    const early = document.querySelector('#early');
    early.remove();
    document.querySelector('#other').append(early);
  });
  assert.match(await page.locator('#early .pane textarea').first().inputValue(), /refs\/heads\/main/);
  assert.match(await page.locator('#early .verdict').innerText(), /STS accepts/);
  await page.evaluate(() => (document.querySelector('#early').scenario = { calls: [{ name: 'nobody', action: 'sts:GetCallerIdentity' }] }));
  await result(page, 'early', (each) => each.code === 'MissingAuthenticationToken');
  assert.equal(await page.evaluate(() => document.querySelector('#early').run().then((report) => report.calls[0].name)), 'nobody');
  assert.deepEqual(await page.evaluate(() => document.querySelector('#early').scenario.calls[0]), { name: 'nobody', action: 'sts:GetCallerIdentity' });
  assert.equal(requests.filter((url) => url.endsWith('.wasm')).length, 1);
  await context.close();
});

test('a listing of the page is played once it is there, and again when it is exchanged', async () => {
  const { context, page } = await open(`<sts-playground id="one" for="#listing" loading="eager"></sts-playground>${script()}`);
  await page.locator('#one').getByText('there is nothing in #listing to play').waitFor();
  await page.evaluate(() => document.querySelector('main').insertAdjacentHTML('beforeend', '<pre id="listing"><code>calls:\n  - {name: nobody, action: "sts:GetCallerIdentity"}</code></pre>'));
  await result(page, 'one', (each) => each.code === 'MissingAuthenticationToken');
  assert.ok(await page.locator('#listing').isVisible());
  await page.evaluate(() => (document.querySelector('#listing').innerHTML = '<span>accounts:</span> {"123456789012": {Users: [{UserName: alice}]}}<br>calls:<div></div>  - {name: alice, action: "sts:GetCallerIdentity", caller: "arn:aws:iam::123456789012:user/alice"}'));
  await result(page, 'one', (each) => each.outcome === 'success');
  await context.close();
});

test('hostile text in a scenario stays text, also in the link', async () => {
  const hostile = '"\'><img src=x onerror="window.hacked=1"><script>window.hacked=1</script>';
  const text = JSON.stringify({ title: hostile, calls: [{ name: hostile, action: hostile, params: { RoleArn: hostile, WebIdentityToken: hostile } }] });
  const { context, page } = await open(`<sts-playground id="one" loading="eager"></sts-playground>${script()}`);
  await page.evaluate((text) => (document.querySelector('#one').scenario = text), text);
  await result(page, 'one');
  assert.equal(await page.evaluate(() => window.hacked), undefined);
  assert.equal(await page.locator('#one img').count(), 0);
  await context.close();
});

test('axe finds nothing in either theme, nothing runs over at 320 px, and the theme is that of the page around it', async () => {
  for (const [ground, theme] of [['#ffffff', 'light'], ['#15181c', 'dark']]) {
    const { context, page } = await open(`<style>body { background: ${ground}; color: ${theme === 'dark' ? '#eee' : '#111'} } html { font-size: 10px }</style><sts-playground id="one" scenario="${typo}" expect="allow"></sts-playground>${script()}`, { viewport: { width: 320, height: 800 } });
    await result(page, 'one');
    assert.equal(await page.locator('#one .sts').getAttribute('data-theme'), theme);
    assert.equal(await runsOver(page), 0);
    assert.deepEqual(await axeFinds(page, '#one'), []);
    assert.equal(await page.locator('#one .sentence').evaluate((words) => parseFloat(getComputedStyle(words).fontSize) >= 14), true, 'a small root doesn’t make it small');
    await context.close();
  }
  const { context, page } = await open(`<sts-playground id="one" scenario="${typo}" view="verdict"></sts-playground>${script()}`);
  await result(page, 'one');
  await page.evaluate(() => (document.body.style.background = 'rgb(20, 20, 30)'));
  await page.waitForFunction(() => document.querySelector('#one').shadowRoot.querySelector('.sts').dataset.theme === 'dark');
  await context.close();
});

const sandbox = 'sandbox="allow-scripts allow-popups allow-popups-to-escape-sandbox"';

test('a frame with an opaque origin plays, says how high it is, and tells nothing that was typed', async () => {
  const frames = `<iframe id="a" src="${site.url}/v1/embed?scenario=${typo}&view=verdict&expect=deny" title="one" ${sandbox} width="600" height="100"></iframe>
    <iframe id="b" src="${site.url}/examples/${github}/embed?view=editors" title="another" ${sandbox} width="600" height="100"></iframe>`;
  const { context, page, requests, problems } = await open(frames + script());
  const first = await heard(page, (each) => each.type === 'sts-playground:result' && each.outcome === 'failure');
  assert.deepEqual(first, { type: 'sts-playground:result', v: 1, outcome: 'failure', code: 'AccessDenied', met: true, origin: 'null' });
  await heard(page, (each) => each.type === 'sts-playground:result' && each.outcome === 'success');
  const frame = page.frames().find((each) => each.url().includes('/examples/'));
  await frame.locator('.pane textarea').first().fill('canary-typed');
  await heard(page, (each) => each.type === 'sts-playground:change');
  await heard(page, (each) => each.type === 'sts-playground:result' && each.code === 'InvalidIdentityToken');
  assert.ok(!JSON.stringify(page.heard).includes('canary'));
  assert.ok(!requests.some((url) => url.includes('canary')));
  // Each is as high as what is in it.
  for (const id of ['a', 'b']) {
    const inner = await page.locator(`#${id}`).contentFrame().locator('sts-playground').evaluate((element) => Math.ceil(element.getBoundingClientRect().height));
    await page.waitForFunction(([id, inner]) => document.getElementById(id).clientHeight === inner, [id, inner]);
  }
  assert.deepEqual(problems, []);
  await context.close();
});

test('a frame takes its scenario from a link, wears the theme that it is told, and says what it is without a program', async () => {
  const link = `#s=1.${Buffer.from((await import('node:zlib')).deflateRawSync('{"title":"From a link","calls":[{"name":"nobody","action":"sts:GetCallerIdentity"}]}')).toString('base64url')}`;
  const { context, page } = await open(`<iframe id="a" src="${site.url}/v1/embed?view=verdict${link}" title="one" ${sandbox} width="600" height="100"></iframe>`);
  await heard(page, (each) => each.type === 'sts-playground:result' && each.code === 'MissingAuthenticationToken');
  const inner = page.locator('#a').contentFrame();
  await inner.getByText('From a link').waitFor();
  await page.evaluate(() => document.querySelector('#a').contentWindow.postMessage({ type: 'sts-playground:init', v: 1, options: { theme: 'dark', fontSize: 20, scenario: 'x' } }, '*'));
  await inner.locator('.sts[data-theme="dark"]').waitFor();
  assert.equal(await inner.locator('.sts .verdict-words').evaluate((words) => getComputedStyle(words).fontSize), '20px');
  await context.close();

  const without = await open(`<iframe id="a" src="${site.url}/examples/${typo}/embed" title="one" ${sandbox} width="600" height="300"></iframe>`, { javaScriptEnabled: false });
  await without.page.locator('#a').contentFrame().getByText('STS refuses.').waitFor();
  await without.context.close();
});
