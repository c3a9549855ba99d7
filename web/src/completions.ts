// Completions for what names AWS's services, actions, resources and condition
// keys. The engine has them, from AWS's own reference; until that has arrived
// there are none.

import type { Engine } from './engine';

/** One way to go on: text takes the place of what was typed, detail says what it is. */
export interface Completion {
  text: string;
  detail: string;
}

/** Actions that begin with, or contain, what was typed: first a service's prefix, "s3:", then its actions. */
export function actions(engine: Engine, typed: string): Promise<Completion[]> {
  return complete(engine, 'action', '', typed);
}

/**
 * Resources that an action acts on, as ARNs with parts such as ${BucketName}
 * that are to be filled in. An action with a wildcard stands for its service.
 */
export function resources(engine: Engine, action: string, typed: string): Promise<Completion[]> {
  return complete(engine, 'resource', action, typed);
}

/** Condition keys that an action's requests may have, with their types; its own stand before the global ones. */
export function keys(engine: Engine, action: string, typed: string): Promise<Completion[]> {
  return complete(engine, 'key', action, typed);
}

async function complete(engine: Engine, what: string, action: string, typed: string): Promise<Completion[]> {
  const strings = await engine.ask('complete', what, action, typed);
  const completions: Completion[] = [];
  for (let i = 0; i + 1 < strings.length; i += 2) completions.push({ text: strings[i] ?? '', detail: strings[i + 1] ?? '' });
  return completions;
}
