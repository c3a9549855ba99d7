// The page's shell: its header, drafts, the empty page, presenter mode, the
// keyboard, plain text editors, and paper.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { choose, editor, expectVerdict, launch, open, paste, ready, serve, textOf } from './site.mjs';

let site, browser;
before(async () => {
  [site, browser] = await Promise.all([serve(), launch()]);
});
after(async () => {
  await browser?.close();
  site?.stop();
});

const refused = '/?scenario=the-organisation-in-another-letter-case';
const laptop = { width: 1366, height: 768 };
const phone = { width: 390, height: 844 };

/** The id of what has the focus, or of what its summary belongs to. */
const focus = (page) => page.evaluate(() => document.activeElement.id || document.activeElement.parentElement.id);
const isOpen = (page, id) => page.locator(`#${id}`).evaluate((menu) => menu.open);
const draft = (page) => page.evaluate(() => sessionStorage.getItem('draft'));

/** Types a session name, and waits until the tab keeps it. */
async function write(page, words) {
  await page.fill('#field-session-name', words);
  await page.waitForFunction((words) => Object.values(sessionStorage).some((text) => text.includes(words)), words);
}

// The header.

test('the header is one row without crowding at 1366 px', async () => {
  const { page, context } = await open(browser, site.url, { viewport: laptop });
  const row = await page.locator('.top').evaluate((top) => {
    const parts = [...top.querySelectorAll('h1, #title, #privacy > summary, #menus > .menu > summary, #menus button:not(.menu-body button), .top > button')].filter((part) => part.checkVisibility());
    const boxes = parts.map((part) => part.getBoundingClientRect());
    return { height: top.offsetHeight, words: parts.map((part) => part.textContent.trim()), gaps: boxes.slice(1).map((box, i) => box.left - boxes[i].right), tops: boxes.map((box) => box.top + box.height / 2), whole: parts.every((part) => part.scrollWidth <= part.clientWidth + 1) };
  });
  assert.ok(row.height <= 49, `the header is ${row.height} px high`);
  assert.ok(row.gaps.every((gap) => gap >= 0), `parts overlap: ${row.gaps}`);
  assert.ok(Math.max(...row.tops) - Math.min(...row.tops) < 4, 'all stand in one line');
  assert.ok(row.whole, 'nothing is cut off, the title included');
  assert.ok(row.words.some((words) => /Nothing you paste leaves this browser/.test(words)));
  await context.close();
});

test('at 390 px the header is one row with the title and one menu, which holds everything', async () => {
  const { page, context } = await open(browser, site.url, { viewport: phone });
  assert.ok((await page.locator('.top').evaluate((top) => top.offsetHeight)) <= 49);
  assert.equal(await page.locator('#title').innerText(), 'GitHub Actions deploys from main');
  await page.click('#menu');
  for (const part of ['#examples > summary', '#undo', '#redo', '#reset', '#empty', '#exchange > summary', '#causes > summary', '#theme', '#presenter', '#plain', '#show-keys', '#print', '#privacy-more > summary']) {
    assert.ok(await page.locator(part).isVisible(), part);
  }
  await page.click('#examples > summary');
  await page.keyboard.press('Escape');
  assert.equal(await isOpen(page, 'examples'), false);
  assert.ok(await page.locator('#reset').isVisible(), 'Escape closes what was opened last');
  await page.keyboard.press('Escape');
  assert.ok(await page.locator('#reset').isHidden());
  assert.equal(await focus(page), 'menu');
  await choose(page, '#empty');
  assert.equal(await page.getAttribute('#menu', 'aria-expanded'), 'false', 'what was chosen closes it');
  assert.equal(await focus(page), 'menu');
  await page.click('#menu');
  await page.click('#examples > summary');
  await page.fill('#find-example', 'okta');
  await page.click('.gallery li:visible a >> nth=0');
  assert.equal(await page.getAttribute('#menu', 'aria-expanded'), 'false');
  await ready(page);
  assert.match(await page.locator('#verdict-words').innerText(), /./);
  await context.close();
});

