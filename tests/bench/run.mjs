// How fast the built package trains the reference net in headless Chromium, and which share of the
// machine's peak that is.
//
//   node tests/bench/run.mjs [--rounds 9] [--ms 400] [--variants relaxed,simd] [--batches 32,128]
//
// Needs `make wasm`. Rounds interleave everything, so that a disturbance hits all alike. The rate
// is taken of each stretch of 128 samples; on a busy machine the best stretch is nearest to the
// truth.
import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { chromium } from '@playwright/test';
import { createStaticServer } from '../../pkg-config/serve.mjs';
import { launchOptions } from '../chromium.mjs';
import { FLOP_PER_TURN, peakModule } from './peak.mjs';

// Multiplications and additions that one training sample of the reference net needs: the
// convolution forward, its weights' gradient from the 169 winners of each filter, and three
// products for each dense layer (none for the gradient of the images).
const CONVOLUTION_FLOP = 2 * 9 * 32 * (26 * 26 + 13 * 13);
const DENSE_FLOP = 2 * 3 * (5408 * 64 + 64 * 10);
const FLOP_PER_SAMPLE = CONVOLUTION_FLOP + DENSE_FLOP;

const { values: options } = parseArgs({
  options: {
    rounds: { type: 'string', default: '9' },
    ms: { type: 'string', default: '400' },
    variants: { type: 'string', default: 'relaxed,simd' },
    batches: { type: 'string', default: '32,128' },
  },
});
const variants = options.variants.split(',');
const batches = options.batches.split(',').map(Number);

const here = fileURLToPath(new URL('.', import.meta.url));
const folder = await mkdtemp(join(tmpdir(), 'danlu-bench-'));
await cp(resolve(here, '../../pkg-config/pkg'), join(folder, 'danlu'), {
  recursive: true,
  dereference: true,
});
for (const name of ['worker.js', 'net.js']) await cp(join(here, name), join(folder, name));
await writeFile(join(folder, 'index.html'), '<!doctype html><title>bench</title>');

const server = await createStaticServer(folder);
await new Promise((done) => server.listen(0, '127.0.0.1', done));
const browser = await chromium.launch(launchOptions());
try {
  const page = await browser.newPage();
  await page.goto(`http://127.0.0.1:${server.address().port}/`);
  await page.evaluate(() => {
    const worker = new Worker('worker.js', { type: 'module' });
    const waiting = new Map();
    worker.onerror = (event) => waiting.forEach(({ reject }) => reject(new Error(event.message)));
    worker.onmessage = ({ data: { id, value, error } }) => {
      const { resolve, reject } = waiting.get(id);
      waiting.delete(id);
      if (error === undefined) resolve(value);
      else reject(new Error(error));
    };
    let next = 0;
    window.call = (message) =>
      new Promise((resolve, reject) => {
        waiting.set(++next, { resolve, reject });
        worker.postMessage({ id: next, ...message });
      });
  });
  const call = (message) => page.evaluate((message) => window.call(message), message);

  for (const variant of variants) {
    const bytes = [...peakModule(variant)];
    await page.evaluate(
      ({ variant, bytes }) =>
        window.call({ call: 'preparePeak', variant, bytes: Uint8Array.from(bytes) }),
      { variant, bytes },
    );
    for (const batch of batches) await call({ call: 'prepare', variant, batch });
  }

  const rates = new Map();
  const note = (name, more) => rates.set(name, (rates.get(name) ?? []).concat(more));
  for (let round = 0; round < Number(options.rounds); round++) {
    for (const variant of variants) {
      note(`${variant} peak`, await call({ call: 'peak', variant, turns: 10_000_000 }));
      for (const batch of batches) {
        const ms = Number(options.ms);
        note(`${variant} ${batch}`, await call({ call: 'train', variant, batch, ms }));
      }
    }
  }

  const median = (list) => [...list].sort((a, b) => a - b)[Math.floor(list.length / 2)];
  const whole = (value) => Math.round(value).toLocaleString('en').padStart(8);
  console.log(`reference net, one worker, ${options.rounds} rounds of ${options.ms} ms`);
  console.log('variant   batch   median/s     best/s   GFLOP/s at best   of peak');
  for (const variant of variants) {
    const peak = (Math.max(...rates.get(`${variant} peak`)) * FLOP_PER_TURN) / 1e9;
    for (const batch of batches) {
      const list = rates.get(`${variant} ${batch}`);
      const gflops = (Math.max(...list) * FLOP_PER_SAMPLE) / 1e9;
      console.log(
        `${variant.padEnd(8)} ${String(batch).padStart(6)}   ${whole(median(list))}   ` +
          `${whole(Math.max(...list))}   ${gflops.toFixed(1).padStart(15)}   ` +
          `${((100 * gflops) / peak).toFixed(0).padStart(6)}%`,
      );
    }
    console.log(`${variant.padEnd(8)}   peak   ${peak.toFixed(1).padStart(33)}`);
  }
} finally {
  await browser.close();
  server.close();
  await rm(folder, { recursive: true });
}
