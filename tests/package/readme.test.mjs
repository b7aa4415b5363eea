// The example in pkg-config/README.md runs and prints what its comments say.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';

const root = new URL('../../', import.meta.url);
const readme = readFileSync(new URL('pkg-config/README.md', root), 'utf8');

test('the first line says what the folder is not', () => {
  assert.match(readme.split('\n', 1)[0], /not the freedesktop tool/);
});

test('the example trains to certainty', () => {
  const [, example] = /```js\n([\s\S]*?)```/.exec(readme);
  const entry = new URL('pkg-config/pkg/index.js', root).href;
  const script = example.replace("from 'danlu'", `from ${JSON.stringify(entry)}`);
  const { status, stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' });
  assert.equal(status, 0, stderr);
  assert.match(stdout, /step 50 \(epoch 12\): loss 0\.\d+, accuracy 1\.00/);
  assert.match(stdout, /accuracy: 1, count: 64/);
  assert.match(stdout, /length_mismatch \{[^}]*expected: 64/);
});
