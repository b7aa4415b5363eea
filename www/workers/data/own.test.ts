import { load, type Engine } from 'danlu';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Preparation } from '../../src/lab/spec.ts';
import { Shelf } from '../lab/data.ts';
import { figuresOf, gather, partOf, scaling, sidesOf, type OwnData } from './own.ts';

let engine: Engine;
beforeAll(async () => void (engine = await load({ variant: 'simd' })));

/** 60 samples of two channels in three classes; the first channel is about 100, the second about 20. */
function set(change: (at: number, value: number) => number = (_, value) => value): OwnData {
  const labels = Uint32Array.from({ length: 60 }, (_, at) => at % 3);
  const values = Uint8Array.from({ length: 60 * 8 }, (_, at) => change(Math.floor(at / 8), (at % 2 === 0 ? 100 : 20) + ((at * 7) % 11)));
  return { hash: 'h', name: 'set', shape: [2, 2, 2], classes: ['a', 'b', 'c'], values, labels, testFrom: 60 };
}
const prepare: Preparation = { heldOut: 0.2, seed: 1, scale: 'standard' };

describe('sides', () => {
  it('hold out a share of every class, the same for the same seed', () => {
    const sides = sidesOf(set(), prepare, undefined, engine);
    expect([sides.train.length, sides.heldOut.length]).toEqual([48, 12]);
    for (const label of [0, 1, 2]) expect(sides.heldOut.filter((at) => at % 3 === label)).toHaveLength(4);
    expect(new Set([...sides.train, ...sides.heldOut]).size).toBe(60);
    expect(sidesOf(set(), prepare, undefined, engine)).toEqual(sides);
    expect(sidesOf(set(), { ...prepare, seed: 2 }, undefined, engine)).not.toEqual(sides);
  });

  it('take the part for tests that the set has, and only the classes that are chosen', () => {
    const sides = sidesOf({ ...set(), testFrom: 45 }, { ...prepare, heldOut: 'own', classes: [2, 0] }, undefined, engine);
    expect(sides.classes).toEqual(['c', 'a']);
    expect([...sides.heldOut]).toEqual([45, 47, 48, 50, 51, 53, 54, 56, 57, 59]);
    expect([...partOf(set(), sides.heldOut, sides.renumbered, { shift: [0, 0], divisor: [1, 1] }).labels]).toEqual([1, 0, 1, 0, 1, 0, 1, 0, 1, 0]);
  });

  it('limit the training part by turns of the classes', () => {
    const few = sidesOf(set(), prepare, 6, engine);
    const more = sidesOf(set(), prepare, 12, engine);
    expect([0, 1, 2].map((label) => few.train.filter((at) => at % 3 === label).length)).toEqual([2, 2, 2]);
    expect([...few.train].every((at) => more.train.includes(at))).toBe(true);
    expect(few.heldOut).toEqual(more.heldOut);
  });

  it('refuse one class, and a side without samples', () => {
    const refused = (own: OwnData, by: Preparation) => expect(() => sidesOf(own, by, undefined, engine));
    refused(set(), { ...prepare, classes: [1] }).toThrow('data_one_class');
    refused(set(), { ...prepare, heldOut: 'own' }).toThrow('data_no_held_out');
    refused(set(), { ...prepare, heldOut: 0.001 }).toThrow('data_no_held_out');
    refused({ ...set(), testFrom: 0 }, { ...prepare, heldOut: 'own' }).toThrow('data_no_training');
  });
});

describe('scaling', () => {
  it('makes the training part of mean 0 and deviation 1, channel by channel', () => {
    const own = set();
    const { train } = sidesOf(own, prepare, undefined, engine);
    const x = gather(own, train, scaling(own, prepare, train));
    for (const channel of [0, 1]) {
      const values = [...x].filter((_, at) => at % 2 === channel);
      const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
      expect(mean).toBeCloseTo(0, 5);
      expect(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length).toBeCloseTo(1, 4);
    }
  });

  it('knows nothing of the held-out samples: whatever they are, the training part is scaled alike', () => {
    const plain = set();
    const { train, heldOut } = sidesOf(plain, prepare, undefined, engine);
    const wild = set((at, value) => (heldOut.includes(at) ? 255 : value));
    expect(figuresOf(wild, train)).toEqual(figuresOf(plain, train));
    expect(gather(wild, train, scaling(wild, prepare, train))).toEqual(gather(plain, train, scaling(plain, prepare, train)));
    // And it would notice: of all samples the figures differ.
    const all = Uint32Array.from({ length: 60 }, (_, at) => at);
    expect(figuresOf(wild, all)).not.toEqual(figuresOf(plain, all));
    // Nor of training samples that a limit leaves out.
    const few = sidesOf(plain, prepare, 6, engine).train;
    const odd = set((at, value) => (few.includes(at) ? value : 0));
    expect(scaling(odd, prepare, few)).toEqual(scaling(plain, prepare, few));
  });

  it('leaves a channel that never changes at 0, and floats as exact as bytes', () => {
    const flat = set((_, value) => (value < 50 ? 9 : value));
    const { train } = sidesOf(flat, prepare, undefined, engine);
    const x = gather(flat, train, scaling(flat, prepare, train));
    expect([...x].filter((_, at) => at % 2 === 1).every((value) => value === 0)).toBe(true);
    const own = set();
    const by = scaling(own, prepare, train);
    expect(gather({ ...own, values: Float32Array.from(own.values) }, train, by)).toEqual(gather(own, train, by));
    expect(gather(own, train, scaling(own, { ...prepare, scale: 'unit' }, train))[0]).toBeCloseTo(own.values[train[0]! * 8]! / 255, 6);
  });
});

describe('the shelf', () => {
  it('prepares what it was given as each reference says', async () => {
    const shelf = new Shelf(() => Promise.reject(new Error('the digits are not asked for')));
    await expect(shelf.find({ name: 'set', hash: 'h' }, engine)).rejects.toMatchObject({ code: 'no_dataset' });
    shelf.own(set());
    const whole = await shelf.find({ name: 'another name', hash: 'h', prepare }, engine);
    expect(whole).toMatchObject({ shape: [2, 2, 2], classes: ['a', 'b', 'c'], train: { count: 48 }, heldOut: { count: 12 } });
    expect(whole.train.x).toHaveLength(48 * 8);
    expect(whole.train.x).toBe(whole.train.x);
    const part = await shelf.find({ name: 'set', hash: 'h', limit: 7, prepare: { ...prepare, classes: [0, 1], scale: 'raw' } }, engine);
    expect(part).toMatchObject({ classes: ['a', 'b'], train: { count: 7 }, heldOut: { count: 8 } });
    // What crosses to another worker is whole.
    expect(structuredClone(part.train).x).toEqual(part.train.x);
  });
});
