/**
 * How long training takes: about 6 FLOP for each parameter and token (2 forward, 4 backward; Kaplan et al., 2020),
 * on cards that reach a share of their peak (MFU; Chowdhery et al., PaLM, 2022). Some 20 tokens a parameter spend a
 * budget best (Hoffmann et al., Chinchilla, 2022).
 */
import { trainingFlop } from './transformer.ts';
import type { Calculator } from './types.ts';

export const trainingFlops: Calculator = {
  id: 'training-flops',
  inputs: [
    { kind: 'number', name: 'billions', min: 0.0001, max: 10_000, fractional: true, start: 7 },
    { kind: 'number', name: 'tokens-billions', min: 0.001, max: 1_000_000, fractional: true, start: 2000 },
    { kind: 'number', name: 'cards', min: 1, max: 1_000_000, start: 512 },
    { kind: 'number', name: 'teraflops', min: 0.1, max: 100_000, fractional: true, start: 312 },
    { kind: 'number', name: 'mfu', min: 1, max: 100, fractional: true, start: 45 },
  ],
  presets: [
    { name: 'GPT-3 175B', values: { billions: 175, 'tokens-billions': 300 } },
    { name: 'Chinchilla 70B', values: { billions: 70, 'tokens-billions': 1400 } },
    { name: 'Llama 2 7B', values: { billions: 6.74, 'tokens-billions': 2000 } },
    { name: 'Llama 3 8B', values: { billions: 8.03, 'tokens-billions': 15_000 } },
  ],
  compute(v) {
    const flop = trainingFlop(v.billions! * 1e9, v['tokens-billions']! * 1e9);
    const seconds = flop / (v.cards! * v.teraflops! * 1e12 * (v.mfu! / 100));
    return [
      { name: 'flop', value: flop, unit: 'flops' },
      { name: 'days', value: seconds / 86_400, unit: 'days', strong: true },
      { name: 'card-hours', value: (seconds * v.cards!) / 3600, unit: 'count' },
      { name: 'tokens-a-parameter', value: v['tokens-billions']! / v.billions!, unit: 'count' },
      { name: 'chinchilla-tokens', value: 20 * v.billions! * 1e9, unit: 'count' },
    ];
  },
};
