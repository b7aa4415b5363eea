// The small network that fine-tuning starts from: the same bytes on every machine, and features that serve other digits.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { before, test } from 'node:test';

const root = resolve(import.meta.dirname, '../..');
const file = (name) => resolve(root, 'build/data', name);

/** Changes with the engine's exact kernels, the digits and the script alone; then it is written anew here. */
const HASH = '35aba6942a72ccc5835b2be23c23da7f2ba96c805ce275cf4039c14623ecf33e';

before(() => {
  for (const script of ['mnist', 'base']) execFileSync(process.execPath, [resolve(root, `www/scripts/${script}.mjs`)]);
});

test('the base has the bytes that exact mode gives it everywhere', () => {
  const weights = readFileSync(file('base.safetensors'));
  const about = JSON.parse(readFileSync(file('base.json'), 'utf8'));
  assert.equal(createHash('sha256').update(weights).digest('hex'), HASH);
  assert.equal(about.sha256, HASH);
  assert.ok(weights.length < 100_000, `${weights.length} bytes`);
});

test('it tells digits and how they lie, and has seen half of the classes only', () => {
  const { made, parameters, model } = JSON.parse(readFileSync(file('base.json'), 'utf8'));
  assert.deepEqual(made.classes, [0, 1, 2, 3, 4]);
  // Twenty classes: a guess is right one time in twenty, and a 0 or a 1 lies the same way upside down.
  assert.ok(made.accuracy > 0.85, `${made.accuracy}`);
  assert.equal(parameters, 23632);
  assert.deepEqual(model.input, [28, 28, 1]);
});
