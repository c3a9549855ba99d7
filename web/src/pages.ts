// The pages to read, in the page in one file: a link to one shows what stands
// in its template, in a dialog.

/** Shows the page that a link leads to; false where this page doesn't have it in itself. */
export function openPage(link: HTMLElement): boolean {
  if (!(link instanceof HTMLAnchorElement)) return false;
  const [path = '', anchor = ''] = (link.getAttribute('href') ?? '').split('#');
  const template = path === '' ? null : document.querySelector<HTMLTemplateElement>(`template[data-page="${CSS.escape(path)}"]`);
  if (!template) return false;
  document.querySelector<HTMLDialogElement>('dialog.page-to-read')?.close(); // one page leads to another
  const dialog = document.createElement('dialog');
  dialog.className = 'page-to-read';
  const close = Object.assign(document.createElement('button'), { type: 'button', className: 'quiet', textContent: 'Close' });
  close.addEventListener('click', () => dialog.close());
  const body = document.createElement('div');
  body.className = 'reading';
  body.append(template.content.cloneNode(true));
  rename(body);
  dialog.append(close, body);
  dialog.setAttribute('aria-label', body.querySelector('h1')?.textContent ?? path);
  dialog.addEventListener('close', () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
  if (anchor !== '') body.querySelector(`#${CSS.escape(prefix + anchor)}`)?.scrollIntoView();
  return true;
}

const prefix = 'read-';

/** Gives what is read ids of its own, since the playground around it may have the same; links within it follow. */
function rename(body: HTMLElement): void {
  for (const named of body.querySelectorAll('[id]')) named.id = prefix + named.id;
  for (const labelled of body.querySelectorAll('[aria-labelledby]')) labelled.setAttribute('aria-labelledby', prefix + labelled.getAttribute('aria-labelledby'));
  for (const link of body.querySelectorAll('a[href^="#"]')) link.setAttribute('href', `#${prefix}${link.getAttribute('href')?.slice(1)}`);
}
