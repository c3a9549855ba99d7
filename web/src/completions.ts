// Completions for what names AWS's services, actions, resources and condition
// keys. The engine has them, from AWS's own reference; until that has arrived
// there are none.

import type { Engine } from './engine';
import type { Completion } from './protocol';

/** Actions that begin with, or contain, what was typed: first a service's prefix, "s3:", then its actions. */
export function actions(engine: Engine, typed: string): Promise<Completion[]> {
  return engine.complete({ what: 'action', action: '', typed });
}

/**
 * Resources that an action acts on, as ARNs with parts such as ${BucketName}
 * that are to be filled in. An action with a wildcard stands for its service.
 */
export function resources(engine: Engine, action: string, typed: string): Promise<Completion[]> {
  return engine.complete({ what: 'resource', action, typed });
}

/** Condition keys that an action's requests may have, with their types; its own stand before the global ones. */
export function keys(engine: Engine, action: string, typed: string): Promise<Completion[]> {
  return engine.complete({ what: 'key', action, typed });
}
