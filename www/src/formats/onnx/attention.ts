// Self-attention as exporters write it out: three maps of one value split into heads, softmax(q · kᵀ · scale) · v, joined.
// Queries and keys may be turned by their positions, as our own export has it: x · cos + (its other half) · (∓ sin).
import type { Rotary } from 'danlu';
import { settingsOf } from '../rotary.ts';
import { reshaped, type Tensor } from '../safetensors.ts';
import type { NodeProto } from './proto.ts';
import type { Source } from './source.ts';

interface Attention {
  of: string;
  num_heads: number;
  key_dim: number;
  causal: boolean;
  rotary?: Required<Rotary>;
  use_bias: boolean;
  weights: Record<string, Tensor>;
}

interface Map {
  of: string;
  kernel: Tensor;
  bias: Tensor | undefined;
}

/** x · W + b, or without b. */
function mapAt(source: Source, value: string | undefined): Map | undefined {
  const sum = source.made(value, 'Add');
  const biasAt = sum?.input.findIndex((input) => source.constant(input) !== undefined) ?? -1;
  const product = source.made(sum && biasAt >= 0 ? sum.input[1 - biasAt] : value, 'MatMul');
  if (!product || source.constant(product.input[0]) || !source.constant(product.input[1])) return undefined;
  return { of: product.input[0]!, kernel: source.weight(product, 1, 'input 1'), bias: sum && biasAt >= 0 ? source.weight(sum, biasAt, `input ${biasAt}`) : undefined };
}

const permuted = (source: Source, node: NodeProto | undefined, perm: string) => node !== undefined && source.ints(node, 'perm')?.join() === perm;

/** A map split into heads, [N, T, H, K] with its axes in this order. */
function headsAt(source: Source, value: string | undefined, perm: string): (Map & { heads: number; key: number; steps: number }) | undefined {
  const turned = source.made(value, 'Transpose');
  const split = permuted(source, turned, perm) ? source.made(turned!.input[0], 'Reshape') : undefined;
  const shape = split && source.constant(split.input[1])?.values;
  const map = split && mapAt(source, split.input[0]);
  if (!map || shape?.length !== 4) return undefined;
  return { ...map, steps: shape[1]!, heads: shape[2]!, key: shape[3]! };
}

interface Turned {
  of: string;
  rotary: Required<Rotary>;
}

/** [N, T, H, K] with its axes in the order 0, 2, 1, 3, turned by the steps' positions. */
function turnedAt(source: Source, value: string | undefined): Turned | undefined {
  const [along, across] = source.made(value, 'Add')?.input.map((input) => source.made(input, 'Mul')) ?? [];
  const other = across && source.made(across.input[0], 'Gather');
  const halves = other && source.constant(other.input[1])?.values;
  const [cos, sin] = [along, across].map((product) => product && source.constant(product.input[1]));
  if (!along || !other || !halves || !cos || !sin || along.input[0] !== other.input[0] || cos.shape.join() !== sin.shape.join()) return undefined;
  const [steps, key] = cos.shape as [number, number];
  const pairs = key / 2;
  const swapped = halves.length === key && Array.from(halves).every((from, at) => from === (at + pairs) % key);
  const part = ({ values }: { values: ArrayLike<number> }, from: number) => Array.from({ length: steps }, (_, step) => Array.from(values).slice(step * key + from, step * key + from + pairs));
  const [first, second] = [part(sin, 0), part(sin, pairs)];
  const opposite = first.flat().every((value, at) => value === -second.flat()[at]!);
  const rotary = swapped && opposite && part(cos, 0).join() === part(cos, pairs).join() ? settingsOf(part(cos, 0), second) : undefined;
  return rotary && { of: along.input[0]!, rotary };
}

export function attentionAt(source: Source, value: string): Attention | undefined {
  const out = mapAt(source, value);
  const joined = out && source.made(out.of, 'Reshape');
  const byStep = joined && source.made(joined.input[0], 'Transpose');
  const heard = permuted(source, byStep, '0,2,1,3') ? source.made(byStep!.input[0], 'MatMul') : undefined;
  const shares = heard && source.made(heard.input[0], 'Softmax');
  if (!out || !heard || !shares) return undefined;
  const masked = source.made(shares.input[0], 'Add');
  const scaled = source.made(masked ? masked.input[0] : shares.input[0], 'Mul', 'Div');
  const products = scaled && source.made(scaled.input[0], 'MatMul');
  const turnedKeys = source.made(products?.input[1], 'Transpose');
  const turned = [turnedAt(source, products?.input[0]), permuted(source, turnedKeys, '0,1,3,2') ? turnedAt(source, turnedKeys!.input[0]) : undefined];
  const rotary = turned[0]?.rotary;
  if (JSON.stringify(rotary) !== JSON.stringify(turned[1]?.rotary)) return undefined;
  const query = products && headsAt(source, turned[0]?.of ?? products.input[0], '0,2,1,3');
  const key = products && (turned[1] ? headsAt(source, turned[1].of, '0,2,1,3') : headsAt(source, products.input[1], '0,2,3,1'));
  const values = headsAt(source, heard.input[1], '0,2,1,3');
  const factor = scaled && source.scalar(scaled.input[1]);
  if (!query || !key || !values || factor === undefined) return undefined;
  const scale = scaled!.op_type === 'Div' ? 1 / factor : factor;
  const { heads, key: size, steps } = query;
  const alike = [key, values].every((map) => map.of === query.of && map.heads === heads && map.key === size);
  const biased = [query, key, values, out].map((map) => map.bias !== undefined);
  if (!alike || Math.abs(scale * Math.sqrt(size) - 1) > 1e-5 || new Set(biased).size > 1) return undefined;
  const mask = masked && source.constant(masked.input[1])?.values;
  if (masked && !mask) return undefined;
  // What may be heard is added as 0, what may not as a number far below.
  const causal = mask ? Array.from(mask).every((one, at) => (at % steps > Math.floor(at / steps) ? one < -1e4 : one === 0)) : false;
  if (mask && !causal) return undefined;
  const width = query.kernel.shape[0]!;
  const weights: Record<string, Tensor> = { 'attention_output/kernel': reshaped(out.kernel, [heads, size, width]) };
  if (out.bias) weights['attention_output/bias'] = out.bias;
  for (const [name, map] of Object.entries({ query, key, value: values })) {
    weights[`${name}/kernel`] = reshaped(map.kernel, [width, heads, size]);
    if (map.bias) weights[`${name}/bias`] = reshaped(map.bias, [heads, size]);
  }
  return { of: query.of, num_heads: heads, key_dim: size, causal, ...(rotary && { rotary }), use_bias: biased[0]!, weights };
}
