import { load, type Engine, type ScheduleSpec } from 'danlu';
import { beforeAll, expect, it, vi } from 'vitest';
import { initialSpec, preset, presetNames } from '../../src/lab/presets.ts';
import type { LabSpec } from '../../src/lab/spec.ts';
import { scheduleTypes } from '../../src/lab/strategy.ts';
import { Shelf } from './data.ts';
import { describe } from './describe.ts';
import { Lab } from './lab.ts';
import type { Dataset, LabAsk, LabCallName, LabEvent, LabFinished, Part } from './protocol.ts';

// These train for real; a busy machine takes its time.
vi.setConfig({ testTimeout: 60_000 });

let engine: Engine;
beforeAll(async () => void (engine = await load({ variant: 'simd' })));

/** Ten kinds of bars, one for each label, with a little seeded noise: learnable, and made in no time. */
function bars(count: number, seed: number): Part {
  let state = seed;
  const noise = () => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0) / 2 ** 32;
  const labels = Uint32Array.from({ length: count }, (_, at) => at % 10);
  const x = Float32Array.from({ length: count * 784 }, (_, at) => {
    const row = Math.floor((at % 784) / 28) - 2 * labels[Math.floor(at / 784)]!;
    return (row >= 3 && row < 6 ? 0.8 : 0) + 0.2 * noise();
  });
  return { count, x, labels };
}

const dataset: Dataset = {
  ref: { name: 'bars', hash: 'b' },
  shape: [28, 28, 1],
  classes: Array.from({ length: 10 }, (_, at) => `bar ${at}`),
  train: bars(200, 1),
  heldOut: bars(60, 2),
};
const spec: LabSpec = { ...initialSpec(), data: { name: 'bars', hash: 'b' }, strategy: { ...initialSpec().strategy, epochs: 2 } };

function setUp() {
  const events: LabEvent[] = [];
  const shelf = new Shelf(() => Promise.reject(new Error('the digits are not asked for')));
  shelf.give(dataset);
  const lab = new Lab(async () => engine, shelf, (event) => void events.push(event));
  const ask = async <K extends LabCallName>(call: K, given: LabAsk<K>): Promise<any> => (await lab.perform({ id: 1, call, ask: given } as never))[0];
  const finish = () => {
    while (lab.busy) lab.advance();
  };
  const last = () => events.findLast((event): event is LabFinished => event.kind === 'finished');
  const points = (which: 'training_points' | 'held_out_points') => events.flatMap((event) => (event.kind === 'progress' ? [...event[which]] : []));
  return { lab, events, ask, finish, last, points };
}

const same = (a: Uint8Array, b: Uint8Array) => Buffer.compare(a, b) === 0;

async function trained(change: Partial<LabSpec['strategy']> = {}) {
  const bench = setUp();
  await bench.ask('start', { run: 'a', spec: { ...spec, strategy: { ...spec.strategy, ...change } } });
  bench.finish();
  return bench;
}

it('a run ends after its epochs, with its weights and curves', async () => {
  const { last, points, events } = await trained();
  expect(last()).toMatchObject({ run: 'a', reason: 'complete', step: 14 });
  expect(points('held_out_points').filter((_, at) => at % 3 === 0)).toEqual([0, 1, 2, 7, 14]);
  expect(points('training_points').filter((_, at) => at % 4 === 0).at(-1)).toBe(14);
  expect(points('training_points').filter((_, at) => at % 4 === 3).every((rate) => rate === 0.001)).toBe(true);
  expect(events.at(-1)?.kind).toBe('finished');
});

it('pauses, single steps and checkpoints change no bit of the weights', async () => {
  const whole = await trained();
  const cut = setUp();
  await cut.ask('start', { run: 'b', spec, paused: true });
  await cut.ask('step', { steps: 1 });
  cut.finish();
  expect((await cut.ask('checkpoint', {})).step).toBe(1);
  await cut.ask('step', { steps: 4 });
  cut.finish();
  const { bytes, step } = await cut.ask('checkpoint', {});
  expect(step).toBe(5);
  const fresh = setUp();
  await fresh.ask('start', { run: 'b', spec, from: { checkpoint: bytes, step } });
  fresh.finish();
  cut.ask('resume', {});
  cut.finish();
  expect(same(fresh.last()!.weights, whole.last()!.weights)).toBe(true);
  expect(same(cut.last()!.weights, whole.last()!.weights)).toBe(true);
});

