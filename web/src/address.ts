// What the address of the page says of the scenario, and what the page may
// fetch by it.

/** The workshop that the page was opened from, which its addresses keep; empty for none. */
export const workshop = document.documentElement.dataset['workshop'] ?? '';

/** What the address names: an example or a lesson by its slug, or a new scenario. */
export function named(): { scenario: string; lesson: string; fresh: boolean } {
  const query = new URLSearchParams(location.search);
  return { scenario: query.get('scenario') ?? '', lesson: query.get('lesson') ?? '', fresh: query.has('new') };
}

/** A query in the page's address, below the workshop's name where it was opened from one. */
export function inWorkshop(query: string): string {
  if (workshop === '') return query;
  const room = `?workshop=${encodeURIComponent(workshop)}`;
  return query === '' ? room : `${room}&${query.slice(1)}`;
}

/** Whether the address says more than which workshop the page is of. */
function saysMore(): boolean {
  const query = new URLSearchParams(location.search);
  if (workshop !== '') query.delete('workshop');
  return query.toString() !== '';
}

/** The front page's address, where the page is that of a stored scenario. */
const home = document.documentElement.dataset['home'];

/** Whether the address is that of a scenario which the server stores. */
function isStored(): boolean {
  return home !== undefined && location.pathname !== home;
}

/** Whether the address names a scenario: an example, a lesson, one that the server stores, or whatever else it says. */
export function namesOne(): boolean {
  return saysMore() || isStored();
}

/** Writes what the address has after its path: a query, a fragment, nothing but the workshop. A stored scenario's path is given up with it. */
export function setAddress(rest: string): void {
  write((home ?? location.pathname) + (rest === '' ? inWorkshop('') : rest));
}

/** Names an example or a lesson in the address, which the front page opens: the empty page's address brings none. */
export function nameInAddress(query: string): void {
  write((home ?? './') + inWorkshop(query));
}

function write(address: string): void {
  try {
    history.replaceState(null, '', address);
  } catch {
    // A page that was opened from a disk may not say where it is.
  }
}

/**
 * Narrows what a page without a server's policy may fetch: the files that it
 * was served with, which stand in a policy that its own document brings along
 * only as "this host's".
 */
export function fetchOnly(urls: string[]): void {
  const policy = document.createElement('meta');
  policy.httpEquiv = 'Content-Security-Policy';
  policy.content = `connect-src ${urls.filter((url) => url !== '' && !url.startsWith('#')).map((url) => new URL(url, document.baseURI).href).join(' ') || "'none'"}`;
  document.head.append(policy);
}
