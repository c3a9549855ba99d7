// Who opens the page for the first time: from an empty scenario, or from an
// example, to each system and operation by fields alone.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { choose, expectVerdict, launch, open, ready, serve, textOf } from './site.mjs';

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

async function select(page, list, value) {
  await page.selectOption(list, value);
  await ready(page);
}

test('a profile of another system is minted by that system, and by nobody else', async () => {
  const { page, context } = await open(browser, site.url);
  await choose(page, '#empty');
  await select(page, '#token-profile', 'custom');
  await select(page, '#token-profile', 'gitlab');
  let all = await scenarioOf(page);
  assert.equal(all.calls[0].params.WebIdentityToken.mint.issuer, 'https://gitlab.com');
  assert.deepEqual(all.accounts['123456789012'].OpenIDConnectProviders.map(({ Url }) => Url), ['https://idp.example.com', 'https://gitlab.com']);
  assert.equal(await page.inputValue('#field-provider-url'), 'https://gitlab.com');

  // Google is built into IAM: nothing is registered for it.
  await select(page, '#token-profile', 'google');
  all = await scenarioOf(page);
  assert.equal(all.calls[0].params.WebIdentityToken.mint.issuer, 'https://accounts.google.com');
  assert.equal(all.accounts['123456789012'].OpenIDConnectProviders.length, 2);

  // An issuer of one's own stays.
  await select(page, '#token-profile', 'gitlab-self-managed');
  await page.fill('#field-provider-url', 'https://git.corp.example');
  await ready(page);
  await select(page, '#token-profile', 'gitlab');
  all = await scenarioOf(page);
  assert.equal(all.calls[0].params.WebIdentityToken.mint.issuer, 'https://git.corp.example');
  await context.close();
});

test('a response of another system is made by that system, and its metadata go along', async () => {
  const { page, context } = await open(browser, site.url);
  await choose(page, '#empty');
  await select(page, '#action', 'sts:AssumeRoleWithSAML');
  await select(page, '#response-profile', 'okta');
  await select(page, '#response-profile', 'entra-id');
  const all = await scenarioOf(page);
  const entity = 'https://sts.windows.net/aaaabbbb-0000-cccc-1111-dddd2222eeee/';
  assert.equal(all.calls[0].params.SAMLAssertion.mint.issuer, entity);
  assert.equal(all.accounts['123456789012'].SAMLProviders[0].metadataOf, entity);
  assert.equal(await page.inputValue('#field-entity'), entity);
  await page.locator('#report button', { hasText: 'Write a trust policy' }).click();
  await expectVerdict(page, /accepts/);
  await context.close();
});

test('a call begins with what the scenario has: an instance, a pod, a certificate, a portal, a pool', async () => {
  const { page, context, violations } = await open(browser, site.url);
  const fold = async (name) => page.locator('#part-account summary', { hasText: name }).first().click();
  const add = async (list) => {
    await page.locator(`[data-list="${list}"] > [data-item="add"]`).first().click();
    await ready(page);
  };
  await choose(page, '#empty');
  await fold(/^EC2 instances/);
  await add('/accounts/{around}/Instances');
  await fold(/^Instance profiles/);
  await add('/accounts/{around}/InstanceProfiles');
  await select(page, '#action', 'imds:GetSecurityCredentials');
  assert.equal(await page.inputValue('#field-instance-id'), 'i-0123456789abcdef0');
  await expectVerdict(page, /trust policy has no statement/); // of the role in view

  await fold(/^EKS clusters/);
  await add('/accounts/{around}/Clusters');
  await select(page, '#action', 'workload:GetCredentials');
  await page.locator('#report button', { hasText: 'Register' }).click();
  await ready(page);
  await page.locator('#report button', { hasText: 'Write a trust policy' }).click();
  await expectVerdict(page, /accepts/);

  await select(page, '#action', 'eks-auth:AssumeRoleForPodIdentity');
  assert.equal(await page.inputValue('#field-caller'), 'arn:aws:iam::123456789012:role/my-role', 'the agent signs with the credentials of its node');

  await choose(page, '#empty');
  await fold(/^IAM Identity Center/);
  for (const list of ['PermissionSets', 'Users', 'assignments']) await add(`/identityCenter/${list}`);
  await select(page, '#action', 'sso-oidc:CreateToken');
  await page.click('[data-ask="add-call"]');
  await select(page, '#action', 'sso:GetRoleCredentials');
  await expectVerdict(page, /has the permission set ReadOnly/);
  await page.click('#field-role-name');
  assert.match(await page.locator('#completions').innerText(), /ReadOnly/);
  assert.deepEqual(violations, []);
  await context.close();
});

