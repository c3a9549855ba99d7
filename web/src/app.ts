// The page's program. It holds the scenario, gives it to the engine at every
// keystroke and puts what comes back into the page. It computes nothing that
// the report says, and after it has loaded it asks the network for nothing.

import { Control, type Context } from './controls';
import type { Arrival } from './editor';
import { Engine, type State } from './engine';
import { Examples, followFilter } from './examples';
import { Exchange } from './exchange';
import { escape, get, isObject, type Json, type Operation, parse, patch, put } from './json';
import { follow, lightLine, lightLinks, markFindings, showChange } from './links';
import type { Answer } from './protocol';
import { recognise, type Thing } from './recognise';
import { drawReport, drawVerdict, stepStage, takeBack } from './report';
import { keyMode, metadataMode, type Protocol, protocolOf, setKeyMode, setMetadataMode, setProtocol } from './saml';
import { empty, type Kept, keysMode, type Places, places, pretty, setKeysMode, typed } from './scenario';
import { followMenus } from './menus';
import { showTab } from './tabs';
import { followTheme } from './theme';
import { WhoGetsIn } from './whogetsin';

/** The largest scenario that the engine takes in the page, in bytes. */
const limit = 1 << 20;

/** How long the editors wait for the engine's beginning; milliseconds. */
const patience = 1_000;

/** How long a pause of typing is after which the clock is looked at again; milliseconds. */
const standstill = 20_000;

/** How long the verdict has to stand before a screen reader is told it; milliseconds. */
const quiet = 400;

const page = document.documentElement;
const report = element('report');
const served = typed(parse(element('scenario').textContent ?? '') ?? empty);

/** What a reset brings back: the example that was last opened. */
let origin = served;
let scenario: Json = served;
/** The scenario editor's text while it is no JSON; it is then what the engine reads. */
let unread: string | undefined;
let call = Number(report.dataset['call'] ?? 0);
let answer: Answer | undefined;
let here: Places = places(scenario, call, '');
/** What was there before an example, a reset or an empty scenario took its place. */
let before: { scenario: Json; call: number } | undefined;
let kept: Kept = {};
let speaking = 0; // the timer that ends in the verdict's words
let clock = { looked: -Infinity, reads: '' }; // the clock's time for a scenario that names none
let waiting: Answer | undefined; // the answer that is to be drawn once its verdict is painted
let stale = false; // the report is of an earlier scenario or call
let pointed: HTMLElement | null = null; // the link whose line is lit

followTheme();

// The engine loads in its worker while the editors are made here. They wait
// for the start of the worker, whose script has a few kilobytes.
const urls = { worker: page.dataset['worker'] ?? '', wasm: page.dataset['wasm'] ?? '', reference: page.dataset['reference'] ?? '' };
const engine = new Engine(urls, foretell, receive, showState, takeNames);
const who = new WhoGetsIn(element('who'), {
  text,
  ask: (before) => engine.ask('whoGetsIn', JSON.stringify({ scenario: text(), now: moment(), call, who: true, before })),
  broke: (internal) => problems([`The engine broke on who gets in: ${internal}. What you typed is kept.`]),
  speak,
});
await Promise.race([engine.start(), new Promise((resolve) => window.setTimeout(resolve, patience))]);
document.getElementById('tls')?.setAttribute('data-bind', '/issuers/{issuer}/tls');
const controls: Control[] = [...document.querySelectorAll<HTMLElement>('[data-bind]')].map(
  (place) => new Control(place, { onChange: type, onRun: run, onHover: (control, line) => lightLinks(report, controls, control, line) }),
);

/** Lists that choose among ways to say something; the parts of the page that say it are shown accordingly. */
const modes = [
  mode('action', 'protocol', protocolOf, setProtocol, (protocol) => (protocol === 'other' ? 'oidc' : protocol)),
  mode('keys-mode', 'keys', keysMode, setKeysMode),
  mode('metadata-mode', 'metadata', metadataMode, setMetadataMode),
  mode('private-key', 'privateKey', keyMode, setKeyMode),
];

/** Editors that take one thing only, and what it is. */
const takes: Record<string, Thing> = { token: 'token', response: 'response', metadata: 'metadata', jwks: 'jwks' };
let misplaced: { control: Control; before: Json } | undefined; // the editor that holds something else, and the scenario before it did

