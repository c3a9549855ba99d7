// In a narrow window the page shows one of its parts at a time.

/** Shows a part, and marks its tab as the one that is shown. */
export function showTab(tab: string): void {
  document.documentElement.dataset['tab'] = tab;
  for (const link of document.querySelectorAll<HTMLElement>('#tabs [data-tab]')) {
    link.toggleAttribute('aria-current', false);
    if (link.dataset['tab'] === tab) link.setAttribute('aria-current', 'true');
  }
}
