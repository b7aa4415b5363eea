import { describe, expect, it } from 'vitest';
import { amount, bytes, count } from './amount.ts';

const say = (key: string, n: string) => `${n} ${key}`;

describe('amounts', () => {
  it('of memory take the unit that suits them', () => {
    expect([0, 1, 1023, 1024, 524_288, 2 * 1024 ** 3, 80 * 1024 ** 3, 1.5 * 1024 ** 5].map(bytes))
      .toEqual(['0 B', '1 B', '1023 B', '1.00 KiB', '512 KiB', '2.00 GiB', '80.0 GiB', '1.50 PiB']);
  });

  it('of work are powers of ten once they are large', () => {
    expect([0, 16, 999_999, 1e6, 3.15e23, 1e9].map(count)).toEqual(['0', '16', '999,999', '1.00 × 10⁶', '3.15 × 10²³', '1.00 × 10⁹']);
  });

  it('of a line follow its unit', () => {
    expect(amount({ name: '', value: 0.4286, unit: 'percent' }, say)).toBe('42.9 %');
    expect(amount({ name: '', value: 8, unit: 'times' }, say)).toBe('8.00 times');
    expect(amount({ name: '', value: 34.2, unit: 'days' }, say)).toBe('34 days');
    expect(amount({ name: '', value: 6e9, unit: 'flops' }, say)).toBe('6.00 × 10⁹ FLOP');
  });
});