const exchange = new Exchange({
  ask: async (name, ...args) => (await engine.ask(name, ...args))[0] ?? JSON.stringify({ internal: 'the engine is not there' }),
  scenario: () => scenario,
  view: () => ({ role: `/accounts/${escape(here.account)}/Roles/${here.role}`, arn: `/calls/${call}/params/RoleArn` }),
  replace: (next, from) => {
    scenario = from;
    replace(typed(next), call);
  },
  back: () => before && replace(before.scenario, before.call),
});

const examples = new Examples(page.dataset['examples'] ?? '');

start();

function start(): void {
  followMenus();
  followFilter((slug) => examples.text(slug));
  show('fresh');
  run();
  listen();
}

/** Takes what was typed into a control. */
function type(control: Control, text: string): void {
  unread = undefined;
  control.unread = false;
  if (control.kind === 'token') clock.looked = -Infinity;
  const pasted = get(scenario, control.pointer.replace(/\/mint\/[a-z]+$/, ''));
  if (control.isChoice && typeof pasted === 'string' && pasted !== '') keepBefore();
  const old = scenario;
  if (control.kind === 'scenario') {
    const value = parse(text);
    if (isObject(value)) scenario = typed(value);
    else {
      unread = text;
      control.unread = true;
    }
  } else scenario = control.write(scenario, here, text);
  call = withinCalls(call);
  edited();
  run(); // first, so that the engine works while the controls follow
  show('follow', control);
  offerPlace(control, text, old);
}

/** Where an editor was given what belongs into another, offers to put it there. */
function offerPlace(control: Control, text: string, old: Json): void {
  const wanted = takes[control.element.dataset['editor'] ?? ''];
  const thing = control.editor && recognise(text);
  if (thing === undefined || thing === wanted || (thing !== 'world' && wanted === undefined)) {
    if (misplaced?.control === control) misplaced = undefined;
    return;
  }
  if (misplaced?.control !== control) misplaced = { control, before: old };
  const before = misplaced.before;
  if (thing === 'world') {
    void exchange.recognise(text, before).then((what) => {
      if (what === '' || control.text !== text) return;
      control.offer(`${what}.`, 'Take it into the world', () => {
        misplaced = undefined;
        void exchange.take(text, before);
      });
    });
    return;
  }
  const [words, label] = offers[thing];
  control.offer(words, label, () => {
    misplaced = undefined;
    change(placed(before, thing, text));
    const target = controls.find((other) => takes[other.element.dataset['editor'] ?? ''] === thing);
    target?.editor?.focus();
  });
}

/** Puts what is pasted outside of all fields where it belongs. */
function takePaste(event: ClipboardEvent): void {
  if (event.target instanceof Element && event.target.closest('input, textarea, select, [data-editor]')) return;
  const text = event.clipboardData?.getData('text/plain') ?? '';
  const thing = recognise(text);
  if (thing === 'world') void exchange.take(text);
  else if (thing !== undefined) {
    keepBefore();
    change(placed(scenario, thing, text.trim()));
  }
}

const offers: Record<Exclude<Thing, 'world'>, [string, string]> = {
  token: ['This is an OIDC token.', 'Ask with it: AssumeRoleWithWebIdentity'],
  response: ['This is a SAML response.', 'Ask with it: AssumeRoleWithSAML'],
  metadata: ['This is the metadata of a SAML identity provider.', 'Register it with the SAML provider'],
  jwks: ['This is a key set.', 'Use it as the issuer’s keys'],
};

/** The scenario with a text where it belongs. */
function placed(scenario: Json, thing: Exclude<Thing, 'world'>, text: string): Json {
  const protocol: Protocol = thing === 'response' || thing === 'metadata' ? 'saml' : 'oidc';
  const next = setProtocol(scenario, here, protocol, kept);
  const there = places(next, call, '');
  switch (thing) {
    case 'token':
      return put(next, `/calls/${call}/params/WebIdentityToken`, text) ?? null;
    case 'response':
      return put(next, `/calls/${call}/params/SAMLAssertion`, text) ?? null;
    case 'metadata':
      return put(setMetadataMode(next, there, 'pasted', kept), `/accounts/${escape(there.account)}/SAMLProviders/${there.saml}/SAMLMetadataDocument`, text) ?? null;
    case 'jwks':
      return put(setKeysMode(next, there, 'pasted', kept), `/issuers/${there.issuer}/jwks`, text) ?? null;
  }
}

