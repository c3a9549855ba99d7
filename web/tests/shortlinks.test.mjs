// Short links: a scenario is stored on the server when somebody says so, opened
// elsewhere, and deleted; and what fails is said and can be tried again.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import jsQR from 'jsqr';
import { axeFinds, expectVerdict, launch, loaded, open, paste, ready, runsOver, serve, verdict } from './site.mjs';

let site, browser;
before(async () => {
  [site, browser] = await Promise.all([serve('-contact', 'abuse@example.com'), launch()]);
});
after(async () => {
  await browser?.close();
  site?.stop();
});

const base64url = (text) => Buffer.from(text).toString('base64url');
const signature = 'c2lnbmF0dXJlLWNhbmFyeS1jYW5hcnk';
const token = () => {
  const now = Math.floor(Date.now() / 1000);
  return `${base64url('{"alg":"RS256","kid":"1"}')}.${base64url(JSON.stringify({ iss: 'https://token.actions.githubusercontent.com', aud: 'sts.amazonaws.com', sub: 'repo:acme/app:ref:refs/heads/main', iat: now, exp: now + 300 }))}.${signature}`;
};

/** Opens the dialog, and waits for what it says of the scenario. */
async function share(page) {
  await page.click('#share');
  await page.locator('#share-link').waitFor();
}

/** Stores the scenario, and gives the two links that the dialog shows. */
async function storeIt(page) {
  const had = await page.locator('.stored').count();
  await page.click('#store-it');
  await page.locator('.stored').nth(had).waitFor();
  return page.locator('.stored').first().evaluate((stored) => [...stored.querySelectorAll('.share-text')].map((text) => text.textContent));
}

const said = (page) => page.locator('#store-said').innerText();

async function expectSaid(page, pattern) {
  await page.waitForFunction(([source]) => new RegExp(source).test(document.querySelector('#store-said').textContent), [pattern.source]).catch(async () => assert.fail(`got ${JSON.stringify(await said(page))}, want ${pattern}`));
}

/** Stores a scenario as a program does. */
async function post(scenario, query = '') {
  const response = await fetch(`${site.url}/api/scenarios${query}`, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(scenario) });
  const answer = await response.json();
  assert.equal(response.status, 201, JSON.stringify(answer));
  return answer;
}

const small = { title: 'Behind a short link', now: '2026-04-28T10:30:00Z', calls: [{ name: 'one', action: 'sts:GetCallerIdentity', caller: 'arn:aws:iam::123456789012:user/alice' }], accounts: { 123456789012: { Users: [{ UserName: 'alice' }] } } };

