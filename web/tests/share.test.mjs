// The scenario is handed on without a server: as a link, a file, a code for a
// room; and what comes with an address is taken in without running anything.

import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { deflateRawSync } from 'node:zlib';
import jsQR from 'jsqr';
import { axeFinds, binary, editor, expectVerdict, launch, open, paste, ready, serve, textOf, verdict } from './site.mjs';

let site, browser;
before(async () => {
  [site, browser] = await Promise.all([serve(), launch()]);
});
after(async () => {
  await browser?.close();
  site?.stop();
});

const base64url = (text) => Buffer.from(text).toString('base64url');

/** A link as any program could make one. */
const linkOf = (content) => `#s=1.${deflateRawSync(content).toString('base64url')}`;

const small = (extra = {}) => JSON.stringify({ title: 'From a link', now: '2026-04-28T10:30:00Z', calls: [{ name: 'one', action: 'sts:GetCallerIdentity' }, { name: 'two', action: 'sts:GetCallerIdentity' }], ...extra });

/** Opens the dialog, and gives the link that it shows. */
async function shared(page) {
  await page.click('#share');
  await page.locator('#share-link').waitFor();
  return page.locator('#share-link').innerText();
}

/** Waits for what the line says. */
async function said(page, pattern) {
  await page.waitForFunction(([source]) => new RegExp(source).test(document.querySelector('#shared-words')?.textContent ?? ''), [pattern.source], { timeout: 15_000 });
  await ready(page);
  return page.locator('#shared-words').innerText();
}

/** What was asked for besides the page's own parts, which may still arrive. */
const besidesParts = (requests) => requests.map(({ url }) => url).filter((url) => !url.startsWith(`${site.url}/assets/`) && !url.startsWith('blob:'));

const check = (...args) => spawnSync(binary, ['check', ...args], { encoding: 'utf8' });

test('the link that the page shows opens the same scenario elsewhere, on the command line too, and back', async () => {
  const { page, context, violations, requests } = await open(browser, site.url);
  await page.fill('#field-session-name', 'handed-on');
  await ready(page);
  const loaded = requests.length;
  const link = await shared(page);
  assert.ok(link.startsWith(`${site.url}/#s=1.`), link);
  assert.match(await page.locator('#share-length').innerText(), /^1,\d{3} characters/);
  assert.deepEqual(besidesParts(requests.slice(loaded)), [], 'nothing is uploaded');
  assert.equal(await page.evaluate(() => location.href), `${site.url}/`, 'sharing leaves the address alone');

  const played = check('-format', 'json', link);
  assert.equal(played.status, 0, played.stderr);
  assert.match(played.stdout, /handed-on/);

  const other = await open(browser, site.url, { path: link.slice(site.url.length) });
  await said(other.page, /^Opened from a link/);
  assert.equal(await other.page.inputValue('#field-session-name'), 'handed-on');
  assert.equal(await verdict(other.page), await verdict(page));
  assert.deepEqual([...violations, ...other.violations], []);

  assert.equal(await other.page.locator('#shared-back').isVisible(), false, 'nothing was written that could be kept');
  await other.page.fill('#field-session-name', 'written');
  await ready(other.page);
  const printed = execFileSync(binary, ['share', '-origin', site.url, 'examples/releases-are-tags-not-branches.yaml'], { encoding: 'utf8', cwd: new URL('../..', import.meta.url) }).trim();
  await other.page.evaluate((hash) => (location.hash = hash), new URL(printed).hash);
  await other.page.waitForFunction(() => /tags/i.test(document.querySelector('#title').textContent));
  await ready(other.page);
  await other.page.fill('#field-session-name', 'tried-out');
  await ready(other.page);
  await other.page.locator('#shared-back').click();
  await ready(other.page);
  assert.equal(await other.page.inputValue('#field-session-name'), 'written', 'what was there comes back');
  await context.close();
  await other.context.close();
});

