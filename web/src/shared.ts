// What comes with the address: a scenario in a link, or a token that an
// identity provider sent along. Both are in the fragment, which browsers keep
// to themselves, and nothing of them runs: they are text for the engine.

import { setAddress } from './address';
import { isObject, type Json, parse } from './json';
import { element } from './says';
import { showStep, type View } from './share';
import { showTab } from './tabs';

/** What the page does for it. */
export interface Page {
  /** Reads a link; the answer is JSON. */
  read(link: string): Promise<string>;
  /** Puts a scenario in the place of the page's, which can be brought back. */
  replace(scenario: Json, call: number): void;
  /** Whether something is there that the reader wrote. */
  written(): boolean;
  /** How many changes can be undone. */
  depth(): number;
  /** Brings back what was there when only so many could be. */
  back(depth: number): void;
  /** Takes a text as a paste does; false where it isn't recognised. */
  take(text: string): Promise<boolean>;
}

/** Names under which identity providers send what they vouch with (OpenID Connect Core §3.2.2.5, SAML Bindings §3.5.4), and token, as people write it. */
const sent = ['id_token', 'SAMLResponse', 'access_token', 'token'];

export class Shared {
  private readonly line = element('shared-line');
  private readonly words = element('shared-words');
  private readonly undo = element('shared-back');
  private depth = 0; // of what can be undone, before what came was put in
  private wanted = ''; // the rule of the step to open once its report is drawn

  constructor(private readonly page: Page) {
    this.undo.addEventListener('click', () => {
      this.close();
      this.page.back(this.depth);
    });
    element('shared-close').addEventListener('click', () => this.close());
    window.addEventListener('hashchange', () => void this.arrive());
  }

  /** Takes what stands in the address. */
  async arrive(): Promise<void> {
    if (isLink(location.hash)) await this.open(location.hash);
    else await this.takeToken();
  }

  /** Opens a link. What was there can be brought back; of a link that can't be read only the reason is shown. */
  async open(link: string): Promise<void> {
    this.say('The link is being opened …');
    const answer = await this.page.read(link);
    const { scenario = '', view = {}, refusal, internal } = JSON.parse(answer) as { scenario?: string; view?: View; refusal?: string; internal?: string };
    const read = parse(scenario);
    if (!isObject(read)) {
      this.say(`This link can’t be opened: ${refusal ?? internal ?? 'no answer came'}. What was here stays.`, false, true);
      return;
    }
    const written = this.page.written();
    this.depth = this.page.depth();
    this.page.replace(read, (view.call ?? 1) - 1);
    // Whatever was in the address is now the page's; until something is typed the link stays there.
    if (isLink(link)) setAddress(link);
    this.wanted = view.step ?? '';
    if (view.tab !== undefined) showTab(view.tab);
    this.say('Opened from a link.', written);
  }

  /** Shows the step that the link names, now that a report is drawn. */
  drawn(): void {
    if (this.wanted === '') return;
    showStep(this.wanted);
    this.wanted = '';
  }

  /** Takes a token or response out of the address. */
  private async takeToken(): Promise<void> {
    const parts = { hash: new URLSearchParams(location.hash.slice(1)), search: new URLSearchParams(location.search) };
    for (const [where, held] of Object.entries(parts)) {
      const name = sent.find((each) => held.has(each));
      if (name === undefined) continue;
      const text = (held.get(name) ?? '').replaceAll(' ', '+'); // base64's plus sign, where nobody escaped it
      for (const each of sent) parts.search.delete(each);
      const rest = parts.search.toString();
      setAddress(rest === '' ? '' : `?${rest}`);
      const written = this.page.written();
      this.depth = this.page.depth();
      const taken = await this.page.take(text);
      const what = taken ? `What the address had in ${name} was taken in` : `What the address had in ${name} isn’t recognised as a token or a response`;
      const logged = where === 'search' ? ' It stood in the query, which was sent to this page’s server and may stand in logs and histories: take it for seen by others.' : ' It stood behind the #, and was sent to nobody.';
      this.say(`${what}, and is out of the address now.${logged}`, taken && written, !taken);
      return;
    }
  }

  /** Says no longer what came. */
  close(): void {
    this.line.hidden = true;
  }

  private say(words: string, undo = false, failed = false): void {
    this.words.textContent = words;
    this.undo.hidden = !undo;
    this.line.classList.toggle('is-failed', failed);
    this.line.hidden = false;
  }
}

/** Whether a fragment is that of a link. */
export function isLink(hash: string): boolean {
  return /^#(.*&)?s=/.test(hash);
}
