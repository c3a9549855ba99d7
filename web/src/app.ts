// The page's program. It holds the scenario, gives it to the engine at every
// keystroke and puts what comes back into the page. It computes nothing that
// the report says, and after it has loaded it asks the network for nothing.

import { Accounts } from './accounts';
import { fetchOnly, named as addressed, nameInAddress, namesOne, setAddress } from './address';
import { addKey, showFields, writeAsk } from './asks';
import { turned } from './calls';
import { explain, explainErrors } from './causes';
import { addClaim, setClaim } from './claims';
import { Clock } from './clock';
import { Completions } from './combobox';
import { known } from './completions';
import { Control, type Context, type Events } from './controls';
import { Drafts } from './drafts';
import type { Arrival } from './editor';
import { Engine, type State } from './engine';
import { Examples, followFilter } from './examples';
import { Exchange } from './exchange';
import { History, type Moment } from './history';
import { Intake } from './intake';
import { followKeys } from './keyboard';
import { equal, escape, get, isObject, type Json, type Operation, parse, patch, put } from './json';
import { completed } from './likely';
import { copyText } from './copied';
import { follow, lightLine, lightLinks, markFindings, showChange } from './links';
import { Lessons } from './lessons';
import { listen } from './listening';
import { List } from './lists';
import { actionOf, keepCall, setAction } from './operations';
import { Parameters } from './parameters';
import { followPlain } from './plain';
import { followPresenter } from './presenter';
import { followPrint } from './printed';
import { type Asks, press } from './pressing';
import type { Answer, Tool } from './protocol';
import { whenQuiet } from './quiet';
import { drawReport, drawVerdict, reveal, takeBack } from './report';
import { keyMode, metadataMode, setKeyMode, setMetadataMode } from './saml';
import { afterPaint, element, hide, problems, showEngine, speak, yieldTurn } from './says';
import { empty, frontDoor, type Kept, keysMode, type Places, places, pretty, resolve, setKeysMode, typed } from './scenario';
import { Locks } from './locks';
import { closeMenus, followMenus } from './menus';
import { mode, type Now } from './modes';
import { Share } from './share';
import { isLink, Shared } from './shared';
import { suggest, type Suggestion } from './suggestions';
import { showTab } from './tabs';
import { delayed, sayNow } from './timeline';
import { followTheme } from './theme';
import { Tools } from './tools';
import { WhoGetsIn } from './whogetsin';

/** The largest scenario that the engine takes in the page, in bytes. */
const limit = 1 << 20;

/** How long the editors wait for the engine's beginning; milliseconds. */
const patience = 1_000;

const page = document.documentElement;
const report = element('report');
/** The fields of the claims and attributes that are minted; like the report, drawn by the engine. */
const minted = [element('mint-claims'), element('mint-attributes')];
const served = typed(parse(element('scenario').textContent ?? '') ?? empty);
const nothing = typed(empty);

/** What a reset brings back: the example that was last opened. */
let origin = served;
let scenario: Json = served;
/** The scenario editor's text while it is no JSON; it is then what the engine reads. */
let unread: string | undefined;
let call = Number(report.dataset['call'] ?? 0);
let answer: Answer | undefined;
let here: Places = places(scenario, call, '');
const past = new History((undo, redo) => {
  element('undo').toggleAttribute('disabled', !undo);
  element('redo').toggleAttribute('disabled', !redo);
});
const drafts = new Drafts();
let kept: Kept = {};
const clock = new Clock();
let waiting: Answer | undefined; // the answer that is to be drawn once its verdict is painted
let making = true; // the editors that are in sight at the start are being made
let stale = false; // the report is of an earlier scenario or call
let pointed: HTMLElement | null = null; // the link whose line is lit
let revealed = ''; // the part that is to be opened once it is drawn

followTheme();
followPlain(remake);
followPresenter();

