/** What training keeps in memory: weights, gradients, the optimiser's state, activations. */
import { activationBytes, recomputes } from './transformer.ts';
import type { Calculator, Line } from './types.ts';

/** Bytes a parameter: weights, gradients, master copy in float32. */
const PRECISION = [
  { weights: 2, gradients: 2, master: 4, activation: 1 },
  { weights: 4, gradients: 4, master: 0, activation: 2 },
];
/** State in float32: nothing, momentum, two moments. */
const OPTIMISER_BYTES = [8, 4, 0];

export const trainingMemory: Calculator = {
  id: 'training-memory',
  inputs: [
    { kind: 'number', name: 'billions', min: 0.0001, max: 10_000, fractional: true, start: 7 },
    { kind: 'choice', name: 'precision', options: ['precision-mixed', 'precision-32'], start: 0 },
    { kind: 'choice', name: 'optimiser', options: ['optimiser-adam', 'optimiser-momentum', 'optimiser-sgd'], start: 0 },
    { kind: 'number', name: 'layers', min: 1, max: 1000, start: 32 },
    { kind: 'number', name: 'hidden', min: 1, max: 200_000, start: 4096 },
    { kind: 'number', name: 'heads', min: 1, max: 1024, start: 32 },
    { kind: 'number', name: 'sequence', min: 1, max: 10_000_000, start: 4096 },
    { kind: 'number', name: 'micro-batch', min: 1, max: 100_000, start: 1 },
    { kind: 'choice', name: 'recompute', options: ['recompute-attention', 'recompute-none', 'recompute-all'], start: 0 },
  ],
  presets: [
    { name: 'GPT-2 124M', values: { billions: 0.124, layers: 12, hidden: 768, heads: 12, sequence: 1024 } },
    { name: 'Llama 2 7B', values: { billions: 6.74, layers: 32, hidden: 4096, heads: 32, sequence: 4096 } },
    { name: 'Llama 2 13B', values: { billions: 13.02, layers: 40, hidden: 5120, heads: 40, sequence: 4096 } },
    { name: 'Llama 3 70B', values: { billions: 70.6, layers: 80, hidden: 8192, heads: 64, sequence: 8192 } },
  ],
  compute(v) {
    const parameters = v.billions! * 1e9;
    const bytes = PRECISION[v.precision!]!;
    const ofLayer = activationBytes(recomputes[v.recompute!]!, { s: v.sequence!, b: v['micro-batch']!, h: v.hidden!, a: v.heads! });
    const lines: Line[] = [
      { name: 'weights', value: parameters * bytes.weights, unit: 'bytes' },
      { name: 'gradients', value: parameters * bytes.gradients, unit: 'bytes' },
      { name: 'master', value: parameters * bytes.master, unit: 'bytes' },
      { name: 'optimiser-state', value: parameters * OPTIMISER_BYTES[v.optimiser!]!, unit: 'bytes' },
      { name: 'activations', value: ofLayer * v.layers! * bytes.activation, unit: 'bytes' },
    ];
    const total = lines.reduce((sum, { value }) => sum + value, 0);
    return [
      ...lines,
      { name: 'total', value: total, unit: 'bytes', strong: true },
      { name: 'bytes-a-parameter', value: (total - lines.at(-1)!.value) / parameters, unit: 'count' },
    ];
  },
};