test('menus within More open over it, close at Escape one by one, and give the focus back', async () => {
  const { page, context } = await open(browser, site.url, { viewport: laptop });
  await page.locator('#more > summary').focus();
  await page.keyboard.press('Enter');
  await page.locator('#causes > summary').focus();
  await page.keyboard.press('Enter');
  await page.locator('#causes-text').focus();
  await page.keyboard.press('Escape');
  assert.deepEqual([await isOpen(page, 'causes'), await isOpen(page, 'more'), await focus(page)], [false, true, 'causes']);
  await page.keyboard.press('Escape');
  assert.deepEqual([await isOpen(page, 'more'), await focus(page)], [false, 'more']);

  await choose(page, '#privacy-more > summary');
  await page.click('#privacy-more [data-close]');
  assert.deepEqual([await isOpen(page, 'privacy-more'), await focus(page)], [false, 'privacy-more']);

  await page.click('#reset');
  assert.deepEqual([await isOpen(page, 'more'), await focus(page)], [false, 'more']);
  await context.close();
});

test('the words on privacy are told by a click, and say what the tab keeps', async () => {
  const { page, context } = await open(browser, site.url, { viewport: laptop });
  await page.click('#privacy > summary');
  assert.match(await page.locator('#privacy .menu-body').innerText(), /kept in this tab/);
  await page.keyboard.press('Escape');
  assert.deepEqual([await isOpen(page, 'privacy'), await focus(page)], [false, 'privacy']);
  await context.close();
});

// Drafts.

test('what is written is restored at a reload, and can be started over, and back', async () => {
  const { page, context } = await open(browser, site.url);
  const before = await page.inputValue('#field-session-name');
  await write(page, 'mine');
  await page.reload();
  await ready(page);
  assert.equal(await page.inputValue('#field-session-name'), 'mine');
  assert.match(await page.locator('#draft-line').innerText(), /Restored what you were writing in this tab\.\s*Start over/);
  await page.click('#draft-act');
  assert.equal(await page.inputValue('#field-session-name'), before);
  assert.ok(await page.locator('#draft-line').isHidden());
  await page.waitForFunction(() => sessionStorage.getItem('draft') === null);
  await page.click('#undo');
  assert.equal(await page.inputValue('#field-session-name'), 'mine');
  await context.close();
});

test('the text of a scenario that is no JSON is restored as it was typed', async () => {
  const { page, context } = await open(browser, site.url);
  await page.locator('#part-scenario summary').click();
  await paste(page, 'scenario', 'title: Half\naccounts: {');
  await page.waitForFunction(() => sessionStorage.getItem('draft')?.includes('Half'));
  await page.reload();
  await page.waitForFunction(() => document.documentElement.dataset.engine === 'ready');
  await page.locator('#part-scenario summary').click();
  assert.equal(await textOf(page, 'scenario'), 'title: Half\naccounts: {');
  await context.close();
});

test('what is opened and not changed is no draft', async () => {
  const { page, context } = await open(browser, site.url);
  await page.evaluate(() => document.querySelector('[data-example="okta-signs-people-in-with-saml"]').click());
  await ready(page);
  await page.goto(site.url);
  await ready(page);
  assert.equal(await draft(page), null);
  assert.ok(await page.locator('#draft-line').isHidden());
  await context.close();
});

test('an address that names an example wins, and the draft is one click away, and undone to', async () => {
  for (const back of ['#draft-act', '#undo']) {
    const { page, context } = await open(browser, site.url);
    await write(page, 'mine');
    await page.goto(site.url + refused);
    await ready(page);
    await expectVerdict(page, /refuses/);
    assert.match(await page.locator('#draft-line').innerText(), /Back to what you were writing/);
    await page.click(back);
    assert.equal(await page.inputValue('#field-session-name'), 'mine');
    assert.equal(new URL(page.url()).search, '');
    await context.close();
  }
});

