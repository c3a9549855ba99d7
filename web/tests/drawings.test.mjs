// The drawings of a report: the call as a sequence, the line of time with a
// now that can be dragged, and the credentials as a tree.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { axeFinds, expectVerdict, launch, open, paste, ready, runsOver, serve, textOf } from './site.mjs';

const world = {
  title: 'A token, a session, a chain',
  now: '2026-04-28T10:30:00Z',
  issuers: [{ url: 'https://idp.example', signing: [{ kid: 'k', alg: 'RS256' }] }],
  accounts: {
    123456789012: {
      OpenIDConnectProviders: [{ Url: 'https://idp.example', ClientIDList: ['aws'] }],
      Roles: [
        {
          RoleName: 'first',
          AssumeRolePolicyDocument: {
            Version: '2012-10-17',
            Statement: [{
              Effect: 'Allow',
              Principal: { Federated: 'arn:aws:iam::123456789012:oidc-provider/idp.example' },
              Action: 'sts:AssumeRoleWithWebIdentity',
              Condition: { StringEquals: { 'idp.example:aud': 'aws', 'idp.example:sub': 'ana' } },
            }],
          },
          Policies: [{ PolicyName: 'all', PolicyDocument: { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }] } }],
        },
        {
          RoleName: 'second',
          AssumeRolePolicyDocument: { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Principal: { AWS: 'arn:aws:iam::123456789012:role/first' }, Action: 'sts:AssumeRole' }] },
        },
      ],
    },
  },
  calls: [
    {
      name: 'in',
      action: 'sts:AssumeRoleWithWebIdentity',
      params: {
        RoleArn: 'arn:aws:iam::123456789012:role/first',
        RoleSessionName: 'ana',
        WebIdentityToken: { mint: { issuer: 'https://idp.example', claims: { sub: 'ana', aud: 'aws', exp: '+10m' } } },
      },
    },
    { name: 'on', action: 'sts:AssumeRole', caller: 'in', after: '1m', params: { RoleArn: 'arn:aws:iam::123456789012:role/second', RoleSessionName: 'ana' } },
    { name: 'read', action: 's3:GetObject', caller: 'in', after: '2m', resource: 'arn:aws:s3:::b/k' },
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

/** Opens the page with the world in it. */
async function opened(options = {}) {
  const opened = await open(browser, site.url, options);
  const { page } = opened;
  const narrow = options.viewport?.width < 720;
  if (narrow) await page.click('#tabs [data-tab="role"]');
  await page.locator('#part-scenario summary').click();
  await paste(page, 'scenario', JSON.stringify(world));
  await page.locator('#part-scenario summary').click();
  await page.waitForFunction((title) => document.querySelector('#title').textContent === title, world.title);
  if (narrow) await page.click('#tabs [data-tab="result"]');
  await ready(page);
  return opened;
}

async function choose(page, call) {
  await page.locator(`#call-${call}`).click();
  await page.waitForFunction((call) => document.querySelector('#report').dataset.call === call, String(call));
  await ready(page);
}

/** The scenario that the page holds. */
async function scenarioOf(page) {
  const details = page.locator('#part-scenario details');
  const opened = details.evaluate((element) => new Promise((resolve) => element.addEventListener('toggle', () => setTimeout(resolve), { once: true })));
  await page.locator('#part-scenario summary').click();
  await opened;
  const scenario = JSON.parse(await textOf(page, 'scenario'));
  await page.locator('#part-scenario summary').click();
  return scenario;
}

/** The middle of the slider's thumb, and how many pixels a second takes. */
async function thumb(page) {
  const slider = page.locator('#time-now');
  await slider.scrollIntoViewIfNeeded();
  const box = await slider.boundingBox();
  const { min, max, value } = await slider.evaluate(({ min, max, value }) => ({ min: +min, max: +max, value: +value }));
  const second = (box.width - 18) / (max - min);
  return { x: box.x + 9 + (value - min) * second, y: box.y + box.height / 2, second };
}

test('the picture is lit up to where the call got', async () => {
  const { page, context, violations } = await opened();
  assert.match(await page.locator('#picture summary').innerText(), /Accepted, all 10 steps/);
  assert.equal(await page.locator('#picture .message.is-dark').count(), 0);
  await page.locator('#time-jumps button', { hasText: 'when the five minutes are over' }).click();
  await expectVerdict(page, /expired/);
  assert.match(await page.locator('#picture .message.is-failed').textContent(), /✕ reads the token.*refused here: ExpiredTokenException/);
  assert.equal(await page.locator('#picture .message.is-dark').count(), 7);
  assert.match(await page.locator('#picture-words').textContent(), /Refused here: ExpiredTokenException.*HTTP 400.*Not reached/);
  await choose(page, 2);
  assert.match(await page.locator('#picture .lane').allTextContents().then((all) => all.join(' ')), /Session.*Service.*s3.*IAM/);
  assert.deepEqual(violations, []);
  await context.close();
});

test('now can be dragged, and the verdict follows while it is', async () => {
  const { page, context, violations } = await opened();
  const { x, y, second } = await thumb(page);
  await page.mouse.move(x, y);
  await page.mouse.down();
  await page.mouse.move(x + 12 * 60 * second, y, { steps: 6 });
  await page.waitForFunction(() => /expired 2 min/.test(document.querySelector('#time-facts').textContent));
  assert.match(await page.locator('#verdict-words').innerText(), /STS accepts/, 'in the five minutes after exp the token is taken');
  await page.mouse.move(x + 16 * 60 * second, y, { steps: 6 });
  await expectVerdict(page, /expired/);
  assert.match(await page.locator('#aws-error').innerText(), /ExpiredTokenException/);
  await page.mouse.move(x - 30 * second, y, { steps: 6 });
  await expectVerdict(page, /refuses/);
  await page.mouse.up();
  const scenario = await scenarioOf(page);
  assert.match(scenario.calls[0].delay, /^-\d+s$/);
  assert.match(await page.locator('#time-facts').innerText(), /Made at 10:30:00, and arrives at 10:29:\d\d: \d+ s before/);
  await page.locator('#time-jumps button', { hasText: 'when the call is made' }).click();
  await expectVerdict(page, /STS accepts/);
  assert.equal((await scenarioOf(page)).calls[0].delay, undefined, 'no delay is left out');
  assert.deepEqual(violations, []);
  await context.close();
});

test('now follows the arrow keys, keeps the focus, and says where it is', async () => {
  const { page, context } = await opened();
  const slider = page.locator('#time-now');
  await slider.focus();
  await page.keyboard.press('End');
  await expectVerdict(page, /expired/);
  assert.equal(await page.evaluate(() => document.activeElement.id), 'time-now');
  await page.keyboard.press('Home');
  await expectVerdict(page, /refuses/);
  await page.locator('#time-jumps button', { hasText: 'a second before exp' }).click();
  await expectVerdict(page, /STS accepts/);
  assert.equal(await slider.getAttribute('aria-valuetext'), '10:39:59 UTC, 9 min 59 s after the call is made');
  assert.match(await page.locator('#time-facts').innerText(), /The token expires in 1 s/);
  const before = Number(await slider.inputValue());
  await slider.focus();
  await page.keyboard.press('ArrowRight');
  await page.waitForFunction((before) => Number(document.querySelector('#time-now').value) > before, before);
  await ready(page);
  assert.equal(await page.locator('#time-jumps [aria-pressed="true"]').count() <= 1, true);
  await context.close();
});

test('an action after the end of its session is refused as expired', async () => {
  const { page, context } = await opened();
  await choose(page, 2);
  assert.match(await page.locator('#verdict-words').innerText(), /Allowed/);
  await page.locator('#time-jumps button', { hasText: 'a second before the session’s end' }).or(page.locator('#time-jumps button', { hasText: "a second before the session's end" })).click();
  await expectVerdict(page, /Allowed/);
  await page.locator('#time-now').focus();
  await page.keyboard.press('End');
  await expectVerdict(page, /session ended/);
  assert.match(await page.locator('#aws-error').innerText(), /ExpiredToken/);
  assert.match(await page.locator('#credentials').innerText(), /ended 11:30/);
  await context.close();
});

test('the credentials are a tree, and each session can be drawn and asked with', async () => {
  const { page, context } = await opened();
  const tree = page.locator('#credentials');
  assert.match(await tree.innerText(), /ana\s+subject of a token of https:\/\/idp\.example\s+in\s+123456789012:assumed-role\/first\/ana\s+role session\s+ASIA\w+\s+until 11:30 UTC\s+Ask as this session\s+on\s/);
  assert.equal(await page.locator('#credentials .holders .holders .holders #holder-call-1').count(), 1, 'the second session hangs below the first');
  await page.locator('#holder-call-1').click();
  await page.waitForFunction(() => document.querySelector('#report').dataset.call === '1');
  await ready(page);
  assert.equal(await page.locator('#holder-call-1').getAttribute('aria-current'), 'true');
  await page.locator('#holder-ask-1').click();
  await page.waitForFunction(() => document.activeElement.id === 'ask-3-action');
  await ready(page);
  const added = (await scenarioOf(page)).calls[3];
  assert.equal(added.caller, 'on');
  await context.close();
});

for (const [name, options] of Object.entries({
  light: { colorScheme: 'light' },
  dark: { colorScheme: 'dark' },
  narrow: { viewport: { width: 390, height: 844 } },
})) {
  test(`the drawings are sound and within the page: ${name}`, async () => {
    const { page, context, violations } = await opened({ reducedMotion: 'reduce', ...options });
    assert.deepEqual(await axeFinds(page, '#report'), []);
    assert.equal(await runsOver(page), 0);
    for (const call of [0, 1, 2]) {
      await choose(page, call);
      const outside = await page.evaluate(() => [...document.querySelectorAll('#picture text, #time svg text')].filter((text) => {
        const [of, box] = [text.closest('section').getBoundingClientRect(), text.getBoundingClientRect()];
        return box.left < of.left - 1 || box.right > of.right + 1;
      }).map((text) => text.textContent));
      assert.deepEqual(outside, [], `call ${call}: words stand outside of the drawing`);
      const sizes = await page.evaluate(() => [...document.querySelectorAll('#picture text')].map((text) => parseFloat(getComputedStyle(text).fontSize)));
      assert.ok(Math.min(...sizes) >= 12, 'the words keep their size');
    }
    if (process.env.SHOTS) for (const id of ['picture', 'time', 'credentials']) await page.locator(`#${id}`).screenshot({ path: `${process.env.SHOTS}/${name}-${id}.png` });
    assert.deepEqual(violations, []);
    await context.close();
  });
}
