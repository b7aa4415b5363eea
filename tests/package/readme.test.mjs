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

function printed(script) {
  const { status, stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' });
  assert.equal(status, 0, stderr);
  return stdout;
}

test('the example trains to certainty', () => {
  const [, example] = /```js\n([\s\S]*?)```/.exec(readme);
  const entry = new URL('pkg-config/pkg/index.js', root).href;
  const script = example.replace("from 'danlu'", `from ${JSON.stringify(entry)}`);
  const stdout = printed(script);
  assert.match(stdout, /step 50 \(epoch 12\): loss 0\.\d+, accuracy 1\.00/);
  assert.match(stdout, /accuracy: 1, count: 64/);
  assert.match(stdout, /length_mismatch \{[^}]*expected: 64/);
});

test('the example of a smaller network is as right as the network', () => {
  const [, data] = /\n(const labels = [\s\S]*?)\nconst session/.exec(readme);
  const [, spec] = /createSession\(\n([\s\S]*?),\n  42,/.exec(readme);
  const [example] = /import \{ load, prune[\s\S]*?(?=```)/.exec(readme);
  const entry = new URL('pkg-config/pkg/compression.js', root).href;
  const stdout = printed(
    example.replace("'danlu/compression.js'", JSON.stringify(entry)).replace('const engine', `${data}\nconst spec = ${spec};\nconst engine`),
  );
  assert.match(stdout, /accuracy: 1, count: 64/);
});
