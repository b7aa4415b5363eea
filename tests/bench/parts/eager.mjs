// The eager tape, as Python and the exercises use it, against the compiled plan: the same net, the
// same batches; and whether either keeps memory that it should give back.
import { trainRate } from './sessions.mjs';
import { buildForBench } from '../build.mjs';

const BATCH = 32;
const MOST_TIMES = 1.5;

const keys = (variant) => ({ tape: `eager ${variant}`, plan: `eager plan ${variant}` });

export async function openBoth(bench) {
  buildForBench('eager', bench.options);
  await bench.copy('target/wasm-eager', 'eager');
  for (const variant of bench.options.variants) {
    const { tape, plan } = keys(variant);
    await bench.ask({ call: 'openEager', key: tape, variant, batch: BATCH });
    await bench.ask({ call: 'openSession', key: plan, variant, net: 'reference', batch: BATCH, trains: true });
  }
}

export const eager = {
  name: 'eager',
  prepare: openBoth,
  async round(bench) {
    for (const variant of bench.options.variants) {
      for (const key of Object.values(keys(variant))) {
        bench.note(key, await trainRate(bench, key, BATCH, bench.options.ms / 2));
      }
    }
  },
  sections: (bench) => [
    {
      title: 'Eager tape, reference net (ratio: its time to the compiled plan’s)',
      rows: bench.options.variants.map((variant) => {
        const { tape, plan } = keys(variant);
        const ratio = bench.ratio(plan, tape);
        const goal = { text: `≤ ${MOST_TIMES}×`, reached: ratio <= MOST_TIMES };
        return { what: `${variant}, batch ${BATCH}`, unit: '/s', ...bench.spread(tape), ratio, goal };
      }),
    },
  ],
};

/** Between the first look at memory and the last. */
const SETTLED = 60;

export const memory = {
  name: 'memory',
  prepare: (bench) => (bench.wants('eager') ? undefined : openBoth(bench)),
  async finish(bench) {
    const { steps, variants } = bench.options;
    for (const variant of variants) {
      for (const [what, key] of Object.entries(keys(variant))) {
        // The tape is slower; a leak shows in a tenth of the steps as well.
        const counts = [SETTLED, what === 'plan' ? steps : Math.ceil(steps / 10)];
        const [before, after] = await bench.ask({ call: 'memoryAfter', key, counts });
        bench.note(`memory ${key}`, { what, steps: counts[1], before, after });
      }
    }
  },
  sections: (bench) => [
    {
      title: 'Memory of the engine, reference net, batch 32',
      rows: bench.options.variants.flatMap((variant) =>
        Object.values(keys(variant)).flatMap((key) =>
          bench.noted(`memory ${key}`).map(({ what, steps, before, after }) => ({
            what: `${variant}, ${what}, grown in ${steps.toLocaleString('en')} steps`,
            unit: 'bytes',
            median: after - before,
            goal: { text: `0 (of ${(before / 2 ** 20).toFixed(0)} MiB)`, reached: after === before },
          })),
        ),
      ),
    },
  ],
};