it('a checkpoint waits for a judgement under way, so that early stopping and plateaus go on as if nothing had been', async () => {
  const strategy = { ...spec.strategy, epochs: 6, reduce_on_plateau: { patience: 1, min_delta: 10, factor: 0.5 }, early_stopping: { patience: 4, min_delta: 10 } };
  const model: LabSpec['model'] = { input: [28, 28, 1], layers: [{ type: 'flatten' }, { type: 'dense', units: 10, activation: 'softmax' }] };
  const small = { ...spec, model, strategy };
  const whole = setUp();
  await whole.ask('start', { run: 'a', spec: small });
  whole.finish();
  let cut = setUp();
  await cut.ask('start', { run: 'a', spec: small });
  const reports: number[] = [];
  // Each time with nothing but a checkpoint kept, wherever it stands, at the end of an epoch too, whose judgement is then still to come.
  while (cut.lab.busy) {
    cut.lab.advance();
    const { bytes, step } = await cut.ask('checkpoint', {});
    if (cut.last()) break;
    if (step === 0) continue;
    const fresh = setUp();
    await fresh.ask('start', { run: 'a', spec: small, from: { checkpoint: bytes, step } });
    reports.push(step);
    cut = fresh;
  }
  cut.finish();
  expect(reports.filter((step) => step % 7 === 0 && step > 0).length).toBeGreaterThan(0);
  expect(cut.last()).toMatchObject({ reason: whole.last()!.reason, step: whole.last()!.step });
  expect(same(cut.last()!.weights, whole.last()!.weights)).toBe(true);
});

it('early stopping ends a run, and so does a loss that is no number', async () => {
  const early = await trained({ epochs: 50, early_stopping: { patience: 0, min_delta: 10, restore_best_weights: true } });
  expect(early.last()).toMatchObject({ reason: 'early', step: 14 });
  const diverged = await trained({ epochs: 50, optimizer: { type: 'sgd', learning_rate: 1e30 } });
  expect(diverged.last()!.reason).toBe('diverged');
});

it('fewer training samples are a part of more, the classes alike', async () => {
  const { ask } = setUp();
  expect(await ask('data', { ref: { ...spec.data, limit: 25 } })).toMatchObject({ train: 25, heldOut: 60, balance: [3, 3, 3, 3, 3, 2, 2, 2, 2, 2] });
  await expect(ask('data', { ref: { name: 'nowhere' } })).rejects.toMatchObject({ code: 'no_dataset', fields: { name: 'nowhere' } });
});

it('every preset is a model of the engine', () => {
  for (const name of presetNames) {
    const { problem, layers, flops } = describe(engine, { ...spec, model: preset(name) }, dataset);
    expect(problem, name).toBeNull();
    expect(layers.at(-1)!.outputShape, name).toEqual([10]);
    expect(flops, name).toBeGreaterThan(0);
  }
});

it('shapes, parameters and operations are those of the layers', () => {
  const { layers, parameters, flops } = describe(engine, spec, dataset);
  expect(layers.map(({ outputShape }) => outputShape)).toEqual([[26, 26, 32], [13, 13, 32], [5408], [64], [10]]);
  expect(parameters).toBe(347_146);
  // 2·9·1 for each of 26·26·32 outputs, a bias and a relu on each; a comparison for each pooled value; 2·5408·64 …
  expect(layers.map((layer) => layer.flops)).toEqual([20 * 26 * 26 * 32, 4 * 13 * 13 * 32, 0, 2 * 5408 * 64 + 128, 2 * 64 * 10 + 20]);
  expect(flops).toBe(layers.reduce((sum, layer) => sum + layer.flops, 0));
});

it('a model that does not go with its data is told so', () => {
  const model = preset('mlp', [14, 14, 1], 4);
  expect(describe(engine, { ...spec, model }, dataset).problem).toEqual({
    failure: { code: 'data_shape', fields: { expected: '[28, 28, 1]', got: '[14, 14, 1]' }, fatal: false },
    layer: undefined,
  });
  expect(describe(engine, { ...spec, model: preset('mlp', [28, 28, 1], 4) }, dataset).problem).toMatchObject({ failure: { code: 'data_classes' }, layer: 3 });
});

it('a mistake is told at the layer that causes it, with the layers before it', () => {
  const wrong = (layers: object[]) => describe(engine, { ...spec, model: { input: [28, 28, 1], layers } as LabSpec['model'] }, undefined);
  const conv = { type: 'conv2d', filters: 8, kernel: [3, 3] };
  const softmax = { type: 'dense', units: 10, activation: 'softmax' };
  const tooLarge = wrong([conv, { ...conv, kernel: [40, 40] }, { type: 'flatten' }, softmax]);
  expect(tooLarge.problem).toMatchObject({ layer: 1, failure: { code: 'layer_input' } });
  expect(tooLarge.layers.map(({ outputShape }) => outputShape)).toEqual([[26, 26, 8]]);
  expect(wrong([{ type: 'flatten' }, conv, softmax]).problem?.layer).toBe(1);
  expect(wrong([conv, { type: 'flatten' }, { type: 'dense', units: 10 }]).problem).toMatchObject({ layer: 2, failure: { code: 'last_layer' } });
  expect(wrong([conv, { type: 'flatten', name: 'twice' }, { ...softmax, name: 'twice' }]).problem?.layer).toBe(2);
  expect(wrong([{ ...conv, filters: 0 }]).problem?.layer).toBe(0);
  expect(wrong([{ type: 'flaten' }, softmax]).problem).toMatchObject({ layer: 0, failure: { code: 'unknown_name' } });
  // Layers without a name count from 1, as they stand in the builder.
  expect(tooLarge.problem!.failure.fields).toMatchObject({ layer: '2', kind: 'conv2d' });
  expect(wrong([conv, { type: 'flatten' }, { ...softmax, unit: 3 }]).problem!.failure.fields.place).toBe('layer 3');
  expect(wrong([{ ...conv, name: '0', filters: 0 }]).problem!.failure.fields.layer).toBe('0');
});

