/// <reference lib="webworker" />
// The worker: it compiles a module, the engine or the tools, starts it and
// passes requests on. Go's
// wasm_exec.js stands before this file, and the whole runs from a Blob, so
// that the page's Content-Security-Policy governs it.

import type { Answer, Asked, FromWorker, Tool, ToWorker } from './protocol';

declare const self: DedicatedWorkerGlobalScope;
declare class Go {
  importObject: WebAssembly.Imports;
  run(instance: WebAssembly.Instance): Promise<void>;
}
declare function stsPlayground(request: string, verdict: (html: string) => void): string[];
declare function stsReference(text: Uint8Array): string;
declare function stsComplete(what: string, action: string, typed: string): string[];
declare function takeIn(request: string, ...texts: Uint8Array[]): string[];
declare function playAttacks(request: string, played: string, off: string): string[];
declare function exportWorld(scenario: string, format: string): string;
declare function explainError(text: string): string;
declare function shareScenario(request: string): string;
declare function scenarioFile(request: string, format: string): string;
declare function storedLink(stored: string): string;
declare function openLink(link: string): string;
declare function drawLesson(scenario: string): string[];

self.onmessage = (event: MessageEvent<ToWorker>) => {
  const message = event.data;
  if (message.kind === 'start') {
    void start(message.module).catch((error: unknown) => say({ kind: 'failed', message: words(error) }));
    return;
  }
  try {
    switch (message.kind) {
      case 'refer':
        say({ kind: 'referred', problem: stsReference(new Uint8Array(message.text)) });
        break;
      case 'ask':
        say({ kind: 'told', id: message.id, texts: answers[message.name](...(message.args as string[])) });
        break;
      case 'run': {
        const reply = stsPlayground(message.request, (html) => say({ kind: 'verdict', id: message.id, html }));
        say({ kind: 'answer', id: message.id, answer: digest(reply) });
        first ||= message.request;
        break;
      }
      case 'warm':
        warmUp();
    }
  } catch (error) {
    say({ kind: 'failed', message: words(error) });
  }
};

/** The engine's functions besides the run, and the tools'; each module has its own. */
const answers: Record<Asked | Tool, (...args: string[]) => string[]> = {
  play: (request = '') => stsPlayground(request, () => undefined),
  complete: (what = '', action = '', typed = '') => stsComplete(what, action, typed),
  whoGetsIn: (request = '') => {
    const { parts, internal } = digest(stsPlayground(request, () => undefined));
    return [parts[0]?.html ?? '', internal];
  },
  takeIn: (request = '', ...texts) => takeIn(request, ...(texts as unknown[] as Uint8Array[])),
  playAttacks: (request = '', played = '', off = '') => playAttacks(request, played, off),
  exportWorld: (scenario = '', format = '') => [exportWorld(scenario, format)],
  explainError: (text = '') => [explainError(text)],
  shareScenario: (request = '') => [shareScenario(request)],
  scenarioFile: (request = '', format = '') => [scenarioFile(request, format)],
  storedLink: (stored = '') => [storedLink(stored)],
  openLink: (link = '') => [openLink(link)],
  drawLesson: (scenario = '') => drawLesson(scenario),
};

/**
 * The browser compiles what runs often a second time, far better. The first
 * answer is worked out a few times more, with pauses for whoever types, so
 * that the engine is quick at the first keystroke.
 */
let rounds = 16;
const pause = 40; // milliseconds
let first = ''; // the request that was answered first

function warmUp(): void {
  if (first === '' || rounds-- <= 0) return;
  stsPlayground(first, () => undefined);
  self.setTimeout(warmUp, pause);
}

async function start(given: string | ArrayBuffer | WebAssembly.Module): Promise<void> {
  const module = typeof given === 'string' ? await load(given) : given instanceof ArrayBuffer ? await WebAssembly.compile(given) : given;
  const go = new Go();
  const instance = await WebAssembly.instantiate(module, go.importObject);
  // The Go program runs until it breaks: memory that runs out can't be recovered from.
  void go.run(instance).then(
    () => say({ kind: 'failed', message: 'it ended' }),
    (error: unknown) => say({ kind: 'failed', message: words(error) }),
  );
  say({ kind: 'ready', module });
}

async function load(url: string): Promise<WebAssembly.Module> {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${url}: ${response.status} ${response.statusText}`);
  // Some hosts don't know the media type, on which the streaming one insists.
  const known = response.headers.get('Content-Type')?.startsWith('application/wasm');
  return known ? WebAssembly.compileStreaming(response) : WebAssembly.compile(await response.arrayBuffer());
}

/** The page marks so many findings in its editors; the report lists them all. */
const mostFindings = 500;

interface Report {
  met: boolean | null;
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
    met: report?.met ?? null,
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
