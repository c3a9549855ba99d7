// The AWS managed policies that are committed are those of the pinned package.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import test from 'node:test';
import { regenerate } from '../build/managed.mjs';

test('the managed policies are as the package has them', () => {
  const committed = readFileSync(new URL('../../engine/managed/policies.jsonl', import.meta.url), 'utf8');
  assert.equal(regenerate(committed), committed, 'run node web/build/managed.mjs, and commit what changed');
});
