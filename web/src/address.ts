// What the address of the page says of the scenario, and what the page may
// fetch by it.

/** What the address names: an example or a lesson by its slug, or a new scenario. */
export function named(): { scenario: string; lesson: string; fresh: boolean } {
  const query = new URLSearchParams(location.search);
  return { scenario: query.get('scenario') ?? '', lesson: query.get('lesson') ?? '', fresh: query.has('new') };
}

/** The front page's address, where the page is that of a stored scenario. */
const home = document.documentElement.dataset['home'];

/** Whether the address is that of a scenario which the server stores. */
export function isStored(): boolean {
  return home !== undefined && location.pathname !== home;
}

/** Writes what the address has after its path: a query, a fragment, nothing. A stored scenario's path is given up with it. */
export function setAddress(rest: string): void {
  write((home ?? location.pathname) + rest);
}

/** Names an example or a lesson in the address, which the front page opens: the empty page's address brings none. */
export function nameInAddress(query: string): void {
  write((home ?? './') + query);
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
