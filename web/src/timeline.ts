// The line of time: a slider whose value is how many seconds later than it
// was made a call arrives, and buttons that lead to moments worth looking at.

import { type Json, put } from './json';

const units: [string, number][] = [['h', 3600], ['m', 60], ['s', 1]];

/** A number of seconds as a scenario writes a delay; empty for none. */
export function delayText(seconds: number): string {
  let left = Math.abs(Math.round(seconds));
  let text = seconds < 0 && left > 0 ? '-' : '';
  for (const [unit, length] of units) {
    const n = Math.floor(left / length);
    left %= length;
    if (n > 0) text += `${n}${unit}`;
  }
  return text;
}

/** The seconds of a delay as a scenario writes it; 0 for what is none. */
export function delaySeconds(text: string): number {
  const lengths: Record<string, number> = { d: 86_400, h: 3600, m: 60, s: 1, ms: 0.001, us: 1e-6, µs: 1e-6, ns: 1e-9 };
  const sum = [...text.matchAll(/(\d+(?:\.\d*)?)(ms|us|µs|ns|[dhms])/g)].reduce((all, [, n, unit]) => all + Number(n) * (lengths[unit ?? ''] ?? 0), 0);
  return text.startsWith('-') ? -sum : sum;
}

/** The scenario with a call that arrives later, or not so. */
export function delayed(scenario: Json, pointer: string, text: string): Json {
  return put(scenario, pointer, text === '' ? undefined : text) ?? null;
}

/** Says where the slider stands, ahead of the engine; its own steps may be coarser than the seconds. */
export function sayNow(slider: HTMLInputElement, seconds = Number(slider.value)): void {
  const made = Date.parse(slider.dataset['made'] ?? '');
  if (Number.isNaN(made)) return;
  const [day, then] = [made, made + seconds * 1000].map((at) => new Date(at).toISOString()) as [string, string];
  const clock = `${then.slice(0, 10) === day.slice(0, 10) ? '' : `${then.slice(0, 10)} `}${then.slice(11, 19)}`;
  const words = delayText(Math.abs(seconds)).replace(/(\d+)h/, '$1 h ').replace(/(\d+)m/, '$1 min ').replace(/(\d+)s/, '$1 s ').trim();
  slider.ariaValueText = seconds === 0 ? `${clock} UTC, when the call is made` : `${clock} UTC, ${words} ${seconds < 0 ? 'before' : 'after'} the call is made`;
}
