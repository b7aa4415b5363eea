// Runs every program of programs/ on the page's runtime, in Node; each ends with "ok", or a failed assert fails here.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { prepare } from '../../../www/scripts/python.mjs';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const folder = 'tests/python/keras/programs';
before(prepare);

for (const file of readdirSync(new URL('./programs', import.meta.url)).filter((name) => name.endsWith('.py'))) {
  test(`${file} runs and reaches what it should`, async () => {
    const { stdout } = await promisify(execFile)('node', ['tests/python/run.mjs', `${folder}/${file}`], { cwd: root });
    assert.equal(stdout.trimEnd().split('\n').at(-1), 'ok');
  });
}