test('a real token is shared as claims only, and its signature, a private key and a secret are nowhere', async () => {
  const { page, context, requests } = await open(browser, site.url);
  const [signature, key, secret] = ['c2lnbmF0dXJlY2FuYXJ5', 'MIIEcanarycanary', 'secretcanarysecretcanarysecretcanary12'];
  const now = Math.floor(Date.now() / 1000);
  const token = `${base64url('{"alg":"RS256","kid":"1"}')}.${base64url(JSON.stringify({ iss: 'https://token.actions.githubusercontent.com', aud: 'sts.amazonaws.com', sub: 'repo:acme/app:ref:refs/heads/main', iat: now, exp: now + 300, email: 'alice@acme.test' }))}.${signature}`;
  await paste(page, 'token', token);
  await page.evaluate(() => document.querySelectorAll('details:has([data-editor="scenario"])').forEach((details) => (details.open = true)));
  const scenario = JSON.parse(await textOf(page, 'scenario'));
  scenario.summary = `-----BEGIN PRIVATE KEY-----\n${key}\n-----END PRIVATE KEY-----\naws_secret_access_key = ${secret}`;
  await paste(page, 'scenario', JSON.stringify(scenario));
  await ready(page);
  const link = await shared(page);
  assert.match(await page.locator('#share-claims-words').innerText(), /^1 token: signatures dropped, from now on taken on trust, also where they were bad$/);
  assert.match(await page.locator('#share-contents').innerText(), /left out: 1 private key, 1 secret\./);
  const held = (text) => check('-format', 'json', text).stdout + decoded(text);
  for (const canary of [signature, key, secret]) assert.ok(!held(link).includes(canary), canary);
  assert.match(decoded(link), /"unsigned"/);
  assert.match(decoded(link), /123456789012/);

  await page.check('#share-accounts');
  await page.check('#share-people');
  await page.waitForFunction((old) => document.querySelector('#share-link').textContent !== old && /person1/.test(document.querySelector('#share-people-words').textContent), link);
  const standIns = await page.locator('#share-link').innerText();
  assert.doesNotMatch(decoded(standIns), /123456789012|alice|acme\.test/);
  assert.match(decoded(standIns), /111122223333/);

  await page.uncheck('#share-claims');
  await page.waitForFunction(() => /can use them until they expire/.test(document.querySelector('#share-claims-words').textContent));
  assert.ok(decoded(await page.locator('#share-link').innerText()).includes(signature), 'on request the signature stays');
  assert.ok(!decoded(await page.locator('#share-link').innerText()).includes(secret), 'a secret never does');

  const stored = await page.evaluate(() => JSON.stringify([{ ...localStorage }, document.cookie, location.href]));
  for (const canary of [signature, key, secret]) {
    assert.ok(!stored.includes(canary), stored);
    assert.ok(!requests.some((request) => JSON.stringify(request).includes(canary)));
  }
  await context.close();
});

/** What a link holds, read by another program than the one that made it. */
function decoded(link) {
  return execFileSync(process.execPath, ['-e', 'process.stdout.write(require("zlib").inflateRawSync(Buffer.from(process.argv[1], "base64url")))', /s=1\.([\w-]+)/.exec(link)[1]], { encoding: 'utf8' });
}

test('the link is copied, the file is saved, and both are said', async () => {
  const { page, context } = await open(browser, site.url, { permissions: ['clipboard-read', 'clipboard-write'] });
  const link = await shared(page);
  await page.click('#share-take');
  await page.locator('#share-said', { hasText: 'The link is copied.' }).waitFor();
  assert.equal(await page.evaluate(() => navigator.clipboard.readText()), link);

  for (const [button, end] of [['yaml', '.yaml'], ['json', '.json']]) {
    const [download] = await Promise.all([page.waitForEvent('download'), page.click(`[data-share="${button}"]`)]);
    assert.equal(download.suggestedFilename(), `github-actions-deploys-from-main${end}`);
    const played = check('-format', 'json', await download.path());
    assert.equal(played.status, 0, played.stderr);
    await page.locator('#share-said', { hasText: `Saved as github-actions-deploys-from-main${end}.` }).waitFor();
  }
  await page.keyboard.press('Escape');
  assert.equal(await page.evaluate(() => document.activeElement.id), 'share', 'the focus is back where it was');
  await context.close();
});

