// The tools: what is asked for besides runs, answered by a worker and a
// module of their own, so that nothing of it stands before a verdict. They
// load when they are first asked, or else in a quiet moment after the engine's
// first answer: from then on the page needs no network. A question that
// doesn't end is stopped by ending their worker, and the next one starts
// another.

import { program, workerScript } from './fetched';
import type { FromWorker, Tool, ToWorker } from './protocol';
import { workerURL } from './trusted';

/** How long a question may take; milliseconds. */
const stopAfter = 8_000;

export class Tools {
  private worker: Promise<Worker> | undefined;
  private module: WebAssembly.Module | undefined;
  private asked = 0; // the id of the last question
  private readonly waiting = new Map<number, { tell(texts: string[]): void; fail(error: Error): void }>();

  constructor(private readonly urls: { worker: string; wasm: string }) {}

  /** Loads the tools ahead of the first question. */
  load(): void {
    this.start().catch(() => undefined); // whoever asks is told
  }

  /** Whether they are there, so that a question is answered at once. */
  get ready(): boolean {
    return this.module !== undefined;
  }

  /** Asks a question; it fails, with words for the reader, where the tools can't be had or broke. */
  async ask(name: Tool, ...args: (string | Uint8Array)[]): Promise<string[]> {
    const worker = await this.start();
    const id = ++this.asked;
    return new Promise((resolve, reject) => {
      const timer = window.setTimeout(() => this.end(new Error('it took longer than eight seconds and was stopped')), stopAfter);
      const settle = (): void => {
        window.clearTimeout(timer);
        this.waiting.delete(id);
      };
      this.waiting.set(id, {
        tell: (texts) => (settle(), resolve(texts)),
        fail: (error) => (settle(), reject(error)),
      });
      post(worker, { kind: 'ask', id, name, args });
    });
  }

  private start(): Promise<Worker> {
    this.worker ??= this.begin();
    return this.worker;
  }

  private async begin(): Promise<Worker> {
    let worker: Worker | undefined;
    try {
      const module = this.module ?? (await program(this.urls.wasm));
      const started = (worker = new Worker(workerURL(await workerScript(this.urls.worker))));
      await new Promise<void>((resolve, reject) => {
        started.onerror = (event) => reject(new Error(event.message || 'the browser refused the worker'));
        started.onmessage = ({ data }: MessageEvent<FromWorker>) => {
          if (data.kind === 'ready') {
            this.module = data.module;
            resolve();
          } else if (data.kind === 'failed') reject(new Error(data.message));
        };
        post(started, { kind: 'start', module });
      });
      started.onerror = (event) => this.end(new Error(event.message));
      started.onmessage = ({ data }: MessageEvent<FromWorker>) => {
        if (data.kind === 'told') this.waiting.get(data.id)?.tell(data.texts);
        else if (data.kind === 'failed') this.end(new Error(data.message));
      };
      return started;
    } catch (error) {
      worker?.terminate();
      this.worker = undefined;
      throw error;
    }
  }

  /** Ends the worker; whoever waits is told why, and the next question starts another. */
  private end(why: Error): void {
    void this.worker?.then((worker) => worker.terminate());
    this.worker = undefined;
    for (const question of [...this.waiting.values()]) question.fail(why);
  }
}

function post(worker: Worker, message: ToWorker): void {
  worker.postMessage(message);
}
