// Whole arrays of f32 rounded to 16 bits and kept as f32: by the bits, many million a second. `formats.ts` says slowly
// what this does fast; a test holds the two to each other.

export type Kept = 'f32' | 'f16' | 'bf16';

const infinity = 0x7f800000;
/** 2¹⁶: what is rounded up to it from below has left f16. */
const tooLarge = 0x47800000;
/** 2⁻¹⁴: below it f16 lies on multiples of 2⁻²⁴. */
const smallestNormal = 0x38800000;
/** f32 between ½ and 1 lies on multiples of 2⁻²⁴ as well: adding ¾ and taking it away rounds to them, ties to even. */
const anchor = 0.75;

/** Rounds in place to the nearest, ties to even; gives the array back. */
export function roundAll(values: Float32Array<ArrayBuffer>, to: Kept): Float32Array<ArrayBuffer> {
  if (to === 'f16') roundToHalf(values);
  if (to === 'bf16') roundToBrain(values);
  return values;
}

function roundToHalf(values: Float32Array<ArrayBuffer>): void {
  const bits = new Int32Array(values.buffer, values.byteOffset, values.length);
  for (let at = 0; at < bits.length; at += 1) {
    const word = bits[at]!;
    const size = word & 0x7fffffff;
    if (size >= infinity) continue;
    if (size < smallestNormal) {
      const x = values[at]!;
      const rounded = Math.fround(Math.fround(Math.abs(x) + anchor) - anchor);
      values[at] = word < 0 ? -rounded : rounded;
      continue;
    }
    // Half of the last kept bit, less one where that bit is 0: ties go to even, and a carry goes into the exponent.
    const rounded = (size + 0xfff + ((size >> 13) & 1)) & ~0x1fff;
    bits[at] = (word & 0x80000000) | (rounded >= tooLarge ? infinity : rounded);
  }
}

function roundToBrain(values: Float32Array<ArrayBuffer>): void {
  const bits = new Int32Array(values.buffer, values.byteOffset, values.length);
  for (let at = 0; at < bits.length; at += 1) {
    const word = bits[at]!;
    const size = word & 0x7fffffff;
    // The same exponent as f32's: what is rounded beyond the largest number becomes infinity's bits by itself.
    if (size < infinity) bits[at] = (word & 0x80000000) | ((size + 0x7fff + ((size >> 16) & 1)) & ~0xffff);
  }
}
