// How fast Keras's fit trains in the page's Python, against a session of the package, which the lab is: by turns.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { median, pairs, spread } from '../statistics.mjs';
import { openPython } from './python.mjs';
import { trainRate } from './sessions.mjs';

const script = fileURLToPath(new URL('../python/fit.py', import.meta.url));
const BATCHES = [32, 128];
const LEAST_SHARE = 0.7;
/** What the page takes where the browser can. */
const VARIANT = 'relaxed';
const session = (batch) => `keras session ${batch}`;
const fit = (batch) => `keras fit ${batch}`;

export const keras = {
  name: 'keras',
  async prepare(bench) {
    const { host, run } = await openPython(readFileSync(script, 'utf8'));
    bench.keras = { host, run };
    // The first run imports keras.
    await run();
    for (const batch of BATCHES) {
      await bench.ask({ call: 'openSession', key: session(batch), variant: VARIANT, net: 'reference', batch, trains: true });
    }
  },
  async round(bench) {
    const rates = await bench.keras.run();
    for (const batch of BATCHES) {
      bench.note(fit(batch), rates[batch]);
      bench.note(session(batch), await trainRate(bench, session(batch), batch, bench.options.ms));
    }
  },
  async finish(bench) {
    await bench.keras.host.close();
  },
  sections: (bench) => [
    {
      title: 'Keras’s fit in the page’s Python, reference net (ratio: median of pairs with the session of the same round)',
      rows: BATCHES.map((batch) => {
        const ratio = median(pairs(bench.noted(fit(batch)), bench.noted(session(batch))));
        const goal = { text: `≥ ${LEAST_SHARE}×`, reached: ratio >= LEAST_SHARE };
        return { what: `batch ${batch}`, unit: '/s', ...spread(bench.noted(fit(batch))), ratio, goal };
      }),
    },
  ],
};
