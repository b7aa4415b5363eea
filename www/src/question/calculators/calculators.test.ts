import { describe, expect, it } from 'vitest';
import { calculators } from './index.ts';
import { refusal, startValues, type Values } from './types.ts';
import { catalogue } from '../../i18n/catalogue.ts';

function lines(id: string, values: Values): Record<string, number> {
  const calculator = calculators[id]!;
  return Object.fromEntries(calculator.compute({ ...startValues(calculator), ...values }).map(({ name, value }) => [name, value]));
}
const preset = (id: string, name: string) => calculators[id]!.presets.find((each) => each.name === name)!.values;

describe('the calculators', () => {
  it('are those that a question may name', async () => {
    const schema = new URL('../../../scripts/questions/schema.mjs', import.meta.url);
    const { CALCULATORS } = (await import(/* @vite-ignore */ schema.href)) as { CALCULATORS: string[] };
    expect(Object.keys(calculators).sort()).toEqual([...CALCULATORS].sort());
  });

  for (const calculator of Object.values(calculators)) {
    it(`${calculator.id}: what it begins with and every preset is an input it takes`, () => {
      for (const values of [{}, ...calculator.presets.map((each) => each.values)]) {
        const whole: Values = { ...startValues(calculator), ...values };
        expect(Object.keys(whole).sort()).toEqual(calculator.inputs.map(({ name }) => name).sort());
        for (const input of calculator.inputs) expect(refusal(input, whole[input.name]!), input.name).toBeNull();
        for (const line of calculator.compute(whole)) expect(line.value, line.name).toBeGreaterThanOrEqual(0);
      }
    });

    it(`${calculator.id}: every word of it stands in strings`, () => {
      const named = [
        `title-${calculator.id}`,
        ...calculator.inputs.flatMap((input) => [input.name, ...(input.kind === 'choice' ? input.options : [])]).map((name) => `in-${name}`),
        ...calculator.compute(startValues(calculator)).map(({ name }) => `out-${name}`),
      ];
      for (const name of named) expect(catalogue.en.calculator, name).toHaveProperty(name);
    });
  }

  it('know the cache of Llama 2 7B: half a megabyte a token, 2 GiB at 4,096 tokens', () => {
    const found = lines('kv-cache', { ...preset('kv-cache', 'Llama 2 7B'), sequences: 1 });
    expect(found['per-token']).toBe(524_288);
    expect(found.cache).toBe(2 * 1024 ** 3);
  });

  it('find that grouped queries divide the cache by heads / key-value heads', () => {
    const found = lines('kv-cache', preset('kv-cache', 'Llama 3 70B'));
    expect(found['saved-by-gqa']).toBe(8);
    expect(found['cache-mha']! / found.cache!).toBe(8);
  });

  it('count 16 bytes a parameter for Adam in mixed precision and in float32 alike', () => {
    expect(lines('training-memory', { billions: 7 })['bytes-a-parameter']).toBeCloseTo(16, 9);
    expect(lines('training-memory', { billions: 7, precision: 1 })['bytes-a-parameter']).toBeCloseTo(16, 9);
    expect(lines('training-memory', { billions: 7, precision: 1, optimiser: 2 })['bytes-a-parameter']).toBeCloseTo(8, 9);
  });

  it('agree with Korthikanti et al. on GPT-3’s activations: 275 GB with nothing recomputed, 16 bits', () => {
    const gpt3 = { layers: 96, hidden: 12_288, heads: 96, sequence: 2048, 'micro-batch': 1, recompute: 1 };
    // s·b·h·L·(34 + 5·a·s/h) with s = 2048, b = 1.
    expect(lines('training-memory', gpt3).activations! / 1e9).toBeCloseTo(275.4, 1);
  });

  it('find GPT-3’s 3.15e23 FLOP, and 25 days for 1,024 A100s at 45 % (nothing recomputed)', () => {
    const found = lines('training-flops', { ...preset('training-flops', 'GPT-3 175B'), cards: 1024, teraflops: 312, mfu: 44.9 });
    expect(found.flop).toBeCloseTo(3.15e23, -21);
    expect(found.days).toBeGreaterThan(25);
    expect(found.days).toBeLessThan(26);
  });

  it('divide state, gradients and weights by the copies as ZeRO’s stages say', () => {
    const at = (zero: number) => lines('parallel-cards', { zero, 'data-parallel': 64, 'tensor-parallel': 1, 'pipeline-parallel': 1, billions: 7.5 });
    // The table of the ZeRO paper: 7.5 billion, 64 copies: 120, 31.4, 16.6, 1.9 GB.
    const states = [0, 1, 2, 3].map((zero) => { const l = at(zero); return (l.weights! + l.gradients! + l['optimiser-state']!) / 1e9; });
    expect(states.map((gigabytes) => Number(gigabytes.toFixed(1)))).toEqual([120, 31.4, 16.6, 1.9]);
  });

  it('give no bubble without a pipeline, and less of it with more micro-batches', () => {
    expect(lines('parallel-cards', { 'pipeline-parallel': 1 }).bubble).toBe(0);
    expect(lines('parallel-cards', { 'pipeline-parallel': 4, 'micro-batches': 4 }).bubble).toBeCloseTo(3 / 7);
    expect(lines('parallel-cards', { 'pipeline-parallel': 4, 'micro-batches': 32 }).bubble).toBeCloseTo(3 / 35);
  });

  it('refuse what is no number, not whole, or out of range', () => {
    const layers = calculators['kv-cache']!.inputs[0]!;
    expect(refusal(layers, Number.NaN)).toBe('number');
    expect(refusal(layers, 1.5)).toBe('whole');
    expect(refusal(layers, 0)).toBe('range');
    expect(refusal(layers, 4)).toBeNull();
  });
});
