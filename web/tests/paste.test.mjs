// Anything is pasted anywhere: it is recognised, put where it belongs, and
// taken back.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { axeFinds, choose, expectVerdict, launch, open, paste, ready, serve, textOf } from './site.mjs';

let site, browser;
before(async () => {
  [site, browser] = await Promise.all([serve(), launch()]);
});
after(async () => {
  await browser?.close();
  site?.stop();
});

const encode = (value) => Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url');
const seconds = Math.floor(Date.now() / 1000);
const canary = encode('canary-7f3a9c-'.repeat(19).slice(0, 256)); // as long as a signature of RSA with 2048 bits
const gitHub = { iss: 'https://token.actions.githubusercontent.com', aud: 'sts.amazonaws.com', sub: 'repo:octo-org/octo-repo:ref:refs/heads/main', iat: seconds, nbf: seconds - 300, exp: seconds + 300 };
const jwt = (claims, header = { alg: 'RS256', kid: 'key-of-the-issuer', typ: 'JWT' }) => `${encode(header)}.${encode(claims)}.${canary}`;
const token = jwt(gitHub);
const keys = JSON.stringify({ keys: [{ kty: 'RSA', alg: 'RS256', kid: 'key-of-the-issuer', n: encode('x'.repeat(256)), e: 'AQAB' }] });
const trust = JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Principal: { Federated: 'arn:aws:iam::123456789012:oidc-provider/token.actions.githubusercontent.com' }, Action: 'sts:AssumeRoleWithWebIdentity', Condition: { StringEquals: { 'token.actions.githubusercontent.com:aud': 'sts.amazonaws.com', 'token.actions.githubusercontent.com:sub': 'repo:octo-org/octo-repo:environment:prod' } } }] });
const record = JSON.stringify({ eventVersion: '1.08', userIdentity: { type: 'WebIdentityUser', principalId: 'arn:aws:iam::123456789012:oidc-provider/gitlab.com:aws:project_path:a/b:ref_type:branch:ref:main', userName: 'project_path:a/b:ref_type:branch:ref:main', identityProvider: 'arn:aws:iam::123456789012:oidc-provider/gitlab.com' }, eventTime: '2026-04-28T10:30:00Z', eventSource: 'sts.amazonaws.com', eventName: 'AssumeRoleWithWebIdentity', awsRegion: 'us-east-1', errorCode: 'AccessDenied', errorMessage: 'An unknown error occurred', requestParameters: { roleArn: 'arn:aws:iam::123456789012:role/deploy', roleSessionName: 'run' } });

/** Pastes a text, or files, where no field has the focus. */
async function pasteOnPage(page, text) {
  await page.evaluate((text) => {
    document.activeElement?.blur();
    const clipboardData = new DataTransfer();
    clipboardData.setData('text/plain', text);
    document.body.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }));
  }, text);
}

/** Drops files, or text, onto the page. */
async function drop(page, files, text = '') {
  await page.evaluate(([files, text]) => {
    const dataTransfer = new DataTransfer();
    for (const { name, bytes, size } of files) dataTransfer.items.add(new File([size ? new Uint8Array(size).fill(120) : Uint8Array.from(bytes)], name));
    if (text) dataTransfer.setData('text/plain', text);
    const target = document.querySelector('#pane-result');
    for (const type of ['dragenter', 'dragover', 'drop']) {
      target.dispatchEvent(new DragEvent(type, { dataTransfer, bubbles: true, cancelable: true }));
      if (type === 'dragover') window.coveredWhileDragged = !document.querySelector('#drop').hidden;
    }
  }, [files.map(({ name, bytes = [], size }) => ({ name, bytes: [...bytes], size })), text]);
}

