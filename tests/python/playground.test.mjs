// Every program of the playground's menu runs to its end on the page's runtime, and shows a figure.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { prepare } from '../../www/scripts/python.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));
before(prepare);

for (const id of readdirSync(new URL('../../www/playground', import.meta.url))) {
  test(`the example ${id} runs and plots`, async () => {
    const { stdout, stderr } = await promisify(execFile)('node', ['tests/python/run.mjs', `www/playground/${id}/en.py`], { cwd: root });
    assert.match(stdout, /<Figure size \d+x\d+ with \d+ Axes>\n$/);
    assert.doesNotMatch(stderr, /Warning|Error/);
  });
}
