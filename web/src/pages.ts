// The pages to read, in the page in one file: a link to one shows what stands
// in its template, in a dialog.

/** Shows the page that a link leads to; false where this page doesn't have it in itself. */
export function openPage(link: HTMLElement): boolean {
  if (!(link instanceof HTMLAnchorElement)) return false;
  const [path = '', anchor = ''] = (link.getAttribute('href') ?? '').split('#');
  const template = path === '' ? null : document.querySelector<HTMLTemplateElement>(`template[data-page="${CSS.escape(path)}"]`);
  if (!template) return false;
  const dialog = document.createElement('dialog');
  dialog.className = 'page-to-read';
  const close = Object.assign(document.createElement('button'), { type: 'button', className: 'quiet', textContent: 'Close' });
  close.addEventListener('click', () => dialog.close());
  const body = document.createElement('div');
  body.className = 'prose';
  body.append(template.content.cloneNode(true));
  dialog.append(close, body);
  dialog.setAttribute('aria-label', body.querySelector('h1')?.textContent ?? path);
  dialog.addEventListener('close', () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
  if (anchor !== '') document.getElementById(anchor)?.scrollIntoView();
  return true;
}
