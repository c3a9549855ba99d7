// The world comes in from what other tools wrote, and goes out for them.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { choose, expectVerdict, launch, open, paste, ready, serve, textOf } from './site.mjs';

const written = (name) => readFileSync(new URL(`../../engine/exchange/testdata/${name}`, import.meta.url), 'utf8');

let site, browser;
before(async () => {
  [site, browser] = await Promise.all([serve(), launch()]);
});
after(async () => {
  await browser?.close();
  site?.stop();
});

/** Pastes a text where no field has the focus. */
async function pasteOnPage(page, text) {
  await page.evaluate((text) => {
    document.activeElement?.blur();
    const clipboardData = new DataTransfer();
    clipboardData.setData('text/plain', text);
    document.body.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }));
  }, text);
}

async function said(page) {
  await page.locator('#exchange-line:visible:not([aria-busy="true"])').waitFor();
  return page.locator('#exchange-line').innerText();
}

test('the output of get-role pasted into the trust policy is offered a place, taken in, and taken back', async () => {
  const { page, context, violations } = await open(browser, site.url);
  const old = await textOf(page, 'trust');
  await paste(page, 'trust', written('the-output-of-get-role.json'));
  const offer = page.locator('[data-editor="trust"] .note button');
  await offer.waitFor();
  assert.match(await page.locator('[data-editor="trust"] .note').innerText(), /This is the output of aws iam get-role: role deploy of account 210987654321/);
  await offer.click();
  assert.match(await said(page), /aws iam get-role[\s\S]*The call asks for arn:aws:iam::210987654321:role\/deploy, no longer for arn:aws:iam::123456789012:role\/deploy/);
  await ready(page);
  assert.equal(await page.inputValue('#field-account'), '210987654321');
  assert.equal(await page.inputValue('#field-max-duration'), '7200');
  assert.match(await textOf(page, 'trust'), /^\{\n {2}"Version"[\s\S]*210987654321:oidc-provider/);
  await expectVerdict(page, /refuses|no OIDC provider|not/);

  await page.locator('#exchange-undo').click();
  await expectVerdict(page, /accepts/);
  assert.equal(await textOf(page, 'trust'), old);
  assert.ok(await page.locator('#exchange-line').isHidden());
  assert.deepEqual(violations, []);
  await context.close();
});

test('a role and its provider pasted one after the other on the page let the token in', async () => {
  const { page, context } = await open(browser, site.url);
  await pasteOnPage(page, written('the-output-of-get-role.json'));
  assert.match(await said(page), /role deploy of account 210987654321/);
  await ready(page);
  await pasteOnPage(page, written('the-output-of-get-open-id-connect-provider.json'));
  await page.waitForFunction(() => /get-open-id-connect-provider/.test(document.querySelector('#exchange-words').textContent));
  await expectVerdict(page, /accepts/);
  assert.equal(await page.inputValue('#field-provider-url'), 'https://token.actions.githubusercontent.com');
  await context.close();
});

test('a Terraform configuration goes in by the dialog, and what is no such thing is told', async () => {
  const { page, context } = await open(browser, site.url);
  await page.locator('#open').click();
  await page.fill('#open-text', 'We met on Tuesday and talked about identity.');
  await page.locator('#open-take').click();
  assert.match(await said(page), /This isn't recognised; paste a token, .*what the AWS CLI prints/);
  assert.match(await page.locator('#open-refusal').innerText(), /This isn't recognised/, 'also where the text stands');
  assert.ok(await page.locator('#exchange-undo').isHidden());
  await page.fill('#open-text', written('a-terraform-configuration.tf'));
  await page.locator('#open-take').click();
  await page.waitForFunction(() => /Terraform configuration/.test(document.querySelector('#exchange-words').textContent));
  assert.match(await said(page), /\$\{var\.unknown\} isn't known here and stays as text/);
  assert.ok(await page.locator('#open-text').isHidden(), 'the dialog closes');
  await expectVerdict(page, /accepts/);
  assert.match(await textOf(page, 'trust'), /repo:acme\/app:\*/);
  await context.close();
});

test('a policy typed into an editor is offered no other place', async () => {
  const { page, context } = await open(browser, site.url);
  await paste(page, 'trust', '{"Version": "2012-10-17", "Statement": []}');
  await ready(page);
  assert.equal(await page.locator('[data-editor="trust"] .note button').count(), 0);
  await context.close();
});

test('the world goes out in three formats, each to be copied', async () => {
  const { page, context, violations } = await open(browser, site.url);
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await choose(page, '#exchange > summary');
  const text = () => page.locator('#export-files pre').first().textContent();
  for (const [name, pattern] of [
    ['AWS CLI', /^#!\/usr\/bin\/env bash[\s\S]*aws iam create-open-id-connect-provider[\s\S]*aws iam create-role/],
    ['CloudFormation', /AWSTemplateFormatVersion[\s\S]*AWS::IAM::OIDCProvider[\s\S]*AWS::IAM::Role/],
    ['Terraform', /required_providers[\s\S]*resource "aws_iam_openid_connect_provider"[\s\S]*jsonencode\(/],
  ]) {
    await page.getByRole('button', { name, exact: true }).click();
    await page.waitForFunction(([source]) => new RegExp(source).test(document.querySelector('#export-files pre')?.textContent ?? ''), [pattern.source]);
    assert.equal(await page.getByRole('button', { name, exact: true }).getAttribute('aria-pressed'), 'true');
    await page.locator('#export-files [data-copy]').first().click();
    assert.equal(await page.evaluate(() => navigator.clipboard.readText()), await text());
  }
  assert.deepEqual(violations, []);
  await context.close();
});

test('what goes out comes in again as the same world', async () => {
  const { page, context } = await open(browser, site.url);
  const old = await textOf(page, 'trust');
  await choose(page, '#exchange > summary');
  await page.getByRole('button', { name: 'CloudFormation', exact: true }).click();
  await page.waitForFunction(() => /AWSTemplateFormatVersion/.test(document.querySelector('#export-files pre')?.textContent ?? ''));
  const template = await page.locator('#export-files pre').first().textContent();
  await page.keyboard.press('Escape');
  await pasteOnPage(page, template);
  assert.match(await said(page), /CloudFormation template: 1 OIDC provider, 1 role of account 123456789012; there is nothing in it to add/);
  assert.deepEqual(JSON.parse(await textOf(page, 'trust')), JSON.parse(old));
  await expectVerdict(page, /accepts/);
  await context.close();
});

test('hostile names are text wherever they are shown', async () => {
  const { page, context, violations } = await open(browser, site.url);
  await pasteOnPage(page, JSON.stringify({ Role: { RoleName: '<img src=x onerror=alert(1)>', Arn: 'arn:aws:iam::123456789012:role/x', AssumeRolePolicyDocument: { Version: '2012-10-17', Statement: [] } } }));
  assert.match(await said(page), /role <img src=x onerror=alert\(1\)>/);
  await choose(page, '#exchange > summary');
  await page.locator('#export-files pre').first().waitFor();
  assert.equal(await page.locator('#export-files img, #exchange-line img').count(), 0);
  assert.deepEqual(violations, []);
  await context.close();
});