test('drafts stay in their tab: another tab begins anew, and a duplicate goes its own way', async () => {
  const { page, context } = await open(browser, site.url);
  await write(page, 'mine');
  const other = await context.newPage();
  await other.goto(site.url);
  await ready(other);
  assert.notEqual(await other.inputValue('#field-session-name'), 'mine');

  const [duplicate] = await Promise.all([context.waitForEvent('page'), page.evaluate(() => void window.open(location.href))]);
  await ready(duplicate);
  assert.equal(await duplicate.inputValue('#field-session-name'), 'mine');
  await write(duplicate, 'another');
  await page.reload();
  await ready(page);
  assert.equal(await page.inputValue('#field-session-name'), 'mine');
  assert.deepEqual(await page.evaluate(() => Object.keys(localStorage)), []);
  await context.close();
});

test('a tab that keeps nothing says so once, and the page goes on', async () => {
  const { page, context, violations } = await open(browser, site.url);
  await page.evaluate(() => (Storage.prototype.setItem = () => { throw new DOMException('full', 'QuotaExceededError'); }));
  await page.fill('#field-session-name', 'mine');
  await page.waitForSelector('#draft-line:not([hidden])');
  assert.match(await page.locator('#draft-words').innerText(), /lost at a reload/);
  await page.click('#draft-close');
  await page.fill('#field-session-name', 'mine-too');
  await page.waitForFunction(() => document.querySelector('#report').ariaBusy === 'false');
  await page.waitForTimeout(600); // longer than the pause after which a draft is kept
  assert.ok(await page.locator('#draft-line').isHidden());
  assert.deepEqual(violations, []);
  await context.close();
});

test('a draft beyond the limit isn’t kept, and neither is the one before it', async () => {
  const { page, context } = await open(browser, site.url);
  await write(page, 'mine');
  await paste(page, 'trust', `{"Id": "${'x'.repeat(1 << 20)}"}`);
  await page.waitForSelector('#draft-line:not([hidden])');
  assert.equal(await draft(page), null);
  await context.close();
});

// The empty page.

test('/new is empty, shows nothing that was written before, and leaves that alone', async () => {
  const { page, context } = await open(browser, site.url);
  await write(page, 'mine');
  await page.goto(`${site.url}/new`);
  await ready(page);
  assert.equal(await page.inputValue('#field-session-name'), 'session');
  assert.ok(await page.locator('#draft-line').isHidden());
  assert.ok(await page.locator('#undo').isDisabled());
  assert.ok(!(await page.content()).includes('mine'));
  await write(page, 'shown');
  await page.goto(`${site.url}/new`);
  await ready(page);
  assert.equal(await page.inputValue('#field-session-name'), 'session', 'opened again it is empty again');
  await page.goto(site.url);
  await ready(page);
  assert.equal(await page.inputValue('#field-session-name'), 'mine');
  await context.close();
});

test('/new survives an accidental reload', async () => {
  const { page, context } = await open(browser, site.url, { path: '/new' });
  await write(page, 'shown');
  await page.reload();
  await ready(page);
  assert.equal(await page.inputValue('#field-session-name'), 'shown');
  await context.close();
});

test('an empty scenario shows how to begin, and the report as soon as there is something', async () => {
  for (const viewport of [laptop, phone]) {
    const { page, context } = await open(browser, site.url, { path: '/new', viewport });
    assert.ok(await page.locator('#begin').isVisible());
    assert.ok(await page.locator('#verdict').isHidden());
    await page.click('[data-begin="examples"]');
    assert.ok(await isOpen(page, 'examples'));
    await page.keyboard.press('Escape');
    if (viewport === phone) await page.keyboard.press('Escape');
    await page.click('[data-begin="token"]');
    assert.equal(await page.evaluate(() => document.activeElement.dataset.editor), 'token');
    await page.keyboard.insertText('eyJ');
    await page.waitForFunction(() => document.querySelector('#verdict').checkVisibility());
    assert.ok(await page.locator('#begin').isHidden());
    await context.close();
  }
});

