// NumPy-only programs of the teaching kind: each prints here what it printed on real NumPy (the .txt beside it).
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFileSync, readdirSync } from 'node:fs';
import { before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { prepare } from '../runtime.mjs';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const programs = new URL('../programs/', import.meta.url);
before(prepare);

for (const file of readdirSync(programs).filter((name) => name.endsWith('.py'))) {
  test(`${file} prints what it printed on NumPy`, async () => {
    const { stdout } = await promisify(execFile)('node', ['tests/python/run.mjs', `tests/python/programs/${file}`, '--data', 'build/data'], { cwd: root });
    assert.equal(stdout, readFileSync(new URL(file.replace('.py', '.txt'), programs), 'utf8'));
  });
}
