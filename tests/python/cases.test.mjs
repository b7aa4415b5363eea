// Runs every Python file of cases/ on the page's runtime, in Node; a failed assert there fails here.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { prepare } from '../../www/scripts/python.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));
before(prepare);

for (const file of readdirSync(new URL('./cases', import.meta.url)).filter((name) => name.endsWith('.py'))) {
  test(`cases/${file} holds`, async () => {
    const { stdout } = await promisify(execFile)('node', ['tests/python/run.mjs', `tests/python/cases/${file}`], { cwd: root });
    assert.equal(stdout, 'ok\n');
  });
}
