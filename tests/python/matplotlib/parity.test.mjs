// Holds our matplotlib to what the real one gave (tests/fixtures/matplotlib): ticks, limits, bins, levels, colours.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { prepare } from '../../../www/scripts/python.mjs';

const root = fileURLToPath(new URL('../../..', import.meta.url));
before(prepare);

test('every snippet and every colour map gives what the real matplotlib gave', async () => {
  const arguments_ = ['tests/python/run.mjs', 'tests/python/matplotlib/compare.py', 'tests/fixtures/matplotlib'];
  const { stdout } = await promisify(execFile)('node', arguments_, { cwd: root, maxBuffer: 1 << 26 });
  assert.match(stdout, /^\n?\d{3} snippets, \d\d colour maps, 0 differ\n$/, stdout);
});
