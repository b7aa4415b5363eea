import { describe, expect, it } from 'vitest';
import { firstBroken, pathOf, place, scaleOf, ticksOf } from './scale.ts';

describe('the axis of a curve', () => {
  it('holds all finite values and begins at zero', () => {
    expect(scaleOf([2, 1, NaN, Infinity], false)).toMatchObject({ low: 0, high: 2.1 });
    expect(scaleOf([], false)).toMatchObject({ low: 0, high: 1 });
    expect(scaleOf([0, 0], false).high).toBeGreaterThan(0);
  });

  it('holds whole powers of ten where it is logarithmic, zero too', () => {
    const scale = scaleOf([0.002, 30], true);
    expect(scale.low).toBeCloseTo(0.001);
    expect(scale.high).toBeCloseTo(100);
    expect(place(1, scaleOf([0.1, 10], true))).toBeCloseTo(0.5);
    expect(Number.isFinite(place(0, scaleOf([0], true)))).toBe(true);
    expect(scaleOf([1], true)).toMatchObject({ low: 1, high: 10 });
  });
});

describe('a curve', () => {
  it('runs from the left edge to the right and is broken where a value is', () => {
    const scale = { low: 0, high: 2, log: false };
    expect(pathOf([2, 0], 2, scale, 100, 50)).toBe('M0.0 0.0L100.0 50.0');
    expect(pathOf([2, NaN, 1], 3, scale, 100, 50)).toBe('M0.0 0.0M100.0 25.0');
    expect(firstBroken([1, NaN, 2])).toBe(1);
    expect(firstBroken([1])).toBe(-1);
  });
});

it('marks the ends and the middle of an axis, none of them twice', () => {
  expect(ticksOf({ low: 0, high: 2, log: false })).toEqual([0, 1, 2]);
  expect(ticksOf({ low: 0.01, high: 100, log: true })).toEqual([0.01, 1, 100]);
  for (const power of [-7, -1, 0, 5]) expect(ticksOf({ low: 10 ** power, high: 10 ** (power + 1), log: true })).toHaveLength(2);
});
