// Copying. Browsers keep the clipboard's own interface to secure contexts
// (Clipboard API §7.1): a laptop that serves a room over plain HTTP is none.
// There the page copies as it did before that interface came.

/** Copies a text; false where the browser doesn't let the page. */
export async function copyText(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return copyEvent(text);
  }
}

/** Has the browser copy what is selected, and gives it the text in its place: nothing on the page changes. */
function copyEvent(text: string): boolean {
  const give = (event: ClipboardEvent): void => {
    event.clipboardData?.setData('text/plain', text);
    event.preventDefault();
    event.stopImmediatePropagation();
  };
  document.addEventListener('copy', give, { capture: true, once: true });
  try {
    return document.execCommand('copy');
  } finally {
    document.removeEventListener('copy', give, { capture: true });
  }
}
