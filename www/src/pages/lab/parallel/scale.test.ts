import { describe, expect, it } from 'vitest';
import { costOf, course, kinds, type Scale } from './scale.ts';
import { setups } from './setups.ts';

/** Round numbers, one device, nothing that crosses. */
const plain: Scale = {
  billions: 1, layers: 10, hidden: 1000, heads: 10, sequence: 1000, batch: 8, micro_batch: 1, bytes: 2,
  data: 1, tensor: 1, pipeline: 1, slices: 1, zero: 0, recompute: 'attention', overlap: false,
  machine: 8, inside_gb_s: 100, between_gb_s: 10, latency_us: 0, teraflops: 100, reached: 50, memory_gb: 80,
};
const setup = (name: string) => setups.find((each) => each.name.startsWith(name))!;

describe('a step by formula', () => {
  it('on one device is its FLOP over what it reaches', () => {
    const cost = costOf(plain);
    // 6·10⁹ a token and 12·10·1000·1000 of attention, 8,000 tokens, 50 TFLOP/s.
    expect(cost.step_s).toBeCloseTo(((6e9 + 1.2e8) * 8000) / 50e12, 9);
    expect(cost.utilisation).toBeCloseTo(0.5, 9);
    expect(cost.speed_up).toBeCloseTo(1, 9);
    expect(cost.memory.weights + cost.memory.gradients + cost.memory.state).toBe(16e9);
    expect(cost.memory.activations).toBe(34 * 1000 * 1000 * 10);
  });

  it('of data parallelism exchanges 2(D − 1)/D of the gradients, within a machine or between', () => {
    const four = costOf({ ...plain, data: 4 });
    expect(four.sent_bytes.data).toBeCloseTo(1.5 * 2e9, 3);
    expect(four.seconds.data).toBeCloseTo(3e9 / 100e9, 9);
    expect(costOf({ ...plain, data: 16, batch: 16 }).seconds.data).toBeCloseTo(((2 * 15) / 16) * (2e9 / 10e9), 9);
    // Overlapped, the last pass's way back hides up to two thirds of its time.
    const pass_s = four.seconds.compute / 2;
    expect(costOf({ ...plain, data: 4, overlap: true }).seconds.data).toBeCloseTo(Math.max(0, 0.03 - (2 / 3) * pass_s), 9);
  });

  it('of ZeRO keeps what the paper says, and moves 3/2 as much at stage 3', () => {
    const at = (zero: number) => costOf({ ...plain, billions: 7.5, data: 64, batch: 64, zero });
    const gigabytes = [0, 1, 2, 3].map((zero) => {
      const { weights, gradients, state } = at(zero).memory;
      return Number(((weights + gradients + state) / 1e9).toFixed(1));
    });
    expect(gigabytes).toEqual([120, 31.4, 16.6, 1.9]);
    expect(at(3).sent_bytes.data / at(0).sent_bytes.data).toBeCloseTo(1.5, 9);
    expect(at(2).sent_bytes.data).toBeCloseTo(at(0).sent_bytes.data, 3);
  });

  it('of tensor parallelism all-reduces four times a layer, six where all is recomputed', () => {
    const cost = costOf({ ...plain, tensor: 4 });
    // 8 passes of 10 layers, 4 times 1.5 of 1000·1000·2 bytes.
    expect(cost.sent_bytes.tensor).toBeCloseTo(8 * 10 * 4 * 1.5 * 2e6, 3);
    expect(costOf({ ...plain, tensor: 4, recompute: 'all' }).sent_bytes.tensor / cost.sent_bytes.tensor).toBeCloseTo(1.5, 9);
  });

  it('of a pipeline idles (p − 1)/(m + p − 1) of the time, less where it is interleaved', () => {
    const cost = costOf({ ...plain, pipeline: 4, hidden: 1, heads: 1 });
    expect(cost.bubble).toBeCloseTo(3 / 11, 12);
    expect(cost.seconds.bubble / cost.step_s).toBeCloseTo(3 / 11, 9);
    expect(costOf({ ...plain, pipeline: 4, slices: 3 }).bubble).toBeCloseTo(1 / 9, 12);
  });

  it('is the sum of its kinds, for every setup', () => {
    for (const { scale } of setups) {
      const cost = costOf(scale);
      expect(kinds.reduce((sum, kind) => sum + cost.seconds[kind], 0)).toBeCloseTo(cost.step_s, 9);
      for (const kind of kinds) expect(cost.seconds[kind]).toBeGreaterThanOrEqual(0);
      expect(cost.utilisation).toBeLessThan(scale.reached / 100);
    }
  });
});

describe('published setups', () => {
  it('have the devices that they name', () => {
    expect(setups.map(({ scale }) => costOf(scale).devices)).toEqual([512, 64, 1536, 3072, 8192]);
    expect(costOf(setup('Megatron 1T').scale).micro_batches).toBe(512);
    expect(costOf(setup('Llama 3').scale).micro_batches).toBe(32);
  });

  it('come within a third of what was reported, by formulas that know nothing of it', () => {
    for (const { name, scale, reported } of setups) {
      if (reported === null) continue;
      const cost = costOf(scale);
      // The papers of Megatron count recomputation as work.
      const counted = scale.recompute === 'all' ? 4 / 3 : 1;
      const each = cost.utilisation * counted * scale.teraflops;
      expect(each / reported, name).toBeGreaterThan(2 / 3);
      expect(each / reported, name).toBeLessThan(3 / 2);
    }
  });
});

describe('the course up to 4,096 devices', () => {
  it('grows with copies, and ends where a held batch has no more to share', () => {
    const held = course({ ...plain, batch: 64 }, false);
    expect(held.map(({ data }) => data)).toEqual([1, 2, 4, 8, 16, 32, 64]);
    const grown = course({ ...plain, batch: 64 }, true);
    expect(grown.at(-1)!.cost.devices).toBe(4096);
    for (const { cost } of [...held, ...grown]) expect(cost.speed_up).toBeLessThanOrEqual(cost.devices + 1e-9);
  });
});
