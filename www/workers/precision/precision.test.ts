// Trainings in narrow numbers on real digits: f32 is the training engine's own gradient, what is stored fits its format,
// f16 without a scale stands still where it should, and a scale that is too large falls.
import { readFileSync } from 'node:fs';
import { load, type Engine, type LayerSpec, type RunSpec } from 'danlu';
import { beforeAll, expect, it } from 'vitest';
import { splitDigits } from '../digits.ts';
import { fileOf, tensorsOf } from '../safetensors.ts';
import { Arithmetic } from './arithmetic.ts';
import { formats, roundTo } from './formats.ts';
import { Network } from './network.ts';
import { initial, networks } from './networks.ts';
import { Precision } from './precision.ts';
import { wayNames, type Job, type PrecisionEvent, type Progress } from './protocol.ts';
import { LossScaler } from './scaler.ts';
import { Trial, type Samples } from './trial.ts';

const read = (path: string) => new Uint8Array(readFileSync(new URL(`../../../${path}`, import.meta.url)));
let engine: Engine;
let arithmetic: Arithmetic;
let samples: Samples;

beforeAll(async () => {
  const glue = await import('danlu/danlu_python.js');
  engine = await load({ variant: 'simd' });
  arithmetic = new Arithmetic(await load({ variant: 'simd', source: read('pkg-config/pkg/danlu_python.wasm'), glue: () => glue }));
  const { train } = splitDigits(engine, read('build/data/mnist-images.idx.gz'), read('build/data/mnist-labels.idx.gz'));
  samples = { x: train.images.subarray(0, 400 * 784), labels: train.labels.subarray(0, 400) };
});

const usual: Job = { network: 'mlp', optimizer: 'adam', rate: 0.001, batch_size: 20, steps: 10, seed: 3, weight: 1, static_scale: 12, first_scale: 16, interval: 5, master: true, ways: [...wayNames] };
const numbers = (step: number, count = 20) => Uint32Array.from({ length: count }, (_, at) => (step * count + at) % 400);

function trial(way: Job['ways'][number], part: Partial<Job> = {}): Trial {
  const job = { ...usual, ...part };
  arithmetic.seed(job.seed);
  return new Trial(arithmetic, job, way, initial(arithmetic, networks[job.network].layers));
}

function steps(way: Job['ways'][number], count: number, part: Partial<Job> = {}) {
  const one = trial(way, part);
  return { one, steps: Array.from({ length: count }, (_, step) => one.step(samples, numbers(step, part.batch_size), true)) };
}

it('in f32 the gradients are those of the engine that trains', () => {
  const { layers, loss } = networks.cnn;
  arithmetic.seed(1);
  const weights = initial(arithmetic, layers);
  const x = { shape: [20, 28, 28, 1], values: samples.x.slice(0, 20 * 784) };
  const labels = samples.labels.slice(0, 20);
  const pass = new Network(arithmetic, layers, loss).learn(x, { labels, pixels: x.values }, weights, { kept: 'f32', weight: 1, scale: 1 });
  const conv = (name: string, filters: number): LayerSpec => ({ type: 'conv2d', name, filters, kernel: [3, 3], padding: 'same', activation: 'relu' });
  const spec: RunSpec = {
    model: { input: [28, 28, 1], layers: [conv('conv_1', 8), { type: 'max_pool2d', size: [2, 2] }, conv('conv_2', 16), { type: 'max_pool2d', size: [2, 2] }, { type: 'flatten' }, { type: 'dense', name: 'dense', units: 10, activation: 'softmax' }] },
    loss: 'categorical_cross_entropy',
    optimizer: { type: 'sgd', learning_rate: 0.1 },
  };
  const session = engine.createSession(spec, 1);
  session.setWeights(fileOf(weights));
  const report = session.trainBatch(x.values, labels);
  const theirs = tensorsOf(session.getGradients());
  session.free();
  expect(pass.loss).toBeCloseTo(report.loss, 5);
  for (const [name, { values }] of theirs) {
    const ours = pass.gradients.get(name)!.values;
    const size = Math.max(...values.map(Math.abs));
    expect(ours).toHaveLength(values.length);
    expect(Math.max(...values.map((value, at) => Math.abs(value - ours[at]!))) / size, name).toBeLessThan(1e-5);
  }
});

it.each(['f16', 'bf16'] as const)('in %s every gradient is a number of that format, 2¹⁰ times as large under a scale', (kept) => {
  const { layers, loss } = networks.mlp;
  arithmetic.seed(1);
  const weights = initial(arithmetic, layers);
  const x = { shape: [20, 784], values: samples.x.slice(0, 20 * 784) };
  const learn = (scale: number) => new Network(arithmetic, layers, loss).learn(x, { labels: samples.labels.slice(0, 20), pixels: x.values }, weights, { kept, weight: 1, scale }).gradients;
  const [plain, scaled] = [learn(1), learn(1024)];
  for (const [name, { values }] of scaled) {
    expect(values.filter((value) => roundTo(value, formats[kept]) !== value)).toHaveLength(0);
    const ratios = Array.from(values).flatMap((value, at) => (Math.abs(value) > 1 ? [value / plain.get(name)!.values[at]!] : []));
    for (const ratio of ratios) expect(Math.abs(ratio / 1024 - 1)).toBeLessThan(0.05);
  }
});

