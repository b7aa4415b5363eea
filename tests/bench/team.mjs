// How much faster a team of workers trains the reference net than one session, in headless Chromium.
//
//   node tests/bench/team.mjs [--rounds 40] [--ms 60] [--workers 2] [--variants relaxed,simd] [--batches 32,128]
//
// Needs `make wasm`. In each round the session trains for about --ms, then the team with shared
// memory, then the team by messages. Two workers need both processors for themselves: where others
// use them, the median of the rounds' ratios says little, and the best stretches are nearer to the truth.
import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { chromium } from '@playwright/test';
import { createStaticServer } from '../../pkg-config/serve.mjs';
import { launchOptions } from '../chromium.mjs';

const { values: options } = parseArgs({
  options: {
    rounds: { type: 'string', default: '40' },
    ms: { type: 'string', default: '60' },
    workers: { type: 'string', default: '2' },
    variants: { type: 'string', default: 'relaxed,simd' },
    batches: { type: 'string', default: '32,128' },
  },
});
const workers = Number(options.workers);

const here = fileURLToPath(new URL('.', import.meta.url));
const folder = await mkdtemp(join(tmpdir(), 'danlu-team-'));
await cp(resolve(here, '../../pkg-config/pkg'), join(folder, 'danlu'), {
  recursive: true,
  dereference: true,
});
for (const name of ['team_worker.js', 'net.js']) await cp(join(here, name), join(folder, name));
await writeFile(join(folder, 'index.html'), '<!doctype html><title>bench</title>');

const server = await createStaticServer(folder);
await new Promise((done) => server.listen(0, '127.0.0.1', done));
const browser = await chromium.launch(launchOptions());
try {
  const page = await browser.newPage();
  await page.goto(`http://127.0.0.1:${server.address().port}/`);
  const measure = (message) =>
    page.evaluate(
      (message) =>
        new Promise((done, fail) => {
          const worker = new Worker('team_worker.js', { type: 'module' });
          worker.onerror = (event) => fail(new Error(event.message));
          worker.onmessage = ({ data: { value, error } }) => {
            worker.terminate();
            if (error) fail(new Error(error));
            else done(value);
          };
          worker.postMessage(message);
        }),
      message,
    );
  const median = (list) => [...list].sort((a, b) => a - b)[Math.floor(list.length / 2)];
  const whole = (value) => Math.round(value).toLocaleString('en').padStart(10);
  console.log(`reference net, one session against teams of ${workers}, ${options.rounds} rounds of ${options.ms} ms each`);
  console.log('variant  batch  shards   one, best  team, best  ratio of bests  median ratio of rounds  by messages: the same');
  for (const variant of options.variants.split(',')) {
    for (const batch of options.batches.split(',').map(Number)) {
      const [rounds, ms] = [Number(options.rounds), Number(options.ms)];
      const { rates, shards } = await measure({ variant, batch, workers, rounds, ms });
      const best = (name) => Math.max(...rates.flatMap((round) => round[name]));
      const bests = (name) => (best(name) / best('one')).toFixed(2);
      const ratio = (name) => median(rates.map((round) => median(round[name]) / median(round.one))).toFixed(2);
      console.log(
        `${variant.padEnd(7)} ${String(batch).padStart(6)} ${String(shards).padStart(7)}  ${whole(best('one'))}  ` +
          `${whole(best('shared'))}  ${bests('shared').padStart(14)}  ${ratio('shared').padStart(22)}  ` +
          `${bests('messages').padStart(15)}  ${ratio('messages')}`,
      );
    }
  }
} finally {
  await browser.close();
  server.close();
  await rm(folder, { recursive: true });
}