// Presenter mode.

test('presenter mode has large type and only editors, verdict and walk; only its button leaves it', async () => {
  for (const colorScheme of ['light', 'dark']) {
    const { page, context } = await open(browser, site.url, { path: refused, viewport: { width: 1280, height: 720 }, colorScheme });
    const size = () => page.locator('.verdict-words .sentence').evaluate((words) => parseFloat(getComputedStyle(words).fontSize));
    const before = await size();
    await choose(page, '#presenter');
    assert.equal(await size(), before * 1.25);
    for (const shown of ['#verdict', '#aws-error', '#stages', '[data-editor="trust"]', '[data-editor="token"]', '#leave-presenter']) assert.ok(await page.locator(shown).isVisible(), shown);
    for (const gone of ['#more', '#examples', '#advice', '#contents', '#picture', '#event', '#who', '#field-role-arn', '#field-provider-url']) assert.ok(await page.locator(gone).first().isHidden(), gone);
    const failing = await page.locator('#stage-trust summary').first().boundingBox();
    assert.ok(failing.y + failing.height <= 720, `the failing stage ends at ${failing.y + failing.height}`);
    assert.equal(await focus(page), 'leave-presenter');
    await page.keyboard.press('Escape');
    await page.keyboard.press('?');
    await page.keyboard.press('Escape');
    await page.reload();
    await ready(page);
    assert.ok(await page.locator('#leave-presenter').isVisible(), 'the tab remembers it');
    await page.click('#leave-presenter');
    assert.equal(await size(), before);
    assert.equal(await focus(page), 'more');
    await page.reload();
    await ready(page);
    assert.ok(await page.locator('#leave-presenter').isHidden());
    await context.close();
  }
});

// The keyboard.

test('Ctrl+Enter evaluates, from wherever the focus is', async () => {
  const { page, context } = await open(browser, site.url);
  for (const place of ['#field-session-name', '#pane-result']) {
    await page.locator(place).focus();
    await page.evaluate(() => performance.clearMarks('answered'));
    await page.keyboard.press('Control+Enter');
    await page.waitForFunction(() => performance.getEntriesByName('answered').length > 0);
  }
  await editor(page, 'trust').focus();
  await page.evaluate(() => performance.clearMarks('answered'));
  await page.keyboard.press('Control+Enter');
  await page.waitForFunction(() => performance.getEntriesByName('answered').length > 0);
  await context.close();
});

test('F6 and Shift+F6 go around the parts of the page, in narrow windows too, and out of an editor', async () => {
  for (const viewport of [laptop, phone]) {
    const { page, context } = await open(browser, site.url, { viewport });
    for (const pane of ['token', 'role', 'result', 'token']) {
      await page.keyboard.press('F6');
      assert.equal(await focus(page), `pane-${pane}`);
      assert.ok(await page.locator(`#pane-${pane}`).isVisible());
    }
    await page.keyboard.press('Shift+F6');
    assert.equal(await focus(page), 'pane-result');
    await page.keyboard.press('Shift+F6');
    await editor(page, 'trust').focus();
    await page.keyboard.press('F6');
    assert.equal(await focus(page), 'pane-result');
    await context.close();
  }
});

test('F8 and Shift+F8 go from problem to problem, also within an editor', async () => {
  const { page, context } = await open(browser, site.url);
  await page.keyboard.press('F8');
  await page.waitForFunction(() => /no problem/i.test(document.querySelector('#status').textContent));
  await paste(page, 'trust', JSON.stringify({ Statement: [{ Effect: 'Allow', Principal: '*', Action: 'sts:AssumeRoleWithWebIdentity' }] }, null, 1));
  await page.waitForFunction(() => document.querySelectorAll('#findings li').length > 1);
  await ready(page);
  const lit = () => page.locator('[data-editor="trust"] .cm-lit').innerText();
  await page.keyboard.press('F8');
  const first = await lit();
  await page.waitForFunction(() => /^Problem 1 of \d+: ./.test(document.querySelector('#status').textContent));
  await page.keyboard.press('F8');
  await page.waitForFunction(() => /^Problem 2 of/.test(document.querySelector('#status').textContent));
  assert.equal(await page.evaluate(() => document.activeElement.dataset.editor), 'trust');
  await page.keyboard.press('Shift+F8');
  assert.equal(await lit(), first);
  await context.close();
});

