// Calls: any operation is chosen, filled in and signed by fields alone, and
// calls come and go. What a minted token says is edited claim by claim.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { axeFinds, choose, expectVerdict, launch, open, paste, ready, runsOver, serve, textOf } from './site.mjs';

let site, browser;
before(async () => {
  [site, browser] = await Promise.all([serve(), launch()]);
});
after(async () => {
  await browser?.close();
  site?.stop();
});

/** The scenario that the page holds. */
async function scenarioOf(page) {
  const folded = page.locator('#part-scenario > details');
  if (!(await folded.evaluate((details) => details.open))) await folded.locator('summary').click();
  return JSON.parse(await textOf(page, 'scenario'));
}

const fill = (page, name, text) => page.fill(`#field-${name}`, text);

async function operation(page, action) {
  await page.selectOption('#action', action);
  await ready(page);
}

/** Takes a suggestion of a field, as somebody does who doesn't know what to type. */
async function pick(page, field, value) {
  await page.click(field); // opens the list
  await page.locator('#completions li', { hasText: value }).first().click();
  await ready(page);
}

const statement = (...all) => JSON.stringify({ Version: '2012-10-17', Statement: all });

test('a person builds a chain of calls by fields alone: a user, a session with MFA, a role, an action', async () => {
  const { page, context, violations } = await open(browser, site.url);
  await choose(page, '#empty');
  await ready(page);

  // The world: a user with a device and a permission, and a role that trusts her with MFA.
  await page.locator('summary', { hasText: /^Users/ }).click();
  const users = page.locator('[data-list="/accounts/{around}/Users"]');
  await users.locator(':scope > [data-item="add"]').click();
  await users.locator('[data-bind="./MFADevices"]').fill('arn:aws:iam::123456789012:mfa/alice');
  await users.locator('[data-item="add"]', { hasText: 'Add an inline policy' }).click();
  const document = users.locator('[data-editor="policy"] .cm-content').first();
  await document.focus();
  await page.keyboard.press('Control+A');
  await page.keyboard.insertText(statement({ Effect: 'Allow', Action: 'sts:AssumeRole', Resource: '*' }));
  await paste(page, 'trust', statement({
    Effect: 'Allow', Principal: { AWS: 'arn:aws:iam::123456789012:user/alice' }, Action: 'sts:AssumeRole',
    Condition: { Bool: { 'aws:MultiFactorAuthPresent': 'true' } },
  }));
  await page.locator('#part-permissions [data-item="add"]', { hasText: 'Add an inline policy' }).click();
  await ready(page);

  // The session.
  await operation(page, 'sts:GetSessionToken');
  assert.equal(await page.inputValue('#field-caller'), 'arn:aws:iam::123456789012:user/alice', 'somebody who can sign is there at once');
  assert.equal(await page.locator('#part-token').isVisible(), false, 'no token is presented');
  await fill(page, 'serial-number', 'arn:aws:iam::123456789012:mfa/alice');
  await fill(page, 'token-code', '123456');
  await expectVerdict(page, /temporary credentials/i);
  await page.locator('#call-more > summary').click();
  await fill(page, 'call-name', 'with the phone');
  await ready(page);

  // The role, with that session.
  await page.locator('#part-call [data-ask="add-call"]').click();
  await ready(page);
  assert.equal(await page.evaluate(() => document.activeElement.id), 'action', 'what it is to do comes first');
  assert.equal(await page.inputValue('#field-caller'), 'with the phone');
  await operation(page, 'sts:AssumeRole');
  await fill(page, 'session-name', 'alice');
  await expectVerdict(page, /STS accepts/);
  await pick(page, '#field-caller', 'user/alice');
  await expectVerdict(page, /refuses/);
  await pick(page, '#field-caller', 'with the phone');
  await expectVerdict(page, /accepts/);

  // And what it may do.
  await page.locator('#ask-add').click();
  await ready(page);
  await expectVerdict(page, /may s3:GetObject/);

  const { calls } = await scenarioOf(page);
  assert.deepEqual(calls.map(({ action, caller }) => [action, caller]), [
    ['sts:GetSessionToken', 'arn:aws:iam::123456789012:user/alice'],
    ['sts:AssumeRole', 'with the phone'],
    ['s3:GetObject', 'AssumeRole'],
  ]);
  assert.deepEqual(calls[0].params, { SerialNumber: 'arn:aws:iam::123456789012:mfa/alice', TokenCode: '123456' });
  assert.deepEqual(violations, []);
  await context.close();
});

