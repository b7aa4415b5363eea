import { expect, it } from 'vitest';
import { rotaryOf, settingsOf } from './rotary.ts';

const tables = (settings: { base?: number; scale?: number; start?: number } | true, steps: number, key: number) => {
  const angles = rotaryOf({ type: 'multi_head_attention', num_heads: 1, key_dim: key, rotary: settings })!.angles(steps, key);
  return [Math.cos, Math.sin].map((of) => angles.map((row) => row.map((angle) => Math.fround(of(angle))))) as [number[][], number[][]];
};

it('turns a pair by (start + step) · scale · base^(−2i / key)', () => {
  const { angles } = rotaryOf({ type: 'multi_head_attention', num_heads: 1, key_dim: 4, rotary: { base: 100, scale: 0.5, start: 3 } })!;
  expect(angles(2, 4).map((row) => row.map((angle) => Number(angle.toFixed(12))))).toEqual([[1.5, 0.15], [2, 0.2]]);
  expect(rotaryOf({ type: 'multi_head_attention', num_heads: 1, key_dim: 4 })).toBeUndefined();
});

it.each([
  [true, 7, 16],
  [{ base: 500_000, start: 5000 }, 64, 128],
  [{ base: 50, scale: 0.25 }, 5, 6],
  [{ scale: 0.5, start: 9 }, 3, 2],
] as const)('finds %j behind the cosines and sines of %i steps', (settings, steps, key) => {
  const found = settingsOf(...tables(settings, steps, key));
  expect(found).toEqual({ base: 10_000, scale: 1, start: 0, ...(settings === true ? {} : settings) });
});

it('finds nothing behind other tables', () => {
  const [cos, sin] = tables(true, 5, 8);
  cos[3]![1]! += 0.01;
  expect(settingsOf(cos, sin)).toBeUndefined();
});
