// How fast each kernel of the engine runs by itself in headless Chromium, and which share of the
// machine's peak that is.
//
//   node tests/bench/kernels.mjs [--rounds 7] [--ms 20] [--variants relaxed,simd] [--only text]
//
// Builds what it measures: tests/bench/kernels, with the packager's flags. Rounds interleave all
// cases and the peak loop.
import { execFileSync } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { chromium } from '@playwright/test';
import { launchOptions } from '../chromium.mjs';
import { FLOP_PER_TURN, peakModule } from './peak.mjs';

const { values: options } = parseArgs({
  options: {
    rounds: { type: 'string', default: '7' },
    ms: { type: 'string', default: '20' },
    variants: { type: 'string', default: 'relaxed,simd' },
    only: { type: 'string', default: '' },
  },
});

const root = fileURLToPath(new URL('../..', import.meta.url));
const cargo = ['run', '--quiet', '--locked', '--package', 'packager', '--', '--root', '.', '--kernels'];
execFileSync('cargo', cargo, { cwd: root, stdio: ['ignore', 'ignore', 'inherit'] });

/** Runs in the page: seconds of one run of each case and of one turn of the peak loop, a list each. */
async function measure({ kernels, peak, rounds, ms, only }) {
  const bytes = (text) => Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
  const instance = async (text) => (await WebAssembly.instantiate(bytes(text))).instance.exports;
  const [engine, { peak: turnPeak }] = [await instance(kernels), await instance(peak)];
  const nameOf = (i) => new TextDecoder().decode(new Uint8Array(engine.memory.buffer, engine.name(i), engine.name_len(i)));
  const seconds = (run, times) => {
    const start = performance.now();
    run(times);
    return (performance.now() - start) / times / 1000;
  };
  /** Enough turns for `ms`. */
  const enough = (run) => {
    let times = 1;
    while (seconds(run, times) * times * 1000 < ms) times *= 2;
    return times;
  };
  const cases = [];
  for (let i = 0; i < engine.count(); i++) {
    const one = { i, name: nameOf(i), flop: engine.flop(i), elements: engine.elements(i), times: [] };
    if (!one.name.includes(only)) continue;
    engine.prepare(i);
    one.turns = enough(engine.run);
    cases.push(one);
  }
  const peaks = [];
  const peakTurns = enough(turnPeak);
  for (let round = 0; round < rounds; round++) {
    for (const one of cases) {
      peaks.push(seconds(turnPeak, peakTurns));
      engine.prepare(one.i);
      seconds(engine.run, Math.ceil(one.turns / 4));
      one.times.push(seconds(engine.run, one.turns));
    }
  }
  return { cases, peaks };
}

const browser = await chromium.launch(launchOptions());
try {
  const page = await browser.newPage();
  for (const variant of options.variants.split(',')) {
    const kernels = (await readFile(`${root}/target/wasm-kernels/${variant}.wasm`)).toString('base64');
    const peak = Buffer.from(peakModule(variant)).toString('base64');
    const [rounds, ms] = [Number(options.rounds), Number(options.ms)];
    const { cases, peaks } = await page.evaluate(measure, { kernels, peak, rounds, ms, only: options.only });
    const top = FLOP_PER_TURN / Math.min(...peaks) / 1e9;
    console.log(`${variant}: peak ${top.toFixed(1)} GFLOP/s`);
    console.log(`${'kernel'.padEnd(32)} GFLOP/s median     best  of peak   ns an element`);
    const median = (list) => [...list].sort((a, b) => a - b)[Math.floor(list.length / 2)];
    for (const { name, flop, elements, times } of cases) {
      const rate = (time) => (flop ? (flop / time / 1e9).toFixed(1) : '');
      const share = flop ? `${((100 * flop) / Math.min(...times) / 1e9 / top).toFixed(0)}%` : '';
      console.log(
        `${name.padEnd(32)} ${rate(median(times)).padStart(14)} ${rate(Math.min(...times)).padStart(8)} ` +
          `${share.padStart(8)} ${((1e9 * Math.min(...times)) / elements).toFixed(3).padStart(15)}`,
      );
    }
  }
} finally {
  await browser.close();
}
