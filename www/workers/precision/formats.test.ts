// Numbers of 16 and 8 bits against NumPy's and ml_dtypes' (tests/fixtures/record_narrow_floats.py), every pattern of them.
import { createHash } from 'node:crypto';
import { expect, it } from 'vitest';
import recorded from '../../../tests/fixtures/narrow_floats.json';
import { bitsOf, decode, encode, formats, kindOf, limitsOf, roundTo, spacingAt, type FormatName } from './formats.ts';
import { roundAll } from './rounding.ts';

const narrow = ['f16', 'bf16', 'e5m2', 'e4m3'] as const;
const inputs = Array.from(new Float32Array(Uint32Array.from(recorded.inputs).buffer));
const patterns = (name: FormatName) => Array.from({ length: 2 ** bitsOf(formats[name]) }, (_, bits) => bits);

it.each(narrow)('%s: every pattern reads as the library reads it, and is written as itself', (name) => {
  const format = formats[name];
  const words = new Uint32Array(Float32Array.from(patterns(name), (bits) => decode(bits, format)).buffer);
  const held = words.map((word) => ((word & 0x7fffffff) > 0x7f800000 ? 0x7fc00000 : word));
  expect(createHash('sha256').update(new Uint8Array(held.buffer)).digest('hex')).toBe(recorded.values[name]);
  expect(patterns(name).filter((bits) => kindOf(bits, format) !== 'nan' && encode(decode(bits, format), format) !== bits)).toEqual([]);
});

it.each(narrow)('%s: stores what the library stores', (name) => {
  const ours = inputs.map((x) => (Number.isNaN(roundTo(x, formats[name])) ? null : encode(x, formats[name])));
  expect(ours).toEqual(recorded.bits[name]);
});

it('f32 is what a Float32Array holds', () => {
  for (const x of [0.1, -1 / 3, 1e-45, 1e-40, 3.4e38, 3.5e38, 1 + 2 ** -24, 1 + 3 * 2 ** -24, Math.PI * 1e-39]) {
    expect(roundTo(x, formats.f32)).toBe(Math.fround(x));
    expect(encode(x, formats.f32)).toBe(new Uint32Array(new Float32Array([x]).buffer)[0]);
  }
});

it.each(['f16', 'bf16'] as const)('%s: whole arrays are rounded as one number is, all patterns and the middles between them', (name) => {
  const format = formats[name];
  const finite = patterns(name).map((bits) => decode(bits, format)).filter((x) => Number.isFinite(x));
  const middles = finite.map((x) => x + spacingAt(x, format) / 2);
  const near = middles.flatMap((x) => [x * (1 - 2 ** -22), x * (1 + 2 ** -22)]);
  const values = Float32Array.from([...finite, ...middles, ...near, ...inputs, Infinity, -Infinity, NaN]);
  const rounded = roundAll(values.slice(), name);
  values.forEach((x, at) => {
    if (!Object.is(rounded[at], roundTo(x, format))) expect.fail(`${x} became ${rounded[at]}, not ${roundTo(x, format)}`);
  });
});

it('f32 is left as it is, and limits are those of the standards', () => {
  const values = Float32Array.from(inputs);
  expect(roundAll(values.slice(), 'f32')).toEqual(values);
  expect(limitsOf(formats.f16)).toEqual({ largest: 65504, smallestNormal: 2 ** -14, smallest: 2 ** -24, epsilon: 2 ** -10 });
  expect(limitsOf(formats.bf16).largest).toBeCloseTo(3.3895e38, -34);
  expect(limitsOf(formats.e5m2)).toMatchObject({ largest: 57344, smallest: 2 ** -16 });
  expect(limitsOf(formats.e4m3)).toMatchObject({ largest: 448, smallest: 2 ** -9 });
});