/** Takes a change that was asked for with a button or a list. */
function change(next: Json, how: Arrival = 'mend'): void {
  unread = undefined;
  scenario = next;
  call = withinCalls(call);
  edited();
  show(how);
  run();
}

/** Puts another scenario in the place of this one, which can be brought back. */
function replace(next: Json, nextCall = 0): void {
  keepBefore();
  call = nextCall;
  answer = undefined;
  who.forget();
  kept = {};
  change(next, 'fresh');
}

function keepBefore(): void {
  before = { scenario, call };
  offerBack();
}

function withinCalls(call: number): number {
  const calls = get(scenario, '/calls');
  return Array.isArray(calls) && call < calls.length ? call : 0;
}

/** The address names an example only until it is edited, and the report is of the scenario before. */
function edited(): void {
  stale = true;
  if (location.search !== '') history.replaceState(null, '', location.pathname);
}

/** Shows the scenario in every control but the one that is being typed in. */
function show(how: Arrival, typing?: Control): void {
  here = places(scenario, call, answer?.calls[call]?.issuer ?? '');
  const context: Context = { scenario, places: here, minted: answer?.calls[call]?.compact ?? '' };
  showModes();
  for (const control of controls) {
    if (control === typing && control.at(here) === control.pointer) continue;
    if (unread === undefined || control.kind !== 'scenario') control.show(context, how);
  }
  const title = get(scenario, '/title');
  element('title').textContent = typeof title === 'string' && title !== '' ? title : 'Untitled scenario';
}

interface Mode {
  show(): void;
  choose(value: string): void;
}

/** A list with its parts: get tells its value, set writes another. The parts carry data-PART, with the value that shows them. */
function mode<Value extends string>(
  id: string,
  part: string,
  get: (scenario: Json, places: Places) => Value,
  set: (scenario: Json, places: Places, value: Value, kept: Kept) => Json,
  shown: (value: Value) => string = (value) => value,
): Mode {
  const list = document.querySelector<HTMLSelectElement>(`#${id}`);
  const parts = [...document.querySelectorAll<HTMLElement>(`[data-${part.replace(/[A-Z]/g, (c) => '-' + c.toLowerCase())}]`)];
  const choose = (value: string): void => change(set(scenario, here, value as Value, kept));
  list?.addEventListener('change', () => choose(list.value));
  return {
    choose,
    show() {
      const value = get(scenario, here);
      if (list && list.value !== value) list.value = value;
      for (const element of parts) element.hidden = element.dataset[part] !== shown(value);
    },
  };
}

function showModes(): void {
  for (const each of modes) each.show();
  const presents = protocolOf(scenario, here);
  for (const button of document.querySelectorAll<HTMLElement>('[data-present]')) {
    button.setAttribute('aria-pressed', String(button.dataset['present'] === (presents === 'saml' ? 'saml' : 'oidc')));
  }
}

function text(): string {
  return unread ?? pretty(scenario);
}

/** Asks the engine for a report, unless the scenario is too large for it. */
function run(): void {
  const words = text();
  const large = tooLarge(words);
  element('too-large').hidden = !large;
  if (large) {
    engine.cancel();
    return;
  }
  report.ariaBusy = 'true';
  who.changed();
  engine.run(() => JSON.stringify({ scenario: words, now: moment(), call, brief: true }));
}

/**
 * The clock's time for a scenario that names none. While someone types it
 * stands still, so that only what they change changes; a token is judged at
 * the moment when it is put in.
 */
function moment(): string {
  const looked = Date.now();
  const reads = looked - clock.looked > standstill ? new Date(looked).toISOString() : clock.reads;
  clock = { looked, reads };
  return reads;
}

function tooLarge(text: string): boolean {
  return text.length > limit || (text.length > limit / 3 && new TextEncoder().encode(text).length > limit);
}

