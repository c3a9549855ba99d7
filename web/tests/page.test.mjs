// The main job: what a reader does with the page, and sees.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { choose, editor, expectVerdict, launch, open, openMore, paste, ready, serve, textOf } from './site.mjs';

const real = {
  token: readFileSync(new URL('../../engine/oidc/testdata/id_token.jwt', import.meta.url), 'utf8').trim(),
  jwks: readFileSync(new URL('../../engine/oidc/testdata/jwks.json', import.meta.url), 'utf8'),
  issuedSoonBefore: '2026-11-22T01:30:00Z',
  policy: (subject) => JSON.stringify({
    Version: '2012-10-17',
    Statement: [{
      Effect: 'Allow',
      Principal: { Federated: 'arn:aws:iam::123456789012:oidc-provider/idp.example.test' },
      Action: 'sts:AssumeRoleWithWebIdentity',
      Condition: { StringEquals: { 'idp.example.test:aud': 'sts.amazonaws.com', 'idp.example.test:sub': subject } },
    }],
  }, null, 2),
};

let site, browser;
before(async () => {
  [site, browser] = await Promise.all([serve(), launch()]);
});
after(async () => {
  await browser?.close();
  site?.stop();
});

/** Puts the genuine token and everything that it needs into the page. */
async function registerRealToken(page) {
  await paste(page, 'token', real.token);
  await page.fill('#field-provider-url', 'https://idp.example.test');
  await page.fill('#field-client-ids', 'sts.amazonaws.com');
  await page.selectOption('#keys-mode', 'pasted');
  await paste(page, 'jwks', real.jwks);
  await paste(page, 'trust', real.policy('alice'));
  await page.fill('#now', real.issuedSoonBefore);
}

/** Replaces the first occurrence of a text in the trust policy, by keyboard. */
async function retype(page, old, now) {
  await editor(page, 'trust').evaluate((target, old) => {
    const { view } = target.cmTile;
    const from = view.state.doc.toString().indexOf(old);
    if (from < 0) throw new Error(`the policy has no ${old}`);
    view.focus();
    view.dispatch({ selection: { anchor: from, head: from + old.length } });
  }, old);
  await page.keyboard.press('Delete');
  await page.keyboard.insertText(now);
}

test('the page is alive at once with an example that works', async () => {
  const { page, context, violations } = await open(browser, site.url, { alive: false });
  assert.match(await page.locator('#verdict-words').innerText(), /accepts/i);
  await ready(page);
  await expectVerdict(page, /accepts/);
  await page.waitForFunction(() => /accepts/i.test(document.querySelector('#status').textContent));
  assert.match(await textOf(page, 'token'), /^eyJ[\w-]+\.eyJ[\w-]+\.[\w-]+$/, 'the minted token is shown');
  assert.deepEqual(violations, []);
  await context.close();
});

