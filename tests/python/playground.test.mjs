// Every program of the playground's menu runs to its end on the page's runtime, and shows a figure; so does, without one,
// the program that the lab's fine-tuning room hands to the playground.
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

test('the LoRA layer begins at its convolution, trains a seventh of it, and merges', async () => {
  const { stdout } = await promisify(execFile)('node', ['tests/python/run.mjs', 'www/src/pages/lab/finetune/lora.py'], { cwd: root });
  const [counts, gap] = stdout.trim().split('\n');
  assert.equal(counts, '704 / 4608');
  assert.ok(Number(gap) < 1e-5, stdout);
});