it('a run that ended is trained on by its checkpoint, to the bits of one that was asked for all epochs at once', async () => {
  const whole = await trained({ epochs: 3 });
  const first = await trained();
  const { bytes, step } = await first.ask('checkpoint', {});
  await first.ask('start', { run: 'a', spec: { ...spec, strategy: { ...spec.strategy, epochs: 3 } }, from: { checkpoint: bytes, step } });
  first.finish();
  expect(first.last()).toMatchObject({ reason: 'complete', step: 21 });
  expect(same(first.last()!.weights, whole.last()!.weights)).toBe(true);
  // A schedule that fits the run's length fits the longer one.
  const cosine = await trained({ schedule: { type: 'cosine' } as ScheduleSpec });
  const taken = await cosine.ask('checkpoint', {});
  const strategy = { ...spec.strategy, epochs: 4, schedule: { type: 'cosine' } as ScheduleSpec };
  await cosine.ask('start', { run: 'a', spec: { ...spec, strategy }, from: { checkpoint: taken.bytes, step: taken.step } });
  cosine.finish();
  expect(cosine.last()).toMatchObject({ reason: 'complete', step: 28 });
  const rates = cosine.points('training_points').filter((_, at) => at % 4 === 3);
  expect(rates.at(-1)!).toBeLessThan(1e-4);
  expect(Math.max(...rates.slice(-10))).toBeGreaterThan(rates.at(-1)!);
});

it('the rate of every schedule is drawn to the run’s end, whatever its length, and is the one that trains', async () => {
  for (const type of scheduleTypes) {
    const strategy = { ...spec.strategy, schedule: { type } as ScheduleSpec };
    const { rates, problem } = describe(engine, { ...spec, strategy }, dataset);
    expect(problem, type).toBeNull();
    expect([rates[0], rates.at(-2)], type).toEqual([1, 14]);
    if (type === 'cosine' || type === 'polynomial') expect(rates.at(-1), type).toBeLessThan(0.0001);
    if (type === 'constant') expect(new Set(rates.filter((_, at) => at % 2 === 1)).size).toBe(1);
  }
  const schedule = { type: 'warmup', then: 'cosine' } as const;
  const drawn = describe(engine, { ...spec, strategy: { ...spec.strategy, schedule } }, dataset).rates;
  const { points } = await trained({ schedule });
  const rate = new Map(Array.from({ length: drawn.length / 2 }, (_, at) => [drawn[2 * at]!, drawn[2 * at + 1]!]));
  const training = points('training_points');
  for (let at = 0; at < training.length; at += 4) expect(training[at + 3]).toBe(rate.get(training[at]!));
});

it('the network is looked into while it trains, which changes neither its weights nor its curve', async () => {
  const plain = await trained();
  const watched = setUp();
  await watched.ask('watch', { view: { layer: null, sample: 3 } });
  await watched.ask('start', { run: 'a', spec });
  for (let turn = 0; watched.lab.busy; turn += 1) {
    watched.lab.advance();
    if (turn % 5 > 0) continue;
    const { classes, counts } = await watched.ask('judged', {});
    expect([classes, counts.reduce((sum: number, one: number) => sum + one, 0)]).toEqual([10, 60]);
    await watched.ask('embedding', { limit: 40 });
    expect((await watched.ask('gradCam', { sample: 0, wanted: 1 })).heat).toHaveLength(26 * 26);
  }
  expect(watched.events.some(({ kind }) => kind === 'snapshot')).toBe(true);
  expect(same(watched.last()!.weights, plain.last()!.weights)).toBe(true);
  expect(watched.points('held_out_points')).toEqual(plain.points('held_out_points'));
  const snapshot = await watched.ask('snapshot', { layer: 'max_pool2d', sample: 0 });
  expect(snapshot.answer.picture.shape).toEqual([13, 13, 32]);
  expect(snapshot.filters.shape).toEqual([3, 3, 1, 32]);
  expect(snapshot.dead.map(({ layer }: { layer: string }) => layer)).toEqual(['conv2d', 'dense']);
  const mistakes = await watched.ask('samples', { limit: 60 });
  for (const { label, predicted } of mistakes) expect(label).not.toBe(predicted);
  const right = await watched.ask('samples', { label: 1, predicted: 1, limit: 60 });
  const counts = (await watched.ask('judged', {})).counts;
  expect(right).toHaveLength(counts[11]);
  expect(mistakes).toHaveLength(60 - [...Array(10).keys()].reduce((sum, at) => sum + counts[11 * at], 0));
});