/** Draws a verdict whose rest is to come; the rest of the one before it is no longer wanted. */
function foretell(html: string): void {
  waiting = undefined;
  drawVerdict(report, html);
}

/** Takes an answer, whose verdict is drawn; the rest is, once that is painted. */
function receive(next: Answer): void {
  if (next.internal !== '') {
    takeBack(report);
    if (engine.idle) report.ariaBusy = 'false';
    problems([`The engine broke on this scenario: ${next.internal}. What you typed is kept.`]);
    return;
  }
  problems([]);
  answer = next;
  const read = unread === undefined ? undefined : parse(next.scenario);
  if (isObject(read)) scenario = typed(read);
  if (!waiting) afterPaint(finish);
  waiting = next;
}

/** Draws the rest of the newest answer. */
function finish(): void {
  if (!waiting) return;
  const next = waiting;
  waiting = undefined;
  report.dataset['call'] = String(call);
  const reading = report.contains(document.activeElement);
  drawReport(report, next.parts);
  // A button that is no longer needed takes the focus with it; what it changed is read from the result's beginning.
  if (reading && !report.contains(document.activeElement)) element('pane-result').focus({ preventScroll: true });
  show('follow', typing());
  markFindings(controls, next.findings);
  speak(next.calls[call]?.verdict ?? next.findings[0]?.title ?? '');
  if (engine.idle) {
    report.ariaBusy = 'false';
    stale = false;
  }
  performance.mark('answered');
}

/** Plays the scenario again when AWS's names have arrived, or says quietly why they haven't. */
function takeNames(problem: string): void {
  const there = problem === '';
  const line = element('unreferred');
  line.hidden = there;
  line.textContent = there ? '' : `AWS’s list of names could not be loaded (${problem}), so the names of actions and keys aren’t checked.`;
  if (there && page.dataset['names'] !== 'there') run(); // a worker that starts again has them before its first run
  page.dataset['names'] = there ? 'there' : 'missing';
}

/** Runs a task once what was drawn is on the screen; at once where nothing is painted. */
function afterPaint(task: () => void): void {
  if (document.hidden) task();
  else requestAnimationFrame(() => window.setTimeout(task));
}

/** The control that has the focus, which is never rewritten under its reader's hands. */
function typing(): Control | undefined {
  return controls.find((control) => control.element === document.activeElement);
}

function speak(words: string): void {
  window.clearTimeout(speaking);
  speaking = window.setTimeout(() => {
    const status = element('status');
    if (status.textContent !== words) status.textContent = words;
  }, quiet);
}

function problems(words: string[]): void {
  const list = element('problems');
  if (list.hidden && words.length === 0) return;
  list.replaceChildren(...words.map((sentence) => Object.assign(document.createElement('li'), { textContent: sentence })));
  list.hidden = words.length === 0;
}

function showState(state: State): void {
  page.dataset['engine'] = state.name;
  const words = {
    loading: 'The engine is loading.',
    ready: '',
    busy: state.name === 'busy' && state.long ? 'Working…' : '',
    stopped: state.name === 'stopped' ? sentence(state.why) : '',
  }[state.name];
  element('engine').hidden = words === '';
  element('engine-words').textContent = words;
  element('restart').hidden = state.name !== 'stopped';
  if (state.name !== 'stopped') return;
  takeBack(report);
  report.ariaBusy = 'false';
  problems([words]);
}

function sentence(words: string): string {
  return words.charAt(0).toUpperCase() + words.slice(1) + '.';
}

function listen(): void {
  document.addEventListener('click', (event) => {
    const hit = event.target instanceof Element ? event.target.closest<HTMLElement>('button, a') : null;
    if (hit && (outdated(hit) || press(hit))) event.preventDefault();
  });
  document.addEventListener('toggle', (event) => event.target instanceof Node && !report.contains(event.target) && show('follow'), true);
  document.addEventListener('paste', takePaste);
  report.addEventListener('pointerover', (event) => point(event.target));
  report.addEventListener('pointerleave', () => point(null));
  report.addEventListener('focusin', (event) => point(event.target));
  document.addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey) {
      if (event.key === 'Enter') run();
      return;
    }
    if (!event.altKey && (event.key === '[' || event.key === ']') && report.contains(document.activeElement)) {
      stepStage(report, event.key === ']' ? 1 : -1);
    }
  });
}

