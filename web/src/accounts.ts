// The list that chooses among the scenario's accounts: whose policies and
// resources are listed.

import { get, isObject, type Json, put } from './json';
import { freeAccount } from './scenario';

/** So many accounts can be chosen among. */
const most = 200;

export class Accounts {
  private readonly list = document.querySelector<HTMLSelectElement>('#around');
  /** The account that was chosen; empty: that of the role. */
  chosen = '';

  /** Chose is told of the choice, and of the scenario with another account where that is the choice. */
  constructor(scenario: () => Json, chose: (changed?: Json) => void) {
    this.list?.addEventListener('change', () => {
      const all = accounts(scenario());
      const chosen = this.list?.value ?? '';
      this.chosen = chosen || freeAccount(all);
      if (chosen === '') chose(put(scenario(), `/accounts/${this.chosen}`, {}));
      else chose();
    });
  }

  /** Shows the scenario's accounts, and which one is listed. */
  show(scenario: Json, listed: string): void {
    if (!this.list) return;
    const ids = accounts(scenario).slice(0, most);
    const options = [...this.list.options];
    if (ids.length !== options.length - 1 || ids.some((id, i) => options[i]?.value !== id)) {
      this.list.replaceChildren(...ids.map((id) => new Option(id)), new Option('another account …', ''));
    }
    if (this.list.value !== listed) this.list.value = listed;
  }
}

function accounts(scenario: Json): string[] {
  const accounts = get(scenario, '/accounts');
  return isObject(accounts) ? Object.keys(accounts) : [];
}
