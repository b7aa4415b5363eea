// What a page would take instead: libraries from npm that train the same net in the browser.
import { median } from '../statistics.mjs';
import { installPeers } from '../peers/install.mjs';
import { trainRate } from './sessions.mjs';

const PEERS = [
  { key: 'ort 1', label: 'onnxruntime-web 1.19 training, 1 thread', file: 'peers/ort.js', options: { threads: 1 } },
  { key: 'ort 2', label: 'onnxruntime-web 1.19 training, 2 threads', file: 'peers/ort.js', options: { threads: 2 } },
  { key: 'tfjs wasm 1', label: 'TensorFlow.js wasm, 1 thread', file: 'peers/tfjs.js', options: { backend: 'wasm', threads: 1 } },
  { key: 'tfjs wasm 2', label: 'TensorFlow.js wasm, 2 threads', file: 'peers/tfjs.js', options: { backend: 'wasm', threads: 2 } },
  { key: 'tfjs webgl', label: 'TensorFlow.js webgl (in software)', file: 'peers/tfjs.js', options: { backend: 'webgl' } },
  { key: 'tfjs cpu', label: 'TensorFlow.js cpu (plain JavaScript)', file: 'peers/tfjs.js', options: { backend: 'cpu' }, batches: [32] },
];
const BATCHES = [32, 128];
/** How many times the fastest peer on one thread an engine on one worker trains. */
const LEAST_TIMES = { relaxed: 6, simd: 5 };
const SINGLE = PEERS.filter(({ options }) => options.threads === 1);

/** Peers that run here; the others and why not. */
const able = [];
const unable = [];

const ourKey = (variant, batch) => `beside peers ${variant} ${batch}`;

export const peers = {
  name: 'peers',
  async prepare(bench) {
    await installPeers(bench.copy);
    for (const variant of bench.options.variants) {
      for (const batch of BATCHES) {
        const key = ourKey(variant, batch);
        await bench.ask({ call: 'openSession', key, variant, net: 'reference', batch, trains: true });
      }
    }
    for (const peer of PEERS) {
      try {
        await bench.ask({ call: 'open', ...peer.options }, peer.file, peer.key);
        able.push(peer);
      } catch (error) {
        unable.push({ ...peer, reason: error.message.split('\n')[0] });
      }
    }
  },
  async round(bench) {
    const { ms } = bench.options;
    for (const batch of BATCHES) {
      for (const variant of bench.options.variants) {
        bench.note(ourKey(variant, batch), await trainRate(bench, ourKey(variant, batch), batch, ms / 2));
      }
      for (const { key, file, batches = BATCHES } of able) {
        if (!batches.includes(batch)) continue;
        for (const [call, size] of [
          ['train', batch],
          ['predict', batch === 32 ? 1 : batch],
        ]) {
          const seconds = await bench.ask({ call, batch: size, ms: ms / 2 }, file, key);
          bench.note(`${call} ${key} ${size}`, size / median(seconds));
        }
      }
    }
  },
  sections(bench) {
    const rows = (call, batch, unit = '/s') =>
      able
        .filter(({ key }) => bench.noted(`${call} ${key} ${batch}`).length > 0)
        .map(({ key, label }) => ({ what: label, unit, ...bench.spread(`${call} ${key} ${batch}`) }));
    const training = BATCHES.map((batch) => ({
      title: `Peers, reference net, training, batch ${batch}`,
      rows: rows('train', batch),
    }));
    const against = {
      title: 'Reference net, one worker, to the fastest peer on one thread in the same round',
      rows: BATCHES.flatMap((batch) =>
        bench.options.variants.map((variant) => {
          const key = ourKey(variant, batch);
          const ratio = timesTheFastest(bench, key, batch);
          const goal = ratio && { text: `≥ ${LEAST_TIMES[variant]}×`, reached: ratio >= LEAST_TIMES[variant] };
          return { what: `${variant}, batch ${batch}`, unit: '/s', ...bench.spread(key), ratio, goal };
        }),
      ),
    };
    const latency = rows('predict', 1, 'µs').map((row) => ({ ...row, median: 1e6 / row.median, least: 1e6 / row.most, most: 1e6 / row.least }));
    return [
      ...training,
      against,
      { title: 'Peers, reference net, inference, batch 1, a call', rows: latency },
      { title: 'Peers, reference net, inference, batch 128', rows: rows('predict', 128) },
      { title: 'Peers that do not run here', rows: unable.map(({ label, reason }) => ({ what: label, note: reason })) },
    ];
  },
};

/** The median over the rounds of a rate to the best peer's of that round; undefined without a peer. */
function timesTheFastest(bench, key, batch) {
  const single = SINGLE.map((peer) => bench.noted(`train ${peer.key} ${batch}`)).filter((rounds) => rounds.length > 0);
  if (single.length === 0) return undefined;
  return median(bench.noted(key).map((rate, round) => rate / Math.max(...single.map((rounds) => rounds[round]))));
}
