import { expect, it } from 'vitest';
import { fileOf, type Tensor } from '../safetensors.ts';
import { Measurement, median, rounds, time } from './measure.ts';
import { zerosOf } from './models.ts';
import { cubicSparsity, growthOf, growths } from './schedule.ts';
import { denseOf, gzip, sparseFile } from './sparse.ts';

it('prunes by the cubic schedule: fast at first, slowly towards the end', () => {
  expect(cubicSparsity(0, 0, 100, 0.9)).toBe(0);
  // 0.9 · (1 − (1/2)³)
  expect(cubicSparsity(50, 0, 100, 0.9)).toBeCloseTo(0.7875, 12);
  expect(cubicSparsity(100, 0, 100, 0.9)).toBe(0.9);
  expect(cubicSparsity(500, 0, 100, 0.9)).toBe(0.9);
  expect(cubicSparsity(5, 10, 100, 0.9, 0.2)).toBeCloseTo(0.2, 12);
  expect(cubicSparsity(55, 10, 100, 0.9, 0.2)).toBeCloseTo(0.9 - 0.7 / 8, 12);
});

it('lets the mask only grow, and reaches the sparsity before the last quarter', () => {
  for (const steps of [1, 2, 7, 100, 2001]) {
    const growth = [...growthOf(steps, 0.8)];
    expect(growth.at(-1)![1]).toBe(0.8);
    expect(growth.at(-1)![0]).toBeLessThanOrEqual(Math.ceil(0.75 * steps));
    growth.forEach(([step, sparsity], at) => {
      if (at > 0) expect(step > growth[at - 1]![0] && sparsity > growth[at - 1]![1]).toBe(true);
    });
    expect(growth.length).toBeLessThanOrEqual(2 * growths);
  }
});

const tensors = (): Map<string, Tensor> =>
  new Map([
    ['block.conv/kernel', { shape: [2, 1, 3, 5], values: Float32Array.from({ length: 30 }, (_, at) => (at % 7 === 3 ? at + 0.5 : 0)) }],
    ['dense/kernel', { shape: [3, 2], values: Float32Array.of(1, 2, 3, 4, 5, 6) }],
    ['dense/bias', { shape: [2], values: Float32Array.of(0, -1) }],
  ]);

it('leaves the zeros out of a file and puts them back', () => {
  const whole = fileOf(tensors());
  const file = sparseFile(whole);
  const back = denseOf(file);
  expect([...back.keys()].sort()).toEqual([...tensors().keys()].sort());
  for (const [name, { shape, values }] of tensors()) expect(back.get(name)).toEqual({ shape, values });
  // A kernel without zeros would only grow.
  expect(new TextDecoder('latin1').decode(file)).not.toContain('dense/kernel.values');
});

it('makes a sparse file small where there is much to leave out', () => {
  const values = Float32Array.from({ length: 20_000 }, (_, at) => (at % 10 === 0 ? 1 / (at + 1) : 0));
  const whole = fileOf(new Map([['k/kernel', { shape: [200, 100], values }]]));
  // 2000 weights of 4 + 2 bytes and 201 row starts, against 20,000 of 4 bytes.
  expect(sparseFile(whole).length).toBeLessThan(2000 * 6 + 201 * 4 + 400);
  expect(zerosOf(whole)).toEqual([{ name: 'k/kernel', count: 20_000, zeros: 18_000 }]);
});

it('gzips to what gunzips to the same', async () => {
  const bytes = Uint8Array.from({ length: 5000 }, (_, at) => at % 11);
  const packed = await gzip(bytes);
  expect(packed.length).toBeLessThan(500);
  const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream('gzip'));
  expect(new Uint8Array(await new Response(stream).arrayBuffer())).toEqual(bytes);
});

it('takes medians of timings long enough for the clock, models in turn', () => {
  expect(median([3, 1, 2])).toBe(2);
  expect(median([4, 1, 2, 3])).toBe(2.5);
  let clock = 0;
  const calls: string[] = [];
  const model = (name: string, perSample: number) => ({
    predict(x: Float32Array) {
      clock += perSample * x.length;
      calls.push(name);
      return x;
    },
  });
  const measurement = new Measurement([['A', model('A', 0.01)], ['B', model('B', 0.5)]], new Float32Array(6), 2, () => clock);
  while (!measurement.finished) measurement.advance();
  const { A, B } = measurement.latencies();
  expect(A!.one_ms).toBeCloseTo(0.02, 9);
  expect(A!.batch_ms).toBeCloseTo(128 * 0.02, 9);
  expect(B!.one_ms).toBeCloseTo(1, 9);
  expect(calls.lastIndexOf('A')).toBeGreaterThan(calls.indexOf('B'));
  expect(measurement.all).toBe(rounds + 1);
  clock = 0;
  const { ms, calls: taken } = time((times) => (clock += times * 0.1), 1, () => clock);
  expect(ms).toBeCloseTo(0.1, 9);
  expect(taken).toBe(32);
});
