// Two workers against one, on the reference net.
import { median, pairs, spread } from '../statistics.mjs';
import { trainRate } from './sessions.mjs';

const WORKERS = 2;
const BATCHES = [32, 128];
const LEAST_RATIO = { 32: 1.5, 128: 1.6 };
const WAYS = [
  ['shared', 'shared memory', { shared: true }],
  ['joined', 'the caller one of them', { shared: true, joins: true }],
  ['messages', 'by messages', { shared: false }],
];
/** In a round: what else the machine does seldom spares one half of a pair and hits the other. */
const PAIRS = 2;

const each = (bench, action) =>
  bench.options.variants.flatMap((variant) => BATCHES.map((batch) => action(variant, batch, `team ${variant} ${batch}`)));

export const team = {
  name: 'team',
  async prepare(bench) {
    for (const [variant, batch, key] of each(bench, (...run) => run)) {
      const run = { variant, net: 'reference', batch };
      await bench.ask({ call: 'openSession', key: `${key} one`, ...run, trains: true });
      for (const [way, , options] of WAYS) {
        await bench.ask({ call: 'openTeam', key: `${key} ${way}`, ...run, options: { workers: WORKERS, ...options } });
      }
    }
  },
  async round(bench) {
    for (const [, batch, key] of each(bench, (...run) => run)) {
      for (let pair = 0; pair < PAIRS; pair++) {
        for (const way of ['one', ...WAYS.map(([way]) => way)]) {
          bench.note(`${key} ${way}`, await trainRate(bench, `${key} ${way}`, batch, bench.options.ms / 2));
        }
      }
    }
  },
  sections: (bench) =>
    WAYS.map(([way, words]) => ({
      title: `Reference net, two workers, ${words}, training (ratio: median of pairs with one worker)`,
      rows: each(bench, (variant, batch, key) => {
        const ratio = median(pairs(bench.noted(`${key} ${way}`), bench.noted(`${key} one`)));
        const least = LEAST_RATIO[batch];
        const goal = way !== 'messages' && variant === 'relaxed' ? { text: `≥ ${least}×`, reached: ratio >= least } : undefined;
        return { what: `${variant}, batch ${batch}`, unit: '/s', ...spread(bench.noted(`${key} ${way}`)), ratio, goal };
      }),
    })),
};
