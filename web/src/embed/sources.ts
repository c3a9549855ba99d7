// Where a playground's scenario is found.

import { decode, isLink } from './link';

export interface Source {
  text: string;
  /** Where the whole playground shows it; empty for what only this page has. */
  address: string;
  call: number;
  step: string;
}

/** The largest scenario, in characters; the engine refuses one of 1 MiB. */
const limit = 1 << 20;

/** The scenario that an attribute names: an example by its slug, a link that holds it, or an address. */
export async function named(reference: string, site: string): Promise<Source> {
  if (isLink(reference)) {
    const { text, call, step } = await decode(reference);
    return { text, call, step, address: site + reference.slice(reference.search(/[#?&]?s=\d/)).replace(/^[?&#]?/, '#') };
  }
  const url = /^[\w-]+$/.test(reference) ? new URL(`?scenario=${reference}`, site) : new URL(reference, document.baseURI);
  return { ...(await fetched(url)), call: 0, step: '' };
}

/**
 * Fetches a scenario. A page of a playground stands for what it shows: its
 * front page with ?scenario=, an example's page and a short link.
 */
async function fetched(url: URL): Promise<{ text: string; address: string }> {
  const query = url.pathname.endsWith('/') ? (url.searchParams.get('scenario') ?? url.searchParams.get('lesson')) : null;
  const slug = query ?? /\/examples\/([\w-]+)(?:\/embed)?\/?$/.exec(url.pathname)?.[1];
  const root = new URL(url.pathname.includes('/examples/') ? url.pathname.slice(0, url.pathname.indexOf('/examples/') + 1) : '.', url);
  if (slug) {
    const address = new URL(`?scenario=${encodeURIComponent(slug)}`, root).href;
    return { address, text: await textOf(new URL(`examples/${encodeURIComponent(slug)}.yaml`, root), `there is no example ${slug}`) };
  }
  const short = /^(.*\/s\/\w+)(?:\/embed|\.json|\.yaml)?\/?$/.exec(url.pathname)?.[1];
  if (short) return { address: new URL(short, url).href, text: await textOf(new URL(`${short}.json`, url), 'there is no scenario behind this short link, or no longer') };
  return { address: '', text: await textOf(url, 'there is no such file') };
}

async function textOf(url: URL, missing: string): Promise<string> {
  const response = await fetch(url, { credentials: 'omit', referrerPolicy: 'no-referrer' }).catch(() => {
    throw new Error(`${url.href} can’t be fetched from this page`);
  });
  if (response.status === 404 || response.status === 410) throw new Error(missing);
  if (!response.ok) throw new Error(`${url.href} answers ${response.status}`);
  if (/^text\/html/.test(response.headers.get('Content-Type') ?? '')) throw new Error(`${url.href} is a web page; the address of a scenario’s file is wanted`);
  const text = await response.text();
  if (text.length > limit) throw new Error('the scenario is larger than 1 MiB');
  return text;
}

/** The scenario that stands in an element: in a script, else in preformatted text; nothing where there is none. */
export function inline(element: Element): string | undefined {
  const script = element.querySelector('script[type*="json"], script[type*="yaml"]');
  const listing = element.matches('pre, code') ? element : element.querySelector('pre');
  const held = script ? script.textContent : listing ? listed(listing) : '';
  return held?.trim() ? dedented(held) : undefined;
}

/** A listing's text. Those who colour listings end lines by elements too. */
function listed(listing: Element): string {
  let text = '';
  const nodes = document.createTreeWalker(listing, NodeFilter.SHOW_TEXT | NodeFilter.SHOW_ELEMENT);
  for (let node = nodes.nextNode(); node; node = nodes.nextNode()) {
    const name = node.nodeName;
    if (name === '#text') text += node.nodeValue ?? '';
    else if (name === 'BR' || (/^(DIV|LI|P|TR)$/.test(name) && text !== '' && !text.endsWith('\n'))) text += '\n';
  }
  return text;
}

/** Text without what all its lines are indented by. */
function dedented(text: string): string {
  const lines = text.replace(/^\s*\n/, '').trimEnd().split('\n');
  const indents = lines.filter((line) => line.trim() !== '').map((line) => /^\s*/.exec(line)?.[0].length ?? 0);
  return lines.map((line) => line.slice(Math.min(...indents))).join('\n');
}
