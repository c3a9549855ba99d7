// Completions for what names AWS's services, actions, resources and condition
// keys, and its managed policies. The engine has them, the names from AWS's own
// reference; until that has arrived there are none of those.

import type { Engine } from './engine';
import { get, type Json } from './json';
import type { Subject, Suggestion } from './suggestions';

/**
 * What AWS has for a field. A resource or a key goes with the action of the
 * field's call; a resource may have parts such as ${BucketName} that are to be
 * filled in.
 */
export async function known(engine: Engine, subject: Subject, typed: string, field: HTMLElement, scenario: Json): Promise<Suggestion[]> {
  if (subject === 'caller' || subject === 'parameter') return [];
  const call = field.dataset['newKey'] ?? /^\/calls\/(\d+)\//.exec(field.dataset['bind'] ?? '')?.[1] ?? '';
  const action = get(scenario, `/calls/${call}/action`);
  const strings = await engine.ask('complete', subject, typeof action === 'string' ? action : '', typed);
  const found: Suggestion[] = [];
  for (let i = 0; i + 1 < strings.length; i += 2) found.push({ value: strings[i] ?? '', type: strings[i + 1] ?? '', about: '' });
  return found;
}