test('a scenario is stored by one click, opens in another browser, is edited there, and is deleted', async () => {
  const { page, context, requests, violations } = await open(browser, site.url, { permissions: ['clipboard-read', 'clipboard-write'] });
  await loaded({ page, context, requests });
  const before = requests.length;
  await page.fill('#field-session-name', 'typed-canary');
  await paste(page, 'token', token());
  await ready(page);
  await share(page);
  assert.match(await page.locator('#privacy > summary').textContent(), /^Nothing you paste leaves this browser unless you store it$/);
  assert.match(await page.locator('#store-words').innerText(), /When the time that you choose is over nobody is given it any more, and within ten minutes it is deleted/);
  assert.deepEqual(requests.slice(before), [], 'nothing is sent before the click');
  assert.deepEqual(await axeFinds(page, '#share-dialog'), []);

  await page.check('input[name="expires"][value="1d"]');
  const [url, remove] = await storeIt(page);
  const sent = requests.slice(before);
  assert.deepEqual(sent.map(({ url }) => url), [`${site.url}/api/scenarios?expires=1d`]);
  assert.match(sent[0].body, /typed-canary/);
  assert.ok(!sent[0].body.includes(signature), 'the signature is dropped');
  assert.equal(sent[0].headers.referer ?? '', '');
  assert.match(url, new RegExp(`^${site.url}/s/[a-z2-7]{20}$`));
  assert.match(remove, new RegExp(`^${url}/delete#[a-z2-7]{32}$`));
  await expectSaid(page, /^Stored\. The short link and its delete link are below\.$/);
  assert.equal(await page.evaluate(() => document.activeElement.textContent), url);
  await page.locator('.stored [data-share="copy-stored"]').first().click();
  await expectSaid(page, /^The link is copied\.$/);
  assert.equal(await page.evaluate(() => navigator.clipboard.readText()), url);
  assert.deepEqual(await axeFinds(page, '#share-dialog'), []);
  await page.click('[data-share="large-stored"]');
  assert.equal(await codeOf(page), url);
  await page.keyboard.press('Escape');
  await page.keyboard.press('Escape');
  await share(page);
  assert.equal(await page.locator('.stored').count(), 1, 'the delete link is still there when the dialog is opened again');

  const other = await open(browser, site.url, { path: url.slice(site.url.length) });
  assert.equal(await other.page.inputValue('#field-session-name'), 'typed-canary');
  assert.match(await other.page.locator('#stored-line').innerText(), /which this server keeps until \d+ \w+ \d{4}, \d\d:\d\d UTC\. What you change stays in this tab/);
  assert.match(await other.page.locator('#stored-line a', { hasText: 'Report abuse' }).getAttribute('href'), /^mailto:abuse@example\.com\?subject=.*[a-z2-7]{20}$/);
  assert.equal(await other.page.evaluate(() => location.href), url);
  await other.page.fill('#field-session-name', 'edited-there');
  await ready(other.page);
  assert.equal(await other.page.evaluate(() => location.href), `${site.url}/`, 'the address no longer names what is shown');
  await other.page.reload();
  await ready(other.page);
  assert.equal(await other.page.inputValue('#field-session-name'), 'edited-there', 'what was edited is kept in the tab');
  assert.deepEqual(await other.context.cookies(), []);

  await other.page.goto(remove);
  const [, key] = remove.split('#');
  assert.equal(await other.page.inputValue('#key'), key, 'the form is filled from the link');
  assert.equal(await other.page.evaluate(() => location.href), `${url}/delete`, 'and the key is out of the address');
  assert.deepEqual(await axeFinds(other.page), []);
  await other.page.fill('#key', 'another');
  await other.page.click('button[type="submit"]');
  await other.page.locator('text=This isn\'t the key of this scenario. Nothing was deleted.').waitFor();
  await other.page.fill('#key', key);
  await other.page.click('button[type="submit"]');
  await other.page.locator('h1', { hasText: 'It is deleted' }).waitFor();
  const gone = await other.page.goto(url);
  assert.equal(gone.status(), 404);
  assert.match(await other.page.locator('body').innerText(), /It has expired, was deleted, or never was there/);
  assert.deepEqual([...violations, ...other.violations.filter((line) => !/status of 40[34]/.test(line))], []);
  await context.close();
  await other.context.close();
});

/** What the code on the projector says. */
async function codeOf(page) {
  const picture = await page.locator('#share-projector').screenshot();
  const pixels = await page.evaluate(async (base64) => {
    const image = await createImageBitmap(new Blob([Uint8Array.from(atob(base64), (c) => c.charCodeAt(0))], { type: 'image/png' }));
    const context = new OffscreenCanvas(image.width, image.height).getContext('2d');
    context.drawImage(image, 0, 0);
    return { width: image.width, height: image.height, grey: [...context.getImageData(0, 0, image.width, image.height).data].filter((_, i) => i % 4 === 0) };
  }, picture.toString('base64'));
  return jsQR(Uint8ClampedArray.from(pixels.grey.flatMap((grey) => [grey, grey, grey, 255])), pixels.width, pixels.height)?.data;
}

