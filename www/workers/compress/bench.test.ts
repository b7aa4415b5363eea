// The room's worker on the engine itself, with a small set of bars in the place of digits.
import type { Engine } from 'danlu';
import { load, readQuantised } from 'danlu/compression';
import { beforeAll, expect, it, vi } from 'vitest';
import { initialSpec, preset, type PresetName } from '../../src/lab/presets.ts';
import type { LabSpec } from '../../src/lab/spec.ts';
import { Shelf } from '../lab/data.ts';
import type { Dataset, Part } from '../lab/protocol.ts';
import { tensorsOf } from '../safetensors.ts';
import { Compress } from './compress.ts';
import { zerosOf } from './models.ts';
import type { CompressCalls, CompressEvent, Row } from './protocol.ts';
import { denseOf } from './sparse.ts';

// These train for real; a busy machine takes its time.
vi.setConfig({ testTimeout: 90_000 });

let engine: Engine;
beforeAll(async () => void (engine = await load({ variant: 'simd' })));

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
  train: bars(300, 1),
  heldOut: bars(100, 2),
};

function specOf(name: PresetName, epochs: number): LabSpec {
  return { ...initialSpec(), data: { name: 'bars', hash: 'b' }, model: preset(name), strategy: { ...initialSpec().strategy, epochs } };
}

function setUp() {
  const events: CompressEvent[] = [];
  const compress = new Compress(async () => engine, new Shelf(() => Promise.reject(new Error('the digits are not asked for'))), (event) => void events.push(event));
  const ask = <K extends keyof CompressCalls>(call: K, given: CompressCalls[K]['ask']) => compress.perform({ id: 1, call, ask: given } as never) as Promise<CompressCalls[K]['answer']>;
  const finish = async () => {
    while (compress.busy) await compress.advance();
  };
  const rows = () => events.flatMap((event): Row[] => (event.kind === 'row' ? [event.row] : event.kind === 'base' ? [event.base.row] : []));
  const refused = async (asked: Promise<unknown>) => asked.then(() => undefined, (error: { code?: string; fields?: object }) => [error.code, error.fields]);
  return { events, ask, finish, rows, refused };
}

async function trained(name: PresetName = 'mlp', epochs = 6) {
  const room = setUp();
  await room.ask('give', { dataset });
  await room.ask('begin', { spec: specOf(name, epochs), weights: null });
  await room.finish();
  return room;
}

it('trains the base, times it, and hands out the file that it judged', async () => {
  const { rows, events, ask } = await trained();
  const [base] = rows();
  expect(base).toMatchObject({ id: 'A', method: { type: 'base' } });
  expect(base!.accuracy).toBeGreaterThan(0.9);
  const file = await ask('file', { id: 'A', kind: 'f32' });
  expect(base!.files.find(({ kind }) => kind === 'f32')).toEqual({ kind: 'f32', bytes: file.length });
  expect([...tensorsOf(file).keys()]).toContain('dense/kernel');
  const measured = events.findLast((event) => event.kind === 'measured');
  expect(measured).toMatchObject({ latencies: { A: { one_ms: expect.any(Number), batch_ms: expect.any(Number) } } });
});

it('answers in int8 from the very bytes that are downloaded', async () => {
  const { ask, rows, finish, refused } = await trained();
  for (const [per_channel, calibration] of [[true, 'min_max'], [false, 'percentile'], [true, 'mse']] as const) {
    await ask('quantise', { of: 'A', per_channel, calibration, percent: 99.9 });
    await finish();
  }
  const [base, ...quantised] = rows();
  expect(quantised.map(({ id }) => id)).toEqual(['B', 'C', 'D']);
  for (const row of quantised) {
    const file = await ask('file', { id: row.id, kind: 'int8' });
    expect(row.files[0]).toEqual({ kind: 'int8', bytes: file.length });
    expect(file.length).toBeLessThan(base!.files[0]!.bytes / 3.4);
    const judged = readQuantised(engine, file).evaluateOn(dataset.heldOut.x, dataset.heldOut.labels);
    expect(row.accuracy).toBeCloseTo(judged.accuracy, 9);
    expect(Math.abs(row.accuracy - base!.accuracy)).toBeLessThan(0.05);
  }
  const { times } = await ask('layers', { id: 'B' });
  expect(times.map(({ name }) => name)).toEqual(['dense', 'dense_1', 'dense_2']);
  expect(times.every(({ int8_ms, f32_ms }) => int8_ms > 0 && f32_ms > 0)).toBe(true);
  expect(await refused(ask('quantise', { of: 'B', per_channel: true, calibration: 'min_max', percent: 0 }))).toEqual(['compress_not_f32', { name: 'B' }]);
  await ask('remove', { id: 'B' });
  expect(await refused(ask('file', { id: 'B', kind: 'int8' }))).toEqual(['no_run', {}]);
});

