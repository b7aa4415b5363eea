import { expect, it } from 'vitest';
import { accumulate, lossesIn, overflowsAt, softmaxIn } from './sums.ts';

it('many thousandths: f16 stops at 4, bf16 at a half, f32 goes on', () => {
  const [f16, bf16, f32] = (['f16', 'bf16', 'f32'] as const).map((name) => accumulate(0.001, 10_000, name));
  expect(f16!.y.at(-1)).toBe(4);
  expect(bf16!.y.at(-1)).toBe(0.5);
  expect(f16!.stalls).toBeGreaterThan(2000);
  expect(f16!.stalls).toBeLessThan(5000);
  expect(f32!.stalls).toBeNull();
  expect(f32!.y.at(-1)).toBeCloseTo(10, 2);
  expect(f16!.x.at(-1)).toBe(10_000);
});

it('ten thousand ones stop at 256 in bf16 and at 2048 in f16', () => {
  expect(accumulate(1, 10_000, 'bf16').y.at(-1)).toBe(256);
  expect(accumulate(1, 10_000, 'f16').y.at(-1)).toBe(2048);
});

it('e^z leaves f16 at 11.09 and f32 at 88.72', () => {
  expect(overflowsAt('f16')).toBeCloseTo(11.09, 3);
  expect(overflowsAt('f32')).toBeCloseTo(88.7228, 3);
  expect(softmaxIn([11, 10, 0], 'f16', false).powers[0]).toBeLessThan(65504);
  const over = softmaxIn([11.1, 10, 0], 'f16', false);
  expect(over.powers[0]).toBe(Infinity);
  expect(over.shares).toEqual([NaN, 0, 0]);
  const shares = softmaxIn([11.1, 10, 0], 'f16', true).shares;
  expect(shares.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 2);
});

it('a share of 0 has an infinite loss, the fused one is finite', () => {
  expect(softmaxIn([20, 19, 0], 'f16', true).losses[2]).toBe(Infinity);
  const exact = Math.log(1 + Math.exp(-1) + Math.exp(-20)) + 20;
  expect(lossesIn([20, 19, 0], 'f16')[2]).toBeCloseTo(exact, 1);
  expect(lossesIn([20, 19, 0], 'f32')[2]).toBeCloseTo(exact, 4);
});
