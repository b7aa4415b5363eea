// The simd variant gives the same bytes of weights as the engine built natively, in Node and in Chromium,
// with 1, 2 and 4 workers: every run of tests/fixtures/exact_runs.json comes to the SHA-256 recorded there,
// and tests/engine/exact_run.rs holds the native engine to the same file.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { chromium } from '@playwright/test';
import { load } from '../../pkg-config/pkg/index.js';
import { createTeam } from '../../pkg-config/pkg/team.js';
import { createStaticServer } from '../../pkg-config/serve.mjs';
import { launchOptions } from '../chromium.mjs';

const RUNS = JSON.parse(readFileSync(resolve(import.meta.dirname, '../fixtures/exact_runs.json')));

/** What a run trains on: pixels are multiples of 1/256; a class is a comb of bright pixels. */
function data({ spec, samples }) {
  const pixels = spec.model.input.reduce((product, size) => product * size, 1);
  const classes = spec.model.layers.at(-1).units;
  const x = Float32Array.from({ length: samples * pixels }, (_, at) => {
    const [sample, pixel] = [Math.floor(at / pixels), at % pixels];
    const noise = (sample * 7919 + pixel * 104729) % 128;
    return (noise + (pixel % classes === sample % classes ? 128 : 0)) / 256;
  });
  return { x, labels: Uint32Array.from({ length: samples }, (_, sample) => sample % classes) };
}

/** How teams of so many workers may exchange their numbers. */
const teams = ({ workers, shards }) =>
  workers.flatMap((workers) => [
    { workers, shards, shared: true, variant: 'simd' },
    { workers, shards, shared: true, joins: true, variant: 'simd' },
    { workers, shards, shared: false, variant: 'simd' },
  ]);

/** In a browser it is a worker that joins: it asks the page's questions in its own thread. */
const WORKER = `onmessage = async ({ data: { base, run, x, labels, options } }) => {
  const { createTeam } = await import(base + 'team.js');
  const team = await createTeam(run.spec, run.seed, options);
  await team.setData('train', Float32Array.from(x), labels);
  await team.runSteps(run.steps);
  postMessage(await team.getWeights());
  team.free();
};`;

const sha256 = (bytes) => createHash('sha256').update(bytes).digest('hex');

let folder, server, browser, page;

before(async () => {
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

for (const run of RUNS) {
  describe(run.name, () => {
    test('comes to the recorded weights in a session', async () => {
      const engine = await load({ variant: 'simd' });
      const { x, labels } = data(run);
      const session = engine.createSession(run.spec, run.seed, { shards: run.shards });
      session.setData('train', x, labels);
      session.runSteps(run.steps);
      assert.equal(sha256(session.getWeights()), run.sha256);
    });

    test(`so does a team in Node, with workers: ${run.workers}`, async () => {
      const { x, labels } = data(run);
      for (const options of teams(run)) {
        const team = await createTeam(run.spec, run.seed, options);
        await team.setData('train', x, labels);
        await team.runSteps(run.steps);
        assert.equal(sha256(await team.getWeights()), run.sha256, JSON.stringify(options));
        assert.deepEqual([team.workers, team.shared], [options.workers, options.shared]);
        team.free();
      }
    });

    test(`so does a team in Chromium, with workers: ${run.workers}`, async () => {
      const { x, labels } = data(run);
      for (const options of teams(run)) {
        const hash = await page.evaluate(
          async ({ source, run, x, labels, options }) => {
            let weights;
            if (options.joins) {
              const worker = new Worker(URL.createObjectURL(new Blob([source])));
              worker.postMessage({ base: document.baseURI, run, x, labels, options });
              weights = await new Promise((resolve, reject) => {
                worker.onmessage = ({ data }) => resolve(data);
                worker.onerror = ({ message }) => reject(new Error(message));
              });
            } else {
              const { createTeam } = await import('./team.js');
              const team = await createTeam(run.spec, run.seed, options);
              await team.setData('train', Float32Array.from(x), labels);
              await team.runSteps(run.steps);
              weights = await team.getWeights();
              team.free();
            }
            const digest = await crypto.subtle.digest('SHA-256', weights);
            return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
          },
          { source: WORKER, run, x: [...x], labels: [...labels], options },
        );
        assert.equal(hash, run.sha256, JSON.stringify(options));
      }
    });
  });
}

test('a worker that is ended behind the back of a team in Chromium is noticed', async () => {
  const [run] = RUNS;
  const { x, labels } = data(run);
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
      { spec: run.spec, data: { x: [...x], labels: [...labels] }, shared },
    );
    assert.deepEqual([error.code, error.worker, error.length > 1000], ['worker_lost', 1, true]);
  }
});
