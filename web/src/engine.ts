// The engine as the page sees it: a worker that answers requests, newest
// first. A run that doesn't end is stopped by ending the worker; what was
// typed stays, and a new worker starts from the compiled module without
// asking the network again. AWS's names are fetched after the first answer,
// which doesn't wait for them; without them names aren't checked.

import { bytes, program, workerScript } from './fetched';
import type { Answer, Asked, FromWorker, ToWorker } from './protocol';
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
  private ready = false;
  private referred = false; // the worker has AWS's names, or was to have them
  private id = 0;
  private running = false;
  private next: (() => string) | undefined;
  private timers: number[] = [];
  private names: ArrayBuffer | undefined; // AWS's, once they have arrived
  private asked = 0; // the id of the last question
  private readonly tell = new Map<number, (texts: string[]) => void>(); // by the question's id

  constructor(
    private readonly urls: { worker: string; wasm: string; reference: string },
    private readonly onVerdict: (html: string) => void,
    private readonly onAnswer: (answer: Answer) => void,
    private readonly onState: (state: State) => void,
    private readonly onNames: (problem: string) => void,
  ) {}

  /** Starts the engine, also again after it stopped. */
  async start(): Promise<void> {
    this.end();
    this.onState({ name: 'loading' });
    let script: string;
    let module: string | ArrayBuffer | WebAssembly.Module;
    try {
      script = await workerScript(this.urls.worker);
      module = this.module ?? (await program(this.urls.wasm));
    } catch (error) {
      this.stop(`the engine could not be loaded: ${error instanceof Error ? error.message : String(error)}`);
      return;
    }
    const worker = new Worker(workerURL(script));
    worker.onmessage = (event: MessageEvent<FromWorker>) => this.hear(event.data);
    worker.onerror = (event) => this.stop(`the engine could not be started: ${event.message || 'the browser refused the worker'}`);
    this.worker = worker;
    this.post({ kind: 'start', module });
  }

  /**
   * Plays a scenario as soon as the engine is free. Of several asked for
   * meanwhile only the newest is played; its text is made when its turn comes.
   */
  run(request: () => string): void {
    this.next = request;
    this.turn();
  }

  /**
   * Asks for something besides a run, which goes on beside it. The answer is
   * empty where the engine isn't there, or was stopped before it gave one.
   */
  ask(name: Asked, ...args: string[]): Promise<string[]> {
    if (!this.ready) return Promise.resolve([]);
    const id = ++this.asked;
    return new Promise((resolve) => {
      const timer = window.setTimeout(() => this.stop('a question took longer than eight seconds and was stopped; what you typed is kept'), stopAfter);
      this.tell.set(id, (texts) => {
        window.clearTimeout(timer);
        this.tell.delete(id);
        resolve(texts);
      });
      this.post({ kind: 'ask', id, name, args });
    });
  }

  /** Has the browser compile well what runs often, so that the engine is quick at the first keystroke. */
  warmUp(): void {
    if (this.ready) this.post({ kind: 'warm' });
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
        if (this.names) void this.refer();
        this.onState({ name: 'ready' });
        this.turn();
        break;
      case 'failed':
        this.stop(this.ready ? `the engine broke: ${message.message}` : `the engine could not be loaded: ${message.message}`);
        break;
      case 'told':
        this.tell.get(message.id)?.(message.texts);
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
        if (!this.referred) void this.refer();
        break;
      case 'referred':
        this.onNames(message.problem);
        break;
    }
  }

  /** Gives the worker AWS's names, which are fetched once. */
  private async refer(): Promise<void> {
    this.referred = true;
    const worker = this.worker;
    try {
      const text = this.names ?? (await bytes(this.urls.reference));
      this.names = text;
      if (worker === this.worker) this.post({ kind: 'refer', text });
    } catch (error) {
      this.onNames(error instanceof Error ? error.message : String(error));
    }
  }

  private stop(why: string): void {
    this.end();
    this.onState({ name: 'stopped', why });
  }

  private end(): void {
    this.settle();
    for (const tell of [...this.tell.values()]) tell([]);
    this.worker?.terminate();
    this.worker = undefined;
    this.ready = this.referred = false;
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
