import { expect, it } from 'vitest';
import { readNumber } from './number.ts';

it.each([
  ['0.1', 0.1], ['65520', 65520], ['6e-8', 6e-8], ['2^-24', 2 ** -24], ['1+2^-11', 1 + 2 ** -11], ['1 + 3·2^-11', 1 + 3 * 2 ** -11], ['1 - 2^-12', 1 - 2 ** -12],
  ['-1e-3', -1e-3], ['−2^4', -16], ['.5', 0.5], ['-inf', -Infinity], ['∞', Infinity], ['nan', NaN], ['-0', -0], ['1.5*2^3', 12], ['1e+3', 1000],
])('%s', (text, value) => expect(readNumber(text)).toBe(value));

it.each(['', '-', '1+', '1++2', 'abc', '2^', '2^x', '1,5', '0x10', '1 2^', '2**3', '1e'])('refuses “%s”', (text) => expect(readNumber(text)).toBeNull());