/** Whether a button or link is of a report that no longer holds, and so does nothing; another call can always be chosen. */
function outdated(hit: HTMLElement): boolean {
  return stale && report.contains(hit) && hit.dataset['call'] === undefined;
}

/** Does what a button or link is for; false leaves it to the browser. */
function press(hit: HTMLElement): boolean {
  const { play, fix, gotoPath, call: other, copy, example, tab, present } = hit.dataset;
  if (play !== undefined) playAlso(play);
  else if (fix !== undefined) mend(fix);
  else if (gotoPath !== undefined) follow(controls, hit);
  else if (other !== undefined && hit !== report) choose(Number(other));
  else if (copy !== undefined) void navigator.clipboard.writeText(document.getElementById(copy)?.textContent ?? '');
  else if (example !== undefined) return open(example);
  else if (tab !== undefined) showTab(tab);
  else if (present !== undefined) modes[0]?.choose(present);
  else if (hit.id === 'who-from-here') who.fromHere();
  else if (hit.id === 'restart') restart();
  else if (hit.id === 'reset') replace(origin);
  else if (hit.id === 'empty') replace(typed(empty));
  else if (hit.id === 'use-clock') change(put(scenario, '/now', new Date().toISOString().replace(/\.\d+/, '')) ?? null);
  else return false;
  return true;
}

function mend(fix: string): void {
  try {
    const operations = JSON.parse(fix) as Operation[];
    change(patch(scenario, operations));
    showChange(controls, operations.at(-1)?.path ?? '');
  } catch (error) {
    problems([`The change no longer fits: ${error instanceof Error ? error.message : String(error)}.`]);
  }
}

/** Adds a call to the scenario's, and shows it. */
function playAlso(text: string): void {
  const played = parse(text);
  const calls = get(scenario, '/calls');
  if (played === undefined) return;
  const all = [...(Array.isArray(calls) ? calls : []), played];
  call = all.length - 1;
  change(put(scenario, '/calls', all) ?? null, 'fresh');
  element('pane-result').scrollTo({ top: 0 });
  element('pane-result').focus({ preventScroll: true });
}

function choose(other: number): void {
  call = other;
  stale = true;
  show('fresh');
  run();
}

function open(slug: string): boolean {
  const example = examples.find(slug);
  if (example === undefined) return false; // the link still leads there
  origin = typed(example);
  replace(origin);
  history.replaceState(null, '', `?scenario=${encodeURIComponent(slug)}`);
  const menu = element('examples');
  menu.removeAttribute('open');
  for (const link of menu.querySelectorAll<HTMLElement>('[data-example]')) {
    if (link.dataset['example'] === slug) link.setAttribute('aria-current', 'page');
    else link.removeAttribute('aria-current');
  }
  menu.querySelector('summary')?.focus();
  return true;
}

function restart(): void {
  problems([]);
  void engine.start();
  run();
}

/** Offers what the last replacement took away. */
function offerBack(): void {
  let back = document.getElementById('back');
  if (!back) {
    back = Object.assign(document.createElement('button'), { id: 'back', type: 'button', className: 'quiet' });
    for (const [className, textContent] of [['long', 'Back to what you had'], ['short', 'Back']] as const) {
      back.append(Object.assign(document.createElement('span'), { className, textContent }));
    }
    back.addEventListener('click', () => before && replace(before.scenario, before.call));
    element('reset').before(back);
  }
}

/** Lights the line that the row under the pointer or the focus is about. */
function point(target: EventTarget | null): void {
  const at = target instanceof Element ? target : null;
  const row = at?.closest('[data-goto-path], .comparison');
  const link = row?.matches('[data-goto-path]') ? (row as HTMLElement) : (row?.querySelector<HTMLElement>('[data-goto-path]') ?? null);
  if (link === pointed) return;
  pointed = link;
  lightLine(controls, link);
}

function element(id: string): HTMLElement {
  const found = document.getElementById(id);
  if (!found) throw new Error(`the page has no #${id}`);
  return found;
}
