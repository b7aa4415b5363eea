// The simd variant gives the same bytes of weights as the engine built natively; see
// tests/exact_run.rs, which trains the same network on the same samples.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { test } from 'node:test';
import { load } from '../../pkg-config/pkg/index.js';

const SPEC = {
  model: {
    input: [12, 12, 1],
    layers: [
      { type: 'conv2d', filters: 8, kernel: [3, 3], activation: 'relu' },
      { type: 'max_pool2d', size: [2, 2] },
      { type: 'flatten' },
      { type: 'dense', units: 16, activation: 'relu' },
      { type: 'dense', units: 4, activation: 'softmax' },
    ],
  },
  batch_size: 16,
  augment: { shift: 1, rotate_deg: 5, zoom: 0.1 },
};

function samples(count) {
  const x = new Float32Array(count * 144);
  const labels = Uint32Array.from({ length: count }, (_, sample) => sample % 4);
  for (let sample = 0; sample < count; sample++) {
    for (let pixel = 0; pixel < 144; pixel++) {
      const quarter = Math.floor(pixel / 72) * 2 + Math.floor((pixel % 12) / 6);
      const noise = (sample * 7919 + pixel * 104729) % 128;
      x[sample * 144 + pixel] = (noise + (quarter === labels[sample] ? 128 : 0)) / 256;
    }
  }
  return { x, labels };
}

function nativeWeights() {
  const folder = mkdtempSync(join(tmpdir(), 'danlu-'));
  const file = join(folder, 'weights.safetensors');
  const jobs = process.env.JOBS ?? '2';
  try {
    execFileSync('cargo', ['test', '--quiet', '--locked', '--jobs', jobs, '--package', 'danlu', '--test', 'exact_run'], {
      cwd: resolve(import.meta.dirname, '../..'),
      env: { ...process.env, DANLU_EXACT_RUN: file },
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    return new Uint8Array(readFileSync(file));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

test('simd and the native engine train to the same bytes', async () => {
  const engine = await load({ variant: 'simd' });
  const session = engine.createSession(SPEC, 42);
  const { x, labels } = samples(200);
  session.setData('train', x, labels);
  session.runSteps(100);
  assert.deepEqual(session.getWeights(), nativeWeights());
});
