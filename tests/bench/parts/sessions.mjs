// One session on one worker: the reference net and a deeper one.
import { forwardFlop, trainFlop } from '../flop.mjs';
import { MODELS } from '../page/nets.js';
import { median } from '../statistics.mjs';

/** Long against the clock's grain, short against what else the machine does. */
const STRETCH_SAMPLES = 256;

/** Samples a second that a run trains, over about `ms`, once its threads are awake. */
export async function trainRate(bench, key, batch, ms) {
  const count = Math.ceil(STRETCH_SAMPLES / batch);
  await bench.ask({ call: 'timeSteps', key, count, ms: 0 });
  const seconds = await bench.ask({ call: 'timeSteps', key, count, ms });
  return (count * batch) / median(seconds);
}

function trainingPart({ name, title, net, batches, goals }) {
  const flop = trainFlop(MODELS[net]);
  const each = (bench, action) => bench.options.variants.flatMap((variant) => batches.map((batch) => action(variant, batch, `${net} ${variant} ${batch}`)));
  return {
    name,
    async prepare(bench) {
      for (const open of each(bench, (variant, batch, key) => ({ key, variant, net, batch, trains: true }))) {
        await bench.ask({ call: 'openSession', ...open });
      }
    },
    async round(bench) {
      for (const [variant, batch, key] of each(bench, (...run) => run)) {
        await bench.noteAgainstPeak(key, variant, flop, () => trainRate(bench, key, batch, bench.options.ms));
      }
    },
    sections: (bench) => [
      {
        title,
        rows: each(bench, (variant, batch, key) => {
          const row = { what: `${variant}, batch ${batch}`, unit: '/s', ...bench.againstPeak(key, flop) };
          return { ...row, goal: goals(variant, row) };
        }),
      },
    ],
  };
}

export const reference = trainingPart({
  name: 'reference',
  title: 'Reference net, one worker, training (samples a second)',
  net: 'reference',
  batches: [32, 128],
  goals: () => undefined,
});

const DEEPER_SHARE = 0.6;

export const deeper = trainingPart({
  name: 'deeper',
  title: 'Deeper net (32×32×3, Conv 32 – Conv 64 – pool – Conv 64 – GAP – Dense 10), one worker, training',
  net: 'deeper',
  batches: [32],
  goals: (variant, { share }) =>
    variant === 'relaxed' ? { text: `≥ ${100 * DEEPER_SHARE} % of peak`, reached: share >= DEEPER_SHARE } : undefined,
});

const LATENCY_MS = 0.1;
const VGG16_SECONDS = 1;
/** Predictions of one sample between two looks at the clock. */
const LATENCY_STRETCH = 20;

export const inference = {
  name: 'inference',
  async prepare(bench) {
    for (const variant of bench.options.variants) {
      await bench.ask({ call: 'openSession', key: `predict ${variant}`, variant, net: 'reference', batch: 128, trains: false });
    }
  },
  async round(bench) {
    const flop = forwardFlop(MODELS.reference);
    for (const variant of bench.options.variants) {
      const key = `predict ${variant}`;
      for (const [batch, count] of [
        [1, LATENCY_STRETCH],
        [128, 1],
      ]) {
        await bench.noteAgainstPeak(`${key} ${batch}`, variant, flop, async () => {
          const seconds = await bench.ask({ call: 'timePredict', key, net: 'reference', batch, count, ms: bench.options.ms / 4 });
          return batch / median(seconds);
        });
      }
    }
  },
  sections: (bench) => [
    {
      title: 'Reference net, one worker, inference',
      rows: bench.options.variants.flatMap((variant) => {
        const flop = forwardFlop(MODELS.reference);
        const one = bench.againstPeak(`predict ${variant} 1`, flop);
        // Of a time, the most is the least of its rate.
        const micros = { ...one, median: 1e6 / one.median, least: 1e6 / one.most, most: 1e6 / one.least };
        const goal = { text: `< ${1000 * LATENCY_MS} µs`, reached: micros.median < 1000 * LATENCY_MS };
        return [
          { what: `${variant}, batch 1, a call`, unit: 'µs', ...micros, goal },
          { what: `${variant}, batch 128`, unit: '/s', ...bench.againstPeak(`predict ${variant} 128`, flop) },
        ];
      }),
    },
  ],
};

export const vgg16 = {
  name: 'vgg16',
  async prepare(bench) {
    for (const variant of bench.options.variants) {
      const key = `vgg16 ${variant}`;
      await bench.ask({ call: 'openSession', key, variant, net: 'vgg16', batch: 1, trains: false });
      await bench.ask({ call: 'timePredict', key, net: 'vgg16', batch: 1, count: 1, ms: 0 });
    }
  },
  async round(bench) {
    for (const variant of bench.options.variants) {
      const key = `vgg16 ${variant}`;
      await bench.noteAgainstPeak(key, variant, forwardFlop(MODELS.vgg16), async () => {
        const seconds = await bench.ask({ call: 'timePredict', key, net: 'vgg16', batch: 1, count: 1, ms: 0 });
        return 1 / median(seconds);
      });
    }
  },
  sections: (bench) => [
    {
      title: 'VGG16’s feature extractor, one image of 224×224×3',
      rows: bench.options.variants.map((variant) => {
        const rate = bench.againstPeak(`vgg16 ${variant}`, forwardFlop(MODELS.vgg16));
        const seconds = { ...rate, median: 1 / rate.median, least: 1 / rate.most, most: 1 / rate.least };
        const goal = { text: `< ${VGG16_SECONDS} s`, reached: seconds.median < VGG16_SECONDS };
        return { what: variant, unit: 's', ...seconds, goal };
      }),
    },
  ],
};