it('prunes in three ways; zeros stay zeros, and the sparse file holds the rest', async () => {
  const { ask, rows, finish, events } = await trained();
  for (const [way, global] of [['one-shot', true], ['fine-tuned', false], ['gradual', true]] as const) {
    await ask('prune', { way, sparsity: 0.8, global, epochs: way === 'one-shot' ? 0 : 4 });
    await finish();
  }
  const [base, once, tuned, gradual] = rows();
  for (const row of [once!, tuned!, gradual!]) {
    const file = await ask('file', { id: row.id, kind: 'f32' });
    expect(row.pruned).toEqual(zerosOf(file));
    const sum = (key: 'count' | 'zeros') => row.pruned.reduce((all, layer) => all + layer[key], 0);
    expect(sum('zeros') / sum('count')).toBeCloseTo(0.8, 3);
    const sparse = await ask('file', { id: row.id, kind: 'sparse' });
    const back = denseOf(sparse);
    for (const [name, tensor] of tensorsOf(file)) expect(back.get(name)).toEqual(tensor);
    expect(sparse.length).toBeLessThan(base!.files[0]!.bytes * 0.45);
  }
  // Each layer alike, where it was asked for.
  expect(tuned!.pruned.every(({ count, zeros }) => Math.abs(zeros / count - 0.8) < 0.01)).toBe(true);
  const told = events.flatMap((event) => (event.kind === 'progress' && event.what === 'prune' ? (event.lines.pruned ?? []) : [])).filter((_, at) => at % 3 === 1);
  expect(told.slice(-4).every((sparsity) => Math.abs(sparsity - 0.8) < 0.001)).toBe(true);
  expect(gradual!.accuracy).toBeGreaterThan(0.85);
});

it('trains the student twice from the same weights', async () => {
  const { ask, rows, finish, events } = await trained('article', 3);
  await ask('distil', { student: 'conv', epochs: 4, temperature: 3, alpha: 0.7 });
  await finish();
  const [, taught, alone] = rows();
  expect([taught!.method, alone!.method]).toEqual([
    { type: 'student', student: 'conv', epochs: 4, taught: { temperature: 3, alpha: 0.7 } },
    { type: 'student', student: 'conv', epochs: 4, taught: null },
  ]);
  const first = events.find((event) => event.kind === 'progress' && event.what === 'distil');
  const [a, b] = first?.kind === 'progress' ? [first.lines.taught!, first.lines.alone!] : [[], []];
  // Epochs, loss and accuracy before the first step.
  expect(a.slice(0, 3)).toEqual(b.slice(0, 3));
  expect(taught!.accuracy).toBeGreaterThan(0.3);
  expect(taught!.parameters).toBeLessThan(3000);
});

it('says what it does not take, and stops when asked', async () => {
  const { ask, refused, rows, events } = await trained('transformer', 1);
  const [code, fields] = (await refused(ask('quantise', { of: 'A', per_channel: true, calibration: 'min_max', percent: 0 })))!;
  expect(code).toBe('layer_argument');
  expect((fields as { layer: string }).layer).toBe('position');
  await ask('prune', { way: 'fine-tuned', sparsity: 0.5, global: true, epochs: 50 });
  expect(await refused(ask('measure', {}))).toEqual(['compress_busy', {}]);
  await ask('stop', {});
  expect(events.at(-1)).toEqual({ kind: 'stopped', what: 'prune' });
  expect(rows()).toHaveLength(1);
  expect(await refused(ask('begin', { spec: { ...specOf('mlp', 1), data: { name: 'other', hash: 'x' } }, weights: null }))).toEqual(['no_dataset', { name: 'other' }]);
});