test('a short link never takes away what was being written in the tab, and other links of the page lead where they should', async () => {
  const { url } = await post(small);
  const { page, context, violations } = await open(browser, site.url);
  await page.fill('#field-session-name', 'mine');
  await ready(page);
  await page.goto(url);
  await ready(page);
  assert.equal(await page.locator('#title').innerText(), 'Behind a short link');
  await page.click('#draft-act');
  await ready(page);
  assert.equal(await page.inputValue('#field-session-name'), 'mine');
  assert.equal(await page.evaluate(() => location.pathname), '/');
  assert.equal(await page.locator('#stored-line').count(), 0, 'what was said of the link goes with its scenario');
  await page.goto(url);
  await ready(page);
  await page.click('#stored-close');
  assert.equal(await page.locator('#stored-line').count(), 0);
  assert.equal(await page.evaluate(() => location.href), url);
  await page.evaluate(() => document.querySelector('#examples [data-example="a-subject-that-is-too-wide"]').click());
  await ready(page);
  assert.equal(await page.evaluate(() => location.pathname + location.search), '/?scenario=a-subject-that-is-too-wide');
  for (const [link, want] of [['modelled', '/modelled'], ['new', '/new'], ['./?scenario=a-subject-that-is-too-wide', '/?scenario=a-subject-that-is-too-wide']]) {
    const answer = await page.request.get(new URL(link, url).href);
    assert.equal(answer.url(), site.url + want);
    assert.equal(answer.status(), 200);
  }
  assert.deepEqual(violations, []);
  await context.close();
});

test('a signature is stored only where somebody insists', async () => {
  const { page, context, requests } = await open(browser, site.url);
  await paste(page, 'token', token());
  await ready(page);
  await share(page);
  assert.equal(await page.locator('#store-insist').isVisible(), false);
  await page.uncheck('#share-claims');
  await page.locator('#store-insist').waitFor();
  const posts = () => requests.filter(({ url }) => url.includes('/api/'));
  await page.click('#store-it');
  await expectSaid(page, /^Nothing was sent: it keeps what opens something/);
  assert.deepEqual(posts(), []);
  await page.check('#store-signed');
  const [url] = await storeIt(page);
  assert.match(posts()[0].url, /allow-signed=1$/);
  assert.ok(posts()[0].body.includes(signature));
  assert.ok((await (await fetch(`${url}.json`)).text()).includes(signature));
  await page.check('#share-claims');
  await page.locator('#store-insist').waitFor({ state: 'hidden' });
  await context.close();
});

test('what goes wrong is said beside the button, nothing is lost, and it can be tried again', async () => {
  const few = await serve('-per-hour', '1');
  const away = await serve('-database', 'postgres://nobody@127.0.0.1:1/none');
  try {
    const { page, context } = await open(browser, few.url);
    await page.fill('#field-session-name', 'kept');
    await ready(page);
    await share(page);
    await context.setOffline(true);
    await page.click('#store-it');
    await expectSaid(page, /^Not stored\. The server can’t be reached\. What you wrote is kept here; try again when there is a network\.$/);
    await context.setOffline(false);
    await storeIt(page);
    await page.click('#store-it');
    await expectSaid(page, /^Not stored\. .*Try again in 60 minutes\. What you wrote is kept here\.$/);
    assert.equal(await page.locator('.stored').count(), 1);
    await page.keyboard.press('Escape');
    assert.equal(await page.inputValue('#field-session-name'), 'kept');

    await page.evaluate(() => document.querySelectorAll('details:has([data-editor="scenario"])').forEach((details) => (details.open = true)));
    await paste(page, 'scenario', JSON.stringify({ ...small, accounts: { 123456789012: { Users: Array.from({ length: 3000 }, (_, i) => ({ UserName: `alice${i}` })) } } }));
    await ready(page);
    await share(page);
    await page.click('#store-it');
    await expectSaid(page, /^Not stored\. The scenario has \d\d,\d{3} bytes, and the most that this server stores is 64 KiB/);
    await context.close();

    const lost = await open(browser, away.url);
    await share(lost.page);
    await lost.page.click('#store-it');
    await expectSaid(lost.page, /^Not stored\. The server's store can't be reached or is full\. Nothing was changed\. .*Try again in 5 seconds/);
    await lost.context.close();
  } finally {
    few.stop();
    away.stop();
  }
});