test('the question mark opens the map of the keyboard, but not in a field; Escape closes it and the focus goes back', async () => {
  const { page, context } = await open(browser, site.url);
  await page.locator('#pane-result').focus();
  await page.keyboard.press('?');
  assert.ok(await isOpen(page, 'keys'));
  await page.keyboard.press('Escape');
  assert.deepEqual([await isOpen(page, 'keys'), await focus(page)], [false, 'pane-result']);
  await page.fill('#field-session-name', '');
  await page.locator('#field-session-name').focus();
  await page.keyboard.type('a?');
  assert.equal(await page.inputValue('#field-session-name'), 'a?');
  await editor(page, 'trust').focus();
  await page.keyboard.press('Control+End');
  await page.keyboard.type('?');
  assert.match(await textOf(page, 'trust'), /\?$/);
  assert.equal(await isOpen(page, 'keys'), false);
  await choose(page, '#show-keys');
  assert.ok(await isOpen(page, 'keys'));
  await page.click('#keys-close');
  assert.equal(await focus(page), 'more');
  await context.close();
});

test('e goes to the line of the policy that decided, only from the result', async () => {
  const { page, context } = await open(browser, site.url, { path: refused });
  const before = await textOf(page, 'trust');
  await page.locator('#pane-result').focus();
  await page.keyboard.press('e');
  assert.equal(await page.evaluate(() => document.activeElement.dataset.editor), 'trust');
  assert.match(await page.locator('[data-editor="trust"] .cm-lit').innerText(), /:sub"/);
  assert.equal(await textOf(page, 'trust'), before, 'the letter itself goes nowhere');
  await page.locator('#more > summary').focus();
  await page.keyboard.press('e');
  assert.equal(await focus(page), 'more');
  await context.close();
});

test('e also finds the policy that decided on an action', async () => {
  const { page, context } = await open(browser, site.url, { path: '/?scenario=glue-and-athena-by-team' });
  await page.locator('.asks .chooser').first().click();
  await ready(page);
  await page.locator('#pane-result').focus();
  await page.keyboard.press('e');
  assert.ok(await page.evaluate(() => document.activeElement.dataset.editor), 'an editor has the focus');
  await context.close();
});

test('single keys do nothing in fields of the result, and nothing at all once they are turned off', async () => {
  const { page, context } = await open(browser, site.url, { path: '/?scenario=glue-and-athena-by-team' });
  const field = page.locator('.asks input[data-complete="resource"]').first();
  await field.focus();
  await field.fill('');
  await page.keyboard.type('e]?');
  assert.match(await field.inputValue(), /e\]\?$/);

  await choose(page, '#show-keys');
  await page.uncheck('#single-keys');
  await page.click('#keys-close');
  await page.reload();
  await ready(page);
  const stage = page.locator('.stage', { has: page.locator(':scope > details > summary:visible') }).first();
  await stage.locator('summary').first().focus();
  for (const key of ['?', ']', 'e']) await page.keyboard.press(key);
  assert.deepEqual([await isOpen(page, 'keys'), await page.evaluate(() => document.activeElement.closest('.stage')?.id)], [false, await stage.getAttribute('id')]);
  await page.keyboard.press('F6');
  assert.equal(await focus(page), 'pane-token', 'other keys stay');
  await choose(page, '#show-keys');
  await page.check('#single-keys');
  assert.deepEqual(await page.evaluate(() => Object.keys(localStorage)), [], 'the usual choice needs no keeping');
  await context.close();
});