test('a genuine token and its key set are accepted, refused when the policy wants another subject, and mended by one click', async () => {
  const { page, context, violations } = await open(browser, site.url);
  await registerRealToken(page);
  await expectVerdict(page, /accepts/);

  await retype(page, '"alice"', '"alicia"');
  await expectVerdict(page, /refuses.*alicia|alicia.*refuses/);
  assert.match(await page.locator('#aws-error').innerText(), /AccessDenied[\s\S]*Not authorized to perform sts:AssumeRoleWithWebIdentity/);

  await page.locator('#advice button.fix').first().click();
  await expectVerdict(page, /accepts/);
  assert.match(await textOf(page, 'trust'), /alice"/);

  assert.equal(await page.evaluate(() => document.activeElement.id), 'pane-result', 'the focus stays with the result when its button goes');
  assert.match(await page.locator('[data-editor="trust"] .cm-lit').innerText(), /:sub"/, 'the changed line is lit');
  assert.match(await page.locator('[data-editor="trust"] .note').innerText(), /takes it back/);

  await editor(page, 'trust').click();
  await page.keyboard.press('Control+z');
  await expectVerdict(page, /refuses/);
  assert.match(await textOf(page, 'trust'), /alicia/, 'Ctrl+Z takes the mend back');
  assert.deepEqual(violations, []);
  await context.close();
});

test('the advice of a report that no longer holds does nothing', async () => {
  const { page, context } = await open(browser, site.url);
  await retype(page, 'refs/heads/main', 'refs/heads/other');
  await expectVerdict(page, /refuses/);
  await editor(page, 'trust').evaluate((target) => {
    const { view } = target.cmTile;
    const at = view.state.doc.toString().indexOf('refs/heads/other');
    view.dispatch({ changes: { from: at + 'refs/heads/'.length, insert: 'an' }, userEvent: 'input.type' });
    document.querySelector('#advice button.fix').click(); // before any answer can be there
  });
  await page.waitForFunction(() => /heads\/another/.test(document.querySelector('#verdict-words').textContent));
  await ready(page);
  assert.match(await textOf(page, 'trust'), /heads\/another"/, 'nothing was mended');
  await page.locator('#advice button.fix').first().click();
  await expectVerdict(page, /accepts/);
  await context.close();
});

test('a tampered token is refused for its signature', async () => {
  const { page, context } = await open(browser, site.url);
  await registerRealToken(page);
  await expectVerdict(page, /accepts/);
  const [header, claims, signature] = real.token.split('.');
  await paste(page, 'token', [header, claims, signature.replace(/^./, (c) => (c === 'A' ? 'B' : 'A'))].join('.'));
  await expectVerdict(page, /refuses/);
  assert.match(await page.locator('#aws-error').innerText(), /InvalidIdentityToken/);
  await context.close();
});

test('a line break at the end of a paste is left out, and the page says so', async () => {
  const { page, context } = await open(browser, site.url);
  await paste(page, 'token', real.token + '\n');
  assert.equal(await textOf(page, 'token'), real.token);
  assert.match(await page.locator('[data-editor="token"] .note').innerText(), /line break/);
  await paste(page, 'token', ` "${real.token}"`);
  assert.equal(await textOf(page, 'token'), ` "${real.token}"`, 'anything else stays as it was pasted');
  await context.close();
});

test('without a network the page goes on working', async () => {
  const { page, context } = await open(browser, site.url);
  await context.setOffline(true);
  await registerRealToken(page);
  await expectVerdict(page, /accepts/);
  await retype(page, '"alice"', '"bob"');
  await expectVerdict(page, /refuses/);
  await page.locator('#examples > summary').click();
  await page.locator('.gallery summary').last().click();
  await page.locator('#examples [data-example]').last().click();
  await page.locator('#undo').click();
  await expectVerdict(page, /refuses/);
  assert.equal(await textOf(page, 'token'), real.token, 'what an example replaced comes back');
  await context.close();
});

test('a menu closes at Escape, at a click beside it and when another opens', async () => {
  const { page, context } = await open(browser, site.url);
  const isOpen = (id) => page.locator(`#${id}`).evaluate((menu) => menu.open);
  await page.locator('#examples > summary').click();
  await page.keyboard.press('Escape');
  assert.equal(await isOpen('examples'), false);
  assert.equal(await page.evaluate(() => document.activeElement.parentElement.id), 'examples');
  await page.locator('#examples > summary').click();
  await page.locator('#privacy summary').click();
  assert.deepEqual([await isOpen('examples'), await isOpen('privacy')], [false, true]);
  await page.locator('#part-call h2').click();
  assert.equal(await isOpen('privacy'), false);
  await context.close();
});

test('when a call fails, its error, the advice and the failing condition are in sight at 1366 × 768', async () => {
  const { page, context } = await open(browser, site.url, { path: '/?scenario=the-organisation-in-another-letter-case', viewport: { width: 1366, height: 768 } });
  await expectVerdict(page, /refuses/);
  for (const place of ['#aws-error', '#advice', '.comparison.is-failed', '[data-editor="trust"]']) {
    const box = await page.locator(place).first().boundingBox();
    const end = place === '[data-editor="trust"]' ? box.y + 100 : box.y + box.height;
    assert.ok(end <= 768, `${place} ends at ${end}`);
  }
  await context.close();
});

test('Tab leaves every editor', async () => {
  const { page, context } = await open(browser, site.url);
  for (const name of ['token', 'trust']) {
    // By keyboard: CodeMirror finishes a click some milliseconds after it, and takes the focus for that.
    await editor(page, name).focus();
    await page.keyboard.press('Tab');
    assert.notEqual(await page.evaluate(() => document.activeElement.dataset.editor), name);
  }
  await context.close();
});

test('what the engine draws in the page has the shape of what the server sent', async () => {
  const { page } = await open(browser, site.url, { alive: false });
  const shape = () => page.evaluate(() => [...document.querySelectorAll('#report > *, #report > .report > *')].map((part) => part.localName + '#' + part.id));
  const served = await shape();
  await ready(page);
  assert.deepEqual(await shape(), served);
  await page.locator('#report [data-call="1"]').click();
  await page.locator('#verdict.is-failed').waitFor();
  await ready(page);
  assert.equal(await page.locator('#report > .report > .verdict').count(), 1);
});

test('details that a reader opened or closed stay so across keystrokes', async () => {
  const { page, context } = await open(browser, site.url);
  const stage = page.locator('#stage-time details').first();
  await page.locator('#stage-time summary').first().click();
  const chosen = await stage.evaluate((details) => details.open);
  await editor(page, 'trust').click();
  await page.keyboard.press('Control+End');
  for (const key of ' \n  \n') {
    await page.keyboard.insertText(key);
    await ready(page);
  }
  assert.equal(await stage.evaluate((details) => details.open), chosen);
  await context.close();
});

test('a finding is marked in the text, and a link of the report leads to its line', async () => {
  const { page, context } = await open(browser, site.url);
  const text = await textOf(page, 'trust');
  await paste(page, 'trust', text.replace('StringEquals', 'StringEqual'));
  await page.waitForSelector('[data-editor="trust"] .cm-lintRange-error, [data-editor="trust"] .cm-lintRange-warning');
  await page.locator('#findings [data-goto-path]').first().click();
  assert.equal(await page.evaluate(() => document.activeElement.dataset.editor), 'trust');
  assert.match(await page.locator('[data-editor="trust"] .cm-lit').innerText(), /StringEqual|Condition/);
  await context.close();
});

test('the moment of a result leads to its field, which says what is wrong with it', async () => {
  const { page, context } = await open(browser, site.url, { viewport: { width: 390, height: 844 } });
  await page.click('#to-moment');
  assert.equal(await page.evaluate(() => document.activeElement.id), 'now');
  assert.equal(await page.locator('#tabs [aria-current]').innerText(), 'Role', 'the tab of what is shown is marked');
  await page.fill('#now', '22.11.2026');
  await page.waitForSelector('#now[aria-invalid="true"]');
  const finding = await page.getAttribute('#now', 'aria-describedby');
  assert.match(await page.locator(`#${finding}`).textContent(), /RFC 3339/);
  await page.fill('#now', '2026-11-22T01:20:00Z');
  await page.waitForSelector('#now:not([aria-invalid])');
  await context.close();
});

test('a reset brings back the example that was opened last', async () => {
  const { page, context } = await open(browser, site.url);
  await page.click('#examples > summary');
  await page.fill('#find-example', 'okta');
  await page.click('[data-example="okta-signs-people-in-with-saml"]');
  await choose(page, '#empty');
  await choose(page, '#reset');
  assert.equal(await page.innerText('#title'), 'Okta signs people in with SAML');
  await context.close();
});

test('the whole scenario can be edited, as JSON and as YAML', async () => {
  const { page, context } = await open(browser, site.url);
  await page.locator('#part-scenario summary').click();
  const scenario = JSON.parse(await textOf(page, 'scenario'));
  scenario.accounts['123456789012'].Roles[0].RoleName = 'release';
  await paste(page, 'scenario', JSON.stringify(scenario));
  await page.waitForFunction(() => document.querySelector('#field-role-name').value === 'release');
  await expectVerdict(page, /refuses/);

  await paste(page, 'scenario', 'title: Written as YAML\naccounts:\n  "210987654321": {Roles: [{RoleName: reader}]}\n');
  await page.waitForFunction(() => document.querySelector('#field-account').value === '210987654321');
  assert.equal(await page.locator('#field-role-name').inputValue(), 'reader');
  await context.close();
});

test('the controls write what they show', async () => {
  const { page, context } = await open(browser, site.url);
  await page.fill('#field-account', '210987654321');
  assert.match(await page.inputValue('#field-role-arn'), /^arn:aws:iam::210987654321:role\/deploy$/);
  await page.fill('#field-role-name', 'release');
  assert.match(await page.inputValue('#field-role-arn'), /:role\/release$/);
  await page.selectOption('#keys-mode', 'unreachable');
  await ready(page);
  await expectVerdict(page, /refuses/);
  assert.match(await page.locator('#aws-error').innerText(), /IDPCommunicationError|InvalidIdentityToken/);
  await page.click('#use-clock');
  assert.match(await page.inputValue('#now'), /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
  await choose(page, '#reset');
  await expectVerdict(page, /accepts/);
  await page.click('#undo');
  assert.equal(await page.inputValue('#field-role-name'), 'release');
  await context.close();
});

test('a scenario beyond the limit is kept, and the page says why it is not played', async () => {
  const { page, context } = await open(browser, site.url);
  const long = '{"Version": "2012-10-17", "Id": "' + 'x'.repeat(1 << 20) + '"}';
  await paste(page, 'trust', long);
  await page.waitForSelector('#too-large:not([hidden])');
  assert.equal((await textOf(page, 'trust')).length, long.length);
  await expectVerdict(page, /accepts/);
  await paste(page, 'trust', '{}');
  await page.waitForSelector('#too-large', { state: 'hidden' });
  await expectVerdict(page, /refuses/);
  await context.close();
});

test('the theme is remembered, and is the only thing that is', async () => {
  const { page, context } = await open(browser, site.url);
  await openMore(page);
  await page.selectOption('#theme', 'dark');
  await page.reload();
  assert.equal(await page.evaluate(() => document.documentElement.dataset.theme), 'dark');
  assert.deepEqual(await page.evaluate(() => Object.keys(localStorage)), ['theme']);
  await context.close();
});

test('a token to mint is edited as what it says, and a pasted one takes its place', async () => {
  const { page, context } = await open(browser, site.url);
  const minted = await textOf(page, 'token');
  await page.locator('#mint-json-d > summary').click();
  const mint = JSON.parse(await textOf(page, 'mint'));
  mint.claims.sub = 'repo:acme/app:ref:refs/heads/other';
  await paste(page, 'mint', JSON.stringify(mint));
  await expectVerdict(page, /refuses.*heads\/other/);
  await page.waitForFunction((old) => document.querySelector('[data-editor="token"]').shadowRoot.querySelector('.cm-content').cmTile.view.state.doc.toString() !== old, minted);
  await paste(page, 'token', minted);
  await expectVerdict(page, /accepts/);
  assert.equal(await textOf(page, 'mint'), '', 'nothing is minted any more');
  await context.close();
});

test('the brackets go from stage to stage, and only in the report', async () => {
  const { page, context } = await open(browser, site.url);
  await page.locator('#stage-request summary').first().focus();
  await page.keyboard.press(']');
  assert.equal(await page.evaluate(() => document.activeElement.closest('.stage').id), 'stage-token');
  await page.keyboard.press('[');
  assert.equal(await page.evaluate(() => document.activeElement.closest('.stage').id), 'stage-request');
  await editor(page, 'trust').click();
  await page.keyboard.press('Control+End');
  await page.keyboard.type(']');
  assert.match(await textOf(page, 'trust'), /\]$/);
  await context.close();
});

test('the gallery can be searched, also by an error of AWS and by a group, and folds again', async () => {
  const { page, context } = await open(browser, site.url);
  await page.locator('#examples > summary').click();
  const shown = () => page.locator('.gallery li:visible').count();
  const all = await page.locator('.gallery li').count();
  const folded = await shown();
  assert.ok(folded > 0 && folded < all / 4, `the group of the example in view is open, and no other: ${folded} of ${all}`);
  assert.equal(await page.locator('.gallery details[open] [aria-current="page"]').count(), 1);
  await page.locator('#find-example').fill('okta saml');
  const okta = await shown();
  assert.ok(okta > 0 && okta < all, `${okta} of ${all}`);
  assert.match(await page.locator('#found-examples').textContent(), /^\d+ examples?$/);
  await page.locator('#find-example').fill('ExpiredTokenException');
  assert.ok((await shown()) > 0);
  await page.locator('#find-example').fill('nothing is called xyzzy');
  assert.equal(await shown(), 0);
  assert.equal(await page.locator('#found-examples').textContent(), 'No examples');
  await page.locator('#find-example').fill('amazon cognito');
  assert.ok((await shown()) >= 8, 'a group is found by its name');
  await page.locator('#find-example').fill('');
  assert.equal(await shown(), folded);
  await context.close();
});

test('the verdict and the walk are in sight at 1366 × 768, however many calls and questions there are', async () => {
  for (const example of ['glue-and-athena-by-team', 'pod-identity-gives-a-pod-its-role', 'permission-sets-become-roles']) {
    const { page, context } = await open(browser, site.url, { path: `/?scenario=${example}`, viewport: { width: 1366, height: 768 } });
    const below = (selector) => page.locator(selector).evaluate((element) => Math.round(element.getBoundingClientRect().bottom));
    assert.ok((await below('#verdict')) < 600, `${example}: the verdict ends at ${await below('#verdict')}`);
    const walk = await page.locator('#stages').evaluate((element) => Math.round(element.getBoundingClientRect().top));
    assert.ok(walk < 680, `${example}: the stages begin at ${walk}`);
    await context.close();
  }
});

for (const [width, height] of [[1366, 768], [900, 700], [390, 844]]) {
  test(`the verdict stays in sight beside who gets in and the locks at ${width} px, and what has the focus isn’t behind it`, async () => {
    const { page, context } = await open(browser, site.url, { viewport: { width, height } });
    for (const part of ['who', 'locks']) {
      await page.locator(`#to-${part}-part`).click();
      await page.waitForFunction((part) => document.querySelector(`#${part}`).ariaBusy === 'false' && document.querySelector(`#${part}-body`).childElementCount > 0, part);
      const places = () => page.evaluate((part) => {
        const verdict = document.querySelector('#verdict').getBoundingClientRect();
        const seen = document.elementFromPoint(verdict.left + 40, verdict.bottom - 4)?.closest('#verdict') !== null && document.elementFromPoint(verdict.left + 40, verdict.top + 4)?.closest('#verdict') !== null;
        return { seen, verdict: verdict.bottom, section: document.querySelector(`#${part}`).getBoundingClientRect().top, focused: document.activeElement.getBoundingClientRect().top };
      }, part);
      const arrived = await places();
      assert.ok(arrived.seen, `${part}: no verdict`);
      assert.ok(arrived.section >= arrived.verdict && arrived.section < height / 2, `${part} begins at ${arrived.section}, the verdict ends at ${arrived.verdict}`);
      await page.locator(`#${part}-body button, #${part}-body input`).last().focus();
      assert.ok((await places()).seen, `${part}: no verdict at its end`);
      for (let i = 0; i < 25; i++) {
        await page.keyboard.press('Shift+Tab');
        const at = await places();
        assert.ok(at.focused >= at.verdict, `${part}: the focus is behind the verdict, at ${at.focused}`);
        if (await page.evaluate((part) => document.activeElement.matches(`#${part} summary`) && document.activeElement.closest('tr') === null, part)) break;
      }
    }
    await context.close();
  });
}

test('at 390 px the verdict stands before calls and questions', async () => {
  const { page, context } = await open(browser, site.url, { path: '/?scenario=pod-identity-gives-a-pod-its-role', viewport: { width: 390, height: 844 } });
  const top = (selector) => page.locator(selector).evaluate((element) => element.getBoundingClientRect().top);
  assert.ok((await top('#verdict')) < (await top('#gates')));
  await context.close();
});

test('the strip leads to a part of the report, opens it and takes the focus along', async () => {
  const { page, context } = await open(browser, site.url);
  for (const part of ['time', 'event', 'who']) {
    await page.locator(`#to-${part}-part`).focus();
    await page.keyboard.press('Enter');
    assert.equal(await page.locator(`#${part} > details`).evaluate((details) => details.open), true);
    assert.equal(await page.evaluate(() => document.activeElement.closest('section').id), part);
    const [top, verdict] = await page.evaluate((part) => [document.getElementById(part).getBoundingClientRect().top, document.querySelector('#verdict').getBoundingClientRect().bottom], part);
    assert.ok(top >= verdict, `${part} is behind the verdict: ${top} < ${verdict}`);
  }
  assert.equal(new URL(page.url()).hash, '');
  await context.close();
});

test('the fields of what is minted are drawn when they are opened, and not before', async () => {
  const { page, context } = await open(browser, site.url);
  const form = page.locator('#mint-claims');
  const before = await form.innerHTML();
  await page.locator('select[data-kind="mint-profile"]:visible').selectOption({ index: 4 });
  await ready(page);
  assert.equal(await form.innerHTML(), before);
  await page.locator('#mint-claims-d > summary').click();
  await page.waitForFunction((before) => document.querySelector('#mint-claims').innerHTML !== before, before);
  await context.close();
});

test('on paper the page has the light colours, whatever theme was chosen', async () => {
  const { page, context } = await open(browser, site.url, { colorScheme: 'dark' });
  await openMore(page);
  await page.locator('#theme').selectOption('dark');
  const ground = () => page.evaluate(() => getComputedStyle(document.documentElement).getPropertyValue('--surface'));
  assert.equal((await ground()).trim(), '#211f1d');
  await page.emulateMedia({ media: 'print', colorScheme: 'dark' });
  assert.match((await ground()).trim(), /^#fff(fff)?$/);
  await context.close();
});
