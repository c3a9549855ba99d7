// The keyboard's map. No key of the browser's is taken but F6, F8 and Ctrl+S; Tab and
// Escape mean what they mean everywhere. Single keys do something only where
// nothing is typed, and can be turned off (WCAG 2.1.4).

import { closeMenus } from './menus';
import { stepStage } from './report';
import { element, speak } from './says';
import { store, stored } from './stored';
import { showTab } from './tabs';

/** What the keys do. */
export interface Does {
  run(): void;
  /** Saves the scenario as a file. */
  save(): void;
  turnBack(which: 'undo' | 'redo'): void;
  /** Goes to the line that a link of the report names. */
  follow(link: HTMLElement): void;
}

/** Where the line that decided is told, the likeliest place first. */
const deciding = [
  '.stage.is-failed .comparison.is-failed [data-goto-path]',
  '.stage.is-failed .statement.is-failed [data-goto-path]',
  '.stage.is-failed [data-goto-path]',
  '.statement.is-passed [data-goto-path]',
  '.stage [data-goto-path]',
  '[data-goto-path][data-line]',
];

export function followKeys(report: HTMLElement, does: Does): void {
  const map = element('keys') as HTMLDialogElement;
  const single = document.querySelector<HTMLInputElement>('#single-keys');
  let problem = -1; // the number of the finding that was gone to last

  const showMap = (): void => {
    if (!map.open) map.showModal(); // which goes back to where the focus was
  };
  element('show-keys').addEventListener('click', showMap);
  element('keys-close').addEventListener('click', () => map.close());
  map.addEventListener('click', (event) => event.target === map && map.close()); // beside it
  if (single) {
    single.checked = stored('localStorage', 'single-keys') !== 'off';
    single.addEventListener('change', () => store('localStorage', 'single-keys', single.checked ? null : 'off'));
  }

  /** Goes to the part of the page after the one that has the focus, or before it. */
  const turn = (by: 1 | -1): void => {
    const panes = [...document.querySelectorAll<HTMLElement>('[data-pane]:not([hidden])')];
    const at = panes.findIndex((pane) => pane.contains(document.activeElement));
    const next = panes.at(at < 0 ? (by > 0 ? 0 : -1) : (at + by) % panes.length);
    if (!next) return;
    closeMenus();
    showTab(next.dataset['pane'] ?? '');
    next.focus();
  };

  /** Goes to the next thing that is wrong with what was typed. */
  const turnToProblem = (by: 1 | -1): void => {
    const links = [...report.querySelectorAll<HTMLElement>('#findings li')].flatMap((item) => item.querySelector<HTMLElement>('[data-goto-path]') ?? []);
    if (links.length === 0) return speak('There is no problem in what was typed.');
    problem = problem < 0 || problem >= links.length ? (by > 0 ? 0 : links.length - 1) : (problem + by + links.length) % links.length;
    const link = links[problem];
    if (!link) return;
    does.follow(link);
    speak(`Problem ${problem + 1} of ${links.length}: ${link.closest('li')?.querySelector('strong')?.textContent ?? ''}`);
  };

  const turnToDecision = (): void => {
    const link = deciding.map((where) => report.querySelector<HTMLElement>(where)).find(Boolean);
    if (link) does.follow(link);
    else speak('No line of a policy decided.');
  };

  // Before the editors, so that a key means the same in them.
  document.addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || map.open) return;
    const act = { F6: turn, F8: turnToProblem }[event.key];
    if (!act) return;
    event.preventDefault();
    event.stopPropagation();
    act(event.shiftKey ? -1 : 1);
  }, true);

  document.addEventListener('keydown', (event) => {
    if (map.open) return;
    if (event.ctrlKey || event.metaKey) {
      if (event.key === 'Enter') does.run();
      if (event.key.toLowerCase() === 's' && !event.shiftKey && !event.altKey) {
        event.preventDefault(); // the browser would save the page, without the scenario
        does.save();
      }
      if (event.key.toLowerCase() === 'z' && !isText(event)) {
        event.preventDefault();
        does.turnBack(event.shiftKey ? 'redo' : 'undo');
      }
      return;
    }
    // In a list a letter chooses the option that begins with it.
    if (event.altKey || isText(event) || document.activeElement instanceof HTMLSelectElement || single?.checked === false) return;
    if (event.key === '?') return showMap();
    if (!element('pane-result').contains(document.activeElement)) return;
    if (event.key === '[' || event.key === ']') stepStage(report, event.key === ']' ? 1 : -1);
    else if (event.key === 'e') {
      event.preventDefault(); // or the letter would go where the focus goes
      turnToDecision();
    }
  });
}

/** Whether the focus is where text is typed, and the browser or the editor undoes by itself. */
function isText(event: Event): boolean {
  const at = event.composedPath()[0];
  return at instanceof HTMLTextAreaElement || (at instanceof HTMLInputElement && !/^(checkbox|radio|range|button)$/.test(at.type)) || (at instanceof HTMLElement && at.isContentEditable);
}