/** What the line above the panes says, once it says something that matches. */
async function said(page, pattern) {
  try {
    await page.waitForFunction(([source]) => {
      const line = document.querySelector('#exchange-line');
      return !line.hidden && line.ariaBusy !== 'true' && new RegExp(source).test(line.innerText);
    }, [pattern.source], { timeout: 15_000 });
  } catch {
    throw new Error(`the line says ${JSON.stringify(await page.locator('#exchange-line').innerText())}, want ${pattern}`);
  }
  return page.locator('#exchange-line').innerText();
}

async function emptied(options) {
  const opened = await open(browser, site.url, options);
  await choose(opened.page, '#empty');
  await ready(opened.page);
  return opened;
}

test('a token alone is given a provider, a role that trusts nobody else, and the way to its keys', async () => {
  const { page, context, violations } = await emptied();
  const before = await textOf(page, 'trust');
  await pasteOnPage(page, `Authorization: Bearer ${token}\n`);
  const words = await said(page, /This is an OIDC token of GitHub Actions for repo:octo-org/);
  assert.match(words, /key key-of-the-issuer \(RS256\)/);
  assert.match(words, /Proposed: an OIDC provider for https:\/\/token\.actions\.githubusercontent\.com/);
  assert.match(words, /Proposed: role my-role with a trust policy/);
  assert.match(words, /curl -s "\$\(curl -s https:\/\/token\.actions\.githubusercontent\.com\/\.well-known\/openid-configuration \| jq -r \.jwks_uri\)"/);
  await expectVerdict(page, /accepts/);
  assert.equal(await textOf(page, 'token'), token);
  assert.match(await textOf(page, 'trust'), /"token.actions.githubusercontent.com:sub": "repo:octo-org\/octo-repo:ref:refs\/heads\/main"/);
  await pasteOnPage(page, keys);
  await said(page, /This is a key set of 1 key[\s\S]*They are the keys of https:\/\/token\.actions/);
  await expectVerdict(page, /signature|key/);
  await page.locator('#exchange-undo').click();
  await expectVerdict(page, /accepts/);
  await page.locator('#undo').click();
  await ready(page);
  assert.equal(await textOf(page, 'trust'), before, 'one step takes all of the proposal back');
  assert.equal(await page.inputValue('#field-provider-url'), '');
  assert.deepEqual(violations, []);
  await context.close();
});

test('each kind of thing is told for what it is on an empty page, and the verdict follows', async () => {
  const { page, context, violations } = await emptied();
  for (const [text, sentence, verdict] of [
    [JSON.stringify({ count: 1, value: token }), /an OIDC token of GitHub Actions/, /accepts/],
    [JSON.stringify(gitHub), /what an OIDC token of GitHub Actions for [^ ]+ says/, /accepts/],
    ['{"issuer": "https://idp.example.com", "jwks_uri": "https://idp.example.com/keys"}', /the discovery document of https:\/\/idp\.example\.com[\s\S]*wanted from https:\/\/idp\.example\.com\/keys/, /./],
    [trust, /This is a trust policy/, /./],
    ['{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:*", "Resource": "*"}]}', /This is an identity-based policy[\s\S]*service control policy/, /./],
    ['{"UserId": "AIDA", "Account": "210987654321", "Arn": "arn:aws:iam::210987654321:user/a"}', /output of aws sts get-caller-identity/, /./],
    [`aws sts assume-role-with-web-identity --role-arn arn:aws:iam::123456789012:role/my-role --role-session-name ci --web-identity-token ${token}`, /the command aws sts assume-role-with-web-identity/, /accepts/],
    [record, /a CloudTrail record of sts:AssumeRoleWithWebIdentity, which AWS refused with AccessDenied/, /refuses/],
    ['title: written by hand\ncalls:\n- {name: who, action: sts:GetCallerIdentity, caller: "arn:aws:iam::123456789012:root"}\naccounts: {"123456789012": {}}\n', /This is a scenario, "written by hand"/, /root|answers|identity/],
  ]) {
    await choose(page, '#empty');
    await ready(page);
    await pasteOnPage(page, text);
    await said(page, sentence);
    await expectVerdict(page, verdict);
  }
  assert.deepEqual(violations, []);
  await context.close();
});

