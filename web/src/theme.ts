// The reader's choice of theme.

import { store, stored } from './stored';

const themes = ['auto', 'light', 'dark'];

export function followTheme(): void {
  const select = document.querySelector<HTMLSelectElement>('#theme');
  const kept = stored('localStorage', 'theme');
  if (kept !== null && themes.includes(kept)) {
    document.documentElement.dataset['theme'] = kept;
    if (select) select.value = kept;
  }
  select?.addEventListener('change', () => {
    document.documentElement.dataset['theme'] = select.value;
    store('localStorage', 'theme', select.value);
  });
}
