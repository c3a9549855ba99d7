// What the page fetches: each thing once, by an address that it was served
// with. The page in one file has it all in itself, as gzip in base64; its
// addresses are the elements' ids with # before them.

import type { Json } from './json';

let script: Promise<string> | undefined; // URL of the worker's Blob

/** The worker's script as a Blob's URL, so that the page's security policy governs it. */
export function workerScript(url: string): Promise<string> {
  script ??= bytes(url).then((text) => URL.createObjectURL(new Blob([text], { type: 'text/javascript' })));
  script.catch(() => (script = undefined)); // to be tried again
  return script;
}

export async function bytes(url: string): Promise<ArrayBuffer> {
  if (url.startsWith('#')) return unpacked(url);
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${url}: ${response.status} ${response.statusText}`);
  return response.arrayBuffer();
}

export async function json(url: string): Promise<Json> {
  return JSON.parse(new TextDecoder().decode(await bytes(url))) as Json;
}

/** A module as the worker takes it: an address to compile it from as it arrives, or its bytes. */
export async function program(url: string): Promise<string | ArrayBuffer> {
  return url.startsWith('#') ? unpacked(url) : new URL(url, document.baseURI).href;
}

async function unpacked(id: string): Promise<ArrayBuffer> {
  const packed = atob(document.querySelector(id)?.textContent ?? '');
  const gzip = Uint8Array.from(packed, (letter) => letter.charCodeAt(0));
  return new Response(new Blob([gzip]).stream().pipeThrough(new DecompressionStream('gzip'))).arrayBuffer();
}