// The engine loads in its worker while the editors are made here. They wait
// for the start of the worker, whose script has a few kilobytes.
const urls = { worker: page.dataset['worker'] ?? '', wasm: page.dataset['wasm'] ?? '', reference: page.dataset['reference'] ?? '' };
if (page.dataset['static'] !== undefined) fetchOnly([...Object.values(urls), page.dataset['tools'] ?? '', page.dataset['examples'] ?? '', page.dataset['lessons'] ?? '']);
const tools = new Tools({ worker: urls.worker, wasm: page.dataset['tools'] ?? '' });
const engine = new Engine(urls, foretell, receive, showState, takeNames);
const who = new WhoGetsIn(element('who'), {
  text,
  ask: (before) => engine.ask('whoGetsIn', JSON.stringify({ scenario: text(), now: clock.time(), call, who: true, before })),
  broke: (internal) => problems([`The engine broke on who gets in: ${internal}. What you typed is kept.`]),
  speak,
});
const locks = new Locks(element('locks'), {
  scenario: () => (unread === undefined ? scenario : undefined),
  request: (of) => JSON.stringify({ scenario: of === undefined ? text() : pretty(of), now: clock.time(), call }),
  ask: (...args) => engine.ask('playAttacks', ...args),
  change: (next) => change(next, 'follow'),
  broke: (internal) => problems([`The attacks can’t be played: ${internal}. What you typed is kept.`]),
  speak,
});
await Promise.race([engine.start(), new Promise((resolve) => window.setTimeout(resolve, patience))]);
document.getElementById('tls')?.setAttribute('data-bind', '/issuers/{issuer}/tls');
const events: Events = { onChange: type, onRun: run, onHover: (control, line) => lightLinks(report, controls, control, line) };
const fixed: Control[] = [...document.querySelectorAll<HTMLElement>('[data-bind]')].filter((place) => !place.closest('#report, #params, .claims-form')).map((place) => new Control(place, events));
const fixedLists: List[] = [...document.querySelectorAll<HTMLElement>('[data-list]')].filter((place) => !place.closest('#params')).map((place) => new List(place, events));
const parameters = new Parameters(events, (action) => change(setAction(scenario, here, action, kept)));
/** All lists, those of the call's parameters included. */
let lists = fixedLists;
/** All controls, those of the lists' items included. */
let controls = fixed;
const accounts = new Accounts(() => scenario, (changed) => (changed === undefined ? show('mend') : change(changed)));
/** Places that say how many items a list of the scenario has. */
const counts = [...document.querySelectorAll<HTMLElement>('[data-count]')];
let wanted = ''; // what has the focus once the next report is drawn: the id of a field of it
new Completions(element('completions'), element('completions-status'), [(subject, _, field) => (subject === 'parameter' ? named(field) : suggest(subject, scenario, callOf(field))), (subject, typed, field) => known(engine, subject, typed, field, scenario)]);

const now: Now = { at: () => ({ scenario, places: here, kept }), change };

/** Lists that choose among ways to say something; the parts of the page that say it are shown accordingly. */
const modes = [
  mode(now, 'keys-mode', 'keys', keysMode, setKeysMode),
  mode(now, 'metadata-mode', 'metadata', metadataMode, setMetadataMode),
  mode(now, 'private-key', 'privateKey', keyMode, setKeyMode),
];

new Exchange({
  ask: (...args) => askTools('exportWorld', ...args),
  scenario: () => scenario,
});
const intake = new Intake({
  ask: (request, texts) => tools.ask('takeIn', request, ...texts),
  ready: () => tools.ready,
  scenario: () => scenario,
  view: () => ({ role: `/accounts/${escape(here.account)}/Roles/${here.role}`, call: Number(here.call), now: new Date().toISOString() }),
  put: takeIn,
  open: openText,
  depth: () => past.depth,
  back: turnBackTo,
  explain,
  show: showTab,
  focus: (name) => controls.find((control) => control.element.dataset['editor'] === name && control.editor)?.editor?.focus(),
});
explainErrors((text) => tools.ask('explainError', text).catch(() => []));

const share = new Share({
  ask: (name, ...args) => askTools(name, ...args),
  now: () => ({ scenario: text(), now: clock.time(), call }),
  speak,
  complain: (problem) => problems([problem]),
}, report);
const shared = new Shared({
  read: (link) => askTools('openLink', link),
  replace: (next, at) => {
    const there = typed(next); // one and the same, until something is written
    replace(there, at, there);
  },
  written: () => scenario !== origin || unread !== undefined,
  depth: () => past.depth,
  back: turnBackTo,
  take: (text) => intake.takeText(text),
});
const lessons = new Lessons({
  scenario: () => scenario,
  origin: () => origin,
  change: (next) => replace(next, call),
  open: introduce,
  choose: (at) => at !== call && choose(at),
  draw: (text) => tools.ask('drawLesson', text),
  speak,
});
const examples = new Examples();