test('every operation can be chosen, has its parameters as fields, and gives way to the one before', async () => {
  const { page, context, violations } = await open(browser, site.url);
  const first = await scenarioOf(page);
  const all = await page.locator('#action option').evaluateAll((options) => options.map((option) => option.value));
  assert.ok(all.length >= 6);
  assert.ok((await page.locator('#action optgroup').count()) >= 1);
  for (const action of all) {
    await operation(page, action);
    const { calls } = await scenarioOf(page);
    assert.equal(calls[0].action, action);
    const unread = await page.locator('#findings').evaluateAll((found) => found.flatMap((each) => [...each.querySelectorAll('.finding')]).filter((each) => /scenario\//.test(each.textContent)).length);
    assert.equal(unread, 0, `${action} begins as a scenario that can be read`);
  }
  await operation(page, first.calls[0].action);
  const { name: _, ...params } = (await scenarioOf(page)).calls[0];
  const { name: __, ...before } = first.calls[0];
  assert.deepEqual(params, before, 'the call is what it was');
  assert.deepEqual(violations, []);
  await context.close();
});

test('what only one operation has is there again when it comes back', async () => {
  const { page, context } = await open(browser, site.url);
  await operation(page, 'sts:AssumeRole');
  await fill(page, 'external-id', 'acme-42');
  await fill(page, 'caller', 'arn:aws:iam::123456789012:root');
  await page.locator('#params details > summary').click();
  await page.locator('#params [data-list$="/Tags"] [data-item="add"]').click();
  await page.locator('#params [data-bind="./Value"]').fill('blue');
  await fill(page, 'transitive-tag-keys', 'team\ncost');
  await ready(page);
  const { params } = (await scenarioOf(page)).calls[0];
  assert.deepEqual(params.Tags, [{ Key: 'team', Value: 'blue' }]);
  assert.deepEqual(params.TransitiveTagKeys, ['team', 'cost']);
  await operation(page, 'sts:AssumeRoleWithWebIdentity');
  assert.equal((await scenarioOf(page)).calls[0].caller, undefined, 'nobody signs it');
  await operation(page, 'sts:AssumeRole');
  assert.equal(await page.inputValue('#field-external-id'), 'acme-42');
  assert.equal(await page.inputValue('#field-caller'), 'arn:aws:iam::123456789012:root');
  assert.equal(await page.locator('#params [data-bind="./Value"]').inputValue(), 'blue', 'what is folded opens where it says something');
  await fill(page, 'transitive-tag-keys', '');
  await ready(page);
  assert.equal((await scenarioOf(page)).calls[0].params.TransitiveTagKeys, undefined, 'an empty list is not sent');
  await context.close();
});

test('a claim is one field: the verdict changes, and the default comes back', async () => {
  const { page, context, violations } = await open(browser, site.url);
  await page.locator('#mint-claims-d > summary').click();
  const { claims } = (await scenarioOf(page)).calls[0].params.WebIdentityToken.mint;
  const minted = async () => (await scenarioOf(page)).calls[0].params.WebIdentityToken.mint.claims;
  assert.match(await page.locator('#mint-claims-keys #mint-claim-sub-row').innerText(), /token\.actions\.githubusercontent\.com:sub/);
  assert.equal(await page.locator('#mint-claims-keyless #mint-claim-run-id').count(), 1, 'what no policy can ask for stands apart');

  await page.fill('#mint-claim-sub', 'repo:acme/app:pull_request');
  await expectVerdict(page, /refuses/);
  assert.equal((await minted()).sub, 'repo:acme/app:pull_request');
  await page.fill('#mint-claim-sub', claims.sub);
  await expectVerdict(page, /accepts/);

  const usual = await page.getAttribute('#mint-claim-ref', 'placeholder');
  await page.fill('#mint-claim-ref', 'refs/tags/v1');
  await ready(page);
  await page.fill('#mint-claim-ref', '');
  await ready(page);
  assert.equal('ref' in (await minted()), false);
  assert.equal(await page.getAttribute('#mint-claim-ref', 'placeholder'), usual);

  await page.click('#mint-claim-aud-drop');
  await expectVerdict(page, /refuses/);
  assert.equal((await minted()).aud, null);
  assert.equal(await page.isDisabled('#mint-claim-aud'), true);
  await page.click('#mint-claim-aud-back');
  await ready(page);
  await page.fill('#mint-claim-aud', 'sts.amazonaws.com');
  await expectVerdict(page, /accepts/);

  await page.fill('#mint-claim-exp', '-5m');
  await expectVerdict(page, /refuses/);
  await page.fill('#mint-claim-exp', '');
  await expectVerdict(page, /accepts/);
  assert.deepEqual(violations, []);
  await context.close();
});

test('own claims are added as text or JSON, also over claims that were pasted as a text', async () => {
  const { page, context } = await open(browser, site.url);
  await page.locator('#mint-claims-d > summary').click();
  const minted = async () => (await scenarioOf(page)).calls[0].params.WebIdentityToken.mint.claims;
  await page.fill('#mint-claim-new', 'https://aws.amazon.com/tags');
  await page.keyboard.press('Enter');
  await ready(page);
  const own = '#mint-claim-https---aws-amazon-com-tags';
  await page.waitForFunction((id) => document.activeElement?.matches(id), own);
  await page.keyboard.insertText('{"principal_tags": {"team": ["web"]}}');
  await ready(page);
  assert.deepEqual((await minted())['https://aws.amazon.com/tags'], { principal_tags: { team: ['web'] } });
  await page.click(`${own}-drop`);
  await ready(page);
  assert.equal('https://aws.amazon.com/tags' in (await minted()), false);

  const scenario = await scenarioOf(page);
  const mint = scenario.calls[0].params.WebIdentityToken.mint;
  mint.claims = JSON.stringify({ ...mint.claims, run_id: '7' });
  await paste(page, 'scenario', JSON.stringify(scenario));
  await ready(page);
  await page.fill('#mint-claim-ref', 'refs/heads/x');
  await ready(page);
  assert.equal((await minted()).run_id, '7', 'the other claims are kept');
  assert.equal((await minted()).ref, 'refs/heads/x');
  await context.close();
});

test('an attribute of a minted response is one field too', async () => {
  const { page, context, violations } = await open(browser, site.url, { path: '/?scenario=active-directory-claims-become-keys' });
  const attributes = async () => (await scenarioOf(page)).calls[0].params.SAMLAssertion.mint.attributes ?? {};
  await page.locator('#mint-attributes-d > summary').click();
  const first = page.locator('#mint-attributes-keys .claim-row').first();
  const at = (await first.locator('input').getAttribute('data-bind')).split('/attributes/')[1].replaceAll('~1', '/');
  assert.match(await first.innerText(), /saml:/);
  await first.locator('input').fill('another');
  await ready(page);
  assert.equal((await attributes())[at], 'another');
  await page.fill('#mint-attribute-new', 'PrincipalTag:team');
  await page.keyboard.press('Enter');
  await ready(page);
  await page.fill('#mint-attributes-form input[data-bind$="PrincipalTag:team"]', '["web"]');
  await ready(page);
  assert.deepEqual((await attributes())['PrincipalTag:team'], ['web']);
  assert.deepEqual(violations, []);
  await context.close();
});

test('calls are added, renamed, moved, duplicated and removed, and can be brought back', async () => {
  const { page, context } = await open(browser, site.url);
  const names = async () => (await scenarioOf(page)).calls.map(({ name }) => name);
  const first = await names();
  await page.locator('#part-call [data-ask="add-call"]').click();
  await ready(page);
  assert.deepEqual(await names(), [...first, 'GetCallerIdentity']);
  await expectVerdict(page, /assumed-role\/deploy/);
  await page.locator('#call-more > summary').click();
  await fill(page, 'call-name', 'who am I');
  await fill(page, 'after', '10m');
  await ready(page);
  assert.equal((await scenarioOf(page)).calls.at(-1).after, '10m');
  await page.locator('#call-more [data-ask="earlier"]').click();
  await ready(page);
  assert.deepEqual(await names(), [first[0], 'who am I', ...first.slice(1)]);
  assert.equal(await page.inputValue('#field-call-name'), 'who am I', 'the call in view is the one that was moved');
  await page.locator('#call-more [data-ask="copy"]').click();
  await ready(page);
  assert.deepEqual(await names(), [first[0], 'who am I', 'who am I 2', ...first.slice(1)]);
  await page.locator('#call-more [data-ask="drop"]').click();
  await ready(page);
  assert.deepEqual(await names(), [first[0], 'who am I', ...first.slice(1)]);
  await page.click('#undo');
  await ready(page);
  assert.deepEqual(await names(), [first[0], 'who am I', 'who am I 2', ...first.slice(1)]);
  await page.click('#call-0');
  await ready(page);
  await fill(page, 'call-name', 'push');
  await ready(page);
  assert.equal((await scenarioOf(page)).calls[1].caller, 'push', 'who uses its session follows');
  await context.close();
});

test('the fields are there for everyone: named, in contrast, and no wider than a phone', async () => {
  for (const colorScheme of ['light', 'dark']) {
    const { page, context } = await open(browser, site.url, { colorScheme, viewport: { width: 390, height: 844 } });
    await page.click('#tabs [data-tab="token"]');
    await page.locator('#mint-claims-d > summary').click();
    assert.equal(await runsOver(page), 0, 'claims fit');
    assert.deepEqual(await axeFinds(page, '#pane-token'), []);
    await page.selectOption('#action', 'sts:AssumeRole');
    await ready(page);
    await page.locator('#params details > summary').click();
    await page.locator('#call-more > summary').click();
    assert.equal(await runsOver(page), 0, 'parameters fit');
    assert.deepEqual(await axeFinds(page, '#pane-token'), []);
    await context.close();
  }
});
