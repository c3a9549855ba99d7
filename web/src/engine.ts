// The engine as the page sees it: a worker that answers requests, newest
// first. A run that doesn't end is stopped by ending the worker; what was
// typed stays, and a new worker starts from the compiled module without
// asking the network again.

import type { Answer, FromWorker, ToWorker } from './protocol';
import { workerURL } from './trusted';

export type State =
  | { name: 'loading' }
  | { name: 'ready' }
  | { name: 'busy'; long: boolean }
  | { name: 'stopped'; why: string };

/** How long a run may take before the page dims the report, says that it works, and ends it; milliseconds. */
const dimAfter = 150;
const sayAfter = 2_000;
const stopAfter = 8_000;

export class Engine {
  private worker: Worker | undefined;
  private module: WebAssembly.Module | undefined;
  private script: string | undefined; // URL of the worker's Blob
  private ready = false;
  private id = 0;
  private running = false;
  private next: (() => string) | undefined;
  private timers: number[] = [];
  private asked = 0;
  private readonly tell = new Map<number, (text: string) => void>(); // by what was asked

  constructor(
    private readonly urls: { worker: string; wasm: string },
    private readonly onVerdict: (html: string) => void,
    private readonly onAnswer: (answer: Answer) => void,
    private readonly onState: (state: State) => void,
  ) {}

  /** Starts the engine, also again after it stopped. */
  async start(): Promise<void> {
    this.end();
    this.onState({ name: 'loading' });
    try {
      this.script ??= await blob(this.urls.worker);
    } catch (error) {
      this.stop(`the engine could not be loaded: ${error instanceof Error ? error.message : String(error)}`);
      return;
    }
    const worker = new Worker(workerURL(this.script));
    worker.onmessage = (event: MessageEvent<FromWorker>) => this.hear(event.data);
    worker.onerror = (event) => this.stop(`the engine could not be started: ${event.message || 'the browser refused the worker'}`);
    this.worker = worker;
    this.post({ kind: 'start', engine: this.module ?? new URL(this.urls.wasm, document.baseURI).href });
  }

  /**
   * Plays a scenario as soon as the engine is free. Of several asked for
   * meanwhile only the newest is played; its text is made when its turn comes.
   */
  run(request: () => string): void {
    this.next = request;
    this.turn();
  }

  /** Asks for something besides the report; the answer is JSON, which has internal where the engine is not there. */
  ask(name: 'importWorld' | 'exportWorld', args: string[]): Promise<string> {
    if (!this.ready) return Promise.resolve(JSON.stringify({ internal: 'the engine is not there yet' }));
    const id = ++this.asked;
    return new Promise((resolve) => {
      const timer = window.setTimeout(() => this.stop('the engine took longer than eight seconds and was stopped; what you typed is kept'), stopAfter);
      this.tell.set(id, (text) => {
        window.clearTimeout(timer);
        this.tell.delete(id);
        resolve(text);
      });
      this.post({ kind: 'ask', id, name, args });
    });
  }

  /** Whether every run that was asked for has been answered. */
  get idle(): boolean {
    return !this.running && this.next === undefined;
  }

  /** Forgets the request that waits, e.g. because the scenario became too large. */
  cancel(): void {
    this.next = undefined;
  }

  private turn(): void {
    if (!this.ready || this.running || !this.next) return;
    const request = this.next();
    this.next = undefined;
    this.running = true;
    this.timers = [
      window.setTimeout(() => this.onState({ name: 'busy', long: false }), dimAfter),
      window.setTimeout(() => this.onState({ name: 'busy', long: true }), sayAfter),
      window.setTimeout(() => this.stop('a run took longer than eight seconds and was stopped; what you typed is kept'), stopAfter),
    ];
    this.post({ kind: 'run', id: ++this.id, request });
  }

  private hear(message: FromWorker): void {
    switch (message.kind) {
      case 'ready':
        this.ready = true;
        this.module = message.module;
        this.onState({ name: 'ready' });
        this.turn();
        break;
      case 'failed':
        this.stop(this.ready ? `the engine broke: ${message.message}` : `the engine could not be loaded: ${message.message}`);
        break;
      case 'told':
        this.tell.get(message.id)?.(message.text);
        break;
      case 'verdict':
        if (message.id === this.id) this.onVerdict(message.html);
        break;
      case 'answer':
        if (message.id !== this.id) return;
        this.settle();
        this.onState({ name: 'ready' });
        this.onAnswer(message.answer);
        this.turn();
    }
  }

  private stop(why: string): void {
    this.end();
    this.onState({ name: 'stopped', why });
  }

  private end(): void {
    this.settle();
    for (const tell of [...this.tell.values()]) tell(JSON.stringify({ internal: 'the engine stopped' }));
    this.worker?.terminate();
    this.worker = undefined;
    this.ready = false;
  }

  private settle(): void {
    this.running = false;
    for (const timer of this.timers) window.clearTimeout(timer);
    this.timers = [];
  }

  private post(message: ToWorker): void {
    this.worker?.postMessage(message);
  }
}

async function blob(url: string): Promise<string> {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${url}: ${response.status} ${response.statusText}`);
  return URL.createObjectURL(new Blob([await response.text()], { type: 'text/javascript' }));
}
