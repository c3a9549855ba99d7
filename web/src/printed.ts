// On paper an editor has only the lines that are on the screen. While the page
// is printed, the policies' texts stand below the report in full.

import type { Context, Control } from './controls';
import { element } from './says';

/** Prepares the page for paper, and puts it back afterwards. */
export function followPrint(controls: () => Control[], context: () => Context): void {
  window.addEventListener('beforeprint', () => {
    const seen = new Set<string>();
    const texts = controls().flatMap((control) => {
      const text = control.policy(context());
      if (text === '' || seen.has(control.pointer)) return [];
      seen.add(control.pointer);
      return [drawn(titled(control), text)];
    });
    if (texts.length > 0) texts.unshift(Object.assign(document.createElement('h2'), { textContent: 'The policies' }));
    element('printed').replaceChildren(...texts);
  });
  window.addEventListener('afterprint', () => element('printed').replaceChildren());
}

function drawn(title: string, text: string): HTMLElement {
  const section = document.createElement('section');
  section.append(Object.assign(document.createElement('h3'), { textContent: title }), Object.assign(document.createElement('pre'), { textContent: text }));
  return section;
}

/** The policy's name, and whose it is: the items of lists that it stands in. */
function titled({ element }: Control): string {
  const names = [element.dataset['label'] ?? ''];
  for (let item = element.closest('li'); item; item = item.parentElement?.closest('li') ?? null) {
    const summary = item.querySelector(':scope > details > summary')?.textContent?.trim();
    if (summary) names.push(summary.replace(/\s+/g, ' '));
  }
  return names.join(', ');
}
