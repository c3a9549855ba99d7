// One engine for all playgrounds of a page: a worker that plays one scenario
// after another. Of several that a playground asks for while others are played
// only its newest is. The worker is ended while no playground is in the page.

import { bytes, workerScript } from '../fetched';
import type { Json } from '../json';
import type { FromWorker, Part, ToWorker } from '../protocol';
import { workerURL } from '../trusted';

/** The names of the assets, which stand beside this module. */
declare const ASSETS: { worker: string; wasm: string; reference: string };

const url = (name: string): string => new URL(name, import.meta.url).href;

export interface Answer {
  report: Json;
  /** The scenario as JSON where it was written as YAML; empty otherwise. */
  scenario: string;
  parts: Part[];
}

/** Milliseconds that a run may take, and that an engine is kept whom nobody asks. */
const longest = 8_000;
const keptFor = 30_000;

interface Asked {
  request: string;
  tell(answer: Answer | undefined): void;
  fail(why: Error): void;
}

const users = new Set<object>();
const waiting = new Map<object, Asked>(); // by who asks, in the order of their turns
let playing: Asked | undefined;
let worker: Promise<Worker> | undefined;
let module: WebAssembly.Module | undefined; // compiled once
let break_: (why: Error) => void = () => undefined; // tells who waits for the worker that it broke
let hear: (texts: string[]) => void = () => undefined;
let leaving = 0;
let names: Promise<ArrayBuffer> | undefined; // AWS's
let id = 0;

/** Counts a playground as one that may ask. */
export function enter(who: object): void {
  users.add(who);
  window.clearTimeout(leaving);
}

/** Forgets a playground, and what it asked for. */
export function leave(who: object): void {
  users.delete(who);
  waiting.get(who)?.tell(undefined);
  waiting.delete(who);
  if (users.size === 0) leaving = window.setTimeout(end, keptFor);
}

/** Plays a scenario; nothing where the same playground asked for another before this one's turn. */
export function play(who: object, request: string): Promise<Answer | undefined> {
  return new Promise((tell, fail) => {
    waiting.get(who)?.tell(undefined);
    waiting.set(who, { request, tell, fail });
    void turn();
  });
}

/** Gives the engine AWS's names, by which it finds what is misspelt. Playing goes on without them. */
export async function refer(): Promise<void> {
  if (names) return;
  names = bytes(url(ASSETS.reference));
  const [text, at] = await Promise.all([names, worker]).catch(() => []);
  if (text && at) post(at, { kind: 'refer', text });
}

async function turn(): Promise<void> {
  const [first] = waiting;
  if (playing || !first) return;
  const [who, asked] = first;
  waiting.delete(who);
  playing = asked;
  let timer = 0;
  try {
    const at = await (worker ??= start());
    const texts = await new Promise<string[]>((tell, fail) => {
      hear = tell;
      break_ = fail;
      timer = window.setTimeout(() => fail(new Error('the run took longer than eight seconds and was stopped')), longest);
      post(at, { kind: 'ask', id: ++id, name: 'play', args: [asked.request] });
    });
    asked.tell(read(texts));
  } catch (error) {
    end(); // the next one starts anew
    asked.fail(error instanceof Error ? error : new Error(String(error)));
  }
  window.clearTimeout(timer);
  playing = undefined;
  void turn();
}

/** Starts the engine. Who is told that it broke is whoever waits then. */
async function start(): Promise<Worker> {
  const script = await workerScript(url(ASSETS.worker));
  const started = new Worker(workerURL(script));
  await new Promise<void>((tell, fail) => {
    break_ = fail;
    started.onmessage = ({ data }: MessageEvent<FromWorker>) => {
      if (data.kind === 'ready') {
        module = data.module;
        tell();
      } else if (data.kind === 'failed') break_(new Error(`the engine broke: ${data.message}`));
      else if (data.kind === 'told' && data.id === id) hear(data.texts);
    };
    started.onerror = (event) => break_(new Error(`the engine could not be started: ${event.message || 'the browser refused the worker'}`));
    post(started, { kind: 'start', module: module ?? url(ASSETS.wasm) });
  }).catch((error: unknown) => {
    started.terminate();
    throw error;
  });
  return started;
}

function end(): void {
  void worker?.then((ended) => ended.terminate(), () => undefined);
  worker = names = undefined;
}

function post(to: Worker, message: ToWorker): void {
  to.postMessage(message);
}

function read([text = '{}', ...drawn]: string[]): Answer {
  const { report = null, scenario = '', internal } = JSON.parse(text) as { report?: Json; scenario?: string; internal?: string };
  if (internal !== undefined) throw new Error(internal);
  const parts: Part[] = [];
  for (let i = 0; i + 2 < drawn.length; i += 3) parts.push({ id: drawn[i] ?? '', holder: drawn[i + 1] ?? '', html: drawn[i + 2] ?? '' });
  return { report, scenario, parts };
}