/** What buttons and links are for. */
const asks: Asks = {
  play: playAlso,
  mend,
  follow: (link) => follow(controls, link, () => show('follow')),
  choose,
  copy: copyOf,
  open,
  takeLesson: (lesson) => lessons.open(lesson),
  turnLesson: (what) => lessons.press(what),
  showPart,
  delay: (delay, of) => change(delayed(scenario, `/calls/${of ?? call}/delay`, delay), 'follow'),
  claim: (at, claim) => change(setClaim(scenario, at, claim), 'follow'),
  ask,
  item,
  lock: (button) => locks.press(button),
  turnBack,
  begin,
  once: {
    'who-from-here': () => who.fromHere(),
    restart,
    share: () => share.open(),
    reset: () => replace(origin),
    empty: () => replace(nothing),
    print: () => window.print(),
    'stored-close': closeStored,
    'use-clock': () => change(put(scenario, '/now', new Date().toISOString().replace(/\.\d+/, '')) ?? null),
  },
};

start();

/** Asks the tools for JSON. */
function askTools(name: Tool, ...args: string[]): Promise<string> {
  return tools.ask(name, ...args).then(([answer = '{}']) => answer, (error: Error) => JSON.stringify({ internal: `this part of the page could not be had: ${error.message}` }));
}

function start(): void {
  followMenus();
  followFilter((slug) => examples.text(slug));
  followPrint(() => controls, shown);
  followKeys(report, { run, save: () => void share.save(), turnBack, follow: (link) => follow(controls, link, () => show('follow')) });
  takeDraft(drafts.found());
  show('fresh');
  run();
  listen(report, minted, { press: pressed, unfold, point, enterRow, type: typeAsk, addClaim: newClaim, addKey: newKey });
  void makeEditors();
  void shared.arrive();
  void openAddressed();
}

/** Makes the editors that are in sight, one at a time, so that the page answers its reader between two. */
async function makeEditors(): Promise<void> {
  for (const control of controls.filter((each) => each.waits)) {
    await yieldTurn();
    showIn(control, shown(), 'follow');
  }
  making = false;
  finish();
}

/** Opens what the address names, where no server did. */
async function openAddressed(): Promise<void> {
  const { scenario: slug, lesson, fresh } = addressed();
  const there = page.dataset['scenario'] ?? '';
  await Promise.all([examples.load(page.dataset['examples'] ?? ''), lessons.load(page.dataset['lessons'] ?? '')]);
  if (lesson !== '' && lesson !== there) lessons.open(lesson);
  else if (slug !== '' && slug !== there && !isLink(location.hash)) open(slug);
  else if (fresh && scenario === served) introduce(nothing, '?new');
}

/** Brings back what was being written in this tab, unless the address names something else: then it can be gone back to. */
function takeDraft(draft: Moment | undefined): void {
  if (!draft) return;
  if (!namesOne() || addressed().fresh) {
    ({ scenario, unread, call, origin } = draft);
    stale = true;
    if (!location.hash) drafts.say('Restored what you were writing in this tab.', { label: 'Start over', does: () => replace(origin) });
  } else {
    past.keep(draft);
    drafts.say('What you were writing in this tab is kept.', { label: 'Back to what you were writing', does: () => (past.keep(moment()), bring(draft)) });
  }
}

/** Has the editors made anew, as the reader chose. */
function remake(): void {
  for (const control of controls) control.remake();
  show('fresh');
  if (answer && !stale) markFindings(controls, answer.findings);
}

/** Takes what was typed into a control. */
function type(control: Control, text: string): void {
  unread = undefined;
  control.unread = false;
  if (control.kind === 'token') clock.wind();
  const old = scenario;
  past.keep(moment(), control.isChoice ? '' : control.pointer);
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
  if (control.editor) void intake.offer(control, text, old);
}

/** Takes a change that was asked for with a button or a list. */
function change(next: Json, how: Arrival = 'mend'): void {
  if (next !== scenario) past.keep(moment());
  take(next, how);
}

