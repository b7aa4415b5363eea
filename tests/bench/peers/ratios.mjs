// What a run of the shared benchmark says of Danlu's goals: node tests/bench/peers/ratios.mjs results.json
//
// Each ratio is taken within a round, to the fastest of the peers named in that round; then the
// median. Rounds that other processes disturbed are left out where there are quiet ones.
import { readFileSync, realpathSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { median } from '../statistics.mjs';
import { renderTable } from '../table.mjs';

/** Cores that other processes may use in a segment that counts as quiet. */
const QUIET = 0.1;

const BROWSER_ONE = /^(ort-train1|burn-\w+|candle\w*|tfjs-wasm1|tfjs-cpu|jax-wasm1|jax-cpu|convnetjs)$/;
const BROWSER_TWO = /^(ort-train2|tfjs-wasm2|tfjs-wasmt|jax-wasm)$/;
const BROWSER = /^(ort-|burn-|candle|tfjs-|jax-|convnetjs)/;
const TENSORFLOW_TWO = /^tf2/;
const NATIVE_TWO = /^(tf2|torch2)/;

/** What the issue asks for: who, in which part, against whom, at least how many times. */
const GOALS = [
  ...['train32', 'train128'].flatMap((part) => [
    { who: 'danlu-relaxed-1', part, against: BROWSER_ONE, words: 'browser peers, 1 thread', least: 6 },
    { who: 'danlu-simd-1', part, against: BROWSER_ONE, words: 'browser peers, 1 thread', least: 5 },
  ]),
  { who: 'danlu-relaxed-1', part: 'train32', against: TENSORFLOW_TWO, words: 'TensorFlow, 2 threads', least: 1 },
  { who: 'danlu-relaxed-2', part: 'train32', against: /^danlu-relaxed-1$/, words: 'one worker', least: 1.5 },
  { who: 'danlu-relaxed-2', part: 'train128', against: /^danlu-relaxed-1$/, words: 'one worker', least: 1.6 },
  ...['train32', 'train128'].flatMap((part) => [
    { who: 'danlu-relaxed-2', part, against: BROWSER_TWO, words: 'browser peers, 2 threads', least: 8 },
    { who: 'danlu-relaxed-2', part, against: NATIVE_TWO, words: 'native peers, 2 threads', least: 1 },
  ]),
  { who: 'danlu-relaxed-1', part: 'infer128', against: BROWSER, words: 'browser peers', least: 1 },
];

const PARTS = {
  train32: 'training, batch 32',
  train128: 'training, batch 128',
  infer128: 'inference, batch 128',
};

/** { fastest, ratio } of `who` in `part` to the fastest of the peers that `against` names; null without either. */
export function ratioToFastest(results, who, part, against) {
  const peers = Object.keys(results).filter((id) => against.test(id) && id !== who);
  const at = (id, round) => results[id]?.rounds[round]?.[part];
  const rounds = [];
  for (let round = 0; round < (results[who]?.rounds.length ?? 0); round++) {
    const ours = at(who, round);
    const theirs = peers.map((id) => ({ id, ...at(id, round) })).filter(({ perSec }) => perSec > 0);
    if (!ours?.perSec || theirs.length === 0) continue;
    const fastest = theirs.reduce((a, b) => (b.perSec > a.perSec ? b : a));
    rounds.push({ fastest: fastest.id, ratio: ours.perSec / fastest.perSec, quiet: !(Math.max(ours.others ?? 0, fastest.others ?? 0) > QUIET) });
  }
  if (rounds.length === 0) return null;
  const quiet = rounds.filter((round) => round.quiet);
  const used = quiet.length > 0 ? quiet : rounds;
  return { fastest: [...new Set(used.map(({ fastest }) => fastest))].join(', '), ratio: median(used.map(({ ratio }) => ratio)) };
}

function rowsOf(results) {
  const rows = GOALS.flatMap(({ who, part, against, words, least }) => {
    const found = ratioToFastest(results, who, part, against);
    if (!found) return [];
    const what = `${who}, ${PARTS[part]}, to ${words} (${found.fastest})`;
    return [{ what, ratio: found.ratio, goal: { text: `≥ ${least}×`, reached: found.ratio >= least } }];
  });
  const latencies = (results['danlu-relaxed-1']?.rounds ?? []).flatMap(({ lat1 }) => (lat1 ? [lat1.median] : []));
  if (latencies.length === 0) return rows;
  const micros = 1000 * median(latencies);
  return [...rows, { what: 'danlu-relaxed-1, inference, batch 1, a call', unit: 'µs', median: micros, goal: { text: '< 100 µs', reached: micros < 100 } }];
}

if (process.argv[1] && import.meta.url === pathToFileURL(realpathSync(process.argv[1])).href) {
  const { res } = JSON.parse(readFileSync(process.argv[2], 'utf8'));
  console.log(renderTable([{ title: 'Danlu in the shared benchmark', rows: rowsOf(res) }]).join('\n'));
}
