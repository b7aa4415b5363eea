// Whole programs of the kinds that textbooks print: each runs unchanged, checks what it reached and ends with "ok".
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { prepare } from '../../../www/scripts/python.mjs';

const root = fileURLToPath(new URL('../../..', import.meta.url));
before(prepare);

for (const file of readdirSync(new URL('./programs', import.meta.url)).filter((name) => name.endsWith('.py'))) {
  test(`programs/${file} reaches what it should`, async () => {
    const { stdout } = await promisify(execFile)('node', ['tests/python/run.mjs', `tests/python/torch/programs/${file}`], { cwd: root });
    assert.equal(stdout.trimEnd().split('\n').at(-1), 'ok');
  });
}
