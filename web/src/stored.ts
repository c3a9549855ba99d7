// What the browser keeps for the page: choices of the reader's, for ever, and
// what belongs to the tab for as long as that is open. Where the page has no
// origin of its own, storage throws; a choice then lasts as long as the page.

export type Place = 'localStorage' | 'sessionStorage';

export function stored(place: Place, name: string): string | null {
  try {
    return window[place].getItem(name);
  } catch {
    return null;
  }
}

/** Keeps a text, or forgets it where it is null; false where the browser refused. */
export function store(place: Place, name: string, text: string | null): boolean {
  try {
    if (text === null) window[place].removeItem(name);
    else window[place].setItem(name, text);
    return true;
  } catch {
    return false;
  }
}
