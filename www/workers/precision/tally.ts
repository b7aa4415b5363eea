// How large the numbers of a tensor are, by powers of two, before and after they were rounded on the way to memory.

/** Bins are [2^k, 2^(k+1)) for k from `lowest` on; the first and the last hold what lies beyond them too. */
export const lowest = -48;
export const highest = 23;
export const binCount = highest - lowest + 1;

export interface TallyFacts {
  /** Before rounding. */
  counts: number[];
  /** All numbers, those that were 0 before rounding, and those that rounding made 0. */
  all: number;
  zeros: number;
  lost: number;
  /** Infinite or NaN after rounding. */
  broken: number;
}

export class Tally {
  #counts = new Array<number>(binCount).fill(0);
  #all = 0;
  #zeros = 0;
  #kept = 0;
  #broken = 0;

  before(values: Float32Array<ArrayBuffer>): void {
    const bits = new Int32Array(values.buffer, values.byteOffset, values.length);
    this.#all += bits.length;
    for (let at = 0; at < bits.length; at += 1) {
      const size = bits[at]! & 0x7fffffff;
      if (size === 0) this.#zeros += 1;
      else {
        const bin = Math.min(Math.max((size >> 23) - 127, lowest), highest) - lowest;
        this.#counts[bin]! += 1;
      }
    }
  }

  after(values: Float32Array<ArrayBuffer>): void {
    const bits = new Int32Array(values.buffer, values.byteOffset, values.length);
    for (let at = 0; at < bits.length; at += 1) {
      const size = bits[at]! & 0x7fffffff;
      if (size >= 0x7f800000) this.#broken += 1;
      else if (size !== 0) this.#kept += 1;
    }
  }

  facts(): TallyFacts {
    const [all, zeros, broken] = [this.#all, this.#zeros, this.#broken];
    return { counts: [...this.#counts], all, zeros, lost: all - zeros - this.#kept - broken, broken };
  }
}
