// From an error's words to its reasons: the engine explains what is pasted,
// here it is asked and shown.

import { drawAlone } from './report';

/** How long the text has to stand still before the engine is asked; milliseconds. */
const pause = 120;

/** Shows what the engine makes of the text; ask's answer is HTML, and empty where the engine isn't there. */
export function explainErrors(ask: (text: string) => Promise<string[]>): void {
  const menu = document.querySelector<HTMLDetailsElement>('#causes');
  const text = document.querySelector<HTMLTextAreaElement>('#causes-text');
  const found = document.querySelector<HTMLElement>('#causes-found');
  if (!menu || !text || !found) throw new Error('the page has no place for errors');
  let timer = 0;
  let asked = 0;
  const explain = async (): Promise<void> => {
    const question = ++asked;
    const [html] = await ask(text.value);
    if (question !== asked) return;
    if (html) {
      found.firstElementChild ?? found.append(document.createElement('div'));
      drawAlone(found.firstElementChild ?? found, html);
      nameExamples(found);
    } else found.textContent = 'The engine isn’t there yet; try again in a moment.';
  };
  text.addEventListener('input', () => {
    window.clearTimeout(timer);
    timer = window.setTimeout(() => void explain(), pause);
  });
  menu.addEventListener('toggle', () => {
    if (menu.open) void explain();
  });
  found.addEventListener('click', (event) => {
    const at = event.target instanceof Element ? event.target.closest<HTMLElement>('[data-words], [data-example]') : null;
    const { words, example } = at?.dataset ?? {};
    if (example !== undefined) menu.open = false; // the page shows it
    if (words === undefined) return;
    text.value = words;
    text.focus();
    void explain();
  });
}

/** Opens the menu, and those that it stands in, with a text to explain. */
export function explain(words: string): void {
  const text = document.querySelector<HTMLTextAreaElement>('#causes-text');
  if (!text) return;
  text.value = words;
  for (let menu = text.closest('details'); menu; menu = menu.parentElement?.closest('details') ?? null) menu.open = true;
  text.focus();
  text.dispatchEvent(new Event('input'));
}

/** Gives the links to examples the titles that the gallery has. */
function nameExamples(found: HTMLElement): void {
  for (const link of found.querySelectorAll<HTMLElement>('[data-example]')) {
    const title = document.querySelector(`.gallery [data-example="${CSS.escape(link.dataset['example'] ?? '')}"] strong`)?.textContent;
    if (title) link.textContent = `Example: ${title}`;
  }
}
