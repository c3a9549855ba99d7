// A scenario is sent to the server, which stores it: the one request that the
// page makes once it has loaded, and only for whoever asked for it.

import { get, isObject, type Json, parse } from './json';

/** What the server says of a scenario that it stored. The addresses begin as the page's own does. */
export interface Stored {
  id: string;
  url: string;
  deleteUrl: string;
  expires: string;
  title: string;
}

/** The largest scenario that the server takes, in bytes. */
const limit = 64 << 10;

/** Sends a scenario's JSON. A problem is a sentence or several, for whoever wants to try again. */
export async function send(address: string, scenario: string, expires: string, signed: boolean): Promise<{ stored?: Stored; problem?: string }> {
  const size = new TextEncoder().encode(scenario).length;
  if (size > limit) {
    return { problem: `The scenario has ${size.toLocaleString('en')} bytes, and the most that this server stores is 64 KiB (65,536). Nothing was sent. Leave out what the question doesn’t need, or hand it on as a file.` };
  }
  let response: Response;
  try {
    response = await fetch(`${address}?expires=${expires}${signed ? '&allow-signed=1' : ''}`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', Accept: 'application/json' },
      body: scenario,
      cache: 'no-store',
      redirect: 'error',
      referrerPolicy: 'no-referrer',
    });
  } catch {
    return { problem: 'The server can’t be reached. What you wrote is kept here; try again when there is a network.' };
  }
  const answer = parse(await response.text().catch(() => ''));
  if (response.status !== 201) return { problem: refused(response, answer) };
  const id = text(answer, '/id');
  const here = new URL(`/s/${id}`, location.href).href; // behind a proxy the server may not know how it is called
  return { stored: { id, url: here, deleteUrl: `${here}/delete#${text(answer, '/deleteKey')}`, expires: text(answer, '/expires'), title: text(parse(scenario), '/title') } };
}

/** Why the server refused, in its own words (RFC 9457), and when to try again. */
function refused(response: Response, answer: Json | undefined): string {
  const detail = text(answer, '/detail');
  const findings = get(answer ?? null, '/findings');
  const reasons = Array.isArray(findings) ? findings.slice(0, 3).map((finding) => ` ${text(finding, '/title')}: ${text(finding, '/detail')}`) : [];
  const wait = Number(response.headers.get('Retry-After') ?? 0);
  const again = wait > 0 ? ` Try again in ${duration(wait)}.` : '';
  return `${detail === '' ? `The server answered ${response.status} ${response.statusText}; trying again may help.` : detail}${reasons.join('')}${again} What you wrote is kept here.`;
}

function duration(seconds: number): string {
  const [count, unit] = seconds < 100 ? [Math.ceil(seconds), 'second'] : seconds < 5400 ? [Math.ceil(seconds / 60), 'minute'] : [Math.ceil(seconds / 3600), 'hour'];
  return `${count} ${unit}${count === 1 ? '' : 's'}`;
}

function text(of: Json | undefined, pointer: string): string {
  const found = isObject(of) ? get(of, pointer) : undefined;
  return typeof found === 'string' ? found : '';
}
