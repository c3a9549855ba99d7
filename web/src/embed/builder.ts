// The page that makes what is pasted into documentation: the form's fields are
// the element's attributes, the preview is the element, and a snippet is what
// writes the same into a page, a site's settings or a frame's address.

import { isLink } from './link';

const site = new URL('.', document.baseURI).href;
const script = `${site}v1/embed.js`;
const form = document.querySelector<HTMLFormElement>('#builder') as HTMLFormElement;
const preview = document.querySelector('#preview') as HTMLElement;
const snippets = document.querySelector('#snippets') as HTMLElement;

/** What an attribute is where it isn't written. */
const defaults: Record<string, string> = { view: 'split', theme: 'auto', loading: 'lazy', show: 'token trust permissions' };
const names = ['scenario', 'view', 'show', 'call', 'step', 'expect', 'theme', 'readonly', 'loading', 'height'];

type Attributes = [name: string, value: string][];

interface Piece {
  about: string;
  text: string;
}

function build(): void {
  const attributes = read();
  show(attributes);
  const format = String(new FormData(form).get('format'));
  snippets.replaceChildren(snippets.firstElementChild as Element, ...(pieces[format]?.(attributes) ?? []).flatMap(drawn));
}

/** The attributes that have to be written. */
function read(): Attributes {
  const data = new FormData(form);
  return names.flatMap((name): Attributes => {
    const value = name === 'readonly' ? (data.has(name) ? 'true' : '') : name === 'show' ? data.getAll(name).join(' ') : String(data.get(name) ?? '').trim();
    const unused = name === 'show' && !['split', 'editors'].includes(String(data.get('view')));
    return value === '' || unused || value === defaults[name] ? [] : [[name, name === 'scenario' ? shortened(value) : value]];
  });
}

/** A link of this site as the element takes it: what stands before the # of a link that holds a scenario says nothing. */
function shortened(value: string): string {
  if (isLink(value)) return value.slice(value.indexOf('#') < 0 ? 0 : value.indexOf('#'));
  const slug = /[?&](?:scenario|lesson)=([\w-]+)/.exec(value)?.[1] ?? /\/(?:examples|lessons)\/([\w-]+)\/?$/.exec(value)?.[1];
  return slug ?? value;
}

function show(attributes: Attributes): void {
  const element = preview.querySelector('sts-playground') ?? document.createElement('sts-playground');
  const wanted = new Map(attributes);
  wanted.set('loading', 'eager');
  for (const name of names) {
    const value = wanted.get(name);
    if (value === undefined) element.removeAttribute(name);
    else if (element.getAttribute(name) !== value) element.setAttribute(name, value);
  }
  if (!element.isConnected) preview.append(element);
}

// Snippets.

const pieces: Record<string, (attributes: Attributes) => Piece[]> = {
  html: (attributes) => [
    { about: 'Where the example is to stand:', text: tag(attributes, (inner) => `\n  ${inner}\n`) },
    { about: 'Once on the page, or in the site’s template:', text: `<script type="module" src="${script}"></script>` },
  ],
  iframe: (attributes) => [
    { about: 'Where the example is to stand. It is shut off from your page:', text: iframe(attributes) },
    { about: 'If the frame is to be as high as what is in it, once on the page:', text: `<script type="module" src="${script}"></script>` },
    { about: 'Or without a script of this site:', text: listener() },
  ],
  markdown: (attributes) => [
    { about: 'Where the example is to stand, between empty lines:', text: tag(attributes, (inner) => inner) },
    { about: 'Once in the site’s template, or on the page where HTML is let through:', text: `<script type="module" src="${script}"></script>` },
  ],
  mkdocs: (attributes) => [
    { about: 'In mkdocs.yml, of MkDocs 1.5 or newer:', text: `extra_javascript:\n  - path: ${script}\n    type: module` },
    { about: 'On the page, between empty lines:', text: tag(attributes, (inner) => inner) },
  ],
  docusaurus: (attributes) => [
    { about: 'In docusaurus.config.js:', text: `scripts: [{ src: '${script}', type: 'module' }],` },
    { about: 'On the page, MDX or Markdown:', text: tag(attributes, (inner) => inner) },
  ],
  hugo: (attributes) => [
    { about: 'In layouts/shortcodes/sts.html:', text: shortcode() },
    { about: 'On the page:', text: `{{< sts ${attributes.map(([name, value]) => `${name}="${value.replaceAll('"', '\\"')}"`).join(' ')} />}}` },
  ],
};