test('the browser’s own keys are left to it, in every place', async () => {
  const { page, context } = await open(browser, site.url);
  await page.evaluate(() => {
    window.taken = [];
    window.addEventListener('keydown', (event) => {
      if (event.defaultPrevented) window.taken.push(`${event.ctrlKey ? 'Ctrl+' : ''}${event.shiftKey ? 'Shift+' : ''}${event.altKey ? 'Alt+' : ''}${event.key}`);
      event.preventDefault(); // the browser of the test does nothing of its own
    });
  });
  const keys = ['f', 'l', 't', 'w', 'n', 'r', 'p', 'd', 'h', 'j', 'k', 'o', 'u', 'i', 'g', '+', '-', '0', '1'].map((key) => `Control+${key}`);
  keys.push('Control+Shift+I', 'Control+Shift+K', 'Control+Shift+C', 'Control+Shift+J', 'Control+Shift+M', 'Control+Shift+N', 'Control+Shift+T', 'F1', 'F3', 'F5', 'F7', 'F11', 'F12', 'Alt+d', 'Tab', 'Shift+Tab');
  for (const place of ['#pane-result', '#field-session-name', 'editor']) {
    for (const key of keys) {
      await (place === 'editor' ? editor(page, 'trust') : page.locator(place)).focus();
      await page.keyboard.press(key);
    }
    assert.deepEqual(await page.evaluate(() => window.taken), [], place);
  }
  await context.close();
});

// Plain text editors.

test('with plain text editors everything can be written as before, and the choice is kept', async () => {
  const { page, context, violations } = await open(browser, site.url, { path: refused });
  await choose(page, '#plain');
  await page.keyboard.press('Escape');
  assert.equal(await page.locator('.cm-editor').count(), 0);
  assert.match(await page.inputValue('#text-token'), /^eyJ/);
  const policy = await page.inputValue('#text-trust');
  await page.fill('#text-trust', policy.replace('repo:acme', 'repo:Acme'));
  await expectVerdict(page, /accepts/);
  await page.click('#undo');
  await expectVerdict(page, /refuses/);
  assert.equal(await page.inputValue('#text-trust'), policy);
  await page.locator('#advice button.fix').first().click();
  await expectVerdict(page, /accepts/);
  assert.match(await page.locator('[data-editor="trust"] .note').innerText(), /Undo/);
  await page.fill('#text-token', 'eyJ');
  await expectVerdict(page, /refuses/);
  await page.click('#undo');
  await expectVerdict(page, /accepts/);

  await page.reload();
  await ready(page);
  assert.equal(await page.locator('.cm-editor').count(), 0);
  await page.locator('#part-scenario summary').click();
  const scenario = JSON.parse(await page.inputValue('#text-scenario'));
  scenario.title = 'Written in a textarea';
  await page.fill('#text-scenario', JSON.stringify(scenario));
  await page.waitForFunction(() => document.querySelector('#title').textContent === 'Written in a textarea');

  await choose(page, '#plain');
  await page.keyboard.press('Escape');
  await editor(page, 'trust').waitFor();
  assert.match(await textOf(page, 'trust'), /repo:Acme/);
  await paste(page, 'trust', '{}');
  await expectVerdict(page, /refuses/);
  assert.deepEqual(violations, []);
  await context.close();
});

test('what is found in a plain text is listed below it, as links to the line', async () => {
  const { page, context } = await open(browser, site.url);
  await choose(page, '#plain');
  await page.keyboard.press('Escape');
  const lines = ['{', ' "Version": "2012-10-17",', ' "Statement": [{', '  "Effect": "Alow",', '  "Principal": "*",', '  "Action": "sts:AssumeRoleWithWebIdentity"', ' }]', '}'];
  await page.fill('#text-trust', lines.join('\n'));
  const link = page.locator('[data-editor="trust"] .marks a', { hasText: 'line 4' }).first();
  await link.click();
  assert.equal(await focus(page), 'text-trust');
  assert.equal(await page.evaluate(() => document.activeElement.value.slice(document.activeElement.selectionStart, document.activeElement.selectionEnd)), lines[3]);
  await page.locator('#pane-result').focus();
  await page.keyboard.press('F8');
  assert.equal(await focus(page), 'text-trust');
  await page.keyboard.press('Tab');
  assert.notEqual(await focus(page), 'text-trust', 'Tab leaves it');
  await context.close();
});

