// The second gate: what a reader asks about actions, and sees, and the
// policies that answer.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { axeFinds, expectVerdict, launch, open, paste, ready, runsOver, serve, textOf } from './site.mjs';

const allow = (statement) => ({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', ...statement }].flat() });
const world = {
  title: 'One lake, many teams',
  now: '2026-04-28T10:30:00Z',
  issuers: [{ url: 'https://idp.example', signing: [{ kid: 'k', alg: 'RS256' }] }],
  accounts: {
    123456789012: {
      OpenIDConnectProviders: [{ Url: 'https://idp.example', ClientIDList: ['aws'] }],
      Roles: [{
        RoleName: 'engineer',
        AssumeRolePolicyDocument: allow({
          Principal: { Federated: 'arn:aws:iam::123456789012:oidc-provider/idp.example' },
          Action: ['sts:AssumeRoleWithWebIdentity', 'sts:TagSession'],
          Condition: { StringEquals: { 'idp.example:aud': 'aws' }, StringLike: { 'idp.example:sub': '*' } },
        }),
        Policies: [{
          PolicyName: 'lake',
          PolicyDocument: {
            Version: '2012-10-17',
            Statement: [
              { Effect: 'Allow', Action: ['s3:GetObject', 's3:PutObject'], Resource: 'arn:aws:s3:::lake/${aws:PrincipalTag/team}/*' },
              { Effect: 'Allow', Action: 's3:ListBucket', Resource: 'arn:aws:s3:::lake', Condition: { StringLike: { 's3:prefix': '${aws:PrincipalTag/team}/*' } } },
            ],
          },
        }],
      }],
      Users: [{ UserName: 'alice' }],
    },
  },
  calls: [
    {
      name: 'east',
      action: 'sts:AssumeRoleWithWebIdentity',
      params: {
        RoleArn: 'arn:aws:iam::123456789012:role/engineer',
        RoleSessionName: 'ana',
        WebIdentityToken: { mint: { issuer: 'https://idp.example', claims: { sub: 'ana', aud: 'aws', 'https://aws.amazon.com/tags': { principal_tags: { team: ['east'] } } } } },
      },
    },
    { name: 'own', action: 's3:GetObject', caller: 'east', resource: 'arn:aws:s3:::lake/east/x' },
    { name: 'list', action: 's3:ListBucket', caller: 'east', resource: 'arn:aws:s3:::lake' },
  ],
};

let site, browser;
before(async () => {
  [site, browser] = await Promise.all([serve(), launch()]);
});
after(async () => {
  await browser?.close();
  site?.stop();
});

/** Opens the page with a scenario in it. */
async function opened(scenario = world, options = {}) {
  const opened = await open(browser, site.url, options);
  const { page } = opened;
  if (options.viewport?.width < 720) await page.click('#tabs [data-tab="role"]');
  await page.locator('#part-scenario summary').click();
  await paste(page, 'scenario', JSON.stringify(scenario));
  await page.locator('#part-scenario summary').click();
  await page.waitForFunction((title) => document.querySelector('#title').textContent === title, scenario.title);
  if (options.viewport?.width < 720) await page.click('#tabs [data-tab="result"]');
  await ready(page);
  return opened;
}

/** The scenario that the page holds. */
async function scenarioOf(page) {
  const details = page.locator('#part-scenario details');
  if (!(await details.evaluate((element) => element.open))) {
    // The editor is brought up to date by the toggle event, which comes after the click.
    const opened = details.evaluate((element) => new Promise((resolve) => element.addEventListener('toggle', () => setTimeout(resolve), { once: true })));
    await page.locator('#part-scenario summary').click();
    await opened;
  }
  return JSON.parse(await textOf(page, 'scenario'));
}

/** Waits for a question's answer, and gives its row's words. */
async function answered(page, at, pattern) {
  await page.waitForFunction(([at, source]) => new RegExp(source).test(document.querySelector(`#ask-${at}`)?.textContent ?? ''), [at, pattern.source]);
  await ready(page);
  return page.locator(`#ask-${at}`).innerText();
}

const focused = (page) => page.evaluate(() => document.activeElement.id);

test('both gates are in one view: who came in, and what they may do', async () => {
  const { page, context, violations } = await opened();
  assert.match(await page.locator('#door-0').innerText(), /Accepted\s+east\s+as engineer\/ana\s+team=east\s+until 11:30 UTC/);
  assert.match(await page.locator('#ask-1').innerText(), /✓\s+Allowed[\s\S]*by identity-based policy lake, statement 1/);
  assert.match(await page.locator('#ask-2').innerText(), /✕\s+Denied[\s\S]*by no identity-based policy allows it/);
  assert.match(await page.locator('#session-context').innerText(), /aws:PrincipalTag\/team\s+east/, 'the session says what later calls carry');
  assert.deepEqual(violations, []);
  await context.close();
});

test('each keystroke in a question is answered, and the field keeps focus and caret', async () => {
  const { page, context } = await opened();
  await page.locator('#ask-1-resource').focus();
  await page.keyboard.press('End');
  for (let i = 0; i < 'east/x'.length; i++) await page.keyboard.press('Backspace');
  await answered(page, 1, /Denied/);
  await page.keyboard.type('west/y');
  await expectVerdict(page, /Not allowed.*lake\/west\/y/);
  assert.equal(await focused(page), 'ask-1-resource');
  for (let i = 0; i < 6; i++) await page.keyboard.press('ArrowLeft');
  for (let i = 0; i < 4; i++) await page.keyboard.press('Delete');
  await page.keyboard.type('east');
  await answered(page, 1, /Allowed/);
  assert.equal(await page.inputValue('#ask-1-resource'), 'arn:aws:s3:::lake/east/y');
  assert.equal((await scenarioOf(page)).calls[1].resource, 'arn:aws:s3:::lake/east/y');
  await context.close();
});

test('a condition key that a policy misses has a field, and what is typed there is in the request', async () => {
  const { page, context } = await opened();
  const key = page.locator('#ask-2-key-s3-prefix');
  assert.match(await page.locator('#ask-2-keys').innerText(), /s3:prefix\s+text/);
  await key.pressSequentially('east/');
  await answered(page, 2, /Allowed/);
  assert.equal(await focused(page), 'ask-2-key-s3-prefix', 'the field stays while its key comes into the request');
  assert.deepEqual((await scenarioOf(page)).calls[2].context, { 's3:prefix': 'east/' });
  await key.fill('');
  await answered(page, 2, /Denied/);
  assert.equal((await scenarioOf(page)).calls[2].context, undefined, 'an empty field takes the key out');

  await page.locator('#ask-2-more-d summary').click();
  await page.locator('#ask-2-new').fill('aws:SourceIp');
  await page.keyboard.press('Enter');
  await page.waitForSelector('#ask-2-key-aws-sourceip');
  assert.equal(await focused(page), 'ask-2-key-aws-sourceip', 'a key that is added is typed next');
  await context.close();
});

test('questions are added, duplicated and removed, each with a name of its own', async () => {
  const { page, context } = await opened();
  await page.click('#ask-add');
  await page.waitForSelector('#ask-3');
  await ready(page);
  assert.equal(await focused(page), 'ask-3-action');
  assert.equal(await page.inputValue('#ask-3-action'), 's3:PutObject', 'it asks for what a policy names and nobody asked yet');
  await page.click('#copy-1');
  await page.waitForSelector('#ask-4');
  await ready(page);
  await page.click('#copy-1');
  await page.waitForSelector('#ask-5');
  await ready(page);
  assert.deepEqual((await scenarioOf(page)).calls.map((call) => call.name), ['east', 'own', 'own 3', 'own 2', 'list', 'question']);
  await page.click('#drop-2');
  await page.waitForSelector('#ask-5', { state: 'detached' });
  await ready(page);
  assert.deepEqual((await scenarioOf(page)).calls.map((call) => call.name), ['east', 'own', 'own 2', 'list', 'question']);
  await page.click('#undo');
  await page.waitForSelector('#ask-5');
  await context.close();
});

test('a session of which nothing is asked yet leads to the first question', async () => {
  const { page, context } = await opened({ ...world, calls: world.calls.slice(0, 1) });
  await expectVerdict(page, /accepts/);
  await page.click('#hallway #ask-add');
  await answered(page, 1, /Denied|Allowed/);
  assert.equal(await page.inputValue('#ask-1-caller'), 'east');
  assert.equal(await focused(page), 'ask-1-action');
  await page.click('#drop-1');
  await page.waitForSelector('#gates', { state: 'detached' });
  await context.close();
});

test('a renamed call takes those along that use its credentials', async () => {
  const { page, context } = await opened();
  await page.click('#copy-0');
  await page.waitForSelector('#door-1');
  await ready(page);
  const { calls } = await scenarioOf(page);
  assert.deepEqual(calls.map((call) => call.name), ['east', 'east 2', 'own', 'list']);
  assert.equal(calls[2].caller, 'east');
  await page.locator('#ask-2-more-d summary').click();
  await page.locator('#ask-2-name').fill('list');
  await page.waitForFunction(() => document.querySelector('#ask-2-action').ariaLabel === 'Action: list 2');
  assert.equal((await scenarioOf(page)).calls[2].name, 'list 2', 'a name that another has gets a number');
  await context.close();
});

test('fields complete what is typed, by keyboard and by pointer', async () => {
  const { page, context } = await opened();
  const caller = page.locator('#ask-1-caller');
  const list = page.locator('#completions');
  await caller.focus();
  await page.keyboard.press('ArrowDown');
  await list.waitFor();
  assert.equal(await caller.getAttribute('aria-expanded'), 'true');
  const chosen = async () => page.locator(`#${await caller.getAttribute('aria-activedescendant')} .value`).innerText();
  assert.equal(await chosen(), 'east');
  await page.keyboard.press('ArrowDown');
  assert.equal(await chosen(), 'arn:aws:iam::123456789012:user/alice');
  assert.match(await page.locator('#completions-status').textContent(), /^\d+ suggestions$/);
  await page.keyboard.press('Enter');
  await answered(page, 1, /Denied/);
  assert.equal(await caller.inputValue(), 'arn:aws:iam::123456789012:user/alice');
  assert.equal(await list.isVisible(), false);

  const action = page.locator('#ask-1-action');
  await action.fill('put');
  await list.locator('[role=option]').first().click();
  await expectVerdict(page, /s3:PutObject/);
  assert.equal(await focused(page), 'ask-1-action', 'the field keeps the focus');
  await action.fill('s3');
  await list.waitFor();
  await page.keyboard.press('Escape');
  assert.equal(await list.isVisible(), false);
  assert.equal(await action.inputValue(), 's3', 'what was typed stays');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Tab');
  assert.equal(await list.isVisible(), false, 'the list goes with the focus');
  await context.close();
});

test('an answer opens its walk, whose statements lead to the policy', async () => {
  const { page, context } = await opened();
  await page.click('#call-2');
  await expectVerdict(page, /Not allowed.*s3:ListBucket/);
  await ready(page);
  assert.equal(await page.locator('#stage-identity-d').evaluate((details) => details.open), true);
  assert.match(await page.locator('#stage-identity').innerText(), /Allow statement 2[\s\S]*s3:prefix/);
  assert.match(await page.locator('#stage-boundary').innerText(), /not asked/);
  await page.locator('#part-permissions .item').first().evaluate((item) => (item.open = false));
  await page.locator('#stage-identity .comparison.is-failed [data-goto-path]').first().click();
  const policy = page.locator('#part-permissions [data-editor="policy"]').first();
  assert.equal(await page.evaluate(() => document.activeElement.dataset.editor), 'policy');
  assert.match(await policy.locator('.cm-lit').innerText(), /s3:prefix/);
  assert.equal(await textOf(page, 'trust').then((text) => /sts:TagSession/.test(text)), true, 'the front door of the question stays in the editors');
  await page.click('#call-1');
  await expectVerdict(page, /Allowed/);
  assert.match(await page.locator('#types').innerText(), /identity-based policy\s+✓\s+allows\s+Statement 1 of lake allows/);
  await context.close();
});

test('the types of policy that limit can be added in the page', async () => {
  const { page, context } = await opened();
  const account = page.locator('#part-account > details');
  const fold = (name) => account.filter({ has: page.locator('summary', { hasText: name }) }).first();
  assert.equal(await fold('Users').locator('summary .size').first().textContent(), '1');

  await fold('Service control').locator('summary').first().click();
  await fold('Service control').getByRole('button', { name: 'Add a level' }).click();
  await ready(page);
  await page.fill('#ask-1-action', 's3:DeleteBucket');
  await answered(page, 1, /explicit deny in service control policy/);
  await page.fill('#ask-1-action', 's3:GetObject');
  await answered(page, 1, /Allowed/);

  await fold('Resources').locator('summary').first().click();
  await fold('Resources').getByRole('button', { name: 'Add a resource' }).click();
  await ready(page);
  const { Resources } = (await scenarioOf(page)).accounts[123456789012];
  assert.equal(Resources[0].Policy.Statement[0].Principal.AWS, 'arn:aws:iam::123456789012:root', 'a document to begin with is of this account');

  await page.locator('#part-permissions summary', { hasText: 'boundary' }).click();
  const boundary = page.locator('[data-label="Permissions boundary"] .cm-content').first();
  await boundary.click();
  await page.keyboard.insertText('{"Version": "2012-10-17", "Statement": []}');
  await answered(page, 1, /no permissions boundary allows it/);
  await boundary.click();
  await page.keyboard.press('Control+A');
  await page.keyboard.insertText('arn:aws:iam::123456789012:policy/none');
  await page.waitForSelector('#findings');
  assert.deepEqual((await scenarioOf(page)).accounts[123456789012].Roles[0].PermissionsBoundary, { PolicyArn: 'arn:aws:iam::123456789012:policy/none' });
  await context.close();
});

test('a resource of another account can be added, whose policy then has to allow as well', async () => {
  const { page, context } = await opened();
  await page.selectOption('#around', '');
  await ready(page);
  assert.equal(await page.inputValue('#around'), '210987654321');
  const resources = page.locator('#part-account > details').filter({ has: page.locator('summary', { hasText: 'Resources' }) }).first();
  await resources.locator('summary').first().click();
  await resources.getByRole('button', { name: 'Add a resource' }).click();
  await ready(page);
  await resources.locator('input').first().fill('arn:aws:s3:::lake');
  await answered(page, 1, /no resource-based policy allows it/);
  const policy = resources.locator('.cm-content').first();
  await policy.click();
  await page.keyboard.press('Control+A');
  await page.keyboard.insertText(JSON.stringify(allow({ Principal: { AWS: 'arn:aws:iam::123456789012:root' }, Action: 's3:*', Resource: ['arn:aws:s3:::lake', 'arn:aws:s3:::lake/*'] })));
  await answered(page, 1, /Allowed/);
  await page.selectOption('#around', '123456789012');
  assert.equal(await resources.locator('.item').count(), 0);
  await context.close();
});

test('an item of a list is removed by itself, and comes back', async () => {
  const { page, context } = await opened();
  const permissions = page.locator('#part-permissions');
  await permissions.getByRole('button', { name: 'Add an inline policy' }).click();
  await page.waitForFunction(() => document.querySelectorAll('#part-permissions .item').length === 2);
  assert.deepEqual((await scenarioOf(page)).accounts[123456789012].Roles[0].Policies.map((policy) => policy.PolicyName), ['lake', 'permissions']);
  await permissions.locator('.item').first().getByRole('button', { name: 'Remove' }).click();
  await answered(page, 1, /Denied/);
  assert.equal(await permissions.locator('.item summary code').innerText(), 'permissions');
  await page.click('#undo');
  await answered(page, 1, /Allowed/);
  await context.close();
});

test('a finding in a permissions policy is marked there, and its link leads there', async () => {
  const scenario = structuredClone(world);
  scenario.accounts[123456789012].Roles[0].Policies[0].PolicyDocument.Statement[1].Condition = { StringLik: { 's3:prefix': 'x' } };
  scenario.accounts[123456789012].Roles[0].AttachedPolicies = [{ PolicyArn: 'arn:aws:iam::123456789012:policy/absent' }];
  const { page, context } = await opened(scenario);
  await page.fill('#ask-1-resource', 'arn:aws:s3:::lake/east/z'); // from now on the documents are text
  await ready(page);
  await page.waitForSelector('#part-permissions [data-editor="policy"] .cm-lintRange-error, #part-permissions [data-editor="policy"] .cm-lintRange-warning');
  await page.locator('#findings [data-goto-path*="AttachedPolicies"]').first().click();
  assert.equal(await page.evaluate(() => document.activeElement.value), 'arn:aws:iam::123456789012:policy/absent');
  await page.locator('#findings [data-goto-path*="/Policies/0/PolicyDocument"]').first().click();
  assert.equal(await page.evaluate(() => document.activeElement.dataset.editor), 'policy');
  await context.close();
});

test('hostile text in a question stays text', async () => {
  const hostile = `"'><img src=x onerror="window.hacked=1"><script>window.hacked=1</script>~1/__proto__`;
  const { page, context, violations } = await opened();
  for (const field of ['caller', 'action', 'resource']) await page.fill(`#ask-1-${field}`, hostile);
  await page.locator('#ask-1-more-d summary').click();
  for (const field of ['name', 'after', 'region']) await page.fill(`#ask-1-${field}`, hostile);
  await page.fill('#ask-1-new', hostile);
  await page.keyboard.press('Enter');
  await page.fill('#ask-1-new', '__proto__');
  await page.keyboard.press('Enter');
  await ready(page);
  assert.equal(await page.evaluate(() => window.hacked), undefined);
  assert.equal(await page.locator('#report img, #report script, #completions img').count(), 0);
  assert.equal(await page.locator('#problems').isVisible(), false);
  assert.deepEqual(Object.keys((await scenarioOf(page)).calls[1].context), [hostile, '__proto__']);
  assert.deepEqual(violations, []);
  await context.close();
});

test('where room is short, what passed before the stage that failed is one line, which unfolds and stays so for the next question', async () => {
  const { page, context } = await open(browser, site.url, { path: '/?scenario=glue-and-athena-by-team', viewport: { width: 1366, height: 768 } });
  const choose = async (call) => {
    await page.locator(`#gates [data-call="${call}"]`).evaluate((button) => button.click());
    await page.waitForFunction((call) => document.querySelector('#report').dataset.call === call, String(call));
    await ready(page);
  };
  const shown = () => page.locator('.stage > details > summary').evaluateAll((all) => all.filter((summary) => summary.checkVisibility()).map((summary) => summary.querySelector('.title').textContent));
  await choose(6);
  assert.equal(await page.locator('#before summary').textContent(), '2 passed, 4 not asked before it failed');
  assert.deepEqual((await shown()).slice(0, 2), ['Identity policy', 'Boundary']);
  const [row, list] = await page.evaluate(() => ['#ask-6', '.asks-frame'].map((one) => document.querySelector(one).getBoundingClientRect().toJSON()));
  assert.ok(row.top >= list.top && row.bottom <= list.bottom + 1, 'the question that was chosen is in sight');

  await page.locator('#before summary').focus();
  await page.keyboard.press('Enter');
  assert.deepEqual((await shown()).slice(0, 3), ['Caller', 'Explicit deny', 'RCPs']);
  await page.keyboard.press(']');
  assert.equal(await page.evaluate(() => document.activeElement.closest('.stage').id), 'stage-caller');
  await choose(10);
  assert.equal((await shown())[0], 'Caller', 'the reader unfolded it');

  await page.locator('#before summary').click();
  await page.setViewportSize({ width: 1366, height: 1100 });
  assert.equal((await shown())[0], 'Caller', 'where there is room nothing is folded');
  await context.close();
});

test('nothing is folded where nothing failed', async () => {
  const { page, context } = await open(browser, site.url, { path: '/?scenario=glue-and-athena-by-team', viewport: { width: 1366, height: 768 } });
  await page.locator('#gates [data-call="4"]').evaluate((button) => button.click());
  await page.waitForFunction(() => document.querySelector('#report').dataset.call === '4');
  await expectVerdict(page, /^✓/);
  assert.equal(await page.locator('#before').count(), 0);
  await context.close();
});

for (const [width, theme] of [[390, 'light'], [1366, 'dark'], [1920, 'light']]) {
  test(`axe finds nothing in both gates at ${width} px in ${theme}, and nothing runs over`, async () => {
    const { page, context } = await opened(world, { viewport: { width, height: 844 }, colorScheme: theme });
    const check = async (where) => {
      assert.deepEqual(await axeFinds(page), [], where);
      assert.equal(await runsOver(page), 0, `${where} runs over`);
    };
    await page.click('#call-2');
    await ready(page);
    await page.locator('#ask-2-more-d summary').click();
    await check('a denied question');
    await page.locator('#ask-2-action').focus();
    await page.keyboard.press('ArrowDown');
    await check('an open list');
    await page.keyboard.press('Escape');
    await page.click('#call-1');
    await ready(page);
    await check('an allowed question');
    if (width < 720) await page.click('#tabs [data-tab="role"]');
    for (const details of await page.locator('#part-permissions > details, #part-account > details').all()) await details.evaluate((element) => (element.open = true));
    await page.getByRole('button', { name: 'Add a level' }).first().click();
    await ready(page);
    await check('the account’s lists');
    await context.close();
  });
}
