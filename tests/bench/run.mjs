// How fast the built package is in headless Chromium: one table, everything measured in one run,
// and a floor under every kernel (exit code 1 where one is under it, or a part fails). README.md says more.
//
//   node tests/bench/run.mjs [--only reference,kernels] [--short] [--rounds 9] [--ms 300]
//     [--variants relaxed,simd] [--steps 10000] [--match text] [--write-floors] [--built]
//
// Needs `make wasm`.
import { parseArgs } from 'node:util';
import os from 'node:os';
import { withBench } from './bench.mjs';
import { eager, memory } from './parts/eager.mjs';
import { keras } from './parts/keras.mjs';
import { kernels } from './parts/kernels.mjs';
import { peers } from './parts/peers.mjs';
import { python } from './parts/python.mjs';
import { deeper, inference, reference, vgg16 } from './parts/sessions.mjs';
import { size } from './parts/size.mjs';
import { team } from './parts/team.mjs';
import { renderTable } from './table.mjs';

const PARTS = [reference, team, deeper, inference, vgg16, eager, python, keras, peers, kernels, memory, size];

/** What --short changes where the option isn't given. */
const LONG = { rounds: '9', ms: '300', steps: '10000' };
const SHORT = { rounds: '3', ms: '100', steps: '1000' };

function readOptions() {
  const names = PARTS.map(({ name }) => name);
  const { values } = parseArgs({
    options: {
      only: { type: 'string', default: names.join(',') },
      short: { type: 'boolean', default: false },
      rounds: { type: 'string' },
      ms: { type: 'string' },
      steps: { type: 'string' },
      variants: { type: 'string', default: 'relaxed,simd' },
      match: { type: 'string', default: '' },
      'write-floors': { type: 'boolean', default: false },
      built: { type: 'boolean', default: false },
    },
  });
  const number = (name) => Number(values[name] ?? (values.short ? SHORT : LONG)[name]);
  const only = values.only.split(',');
  const unknown = only.find((name) => !names.includes(name));
  if (unknown !== undefined) throw new Error(`--only: no part is called ${unknown}; there are ${names.join(', ')}`);
  if (values['write-floors'] && values.match) throw new Error('--write-floors writes all floors: leave --match out');
  return {
    only,
    rounds: number('rounds'),
    ms: number('ms'),
    steps: number('steps'),
    variants: values.variants.split(','),
    match: values.match,
    writeFloors: values['write-floors'],
    built: values.built,
  };
}

const options = readOptions();
const failures = await withBench(options, async (bench) => {
  const say = (text) => console.error(`bench: ${text}`);
  const failed = [];
  let parts = PARTS.filter(({ name }) => bench.wants(name));
  /** A part that fails is left out from there on: the others' numbers are not lost with it. */
  const inTurn = async (step, words) => {
    for (const part of parts.filter((part) => part[step])) {
      if (words) say(`${words} ${part.name}`);
      try {
        await part[step](bench);
      } catch (error) {
        failed.push(`FAILED: ${part.name}: ${error.message.split('\n')[0]}`);
        parts = parts.filter((other) => other !== part);
      }
    }
  };
  await bench.openPeaks();
  await inTurn('prepare', 'preparing');
  for (let round = 1; round <= options.rounds; round++) {
    say(`round ${round} of ${options.rounds}`);
    for (const variant of options.variants) await bench.peak(variant);
    await inTurn('round');
  }
  await inTurn('finish', 'finishing');

  const { model } = os.cpus()[0];
  console.log(`Chromium ${bench.version}, ${model}, ${os.cpus().length} processors; ${options.rounds} rounds, medians\n`);
  const peak = {
    title: 'Peak loop: multiply and add in registers',
    rows: options.variants.map((variant) => {
      const { median, least, most } = bench.spread(`peak ${variant}`);
      return { what: variant, unit: 'GFLOP/s', median: median / 1e9, least: least / 1e9, most: most / 1e9 };
    }),
  };
  console.log(renderTable([peak, ...parts.flatMap((part) => part.sections(bench))]).join('\n'));
  const breached = parts.flatMap((part) => part.failures?.(bench) ?? []);
  return [...failed, ...breached.map((sentence) => `FLOOR: ${sentence}`)];
});
for (const failure of failures) console.error(`bench: ${failure}`);
process.exitCode = failures.length > 0 ? 1 : 0;