test('Ctrl+S saves everything as YAML, and nothing is sent', async () => {
  const { page, context, requests } = await open(browser, site.url);
  const token = `${base64url('{"alg":"RS256"}')}.${base64url('{"iss":"https://idp.example.test"}')}.c2lnbmVk`;
  await paste(page, 'token', token);
  await ready(page);
  const loaded = requests.length;
  const [download] = await Promise.all([page.waitForEvent('download'), page.keyboard.press('Control+s')]);
  const saved = readFileSync(await download.path(), 'utf8');
  assert.ok(saved.includes(token), 'the token is as it was');
  assert.match(saved, /^# A scenario of the STS Playground/);
  assert.match(saved, /AssumeRolePolicyDocument:\n +Version: "2012-10-17"/, 'a policy is an object');
  await page.waitForFunction(() => /Saved as .*\.yaml/.test(document.querySelector('#status').textContent));
  assert.deepEqual(besidesParts(requests.slice(loaded)), []);
  await context.close();
});

test('the code for a room can be read off the screen, in the dark theme too', async () => {
  // Of a link as short as this one jsQR, which can't read every size, reads the code.
  const { page, context } = await open(browser, site.url, { path: `/${linkOf(small())}`, colorScheme: 'dark', viewport: { width: 800, height: 600 } });
  await said(page, /^Opened from a link/);
  const link = await shared(page);
  await page.click('#share-large');
  const picture = await page.locator('#share-projector').screenshot();
  const pixels = await page.evaluate(async (base64) => {
    const image = await createImageBitmap(new Blob([Uint8Array.from(atob(base64), (c) => c.charCodeAt(0))], { type: 'image/png' }));
    const context = new OffscreenCanvas(image.width, image.height).getContext('2d');
    context.drawImage(image, 0, 0);
    return { width: image.width, height: image.height, grey: [...context.getImageData(0, 0, image.width, image.height).data].filter((_, i) => i % 4 === 0) };
  }, picture.toString('base64'));
  const read = jsQR(Uint8ClampedArray.from(pixels.grey.flatMap((grey) => [grey, grey, grey, 255])), pixels.width, pixels.height);
  assert.equal(read?.data, link);
  await page.keyboard.press('Escape');
  assert.equal(await page.locator('#share-dialog').isVisible(), true, 'Escape leaves the code, not the dialog');
  await context.close();
});

test('a link that is long says what that means and which tick helps, and has no code that no phone could read', async () => {
  const { page, context } = await open(browser, site.url, { path: '/?scenario=responses-of-independent-software' });
  await shared(page);
  assert.match(await page.locator('#share-length').innerText(), /chat tools may cut what is longer than 2,000 characters: without “Key sets and metadata” it is [\d,]+ characters shorter/);
  assert.match(await page.locator('#share-code-words').innerText(), /There is no QR code: the link has [\d,]+ characters\. One that a room can scan holds 1,273 characters/);
  assert.equal(await page.locator('#share-code svg').count(), 0);
  const long = await page.locator('#share-link').innerText();
  await page.uncheck('#share-keys');
  await page.waitForFunction((length) => document.querySelector('#share-link').textContent.length < length, long.length);
  await context.close();
});

test('a link brings its reader to the call and the step that were in view', async () => {
  const { page, context } = await open(browser, site.url);
  await page.click('[data-call="1"]');
  await ready(page);
  await page.evaluate(() => [...document.querySelectorAll('#report [id^="s_"] > details')].find((details) => details.parentElement.id.endsWith('oidc-audience'))?.closest('.stage')?.querySelector('summary').click());
  const step = page.locator('#report [id$="oidc-audience"] > details > summary').first();
  await step.click();
  const link = await shared(page);
  assert.match(link, /&call=2&step=oidc\/audience$/);
  assert.match(await page.locator('#share-view-words').innerText(), /^call 2, open at oidc\/audience$/);
  const other = await open(browser, site.url, { path: link.slice(site.url.length) });
  await said(other.page, /^Opened from a link/);
  assert.equal(await other.page.locator('#report').getAttribute('data-call'), '1');
  await other.page.waitForFunction(() => document.querySelector('#report [id$="oidc-audience"] > details')?.open);
  await context.close();
  await other.context.close();
});

test('a link never takes away what was being written, and leaves the address at the first edit', async () => {
  const { page, context } = await open(browser, site.url);
  await page.fill('#field-session-name', 'mine');
  await ready(page);
  await page.evaluate((hash) => (location.hash = hash), linkOf(small()));
  await said(page, /^Opened from a link/);
  assert.equal(await page.locator('#title').innerText(), 'From a link');
  assert.match(await page.evaluate(() => location.hash), /^#s=1\./);
  await page.click('#shared-back');
  await ready(page);
  assert.equal(await page.inputValue('#field-session-name'), 'mine');
  assert.equal(await page.evaluate(() => location.hash), '', 'the address no longer names what isn’t shown');
  await page.evaluate((hash) => (location.hash = hash), linkOf(small()));
  await said(page, /^Opened from a link/);
  await page.click('#use-clock');
  await ready(page);
  assert.equal(await page.evaluate(() => location.href), `${site.url}/`);
  await context.close();
});

test('a link that can’t be read says why, and the page stays as it was', async () => {
  const { page, context, violations } = await open(browser, site.url);
  const deep = `{"calls": ${'['.repeat(50_000)}${']'.repeat(50_000)}}`;
  for (const [name, hash, why] of [
    ['a version that is to come', '#s=7.abcdefgh', /version 7, made by a newer playground; this one reads version 1/],
    ['a link that is cut off', linkOf(small()).slice(0, -20), /cut off/],
    ['a bomb', `#s=1.${bomb()}`, /more than 256 KiB/],
    ['nesting without end', linkOf(deep), /nest deeper than 64 levels/],
    ['what isn’t UTF-8', linkOf(Buffer.from([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x7d])), /isn't UTF-8/],
    ['what is no JSON', linkOf('title: yaml'), /is no JSON: line 1, column/],
    ['a list', linkOf('[1]'), /an object is wanted/],
    ['nothing', '#s=', /no scenario in the link/],
  ]) {
    await page.evaluate((hash) => (location.hash = hash), hash);
    await said(page, why).catch(async () => assert.fail(`${name}: ${await page.locator('#shared-words').innerText()}`));
    assert.match(await page.locator('#shared-words').innerText(), /What was here stays\.$/);
    assert.equal(await page.locator('#title').innerText(), 'GitHub Actions deploys from main', name);
  }
  await page.fill('#field-session-name', 'alive');
  await ready(page);
  assert.match(await verdict(page), /assumed as/);
  assert.deepEqual(violations, []);
  await context.close();
});

/** A gigabyte of zeros, as deflate says it: 64 MiB, and again and again. */
function bomb() {
  const flushed = deflateRawSync(Buffer.alloc(1 << 26), { level: 9 });
  return flushed.toString('base64url');
}

test('a link with script in every field is text', async () => {
  const hostile = `"'><img src=x onerror="window.hacked=1"><script>window.hacked=1</script>`;
  const { page, context, violations } = await open(browser, site.url, {
    path: `/${linkOf(JSON.stringify({ title: hostile, summary: hostile, [hostile]: hostile, accounts: { [hostile]: { Roles: [{ RoleName: hostile }] } }, calls: [{ name: hostile, action: hostile, caller: hostile, params: { WebIdentityToken: hostile, __proto__: { polluted: 1 } } }] }))}&step=${encodeURIComponent(hostile)}&tab=${encodeURIComponent(hostile)}&call=99`,
  });
  await said(page, /^Opened from a link/);
  assert.equal(await page.evaluate(() => window.hacked), undefined);
  assert.equal(await page.evaluate(() => document.querySelectorAll('#report img').length), 0);
  assert.deepEqual(violations, []);
  await shared(page);
  await page.keyboard.press('Escape');
  assert.equal(await page.locator('#shared-back').isVisible(), false, 'nothing was written that could be kept');
  await page.click('#undo');
  await expectVerdict(page, /assumed as/);
  await context.close();
});

test('a token that an identity provider sends along is taken in, and out of the address', async () => {
  const token = `${base64url('{"alg":"RS256","kid":"1"}')}.${base64url('{"iss":"https://idp.example.test","sub":"me","aud":"here"}')}.c2lnbmVk`;
  for (const [path, words] of [
    [`/#id_token=${token}&state=x`, /had in id_token was taken in, and is out of the address now\. It stood behind the #, and was sent to nobody\.$/],
    [`/?id_token=${token}`, /sent to this page’s server and may stand in logs/],
    [`/#token=nothing`, /isn’t recognised as a token or a response/],
  ]) {
    const { page, context, violations } = await open(browser, site.url, { path });
    assert.match(await said(page, /out of the address/), words);
    assert.equal(await page.evaluate(() => location.href), `${site.url}/`);
    if (path.includes(token)) assert.equal((await editor(page, 'token').innerText()).replaceAll('\n', ''), token);
    assert.deepEqual(violations, []);
    await context.close();
  }
});

for (const theme of ['light', 'dark']) {
  test(`axe finds nothing in the dialog and the code in ${theme}`, async () => {
    for (const width of [360, 1366]) {
      const { page, context } = await open(browser, site.url, { viewport: { width, height: 800 }, colorScheme: theme });
      await page.evaluate(() => document.querySelector('#share').click());
      await page.locator('#share-link').waitFor();
      for (const step of ['', '#share-large']) {
        if (step) await page.click(step);
        assert.deepEqual(await axeFinds(page, 'dialog[open]'), []);
      }
      assert.equal(await page.evaluate(() => document.querySelector('#share-dialog').scrollWidth <= document.querySelector('#share-dialog').clientWidth), true, 'nothing sticks out');
      await context.close();
    }
  });
}