function quoted(value: string): string {
  return value.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;');
}

function tag(attributes: Attributes, around: (inner: string) => string): string {
  const written = attributes.map(([name, value]) => ` ${name}="${quoted(value)}"`).join('');
  return `<sts-playground${written}>${around(`<a href="${quoted(address(attributes))}">${quoted(title())}</a>`)}</sts-playground>`;
}

/** Where the whole playground shows it. */
function address(attributes: Attributes): string {
  const scenario = new Map(attributes).get('scenario') ?? '';
  if (isLink(scenario)) return site + scenario;
  return /^[\w-]+$/.test(scenario) ? `${site}?scenario=${scenario}` : new URL(scenario, site).href;
}

/** The title of the example, where it is one of the list's. */
function title(): string {
  const value = String(new FormData(form).get('scenario') ?? '').trim();
  return [...form.querySelectorAll('option')].find((option) => option.value === value)?.textContent ?? 'An example in STS Playground';
}

function iframe(attributes: Attributes): string {
  const query = new URLSearchParams();
  let path = 'v1/embed';
  let hash = '';
  let height = '480';
  for (const [name, value] of attributes) {
    if (name === 'height') height = value;
    else if (name === 'scenario' && isLink(value)) hash = value;
    else if (name === 'scenario' && !/^[\w-]+$/.test(value)) path = `${new URL(value, site).href.slice(site.length)}/embed`;
    else if (name !== 'loading') query.set(name, value);
  }
  const src = `${site}${path}${query.size > 0 ? `?${query}` : ''}${hash}`;
  return `<iframe src="${quoted(src)}" title="STS Playground: ${quoted(title())}"\n  width="100%" height="${height}" loading="lazy" style="border: 0"\n  sandbox="allow-scripts allow-popups allow-popups-to-escape-sandbox" allow="clipboard-write"></iframe>`;
}

function listener(): string {
  return `<script>
  addEventListener('message', ({ source, data }) => {
    if (data?.type !== 'sts-playground:resize') return;
    for (const frame of document.querySelectorAll('iframe'))
      if (frame.contentWindow === source && frame.src.startsWith('${site}'))
        frame.style.height = \`\${Math.min(Math.max(data.height, 80), 20000)}px\`;
  });
</script>`;
}

function shortcode(): string {
  return `{{- if not (.Page.Store.Get "sts-playground") -}}
{{- .Page.Store.Set "sts-playground" true -}}
<script type="module" src="${script}"></script>
{{- end }}
<sts-playground {{ range $name, $value := .Params }}{{ printf \`%s="%s" \` $name (htmlEscape $value) | safeHTMLAttr }}{{ end }}>{{ .Inner | safeHTML }}</sts-playground>`;
}

function drawn({ about, text }: Piece): HTMLElement[] {
  const words = Object.assign(document.createElement('p'), { textContent: about });
  const box = Object.assign(document.createElement('div'), { className: 'document' });
  const pre = Object.assign(document.createElement('pre'), { tabIndex: 0 });
  pre.append(Object.assign(document.createElement('code'), { textContent: text }));
  const copy = Object.assign(document.createElement('button'), { type: 'button', className: 'quiet', textContent: 'Copy' });
  copy.ariaLabel = `Copy: ${about.replace(/:$/, '')}`;
  copy.addEventListener('click', () => {
    const said = (outcome: string): void => {
      copy.textContent = outcome;
      copy.ariaLabel = null;
    };
    navigator.clipboard.writeText(text).then(() => said('Copied'), () => {
      getSelection()?.selectAllChildren(pre);
      said('Selected; copy it with Ctrl+C');
    });
  });
  box.append(copy, pre);
  return [words, box];
}

void import(script);
for (const name of ['scenario', 'view', 'expect']) {
  const value = new URLSearchParams(location.search).get(name);
  const field = form.elements.namedItem(name);
  if (value !== null && (field instanceof HTMLInputElement || field instanceof HTMLSelectElement)) field.value = value;
}
form.addEventListener('input', build);
form.addEventListener('submit', (event) => event.preventDefault());
build();
