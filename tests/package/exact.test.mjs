// The simd variant gives the same bytes of weights as the engine built natively, in Node and in
// Chromium, with any number of workers; see tests/exact_run.rs, which trains the same network on
// the same samples.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { after, before, test } from 'node:test';
import { chromium } from '@playwright/test';
import { load } from '../../pkg-config/pkg/index.js';
import { createTeam } from '../../pkg-config/pkg/team.js';
import { createStaticServer } from '../../pkg-config/serve.mjs';
import { launchOptions } from '../chromium.mjs';

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

const STEPS = 200;
const SEED = 42;
/** How a team of so many workers may exchange its numbers. */
const TEAMS = [1, 2, 4].flatMap((workers) => [true, false].map((shared) => ({ workers, shared })));

const sha256 = (bytes) => createHash('sha256').update(bytes).digest('hex');

/** The hashes of the native runs: batches whole, and in four shards. */
function nativeHashes() {
  const folder = mkdtempSync(join(tmpdir(), 'danlu-'));
  const file = join(folder, 'weights');
  const jobs = process.env.JOBS ?? '2';
  try {
    execFileSync('cargo', ['test', '--quiet', '--locked', '--jobs', jobs, '--package', 'danlu', '--test', 'exact_run'], {
      cwd: resolve(import.meta.dirname, '../..'),
      env: { ...process.env, DANLU_EXACT_RUN: file },
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    return { whole: sha256(readFileSync(`${file}-1`)), sharded: sha256(readFileSync(`${file}-4`)) };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

let native, folder, server, browser, page;

before(async () => {
  native = nativeHashes();
  folder = mkdtempSync(join(tmpdir(), 'danlu-'));
  cpSync(resolve(import.meta.dirname, '../../pkg-config/pkg'), folder, { recursive: true, dereference: true });
  writeFileSync(join(folder, 'index.html'), '<!doctype html><title>exact</title>');
  server = await createStaticServer(folder);
  await new Promise((listening) => server.listen(0, '127.0.0.1', listening));
  browser = await chromium.launch(launchOptions());
  page = await browser.newPage();
  await page.goto(`http://127.0.0.1:${server.address().port}/`);
});

after(async () => {
  await browser?.close();
  server?.closeAllConnections();
  server?.close();
  rmSync(folder, { recursive: true });
});

test('simd and the native engine train to the same bytes', async () => {
  const engine = await load({ variant: 'simd' });
  const { x, labels } = samples(200);
  for (const [shards, hash] of [[1, native.whole], [4, native.sharded]]) {
    const session = engine.createSession(SPEC, SEED, { shards });
    session.setData('train', x, labels);
    session.runSteps(STEPS);
    assert.equal(sha256(session.getWeights()), hash);
  }
});

test('so does a team in Node, with 1, 2 and 4 workers', async () => {
  const { x, labels } = samples(200);
  for (const options of TEAMS) {
    const team = await createTeam(SPEC, SEED, { variant: 'simd', ...options });
    await team.setData('train', x, labels);
    await team.runSteps(STEPS);
    assert.equal(sha256(await team.getWeights()), native.sharded, JSON.stringify(options));
    assert.equal(team.shared, options.shared);
    team.free();
  }
});

test('so does a team in Chromium, with 1, 2 and 4 workers', async (t) => {
  const { x, labels } = samples(200);
  const data = { x: [...x], labels: [...labels] };
  for (const options of TEAMS) {
    const hash = await page.evaluate(
      async ({ spec, seed, steps, data, options }) => {
        const { createTeam } = await import('./team.js');
        const team = await createTeam(spec, seed, { variant: 'simd', ...options });
        await team.setData('train', Float32Array.from(data.x), data.labels);
        await team.runSteps(steps);
        const digest = await crypto.subtle.digest('SHA-256', await team.getWeights());
        team.free();
        return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
      },
      { spec: SPEC, seed: SEED, steps: STEPS, data, options },
    );
    assert.equal(hash, native.sharded, JSON.stringify(options));
  }
  t.diagnostic(`SHA-256 of the weights after ${STEPS} steps: ${native.sharded}`);
});

test('a worker that is ended behind the back of a team in Chromium is noticed', async () => {
  const { x, labels } = samples(200);
  for (const shared of [true, false]) {
    const error = await page.evaluate(
      async ({ spec, data, shared }) => {
        const { createTeam } = await import('./team.js');
        const workers = [];
        const spawn = () => {
          workers.push(new Worker('team_worker.js', { type: 'module' }));
          return workers.at(-1);
        };
        const team = await createTeam(spec, 1, { workers: 2, shared, spawn, patience_ms: 1500 });
        await team.setData('train', Float32Array.from(data.x), data.labels);
        setTimeout(() => workers[1].terminate(), 100);
        const { code, fields } = await team.runSteps(10_000_000).catch((error) => error);
        const { length } = await team.getWeights();
        team.free();
        return { code, worker: fields.worker, length };
      },
      { spec: SPEC, data: { x: [...x], labels: [...labels] }, shared },
    );
    assert.deepEqual([error.code, error.worker, error.length > 1000], ['worker_lost', 1, true]);
  }
});
