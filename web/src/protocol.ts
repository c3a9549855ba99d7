// What the page and the worker say to each other, and the little of a report
// that the page reads itself: where to mark the editors, the sentence for
// screen readers, and the token that was minted. The rest is drawn by the
// engine and arrives as HTML.

export interface At {
  path: string;
  line?: number;
  column?: number;
  within?: { path: string; line: number; column: number };
}

export interface Finding {
  rule: string;
  severity: 'error' | 'warning' | 'info';
  title: string;
  detail: string;
  at: At;
}

export interface CallDigest {
  verdict: string;
  /** The token as presented or minted, or the SAML response that was minted; empty where there is none. */
  compact: string;
  /** The token's iss claim; empty where there is none. */
  issuer: string;
}

/** A part of the report, which is one element: its id, the id of the element that holds it (empty for the report), its HTML. */
export interface Part {
  id: string;
  holder: string;
  html: string;
}

/** An answer of the engine; internal is set only where the engine itself broke. */
export interface Answer {
  parts: Part[];
  /** The scenario as JSON where it was written as YAML; empty otherwise. */
  scenario: string;
  findings: Finding[];
  calls: CallDigest[];
  /** Every expectation met; null where there is none. */
  met: boolean | null;
  internal: string;
}

/** What the engine is asked besides runs: strings go in, and strings come out. To play is a run whose answer nobody digests. */
export type Asked = 'play' | 'complete' | 'whoGetsIn' | 'playAttacks';

/** What the tools are asked, in the same manner. */
export type Tool = 'takeIn' | 'exportWorld' | 'explainError' | 'shareScenario' | 'scenarioFile' | 'storedLink' | 'openLink' | 'drawLesson';

export type ToWorker =
  | { kind: 'start'; module: string | ArrayBuffer | WebAssembly.Module }
  | { kind: 'run'; id: number; request: string }
  | { kind: 'warm' }
  | { kind: 'refer'; text: ArrayBuffer }
  | { kind: 'ask'; id: number; name: Asked | Tool; args: (string | Uint8Array)[] };

export type FromWorker =
  | { kind: 'ready'; module: WebAssembly.Module }
  | { kind: 'failed'; message: string }
  | { kind: 'verdict'; id: number; html: string } // ahead of the answer that has it
  | { kind: 'answer'; id: number; answer: Answer }
  | { kind: 'referred'; problem: string } // empty where AWS's names could be read
  | { kind: 'told'; id: number; texts: string[] }; // what was asked for
