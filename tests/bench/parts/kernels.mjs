// Each kernel by itself, as a share of the peak loop, held to a floor.
import { buildForBench } from '../build.mjs';
import { breaches, floorsUnder, readFloors, writeFloors } from '../floors.mjs';

/** Of one kernel in a round. */
const MS = 10;
/** How often a kernel under its floor is measured again: a busy machine makes it slow now, a compiler always. */
const AGAIN = 20;

/** One kernel's unit: operations, or numbers where it only moves them. */
const workOf = ({ flop, elements }) => flop || elements;

const keyOf = (variant, { name }) => `kernel ${variant} ${name}`;

/** { variant, name, flop, elements, share } of each kernel that was measured. */
function measured(bench) {
  return bench.noted('kernels').flatMap(({ variant, cases }) =>
    cases.map((one) => ({ variant, ...one, share: bench.bestShare(keyOf(variant, one), variant, workOf(one)) })),
  );
}

async function measure(bench, variant, one) {
  const key = keyOf(variant, one);
  // This also warms it up: another kernel ran before.
  const count = await bench.ask({ call: 'prepareKernel', key, variant, index: one.index, ms: MS });
  await bench.peak(variant);
  bench.note(key, 1 / (await bench.ask({ call: 'timeLoop', key, count })));
}

export const kernels = {
  name: 'kernels',
  async prepare(bench) {
    buildForBench('kernels', bench.options);
    await bench.copy('target/wasm-kernels', 'kernels');
    for (const variant of bench.options.variants) {
      const cases = await bench.ask({ call: 'openKernels', variant });
      bench.note('kernels', { variant, cases: cases.filter(({ name }) => name.includes(bench.options.match)) });
    }
  },
  async round(bench) {
    for (const { variant, cases } of bench.noted('kernels')) {
      for (const one of cases) await measure(bench, variant, one);
    }
  },
  async finish(bench) {
    const floors = readFloors();
    for (let time = 0; time < AGAIN; time++) {
      const low = measured(bench).filter(({ variant, name, share }) => share < floors[variant]?.[name]);
      for (const one of low) await measure(bench, one.variant, one);
    }
  },
  sections(bench) {
    const floors = readFloors();
    return bench.options.variants.map((variant) => ({
      title: `Kernels by themselves, ${variant} (of peak: at best; where nothing is multiplied, numbers for each operation of the loop)`,
      rows: measured(bench)
        .filter((one) => one.variant === variant)
        .map((one) => {
          const rate = bench.spread(keyOf(variant, one));
          const micros = { median: 1e6 / rate.median, least: 1e6 / rate.most, most: 1e6 / rate.least };
          const floor = floors[variant]?.[one.name];
          const goal = floor === undefined ? undefined : { text: `floor ${(100 * floor).toFixed(1)} %`, reached: one.share >= floor };
          const row = { what: one.name, unit: 'µs', ...micros, share: one.share, goal };
          return one.flop ? { ...row, gflops: (rate.median * one.flop) / 1e9 } : row;
        }),
    }));
  },
  /** Sentences about kernels under their floors. */
  failures(bench) {
    if (bench.options.writeFloors) writeFloors({ ...readFloors(), ...floorsUnder(measured(bench)) });
    return breaches(measured(bench), readFloors(), bench.options.match === '');
  },
};
