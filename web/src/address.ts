// What the address of the page says of the scenario, and what the page may
// fetch by it.

/** The workshop that the page was opened from, which its addresses keep; empty for none. */
export const workshop = document.documentElement.dataset['workshop'] ?? '';

/** The address of the page with a lesson or an example in it. */
export function addressOf(what: 'lesson' | 'scenario', slug: string): string {
  const room = workshop === '' ? '' : `workshop=${encodeURIComponent(workshop)}&`;
  return `./?${room}${what}=${encodeURIComponent(slug)}`;
}

/** What the address names: an example or a lesson by its slug, or a new scenario. */
export function named(): { scenario: string; lesson: string; fresh: boolean } {
  const query = new URLSearchParams(location.search);
  return { scenario: query.get('scenario') ?? '', lesson: query.get('lesson') ?? '', fresh: query.has('new') };
}

/** Whether the address says more than which workshop the page is of. */
export function saysMore(): boolean {
  const query = new URLSearchParams(location.search);
  if (workshop !== '') query.delete('workshop');
  return query.toString() !== '';
}

/** Writes the address's query; empty: none but the workshop's, and no fragment. */
export function setAddress(query: string): void {
  const bare = workshop === '' ? location.pathname : `?workshop=${encodeURIComponent(workshop)}`;
  try {
    history.replaceState(null, '', query === '' ? bare : query);
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
