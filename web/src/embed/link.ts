// Links that hold a scenario after their #, as package engine/share has them:
// s=1. and JSON, compressed by deflate without a header (RFC 1951), as
// base64url; then &call= and &step=.

import type { Json } from '../json';

/** As engine/share's LimitScenario: bytes of JSON in a link. */
const limit = 256 << 10;

const aLink = /(?:^|[#?&])s=(\d+)\.([^&]*)(.*)$/s;

export const isLink = (text: string): boolean => aLink.test(text);

/** A link's fragment; empty where the scenario is too large for one. */
export async function encode(scenario: Json, view: { call: number; step: string }): Promise<string> {
  const text = new TextEncoder().encode(JSON.stringify(scenario));
  if (text.length > limit) return '';
  const packed = new Uint8Array(await new Response(new Blob([text]).stream().pipeThrough(new CompressionStream('deflate-raw'))).arrayBuffer());
  let letters = '';
  for (const octet of packed) letters += String.fromCharCode(octet);
  const payload = btoa(letters).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
  return `#s=1.${payload}${view.call > 0 ? `&call=${view.call + 1}` : ''}${view.step === '' ? '' : `&step=${view.step}`}`;
}

/** What a link holds; throws the reason where it can't be read. */
export async function decode(link: string): Promise<{ text: string; call: number; step: string }> {
  const [, version = '', payload = '', rest = ''] = aLink.exec(link) ?? [];
  if (version !== '1') throw new Error(`the link is of version ${version}, and this playground reads version 1`);
  const view = new URLSearchParams(rest);
  try {
    const packed = Uint8Array.from(atob(payload.replaceAll('-', '+').replaceAll('_', '/')), (letter) => letter.charCodeAt(0));
    const text = new TextDecoder('utf-8', { fatal: true }).decode(await inflated(packed));
    return { text, call: Math.max(0, (Number(view.get('call')) || 1) - 1), step: view.get('step') ?? '' };
  } catch (error) {
    if (error instanceof RangeError) throw error;
    throw new Error('the link is cut off or was changed; copy it again, as far as its end');
  }
}

/** Unpacks as far as the limit: what a link holds is somebody else's. */
async function inflated(packed: Uint8Array<ArrayBuffer>): Promise<ArrayBuffer> {
  const pieces: Uint8Array<ArrayBuffer>[] = [];
  let size = 0;
  for (const reader = new Blob([packed]).stream().pipeThrough(new DecompressionStream('deflate-raw')).getReader(); ;) {
    const { done, value } = await reader.read();
    if (done) return new Blob(pieces).arrayBuffer();
    pieces.push(value);
    if ((size += value.length) > limit) {
      void reader.cancel();
      throw new RangeError('the link unfolds to more than 256 KiB, the limit of a scenario in a link');
    }
  }
}