test('an error line opens its explanation, filled in', async () => {
  const { page, context } = await open(browser, site.url);
  await pasteOnPage(page, 'Error: Could not assume role with OIDC: Not authorized to perform sts:AssumeRoleWithWebIdentity');
  await said(page, /This is an error of AWS/);
  await page.locator('#causes-found h2').first().waitFor();
  assert.match(await page.inputValue('#causes-text'), /Not authorized/);
  assert.ok(await page.locator('#causes-text').isVisible());
  assert.ok(await page.locator('#exchange-undo').isHidden(), 'nothing was changed');
  await context.close();
});

test('what is ambiguous is a choice, and each choice can be taken back', async () => {
  const { page, context } = await emptied();
  await pasteOnPage(page, '{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}');
  await said(page, /This is an identity-based policy/);
  await page.getByRole('button', { name: 'Take it as a service control policy' }).click();
  await said(page, /This is a service control policy[\s\S]*account 123456789012/);
  const scenario = () => page.evaluate(() => document.querySelector('#exchange-said').innerText);
  assert.doesNotMatch(await scenario(), /permissions of role/);
  await page.locator('#exchange-undo').click();
  assert.ok(await page.locator('#exchange-line').isHidden());
  await context.close();
});

test('a token without a place among the issuers of another scenario leaves its roles alone', async () => {
  const { page, context } = await open(browser, site.url);
  const old = await textOf(page, 'trust');
  await pasteOnPage(page, jwt({ ...gitHub, iss: 'https://gitlab.com', aud: 'aws', sub: 'project_path:a/b:ref_type:branch:ref:main' }));
  await said(page, /Role deploy doesn't trust it, and stays as it is[\s\S]*The call asks for arn:aws:iam::123456789012:role\/gitlab-ci/);
  await expectVerdict(page, /accepts/);
  await page.locator('#exchange-undo').click();
  await ready(page);
  assert.equal(await textOf(page, 'trust'), old);
  await context.close();
});

test('the provider in view is that of the token which was pasted, and the line is about what is there', async () => {
  const { page, context } = await open(browser, site.url);
  const old = await textOf(page, 'trust');
  await pasteOnPage(page, jwt({ ...gitHub, iss: 'https://gitlab.com', aud: 'aws', sub: 'project_path:a/b:ref_type:branch:ref:main' }));
  await said(page, /OIDC token[\s\S]*gitlab-ci/);
  await page.waitForFunction(() => document.querySelector('#field-provider-url').value === 'https://gitlab.com');
  assert.equal(await page.inputValue('#keys-mode'), 'none', 'no keys of it are at hand');
  await page.selectOption('#keys-mode', 'unreachable');
  await expectVerdict(page, /refuses/);
  assert.deepEqual([await page.inputValue('#field-provider-url'), await page.inputValue('#keys-mode')], ['https://gitlab.com', 'unreachable']);

  await page.fill('#field-session-name', 'something-else');
  await ready(page);
  await page.locator('#exchange-undo').click();
  await ready(page);
  assert.equal(await textOf(page, 'trust'), old, 'what was pasted goes, and what was done with it');
  assert.notEqual(await page.inputValue('#field-session-name'), 'something-else');
  for (let i = 0; i < 3; i++) await page.locator('#redo').click();
  await ready(page);
  assert.equal(await page.inputValue('#field-session-name'), 'something-else');

  await pasteOnPage(page, token);
  await said(page, /OIDC token[\s\S]*octo-org/);
  await choose(page, '#reset');
  await ready(page);
  assert.ok(await page.locator('#exchange-line').isHidden(), 'of another scenario it says nothing');
  await context.close();
});

test('a token in its own field is offered the provider and the role that it needs, and is mended where it was broken', async () => {
  const { page, context } = await emptied();
  await paste(page, 'token', `Authorization: Bearer ${token.match(/.{1,70}/g).join('\n')}`);
  const offer = page.locator('[data-editor="token"] .note button');
  await offer.waitFor();
  assert.equal(await offer.innerText(), 'Put it in, with what it needs');
  await offer.click();
  await said(page, /OIDC token[\s\S]*Proposed: an OIDC provider/);
  await expectVerdict(page, /accepts/);
  assert.equal(await textOf(page, 'token'), token);
  await context.close();
});

test('files dropped anywhere go in together, and one undo takes all back', async () => {
  const { page, context, violations } = await emptied();
  const before = await textOf(page, 'token');
  await drop(page, [
    { name: 'token.txt', bytes: Buffer.from(token) },
    { name: 'trust.json', bytes: Buffer.from(trust) },
    { name: 'picture.png', bytes: Buffer.from('89504e470d0a1a0a00', 'hex') },
    { name: 'latin.txt', bytes: Buffer.from('636166e9', 'hex') },
    { name: 'huge.log', size: 5 << 20 },
  ]);
  assert.ok(await page.evaluate(() => window.coveredWhileDragged), 'while something is dragged, the page says what becomes of it');
  assert.ok(await page.locator('#drop').isHidden());
  await said(page, /These are 2 things: a trust policy, and an OIDC token/);
  const words = await page.locator('#exchange-line').innerText();
  assert.match(words, /picture\.png: this is a picture \(PNG\)/);
  assert.match(words, /latin\.txt: the text is no UTF-8: byte 3/);
  assert.match(words, /huge\.log: the text has 5242880 bytes \(5\.0 MiB\), and at most 1 MiB/);
  await expectVerdict(page, /refuses/);
  await page.locator('#exchange-undo').click();
  await ready(page);
  assert.equal(await textOf(page, 'token'), before);
  await drop(page, [], trust);
  await said(page, /This is a trust policy/);
  assert.deepEqual(violations, []);
  await context.close();
});

test('the dialog takes text and files by keyboard', async () => {
  const { page, context } = await emptied();
  await page.locator('#open').focus();
  await page.keyboard.press('Enter');
  await page.waitForFunction(() => document.activeElement?.id === 'open-text');
  await page.keyboard.insertText('nothing that is known');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await page.locator('#open-refusal:visible').waitFor();
  assert.match(await page.locator('#open-refusal').innerText(), /This isn't recognised/);
  assert.equal(await page.inputValue('#open-text'), 'nothing that is known', 'what was typed is kept');
  await page.locator('#open-files').setInputFiles([{ name: 'token.jwt', mimeType: 'text/plain', buffer: Buffer.from(token) }]);
  await said(page, /This is an OIDC token/);
  assert.ok(await page.locator('#open-dialog').isHidden());
  assert.equal(await page.evaluate(() => document.activeElement?.id), 'open', 'the focus is back where it was');
  await page.keyboard.press('Enter');
  await page.keyboard.press('Escape');
  assert.ok(await page.locator('#open-dialog').isHidden());
  await context.close();
});

test('what is pasted into the wrong editor is offered its place, also where editors are plain', async () => {
  const { page, context } = await emptied();
  await paste(page, 'trust', token);
  const offer = page.locator('[data-editor="trust"] .note button');
  await offer.waitFor();
  assert.match(await page.locator('[data-editor="trust"] .note').innerText(), /This is an OIDC token of GitHub Actions/);
  await offer.click();
  await said(page, /an OIDC token/);
  await expectVerdict(page, /accepts/);
  assert.match(await textOf(page, 'trust'), /octo-repo:ref:refs/);

  await choose(page, '#empty');
  await ready(page);
  await choose(page, '#plain');
  await page.keyboard.press('Escape');
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await page.evaluate((token) => navigator.clipboard.writeText(token), token);
  await page.locator('[data-editor="trust"] textarea').focus();
  await page.keyboard.press('Control+V');
  await offer.click();
  await expectVerdict(page, /accepts/);
  await context.close();
});

test('hostile pastes leave a working page', async () => {
  const { page, context, violations } = await emptied();
  const script = '<img src=x onerror="alert(1)"><script>alert(1)</script>';
  page.on('dialog', () => violations.push('a dialog opened'));
  for (const [name, text, sentence] of [
    ['script in every claim', jwt({ ...gitHub, iss: `https://idp.example.com/${script}`, aud: script, sub: script }), /an OIDC token/],
    ['script in the names of a role', JSON.stringify({ Role: { RoleName: script, Arn: `arn:aws:iam::123456789012:role/${script}`, AssumeRolePolicyDocument: { Statement: [{ Sid: script }] } } }), /get-role/],
    ['script in a scenario', JSON.stringify({ title: script, summary: script, calls: [{ name: script, action: script }], accounts: {} }), /a scenario/],
    ['five megabytes', 'x'.repeat(5 << 20), /5242880 bytes/],
    ['deep nesting', '['.repeat(100_000), /deeper than 64 levels/],
    ['deep objects', '{"a":'.repeat(100_000), /deeper than 64 levels/],
    ['lone surrogates', '{"iss": "\ud800"', /./],
    ['a zero byte', 'a\u0000b', /binary/],
    ['braces', '{'.repeat(1 << 19), /./],
  ]) {
    await choose(page, '#empty');
    await ready(page);
    if (await page.locator('#exchange-close').isVisible()) await page.locator('#exchange-close').click();
    await pasteOnPage(page, text);
    await said(page, sentence);
    assert.equal(await page.locator('#exchange-line img, #exchange-line script, #report img, #title img').count(), 0, name);
    await pasteOnPage(page, trust);
    await said(page, /This is a trust policy/);
    await ready(page);
  }
  assert.deepEqual(violations.filter((words) => words.includes('dialog') || words.includes('policy:')), []);
  await context.close();
});

test('nothing of what is pasted, dropped or opened goes anywhere', async () => {
  const { page, context, requests } = await emptied();
  await pasteOnPage(page, token);
  await said(page, /an OIDC token/);
  await drop(page, [{ name: 'token.txt', bytes: Buffer.from(jwt({ ...gitHub, sub: 'other' })) }]);
  await said(page, /for other/);
  await page.locator('#open').click();
  await page.fill('#open-text', token);
  await page.locator('#open-take').click();
  await said(page, /for repo:octo-org/);
  await ready(page);
  const from = requests.length;
  await pasteOnPage(page, JSON.stringify(gitHub));
  await said(page, /what an OIDC token/);
  assert.equal(requests.length, from, 'after the page has loaded nothing is asked for');
  for (const { url, body, headers } of requests) assert.ok(!`${url}${body}${JSON.stringify(headers)}`.includes(canary.slice(0, 40)), url);
  await context.close();
});

test('axe finds nothing in the line and the dialog', async () => {
  for (const colorScheme of ['light', 'dark']) {
    const { page, context } = await emptied({ colorScheme });
    await pasteOnPage(page, '{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}');
    await said(page, /identity-based policy/);
    await pasteOnPage(page, token);
    await said(page, /an OIDC token/);
    assert.deepEqual(await axeFinds(page, '#exchange-line'), []);
    await page.locator('#open').click();
    await page.locator('#open-dialog summary').click();
    assert.deepEqual(await axeFinds(page, '#open-dialog'), []);
    await context.close();
  }
});

test('at 320 pixels the dialog and the line fit, and the verdict is a tab away', async () => {
  const { page, context } = await open(browser, site.url, { viewport: { width: 320, height: 640 } });
  await pasteOnPage(page, token);
  await said(page, /an OIDC token/);
  assert.equal(await page.evaluate(() => document.documentElement.dataset.tab), 'result');
  assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), 'nothing sticks out');
  await context.close();
});
