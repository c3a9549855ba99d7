// What the address of the page says of the scenario, and what the page may
// fetch by it.

/** What the address names: an example or a lesson by its slug, or a new scenario. */
export function named(): { scenario: string; lesson: string; fresh: boolean } {
  const query = new URLSearchParams(location.search);
  return { scenario: query.get('scenario') ?? '', lesson: query.get('lesson') ?? '', fresh: query.has('new') };
}

/** Writes the address's query; empty: none, and no fragment. */
export function setAddress(query: string): void {
  try {
    history.replaceState(null, '', query === '' ? location.pathname : query);
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
