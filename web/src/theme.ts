// The reader's choice of theme. It is the only thing that the page stores.

const name = 'theme';
const themes = ['auto', 'light', 'dark'];

export function followTheme(): void {
  const select = document.querySelector<HTMLSelectElement>('#theme');
  const stored = read();
  if (stored !== null && themes.includes(stored)) {
    document.documentElement.dataset['theme'] = stored;
    if (select) select.value = stored;
  }
  select?.addEventListener('change', () => {
    document.documentElement.dataset['theme'] = select.value;
    write(select.value);
  });
}

// Where the page has no origin of its own, storage throws.
function read(): string | null {
  try {
    return localStorage.getItem(name);
  } catch {
    return null;
  }
}

function write(theme: string): void {
  try {
    localStorage.setItem(name, theme);
  } catch {
    // The choice lasts as long as the page.
  }
}