function take(next: Json, how: Arrival, text?: string): void {
  unread = text;
  scenario = next;
  call = withinCalls(call);
  edited();
  show(how);
  run();
}

/** Puts another scenario in the place of this one; next time a reset brings back what nextOrigin is. */
function replace(next: Json, nextCall = 0, nextOrigin = origin): void {
  past.keep(moment());
  bring({ scenario: next, unread: undefined, call: nextCall, origin: nextOrigin });
}

/** Puts in the scenario that what was pasted makes of another, which undoing brings back. */
function takeIn(next: Json, nextCall: number, from: Json): void {
  past.keep({ ...moment(), scenario: from });
  keepCall(from, here, kept);
  accounts.chosen = '';
  clock.wind();
  call = nextCall;
  take(typed(next), 'fresh');
}

/** Opens the text of a whole scenario; one that isn't JSON is for the engine to read. */
function openText(text: string): void {
  const value = parse(text);
  if (isObject(value)) return replace(typed(value), 0, typed(value));
  past.keep(moment());
  bring({ scenario: typed(empty), unread: text, call: 0, origin });
}

function bring(moment: Moment): void {
  ({ call, origin } = moment);
  answer = undefined;
  who.forget();
  locks.forget();
  kept = {};
  accounts.chosen = '';
  intake.close(); // what they say is of another scenario
  shared.close();
  closeStored();
  take(moment.scenario, 'fresh', moment.unread);
}

/** Says no longer that the scenario is stored: another is in its place, or that was read. */
function closeStored(): void {
  document.getElementById('stored-line')?.remove();
}

function moment(): Moment {
  return { scenario, unread, call, origin };
}

/** Undoes the last change, or redoes the one that was undone last. */
function turnBack(which: 'undo' | 'redo'): void {
  const there = past[which](moment());
  if (!there) return;
  bring(there);
  speak(which === 'undo' ? 'Undone.' : 'Redone.');
}

/** Takes back the change before which so many could be undone, and what was done since. */
function turnBackTo(depth: number): void {
  const there = past.undoTo(depth, moment());
  if (!there) return;
  bring(there);
  speak('Undone.');
}

function withinCalls(call: number): number {
  const calls = get(scenario, '/calls');
  return Array.isArray(calls) && call < calls.length ? call : 0;
}

/** The address names an example or a stored scenario, or holds one, only until it is edited, and the report is of the scenario before. */
function edited(): void {
  stale = true;
  drafts.keep(moment());
  if ((namesOne() && !addressed().fresh) || isLink(location.hash)) setAddress('');
}

/** What the controls show, and where each finds it. */
function shown(): Context {
  const door = answer?.calls[frontDoor(scenario, call)];
  here = places(scenario, call, door?.issuer ?? '', accounts.chosen);
  return { scenario, places: here, minted: door?.compact ?? '' };
}

/** Shows the scenario in every control but the one that is being typed in. */
function show(how: Arrival, typing?: Control): void {
  const context = shown();
  for (const each of modes) each.show();
  accounts.show(scenario, here.around);
  parameters.show(context);
  lists = [...fixedLists, ...parameters.lists];
  for (const list of lists) list.fit(context);
  controls = [...fixed, ...parameters.controls, ...lists.flatMap((list) => list.controls)];
  for (const place of counts) {
    const value = get(scenario, resolve(place.dataset['count'] ?? '', here));
    const words = Array.isArray(value) && value.length > 0 ? String(value.length) : '';
    if (place.textContent !== words) place.textContent = words;
  }
  for (const control of controls) {
    if (control === typing && control.at(here) === control.pointer) continue;
    if (making && control.waits) control.pointer = control.at(here);
    else showIn(control, context, how);
  }
  const said = get(scenario, '/title');
  const title = typeof said === 'string' && said !== '' ? said : 'Untitled scenario';
  if (element('title').textContent !== title) element('title').textContent = title;
  lessons.follow();
  page.toggleAttribute('data-empty', unread === undefined && equal(scenario, nothing));
}

function showIn(control: Control, context: Context, how: Arrival): void {
  if (unread === undefined || control.kind !== 'scenario') control.show(context, how);
  else if (how === 'fresh' || !control.unread) control.showUnread(unread);
}