test('the account is read from an access key, and AWS vouches for a workload to a service outside', async () => {
  const { page, context } = await open(browser, site.url);
  await choose(page, '#empty');
  await select(page, '#action', 'sts:GetAccessKeyInfo');
  await expectVerdict(page, /123456789012/);
  await select(page, '#action', 'sts:GetWebIdentityToken');
  await page.locator('#part-account summary', { hasText: /^Outbound/ }).click();
  await page.fill('#field-outbound', 'https://11111111-2222-3333-4444-555555555555.tokens.sts.global.api.aws');
  await expectVerdict(page, /vouches/);
  await page.click('[data-ask="add-call"]');
  await select(page, '#action', 'relying-party:Verify');
  await expectVerdict(page, /service (accepts|takes|lets)/);
  await context.close();
});

test('a sign-in to the console has a form from the beginning, and a broker a session to exchange', async () => {
  const { page, context } = await open(browser, site.url);
  await choose(page, '#empty');
  await select(page, '#action', 'signin:ConsoleLogin');
  assert.equal(await page.inputValue('#metadata-mode'), 'playground');
  await page.locator('#report button', { hasText: 'Write a trust policy' }).click();
  await expectVerdict(page, /signed in|is in the console|signs in/);
  await choose(page, '#empty');
  await select(page, '#action', 'sts:GetFederationToken');
  await page.click('[data-ask="add-call"]');
  await select(page, '#action', 'signin:GetSigninToken');
  assert.equal(await page.inputValue('#field-caller'), 'first call');
  await page.click('[data-ask="add-call"]');
  await select(page, '#action', 'signin:ConsoleLogin');
  await expectVerdict(page, /in the console|signed in/);
  await context.close();
});

test('what no tab of the scenario but its text had is a choice: the session token left out, and all claims as keys', async () => {
  const { page, context } = await open(browser, site.url);
  await choose(page, '#empty');
  await select(page, '#action', 'sts:GetFederationToken');
  await page.click('[data-ask="add-call"]');
  await ready(page);
  await expectVerdict(page, /federated-user/);
  await page.locator('#call-more > summary').click();
  await select(page, '#session-token', 'true');
  await expectVerdict(page, /session token|refuses/i);
  await select(page, '#session-token', '');
  await expectVerdict(page, /federated-user/);

  await select(page, '#action', 'sts:AssumeRoleWithWebIdentity');
  await select(page, '#token-profile', 'okta');
  await page.locator('#mint-claims-d > summary').click();
  await select(page, '#claims-mode', 'all');
  assert.equal((await scenarioOf(page)).claims, 'all');
  await context.close();
});

test('an issuer publishes another key, and a token of that key is verified', async () => {
  const { page, context, violations } = await open(browser, site.url, { path: '/?scenario=the-key-was-replaced' });
  await page.locator('[data-call="1"]', { hasText: 'a key that is gone' }).first().click();
  await expectVerdict(page, /no key with the token's kid, "2026-10"/);
  await page.locator('#part-keys summary').click();
  await page.getByRole('button', { name: 'Publish another key' }).click();
  await page.getByLabel("Key's name (kid)").nth(1).fill('2026-10');
  await expectVerdict(page, /accepts/);
  assert.deepEqual((await scenarioOf(page)).issuers[0].signing.map(({ kid }) => kid), ['2026-11', '2026-10']);
  assert.deepEqual(violations, []);
  await context.close();
});

test('a question can be asked before anybody has a session', async () => {
  const { page, context } = await open(browser, site.url);
  await choose(page, '#empty');
  await select(page, '#action', 'sts:GetCallerIdentity');
  await page.locator('#part-call [data-ask="add"]').click();
  await expectVerdict(page, /allowed|may/i);
  const { calls } = await scenarioOf(page);
  assert.equal(calls[1].caller, 'arn:aws:iam::123456789012:root');
  await context.close();
});

test('a field of the world that is emptied to be typed anew keeps the scenario readable', async () => {
  const { page, context } = await open(browser, site.url);
  await choose(page, '#empty');
  for (const [part, list, member] of [
    [/^IAM Identity Center/, '/identityCenter/assignments', './permissionSet'],
    [/trust anchors/, '/accounts/{around}/TrustAnchors', './trustAnchorArn'],
    [/Anywhere: profiles/, '/accounts/{around}/RolesAnywhereProfiles', './profileArn'],
    [/^Virtual MFA/, '/accounts/{around}/VirtualMFADevices', './SerialNumber'],
  ]) {
    await page.locator('#part-account summary', { hasText: part }).first().click();
    const holder = page.locator(`[data-list="${list}"]`);
    await holder.locator(':scope > [data-item="add"]').click();
    await ready(page);
    const field = holder.locator(`[data-bind="${member}"]`).first();
    await field.fill('');
    await ready(page);
    assert.equal(await page.locator('#problems').isHidden(), true, `${list} can still be read`);
    await field.fill('anew');
    await ready(page);
  }
  await context.close();
});
