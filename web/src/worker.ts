/// <reference lib="webworker" />
// The worker: it compiles the engine, starts it and passes requests on. Go's
// wasm_exec.js stands before this file, and the whole runs from a Blob, so
// that the page's Content-Security-Policy governs it.

import type { Answer, FromWorker, ToWorker } from './protocol';

declare const self: DedicatedWorkerGlobalScope;
declare class Go {
  importObject: WebAssembly.Imports;
  run(instance: WebAssembly.Instance): Promise<void>;
}
declare function stsPlayground(request: string, verdict: (html: string) => void): string[];
declare function importWorld(text: string, scenario: string, view: string): string;
declare function exportWorld(scenario: string, format: string): string;

self.onmessage = (event: MessageEvent<ToWorker>) => {
  const message = event.data;
  if (message.kind === 'start') {
    void start(message.engine).catch((error: unknown) => say({ kind: 'failed', message: words(error) }));
    return;
  }
  try {
    if (message.kind === 'ask') {
      const [first = '', second = '', third = ''] = message.args;
      say({ kind: 'told', id: message.id, text: message.name === 'importWorld' ? importWorld(first, second, third) : exportWorld(first, second) });
      return;
    }
    const reply = stsPlayground(message.request, (html) => say({ kind: 'verdict', id: message.id, html }));
    say({ kind: 'answer', id: message.id, answer: digest(reply) });
    warmUp(message.request);
  } catch (error) {
    say({ kind: 'failed', message: words(error) });
  }
};

/**
 * The browser compiles what runs often a second time, far better. The first
 * answer is worked out a few times more, with pauses for whoever types, so
 * that the engine is quick at the first keystroke.
 */
const warmRounds = 16;
let rounds = warmRounds;
const pause = 40; // milliseconds

function warmUp(request: string): void {
  if (rounds < warmRounds) return;
  const round = (): void => {
    stsPlayground(request, () => undefined);
    if (--rounds > 0) self.setTimeout(round, pause);
  };
  rounds--;
  self.setTimeout(round, pause);
}

async function start(engine: string | WebAssembly.Module): Promise<void> {
  const module = typeof engine === 'string' ? await load(engine) : engine;
  const go = new Go();
  const instance = await WebAssembly.instantiate(module, go.importObject);
  // The Go program runs until it breaks: memory that runs out can't be recovered from.
  void go.run(instance).then(
    () => say({ kind: 'failed', message: 'the engine ended' }),
    (error: unknown) => say({ kind: 'failed', message: words(error) }),
  );
  say({ kind: 'ready', module });
}

async function load(url: string): Promise<WebAssembly.Module> {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${url}: ${response.status} ${response.statusText}`);
  return WebAssembly.compileStreaming(response);
}

/** The page marks so many findings in its editors; the report lists them all. */
const mostFindings = 500;

interface Report {
  findings: Answer['findings'] | null;
  calls: { verdict: string; token?: { compact: string; claims: { name: string; value: string }[] | null }; saml?: { minted?: string } }[] | null;
}

// digest takes from the report what the page reads, so that the page's own
// thread doesn't have to parse all of it.
function digest([text = '{}', ...drawn]: string[]): Answer {
  const { report, scenario = '', internal = '' } = JSON.parse(text) as { report?: Report; scenario?: string; internal?: string };
  const parts: Answer['parts'] = [];
  for (let i = 0; i + 2 < drawn.length; i += 3) parts.push({ id: drawn[i] ?? '', holder: drawn[i + 1] ?? '', html: drawn[i + 2] ?? '' });
  return {
    parts,
    scenario,
    internal,
    findings: (report?.findings ?? []).slice(0, mostFindings),
    calls: (report?.calls ?? []).map((call) => ({
      verdict: call.verdict,
      compact: call.token?.compact ?? call.saml?.minted ?? '',
      issuer: unquoted(call.token?.claims?.find((claim) => claim.name === 'iss')?.value),
    })),
  };
}

function unquoted(value: string | undefined): string {
  try {
    const parsed: unknown = JSON.parse(value ?? '""');
    return typeof parsed === 'string' ? parsed : '';
  } catch {
    return value ?? '';
  }
}

function words(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function say(message: FromWorker): void {
  self.postMessage(message);
}
