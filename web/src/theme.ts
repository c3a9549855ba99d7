// The reader's choice of theme.

import { store, stored } from './stored';

const themes = ['auto', 'light', 'dark'];

export function followTheme(): void {
  const select = document.querySelector<HTMLSelectElement>('#theme');
  const show = (theme: string | null): void => {
    if (theme === null || !themes.includes(theme)) return;
    document.documentElement.dataset['theme'] = theme;
    if (select) select.value = theme;
  };
  show(stored('localStorage', 'theme'));
  select?.addEventListener('change', () => {
    show(select.value);
    store('localStorage', 'theme', select.value);
  });
  window.addEventListener('storage', (event) => event.key === 'theme' && show(event.newValue)); // chosen in another tab
}