test('plain text editors in lists and folds take what is written too', async () => {
  const { page, context } = await open(browser, site.url, { path: '/?scenario=glue-and-athena-by-team' });
  await choose(page, '#plain');
  await page.keyboard.press('Escape');
  for (const fold of await page.locator('#part-permissions details.more').all()) await fold.evaluate((details) => (details.open = true));
  const field = page.locator('#part-permissions [data-editor="policy"] textarea').first();
  assert.match(await field.inputValue(), /Statement/);
  await field.fill('{"Version": "2012-10-17", "Statement": []}');
  await page.locator('#part-scenario summary').click();
  await page.waitForFunction(() => document.querySelector('#text-scenario').value.includes('"Statement": []'));
  await context.close();
});

// Paper.

test('on paper there are the verdict, the walk, what decided and the whole policy, and no controls', async () => {
  const { page, context } = await open(browser, site.url, { path: refused, viewport: { width: 690, height: 1000 } });
  const policy = await page.evaluate(() => JSON.parse(document.querySelector('#scenario').textContent));
  await page.emulateMedia({ media: 'print' });
  await page.evaluate(() => window.dispatchEvent(new Event('beforeprint')));
  const words = await page.locator('body').innerText();
  assert.match(words, /STS refuses/);
  assert.match(words, /AccessDenied/);
  for (const stage of ['Request', 'Token', 'Time', 'Provider', 'Signature', 'Trust policy']) assert.ok(words.includes(stage), stage);
  assert.match(words, /policy wants/);
  const role = Object.values(policy.accounts)[0].Roles[0].AssumeRolePolicyDocument;
  const printed = await page.locator('#printed pre').first().innerText();
  assert.deepEqual(JSON.parse(printed), typeof role === 'string' ? JSON.parse(role) : role);
  assert.match(await page.locator('#printed h3').first().innerText(), /Trust policy/);
  for (const control of ['input:visible', 'select:visible', 'textarea:visible', '.menus', '#contents', '.world']) assert.equal(await page.locator(control).filter({ visible: true }).count(), 0, control);
  assert.ok(!/\bline \d+\b/.test(await page.locator('#stages').innerText()), 'links to lines lead nowhere on paper');
  const over = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  assert.equal(over, 0, `paper is cut off at its side by ${over} px`);
  await page.evaluate(() => window.dispatchEvent(new Event('afterprint')));
  assert.equal(await page.locator('#printed').evaluate((element) => element.childElementCount), 0);
  await context.close();
});

test('a long policy is printed to its end', async () => {
  const { page, context } = await open(browser, site.url);
  const long = { Version: '2012-10-17', Statement: Array.from({ length: 120 }, (_, i) => ({ Sid: `S${i}`, Effect: 'Allow', Principal: { AWS: '111122223333' }, Action: 'sts:AssumeRole' })) };
  await paste(page, 'trust', JSON.stringify(long, null, 2));
  await ready(page);
  await page.emulateMedia({ media: 'print' });
  await page.evaluate(() => window.dispatchEvent(new Event('beforeprint')));
  const pre = page.locator('#printed pre').first();
  assert.match(await pre.innerText(), /"S119"/);
  assert.ok(await pre.evaluate((element) => element.scrollHeight <= element.clientHeight + 1), 'all of it is on the paper');
  assert.ok((await page.pdf({ format: 'A4' })).length > 10_000);
  await context.close();
});