test('without a program in the page there is the whole report, and a form that deletes', async () => {
  const { url, deleteKey } = await post(small);
  const { page, context } = await open(browser, site.url, { path: `${url.slice(site.url.length)}/report`, javaScriptEnabled: false, alive: false, viewport: { width: 320, height: 640 } });
  const text = await page.locator('main').innerText();
  assert.match(text, /Behind a short link/);
  assert.match(text, /arn:aws:iam::123456789012:user\/alice/);
  assert.match(text, /Somebody stored this scenario on this server/);
  await page.click('text=Delete it');
  await page.fill('#key', deleteKey);
  await page.click('button[type="submit"]');
  assert.equal(await page.locator('h1').innerText(), 'It is deleted');
  await context.close();
});

test('hostile words in every field of a stored scenario are text', async () => {
  const words = '</script></title></textarea>"\'><img src=x onerror=window.hacked=1><svg onload=window.hacked=1><script>window.hacked=1</script>';
  const role = { RoleName: 'r', AssumeRolePolicyDocument: { [words]: words, Version: '2012-10-17', Statement: [{ Sid: words, Effect: 'Allow', Principal: { Federated: words }, Action: words, Condition: { StringLike: { [words]: words }, [words]: { [words]: [words] } } }] }, Policies: [{ PolicyName: words, PolicyDocument: words }], Tags: [{ Key: words, Value: words }] };
  const { url } = await post({
    title: words, summary: `${words} [a](javascript:window.hacked=1)`, now: '2026-04-28T10:30:00Z',
    issuers: [{ url: 'https://idp.example.com', jwks: words }],
    accounts: { 123456789012: { OpenIDConnectProviders: [{ Url: `https://idp.example.com/${words}`, ClientIDList: [words], ThumbprintList: [words] }], SAMLProviders: [{ Name: words, SAMLMetadataDocument: words }], Roles: [role], Users: [{ UserName: words }], Resources: [{ Arn: words, Policy: { [words]: words } }] } },
    calls: [
      { name: words, action: 'sts:AssumeRoleWithWebIdentity', params: { RoleArn: 'arn:aws:iam::123456789012:role/r', RoleSessionName: words, WebIdentityToken: { unsigned: { header: { alg: words, kid: words }, claims: { iss: words, sub: words, aud: words, [words]: words } } } }, context: { [words]: words } },
      { name: `${words}2`, action: `s3:${words}`, resource: words },
      { name: `${words}3`, action: 'sts:AssumeRoleWithSAML', params: { RoleArn: words, PrincipalArn: words, SAMLAssertion: words } },
    ],
    lesson: { course: words, task: words, hints: [words] },
  }, '?allow-signed=1');
  for (const form of ['', '/report', '/delete']) {
    const { page, context, violations } = await open(browser, url, { path: form, alive: form === '' });
    if (form === '') {
      for (const call of [1, 2]) {
        await page.evaluate((call) => document.querySelector(`#report [data-call="${call}"]`).click(), call);
        await ready(page);
      }
      assert.ok((await verdict(page)).length > 0);
    }
    assert.deepEqual(await page.evaluate(() => [window.hacked, document.querySelectorAll('img, [onerror], [onload], a[href^="javascript" i]').length]), [undefined, 0], form);
    assert.deepEqual(violations, [], form);
    await context.close();
  }
});

test('in a narrow window and in the dark, everything of it can be read', async () => {
  const { url } = await post(small);
  const { page, context } = await open(browser, url, { path: '', viewport: { width: 320, height: 640 }, colorScheme: 'dark' });
  assert.equal(await runsOver(page), 0);
  await expectVerdict(page, /alice/);
  await share(page);
  await storeIt(page);
  assert.deepEqual(await axeFinds(page, '#share-dialog'), []);
  assert.equal(await page.locator('#share-dialog').evaluate((dialog) => dialog.scrollWidth - dialog.clientWidth), 0);
  for (const path of ['/privacy', `${url.slice(site.url.length)}/delete`]) {
    await page.goto(site.url + path);
    assert.equal(await runsOver(page), 0, path);
    assert.deepEqual(await axeFinds(page), [], path);
  }
  await context.close();
});
