/** The KV cache: two tensors (keys, values) a layer, of every position, for the heads that keep keys and values. */
import type { Calculator } from './types.ts';

export const BYTES_OF_FORMAT = [2, 1, 4];

export const kvCache: Calculator = {
  id: 'kv-cache',
  inputs: [
    { kind: 'number', name: 'layers', min: 1, max: 1000, start: 32 },
    { kind: 'number', name: 'heads', min: 1, max: 1024, start: 32 },
    { kind: 'number', name: 'kv-heads', min: 1, max: 1024, start: 8 },
    { kind: 'number', name: 'head-size', min: 1, max: 4096, start: 128 },
    { kind: 'number', name: 'context', min: 1, max: 10_000_000, start: 8192 },
    { kind: 'number', name: 'sequences', min: 1, max: 100_000, start: 16 },
    { kind: 'choice', name: 'format', options: ['format-16', 'format-8', 'format-32'], start: 0 },
  ],
  presets: [
    { name: 'Llama 2 7B', values: { layers: 32, heads: 32, 'kv-heads': 32, 'head-size': 128, context: 4096 } },
    { name: 'Llama 3 8B', values: { layers: 32, heads: 32, 'kv-heads': 8, 'head-size': 128, context: 8192 } },
    { name: 'Llama 3 70B', values: { layers: 80, heads: 64, 'kv-heads': 8, 'head-size': 128, context: 8192 } },
    { name: 'Qwen2.5 7B', values: { layers: 28, heads: 28, 'kv-heads': 4, 'head-size': 128, context: 32768 } },
  ],
  compute(v) {
    const bytes = BYTES_OF_FORMAT[v.format!]!;
    const perTokenOf = (heads: number) => 2 * v.layers! * heads * v['head-size']! * bytes;
    const perToken = perTokenOf(v['kv-heads']!);
    const total = perToken * v.context! * v.sequences!;
    return [
      { name: 'per-token', value: perToken, unit: 'bytes' },
      { name: 'per-sequence', value: perToken * v.context!, unit: 'bytes' },
      { name: 'cache', value: total, unit: 'bytes', strong: true },
      { name: 'cache-mha', value: perTokenOf(v.heads!) * v.context! * v.sequences!, unit: 'bytes' },
      { name: 'saved-by-gqa', value: v.heads! / v['kv-heads']!, unit: 'times' },
    ];
  },
};
