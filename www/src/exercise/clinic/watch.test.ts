import { describe, expect, it } from 'vitest';
import { readWatch, record, type Recording } from './watch.ts';

const flat = { low: 0, high: 0, counts: [4], broken: 0 };
const told = (step: number, loss: unknown, layer: object = {}) =>
  readWatch(JSON.stringify({ watch: { step, of: 3, measures: { loss }, layers: [{ name: '0 Linear', gradient: 1, ...layer }] } }));

describe('what the monitor of the clinic tells', () => {
  it('becomes curves and histograms, NaN among them', () => {
    let recording: Recording | null = record(null, told(0, 2.5, { weights: flat, outputs: flat })!);
    recording = record(recording, told(1, 'inf')!);
    recording = record(recording, told(2, 'nan', { gradient: 'nan', outputs: flat, weights: flat })!);
    expect(recording!.measures.loss).toEqual([2.5, Infinity, NaN]);
    expect(recording!.layers[0]!.gradients).toEqual([1, 1, NaN]);
    expect(recording!.layers[0]!.weights).toHaveLength(2);
    expect(recording!.snapshots).toEqual([0, 2]);
    expect(recording).toMatchObject({ of: 3, steps: 3 });
  });

  it('ends where another training begins', () => {
    expect(record(record(null, told(0, 1)!), told(0, 1)!)).toBeNull();
  });

  it('is refused where it has another form', () => {
    for (const json of ['', 'null', '{"watch":3}', '{"watch":{"step":-1,"of":1,"measures":{},"layers":[]}}', '{"step":1}']) expect(readWatch(json)).toBeNull();
    expect(told(0, 'high')!.measures).toEqual({});
    expect(told(0, 1, { weights: { low: 0, high: 1, counts: ['a'], broken: 0 } })!.layers[0]!.weights).toBeNull();
  });
});