function text(): string {
  return unread ?? pretty(scenario);
}

/** Asks the engine for a report, unless the scenario is too large for it. */
function run(): void {
  const words = text();
  const large = tooLarge(words);
  hide(element('too-large'), !large);
  if (large) {
    engine.cancel();
    return;
  }
  report.ariaBusy = 'true';
  who.changed();
  locks.changed();
  engine.run(() => JSON.stringify({ scenario: words, now: clock.time(), call, brief: true, forms: minted.some((form) => form.closest('details')?.open) }));
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
  if (!waiting || making) return;
  const next = waiting;
  waiting = undefined;
  report.dataset['call'] = String(call);
  const reading = report.contains(document.activeElement);
  drawReport(report, next.parts);
  for (const drawn of [report, ...minted]) showFields(drawn, scenario);
  // A button that is no longer needed takes the focus with it; what it changed is read from the result's beginning.
  if (reading && !report.contains(document.activeElement) && wanted === '') element('pane-result').focus({ preventScroll: true });
  goToWanted();
  if (revealed !== '' && document.getElementById(revealed)) reveal(revealed);
  revealed = '';
  show('follow', typing());
  markFindings(controls, next.findings);
  speak(next.calls[call]?.verdict ?? next.findings[0]?.title ?? '');
  if (engine.idle) lessons.report(next.met === true);
  if (engine.idle) {
    report.ariaBusy = 'false';
    stale = false;
    shared.drawn();
  }
  performance.mark('answered');
}

/** Plays the scenario again when AWS's names have arrived, or says quietly why they haven't. */
function takeNames(problem: string): void {
  const there = problem === '';
  const line = element('unreferred');
  line.hidden = there;
  line.textContent = there ? '' : `AWS’s list of names could not be loaded (${problem}), so the names of actions and keys aren’t checked.`;
  whenQuiet(() => {
    tools.load();
    engine.warmUp();
  });
  if (there && page.dataset['names'] !== 'there') run(); // a worker that starts again has them before its first run
  page.dataset['names'] = there ? 'there' : 'missing';
}

/** Puts the focus where an act of the reader's leads, once that is drawn. */
function goToWanted(): void {
  const target = wanted === '' ? null : document.getElementById(wanted);
  if (!target) return;
  wanted = '';
  target.focus();
  if (target instanceof HTMLInputElement) target.select();
}

/** Takes what was typed into a field of the report, which is a question's. */
function typeAsk(field: HTMLInputElement): void {
  const { bind, kind = '' } = field.dataset;
  if (bind === undefined) return;
  if (kind === 'delay') sayNow(field);
  past.keep(moment(), bind);
  unread = undefined;
  scenario = writeAsk(scenario, bind, kind, field.value);
  edited();
  run();
  show('follow');
}

/** Adds a claim to what is minted, and goes to its field. */
function newClaim(field: HTMLInputElement): void {
  const at = field.dataset['newClaim'];
  const name = field.value.trim();
  if (at === undefined || name === '') return;
  wanted = `mint-${field.id === 'mint-claim-new' ? 'claim' : 'attribute'}-${name.toLowerCase().replace(/[^a-z0-9]/g, '-')}`;
  field.value = '';
  change(addClaim(scenario, at, name), 'follow');
}

/** Adds a condition key to a call, and goes to its field. */
function newKey(field: HTMLInputElement, at: number): void {
  const key = field.value.trim();
  if (key === '') return;
  wanted = `ask-${at}-key-${key.toLowerCase().replace(/[^a-z0-9]/g, '-')}`;
  change(addKey(scenario, at, key), 'follow');
  field.value = '';
}

/** Shows the call into whose row the focus came, unless it was put there. */
function enterRow(row: number): void {
  if (row !== call && wanted === '') choose(row);
}

/** Adds, duplicates, moves or removes a call: that of the number, else the one in view. */
function ask(what: string, at?: number): void {
  const turn = turned(what, scenario, at ?? (what === 'add' ? call : Number(here.call)), call, kept);
  if (what === 'add' || (what === 'copy' && at !== undefined && document.getElementById(`ask-${at}`))) wanted = `ask-${turn.at}-action`;
  else if (what === 'drop' && at !== undefined) wanted = 'ask-add';
  else if (what === 'drop' || what === 'add-call') wanted = 'action';
  const same = turn.at === call;
  call = turn.at;
  change(turn.scenario, same ? 'follow' : 'fresh');
}

