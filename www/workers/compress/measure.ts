// How long an answer takes: in turn, so that whatever else the machine does falls on all alike, and by medians.
import type { Latency } from './protocol.ts';

export interface Answering {
  predict(x: Float32Array): Float32Array;
}

/** A timing is at least so long: the browser's clock is coarse. */
const least_ms = 3;
export const batch = 128;
export const rounds = 15;

export function median(values: number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

/** Milliseconds of one call, over as many as the clock needs. */
export function time(call: (times: number) => void, calls: number, now: () => number): { ms: number; calls: number } {
  for (;;) {
    const begun = now();
    call(calls);
    const spent = now() - begun;
    if (spent >= least_ms || calls >= 65_536) return { ms: spent / calls, calls };
    calls *= 2;
  }
}

interface Timed {
  id: string;
  model: Answering;
  one: number[];
  whole: number[];
  calls: number;
}

/** Times models in rounds; the first round is for the browser to compile and is thrown away. */
export class Measurement {
  readonly all = rounds + 1;
  done = 0;
  #next = 0;
  #timed: Timed[];
  #one: Float32Array;
  #whole: Float32Array;

  /** `x` holds at least one sample of so many numbers. */
  constructor(models: [id: string, model: Answering][], x: Float32Array, width: number, private readonly now: () => number) {
    this.#timed = models.map(([id, model]) => ({ id, model, one: [], whole: [], calls: 1 }));
    this.#one = x.slice(0, width);
    this.#whole = new Float32Array(batch * width);
    for (let at = 0; at < batch; at += 1) {
      const from = (at % Math.floor(x.length / width)) * width;
      this.#whole.set(x.subarray(from, from + width), at * width);
    }
  }

  get finished(): boolean {
    return this.done >= this.all;
  }

  /** One model in this round. */
  advance() {
    const timed = this.#timed[this.#next]!;
    const repeat = (x: Float32Array) => (times: number) => {
      for (let at = 0; at < times; at += 1) timed.model.predict(x);
    };
    const one = time(repeat(this.#one), timed.calls, this.now);
    timed.calls = one.calls;
    const whole = time(repeat(this.#whole), 1, this.now);
    if (this.done > 0) {
      timed.one.push(one.ms);
      timed.whole.push(whole.ms);
    }
    this.#next += 1;
    if (this.#next < this.#timed.length) return;
    this.#next = 0;
    this.done += 1;
  }

  latencies(): Record<string, Latency> {
    return Object.fromEntries(this.#timed.map(({ id, one, whole }) => [id, { one_ms: median(one), batch_ms: median(whole) }]));
  }
}