it('a loss over very many pixels: without a scale f16 moves nothing, with one it follows f32', () => {
  const part = { network: 'autoencoder', weight: 2 ** -8, batch_size: 64 } as const;
  const last = (way: Job['ways'][number]) => steps(way, 30, part).steps.slice(-5).reduce((sum, { loss }) => sum + loss / 5, 0);
  const { one, steps: still } = steps('f16', 30, part);
  expect(one.unmoved().unmoved).toBe(one.unmoved().weights);
  const answers = still[0]!.layers!.at(-2)!.answers;
  expect(answers.lost / answers.all).toBeGreaterThan(0.9);
  const [f32, scaled, dynamic, bf16] = [last('f32'), last('f16-static'), last('f16-dynamic'), last('bf16')];
  expect(still.at(-1)!.loss).toBeGreaterThan(1.3 * f32);
  for (const loss of [scaled, dynamic, bf16]) expect(Math.abs(loss / f32 - 1)).toBeLessThan(0.02);
}, 60_000);

it('a scale that is too large: the dynamic one halves until gradients fit, the fixed one skips every step', () => {
  const { one, steps: dynamic } = steps('f16-dynamic', 16, { first_scale: 24 });
  const firstGood = dynamic.findIndex(({ skipped }) => !skipped);
  expect(firstGood).toBeGreaterThan(2);
  expect(dynamic.slice(0, firstGood + 1).map(({ scale }) => Math.log2(scale))).toEqual(Array.from({ length: firstGood + 1 }, (_, at) => 24 - at));
  expect(one.unmoved().unmoved).toBeLessThan(one.unmoved().weights);
  const fixed = steps('f16-static', 6, { static_scale: 24 });
  expect(fixed.steps.every(({ skipped, scale }) => skipped && scale === 2 ** 24)).toBe(true);
  expect(fixed.one.unmoved().unmoved).toBe(fixed.one.unmoved().weights);
  expect(fixed.steps[0]!.layers!.some(({ answers }) => answers.broken > 0)).toBe(true);
});

it('without a copy in f32 small updates of bf16 weights are rounded away', () => {
  const share = (part: Partial<Job>) => {
    const { unmoved, weights } = steps('bf16', 10, { rate: 1e-4, ...part }).one.unmoved();
    return unmoved / weights;
  };
  expect(share({ master: false })).toBeGreaterThan(0.6);
  expect(share({ master: true })).toBeLessThan(0.4);
});

it('the scale’s states are those of the exercise', () => {
  const scaler = new LossScaler({ scale: 64, growth: 4, backoff: 0.25, interval: 3 });
  const scales = [true, true, false, true, true, true, true, false, false].map((good) => (scaler.hear(good), scaler.scale));
  expect(scales).toEqual([64, 64, 16, 16, 16, 64, 64, 16, 4]);
});

it('ways go side by side, the same run twice, and a stop ends them', async () => {
  const run = async (stopAfter = Infinity) => {
    const said: PrecisionEvent[] = [];
    const ground = { arithmetic, train: samples, heldOut: { x: samples.x.subarray(0, 40 * 784), labels: samples.labels.subarray(0, 40) } };
    let now = 0;
    const precision = new Precision(async () => ground, (event) => said.push(event), () => (now += 15));
    const opened = await precision.perform({ id: 1, call: 'start', ask: { ...usual, ways: ['f32', 'f16'] } });
    expect(opened).toMatchObject({ parameters: 50890, layers: [{ name: 'dense_1', weights: 50240 }, { name: 'relu_1', weights: 0 }, { name: 'dense_2' }] });
    for (let turns = 0; precision.busy && turns < stopAfter; turns += 1) precision.advance();
    if (precision.busy) await precision.perform({ id: 2, call: 'stop', ask: {} });
    return { said, busy: precision.busy };
  };
  const [once, twice] = [await run(), await run()];
  const losses = (said: PrecisionEvent[], way: string) => said.flatMap((event) => (event.kind === 'progress' && event.way === way ? event.losses : []));
  for (const way of ['f32', 'f16']) {
    expect(losses(once.said, way)).toHaveLength(10);
    expect(losses(twice.said, way)).toEqual(losses(once.said, way));
  }
  expect(once.said.filter(({ kind }) => kind === 'ended')).toHaveLength(2);
  expect(once.said.at(-1)).toEqual({ kind: 'finished' });
  expect((once.said.find(({ kind }) => kind === 'progress') as Progress).layers).toHaveLength(3);
  const stopped = await run(2);
  expect(stopped.busy).toBe(false);
  expect(stopped.said.some(({ kind }) => kind === 'finished')).toBe(false);
});
