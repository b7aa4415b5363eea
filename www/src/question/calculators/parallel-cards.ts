/**
 * What one card holds under data (D), tensor (T) and pipeline (P) parallelism with ZeRO.
 *
 * Mixed precision with Adam: 2 bytes of weights, 2 of gradients, 12 of state a parameter. T·P cards share the weights;
 * ZeRO spreads over the D copies the state (stage 1), the gradients too (2), the weights too (3): Rajbhandari et al.,
 * 2020. A card keeps activations of its L/P layers for up to P micro-batches in flight (1F1B), a T-th of each with
 * sequence parallelism: Korthikanti et al., 2022. Bubble (P−1)/(M+P−1): Huang et al., GPipe, 2019.
 */
import { activationBytes, bubble, stateBytes } from './transformer.ts';
import type { Calculator } from './types.ts';

export const parallelCards: Calculator = {
  id: 'parallel-cards',
  inputs: [
    { kind: 'number', name: 'billions', min: 0.0001, max: 10_000, fractional: true, start: 70 },
    { kind: 'number', name: 'layers', min: 1, max: 1000, start: 80 },
    { kind: 'number', name: 'hidden', min: 1, max: 200_000, start: 8192 },
    { kind: 'number', name: 'sequence', min: 1, max: 10_000_000, start: 4096 },
    { kind: 'number', name: 'data-parallel', min: 1, max: 100_000, start: 8 },
    { kind: 'number', name: 'tensor-parallel', min: 1, max: 1024, start: 8 },
    { kind: 'number', name: 'pipeline-parallel', min: 1, max: 1024, start: 4 },
    { kind: 'number', name: 'micro-batches', min: 1, max: 100_000, start: 16 },
    { kind: 'choice', name: 'zero', options: ['zero-0', 'zero-1', 'zero-2', 'zero-3'], start: 1 },
    { kind: 'number', name: 'card-gigabytes', min: 1, max: 10_000, fractional: true, start: 80 },
  ],
  presets: [
    { name: 'Llama 2 7B', values: { billions: 6.74, layers: 32, hidden: 4096, sequence: 4096 } },
    { name: 'Llama 3 70B', values: { billions: 70.6, layers: 80, hidden: 8192, sequence: 8192 } },
    { name: 'GPT-3 175B', values: { billions: 175, layers: 96, hidden: 12_288, sequence: 2048 } },
  ],
  compute(v) {
    const [d, t, p, m] = [v['data-parallel']!, v['tensor-parallel']!, v['pipeline-parallel']!, v['micro-batches']!];
    const { weights, gradients, state } = stateBytes((v.billions! * 1e9) / (t * p), v.zero!, d);
    const ofLayer = activationBytes('attention', { s: v.sequence!, b: 1, h: v.hidden!, a: 1 });
    const activations = (ofLayer * Math.ceil(v.layers! / p) * Math.min(p, m)) / t;
    const total = weights + gradients + state + activations;
    return [
      { name: 'cards-in-all', value: d * t * p, unit: 'count' },
      { name: 'weights', value: weights, unit: 'bytes' },
      { name: 'gradients', value: gradients, unit: 'bytes' },
      { name: 'optimiser-state', value: state, unit: 'bytes' },
      { name: 'activations', value: activations, unit: 'bytes' },
      {
        name: 'card-total', value: total, unit: 'bytes', strong: true,
        verdict: total <= v['card-gigabytes']! * 1e9 ? 'fits' : 'too-large',
      },
      { name: 'bubble', value: bubble(p, m), unit: 'percent' },
    ];
  },
};
