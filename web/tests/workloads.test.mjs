// Pods and instances in the page: the world around them is edited, and what
// they find is drawn.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { expectVerdict, launch, open, ready, serve } from './site.mjs';

let site, browser;
before(async () => {
  [site, browser] = await Promise.all([serve(), launch()]);
});
after(async () => {
  await browser?.close();
  site?.stop();
});

const fold = (page, name) => page.locator('#part-account > details').filter({ has: page.locator('summary', { hasText: name }) }).first();

test('a pod without a role of its own uses its node’s, and the page says so', async () => {
  const { page, context, violations } = await open(browser, site.url, { path: '/?scenario=a-pod-silently-uses-the-nodes-role' });
  await expectVerdict(page, /silently uses the node's role/);
  assert.match(await page.locator('#stage-chain').innerText(), /Search/);

  const instances = fold(page, 'EC2 instances');
  await instances.locator('summary').first().click();
  assert.equal(await instances.locator('.item').count(), 3);
  await instances.locator('.item summary').first().click();
  await instances.locator('[data-bind="./MetadataOptions/HttpPutResponseHopLimit"]').first().fill('1');
  await expectVerdict(page, /dropped on its way/);
  await instances.locator('[data-bind="./MetadataOptions/HttpTokens"]').first().selectOption('optional');
  await expectVerdict(page, /silently uses the node's role/);
  assert.deepEqual(violations, []);
  await context.close();
});

test('an association gives a pod its role, and switching the agent off takes it away', async () => {
  const { page, context, violations } = await open(browser, site.url, { path: '/?scenario=pod-identity-gives-a-pod-its-role' });
  await expectVerdict(page, /has credentials of .*assumed-role\/carts\/eks-eks-worksh-carts-d49c-/);
  const clusters = fold(page, 'EKS clusters');
  await clusters.locator('summary').first().click();
  await clusters.locator(':scope > .within > .many > ol > li > details > summary').first().click();
  await clusters.locator('[data-bind="./podIdentityAgent"]').first().selectOption('false');
  await expectVerdict(page, /Agent doesn't run on the node/);
  await clusters.locator('[data-bind="./podIdentityAgent"]').first().selectOption('');
  await expectVerdict(page, /has credentials/);

  const associations = fold(page, 'Pod Identity associations');
  await associations.locator('summary').first().click();
  await associations.getByRole('button', { name: 'Add an association' }).click();
  await ready(page);
  assert.equal(await associations.locator(':scope > .within > .many > ol > li').count(), 7);
  assert.deepEqual(violations, []);
  await context.close();
});
