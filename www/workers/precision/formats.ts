// Numbers of 32, 16 and 8 bits: which values there are, and to which of them a number is rounded.
//
// A number of 1 sign, E exponent and F fraction bits holds 2^(e − bias) · 1.f, and below the smallest normal one
// 2^(1 − bias) · 0.f (IEEE 754-2019). The largest exponent stands for infinity and NaN; in e4m3 it holds numbers too, and
// only its last pattern is NaN (Micikevicius et al., FP8 Formats for Deep Learning, 2022).

export const formatNames = ['f32', 'bf16', 'f16', 'e5m2', 'e4m3'] as const;
export type FormatName = (typeof formatNames)[number];

export interface Format {
  name: FormatName;
  exponent: number;
  fraction: number;
  bias: number;
  /** Whether the largest exponent is kept for infinity and NaN. */
  infinite: boolean;
}

const formatOf = (name: FormatName, exponent: number, fraction: number, infinite = true): Format => ({ name, exponent, fraction, bias: 2 ** (exponent - 1) - 1, infinite });

export const formats: Record<FormatName, Format> = {
  f32: formatOf('f32', 8, 23),
  bf16: formatOf('bf16', 8, 7),
  f16: formatOf('f16', 5, 10),
  e5m2: formatOf('e5m2', 5, 2),
  e4m3: formatOf('e4m3', 4, 3, false),
};

export const bitsOf = ({ exponent, fraction }: Format): number => 1 + exponent + fraction;

/** The limits of a format's numbers. */
export function limitsOf({ exponent, fraction, bias, infinite }: Format): { largest: number; smallestNormal: number; smallest: number; epsilon: number } {
  const top = 2 ** exponent - 1 - (infinite ? 1 : 0) - bias;
  // The last pattern of e4m3 is NaN, so its largest number is the last but one.
  const fractions = infinite ? 2 - 2 ** -fraction : 2 - 2 ** (1 - fraction);
  return { largest: 2 ** top * fractions, smallestNormal: 2 ** (1 - bias), smallest: 2 ** (1 - bias - fraction), epsilon: 2 ** -fraction };
}

/** ⌊log2 |x|⌋ of a finite x ≠ 0, from its bits: a logarithm may be off at a power of two. */
export function exponentOf(x: number): number {
  const high = new DataView(new Float64Array([x]).buffer).getUint32(4, true);
  const stored = (high >>> 20) & 0x7ff;
  return stored === 0 ? Math.floor(Math.log2(Math.abs(x))) : stored - 1023;
}

/** The distance from |x| to the next larger number of the format. */
export function spacingAt(x: number, { bias, fraction }: Format): number {
  const least = 1 - bias;
  return 2 ** ((x === 0 ? least : Math.max(exponentOf(x), least)) - fraction);
}

/** Half-way to the even one. Exact: a quotient by a power of two is, and doubles hold whole numbers to 2⁵³. */
function roundEven(x: number): number {
  const low = Math.floor(x);
  const rest = x - low;
  return rest > 0.5 || (rest === 0.5 && low % 2 !== 0) ? low + 1 : low;
}

/** The nearest number of the format, the even one from half-way; what then lies beyond the largest is infinite, or NaN where there is no infinity. */
export function roundTo(x: number, format: Format): number {
  if (x === 0 || Number.isNaN(x)) return x;
  const beyond = format.infinite ? Math.sign(x) * Infinity : NaN;
  if (!Number.isFinite(x)) return beyond;
  const spacing = spacingAt(x, format);
  const rounded = Math.sign(x) * roundEven(Math.abs(x) / spacing) * spacing;
  return Math.abs(rounded) > limitsOf(format).largest ? beyond : rounded;
}

/** A number's bits, the sign first, as a whole number. */
export function encode(x: number, format: Format): number {
  const { exponent, fraction, bias, infinite } = format;
  const sign = x < 0 || Object.is(x, -0) ? 2 ** (exponent + fraction) : 0;
  const full = 2 ** exponent - 1;
  const value = Math.abs(roundTo(x, format));
  if (Number.isNaN(value)) return full * 2 ** fraction + (infinite ? 2 ** (fraction - 1) : 2 ** fraction - 1);
  if (value === Infinity) return sign + full * 2 ** fraction;
  if (value === 0) return sign;
  const e = Math.max(exponentOf(value), 1 - bias);
  const whole = value / 2 ** (e - fraction);
  // A subnormal's whole part lacks the leading 1, and so its exponent is stored as 0.
  return whole < 2 ** fraction ? sign + whole : sign + (e + bias) * 2 ** fraction + (whole - 2 ** fraction);
}

export interface Parts {
  sign: 0 | 1;
  exponent: number;
  fraction: number;
}

export function partsOf(bits: number, { exponent, fraction }: Format): Parts {
  return { sign: bits >= 2 ** (exponent + fraction) ? 1 : 0, exponent: Math.floor(bits / 2 ** fraction) % 2 ** exponent, fraction: bits % 2 ** fraction };
}

export type Kind = 'zero' | 'subnormal' | 'normal' | 'infinity' | 'nan';

export function kindOf(bits: number, format: Format): Kind {
  const { exponent, fraction } = partsOf(bits, format);
  const full = 2 ** format.exponent - 1;
  if (exponent === 0) return fraction === 0 ? 'zero' : 'subnormal';
  if (exponent < full) return 'normal';
  if (format.infinite) return fraction === 0 ? 'infinity' : 'nan';
  return fraction === 2 ** format.fraction - 1 ? 'nan' : 'normal';
}

/** The number that bits stand for. */
export function decode(bits: number, format: Format): number {
  const { sign, exponent, fraction } = partsOf(bits, format);
  const kind = kindOf(bits, format);
  if (kind === 'nan') return NaN;
  if (kind === 'infinity') return sign ? -Infinity : Infinity;
  const part = fraction / 2 ** format.fraction;
  const magnitude = exponent === 0 ? part * 2 ** (1 - format.bias) : (1 + part) * 2 ** (exponent - format.bias);
  return sign ? -magnitude : magnitude;
}