/** The number of the call that a field is of. */
function callOf(field: HTMLElement): number {
  return Number(/^\/calls\/(\d+)\//.exec(field.dataset['bind'] ?? '')?.[1] ?? here.call);
}

/** What the scenario has for a parameter of the call in view, or for a field of the account that is listed. */
function named(field: HTMLElement): Suggestion[] {
  const bind = field.dataset['bind'] ?? '';
  const account = bind.startsWith('.') ? here.around : here.account;
  return completed({ scenario, call: callOf(field), account }, bind.startsWith('.') ? '' : actionOf(scenario, here), bind);
}

/** Adds an item to the list, or removes the one that the button stands in. */
function item(button: HTMLElement): void {
  const list = lists.flatMap((each) => each.all).find((each) => each.element === button.closest('[data-list]'));
  const element = button.closest('[data-list] > ol > li');
  if (!list) return;
  if (button.dataset['item'] === 'add') {
    change(list.add(scenario, shown()));
    list.reveal();
  } else if (element && list.has(element)) {
    change(list.drop(scenario, element));
    list.focus();
  }
}

function showState(state: State): void {
  if (!showEngine(state)) return;
  takeBack(report);
  report.ariaBusy = 'false';
}

/** The control that has the focus, which is never rewritten under its reader's hands. */
function typing(): Control | undefined {
  return controls.find((control) => control.element === document.activeElement);
}

/** Fills the controls that come into sight, and marks what was found in them. The fields of what is minted are drawn only while they are open. */
function unfold(opened: Node): void {
  if (opened instanceof HTMLDetailsElement && opened.open && minted.some((form) => form.parentElement === opened)) {
    stale = true;
    run();
  }
  show('follow', typing());
  if (answer && !stale) markFindings(controls, answer.findings);
}

/** Whether a button or link is of a report that no longer holds, and so does nothing; another call can always be chosen. */
function outdated(hit: HTMLElement): boolean {
  return stale && (report.contains(hit) || hit.closest('.claims-form') !== null) && hit.dataset['call'] === undefined && hit.dataset['reveal'] === undefined && !hit.dataset['ask']?.startsWith('add');
}

/** Does what a button or link is for; false leaves it to the browser. */
function pressed(hit: HTMLElement): boolean {
  return outdated(hit) || press(hit, asks);
}

/** Copies the text of an element; where the browser doesn't let the page, it is selected for the reader to copy. */
function copyOf(id: string): void {
  const source = document.getElementById(id);
  if (!source) return;
  void copyText(source.textContent ?? '').then((done) => {
    if (!done) getSelection()?.selectAllChildren(source);
    speak(done ? 'Copied.' : 'The browser doesn’t let the page copy. The text is selected; press Ctrl+C or ⌘C.');
  });
}

/** Goes to where a token is pasted. */
function begin(): void {
  showTab('token');
  controls.find((control) => control.element.dataset['editor'] === 'token')?.editor?.focus();
}

/** Opens a part of the result. One that only the sign-in of this call has is shown with that, once it is drawn. */
function showPart(id: string): void {
  showTab('result');
  if (document.getElementById(id)) {
    reveal(id);
    return;
  }
  revealed = id;
  choose(frontDoor(scenario, call));
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
  const door = frontDoor(scenario, call);
  call = other;
  stale = true;
  show(frontDoor(scenario, call) === door ? 'follow' : 'fresh');
  run();
}

/** Opens what the page brought along, under its address. */
function introduce(opened: Json, query: string): void {
  replace(opened, 0, opened);
  nameInAddress(query);
}

function open(slug: string): boolean {
  const example = examples.find(slug);
  if (example === undefined) return false; // the link still leads there
  introduce(typed(example), `?scenario=${encodeURIComponent(slug)}`);
  closeMenus();
  for (const link of element('examples').querySelectorAll<HTMLElement>('[data-example]')) {
    if (link.dataset['example'] === slug) link.setAttribute('aria-current', 'page');
    else link.removeAttribute('aria-current');
  }
  return true;
}

function restart(): void {
  problems([]);
  void engine.start();
  run();
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
