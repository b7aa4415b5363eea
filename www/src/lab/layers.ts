// The layers that the builder offers and their fields, as the engine's RunSpec has them. Names are those of the papers
// and of Keras, the same in every language; the engine alone says whether a value fits.
import type { Layer } from './spec.ts';

export type FieldKind =
  | { kind: 'whole' | 'number'; initial?: number }
  /** One number for both sides, or two. */
  | { kind: 'pair' }
  | { kind: 'choice'; of: readonly string[]; initial: string }
  | { kind: 'flag'; initial: boolean }
  /** valid, same, or sizes. */
  | { kind: 'padding'; of: readonly string[] }
  | { kind: 'sizes' };

export interface Field {
  name: string;
  type: FieldKind;
  /** Left out where its box is empty. */
  optional: boolean;
}

export interface LayerKind {
  type: Layer['type'];
  group: Group;
  fields: Field[];
  /** What is added when it is chosen. */
  initial: Layer;
  /** Takes two inputs and more, which only a graph has. */
  merges?: boolean;
}

export const groups = ['conv', 'pool', 'dense', 'norm', 'activation', 'shape', 'attention', 'merge'] as const;
export type Group = (typeof groups)[number];

export const activations = ['linear', 'relu', 'leaky_relu', 'elu', 'gelu', 'gelu_tanh', 'silu', 'sigmoid', 'tanh', 'softplus', 'softmax'] as const;
export const initialisers = [
  'glorot_uniform', 'glorot_normal', 'he_uniform', 'he_normal', 'lecun_uniform', 'lecun_normal', 'orthogonal', 'uniform', 'normal', 'truncated_normal', 'zeros', 'ones',
] as const;

const whole = (name: string): Field => ({ name, type: { kind: 'whole' }, optional: false });
const maybeWhole = (name: string, initial: number): Field => ({ name, type: { kind: 'whole', initial }, optional: true });
const maybeNumber = (name: string, initial: number): Field => ({ name, type: { kind: 'number', initial }, optional: true });
const number = (name: string): Field => ({ name, type: { kind: 'number' }, optional: false });
const pair = (name: string, optional = false): Field => ({ name, type: { kind: 'pair' }, optional });
const flag = (name: string, initial: boolean): Field => ({ name, type: { kind: 'flag', initial }, optional: true });
const activation: Field = { name: 'activation', type: { kind: 'choice', of: activations, initial: 'linear' }, optional: true };
const init: Field = { name: 'init', type: { kind: 'choice', of: initialisers, initial: 'glorot_uniform' }, optional: true };
const padding: Field = { name: 'padding', type: { kind: 'padding', of: ['valid', 'same'] }, optional: true };
const weighted = [activation, flag('use_bias', true), init];
const window = [pair('kernel'), pair('stride', true), padding];
const scaled = [flag('center', true), flag('scale', true)];
const pool = [pair('size'), pair('stride', true), padding];

export const layerKinds: LayerKind[] = [
  { type: 'conv2d', group: 'conv', fields: [whole('filters'), ...window, pair('dilation', true), maybeWhole('groups', 1), ...weighted], initial: { type: 'conv2d', filters: 32, kernel: [3, 3], padding: 'same', activation: 'relu' } },
  { type: 'depthwise_conv2d', group: 'conv', fields: [...window, maybeWhole('depth_multiplier', 1), pair('dilation', true), ...weighted], initial: { type: 'depthwise_conv2d', kernel: [3, 3], padding: 'same' } },
  { type: 'separable_conv2d', group: 'conv', fields: [whole('filters'), ...window, maybeWhole('depth_multiplier', 1), pair('dilation', true), ...weighted], initial: { type: 'separable_conv2d', filters: 32, kernel: [3, 3], padding: 'same', activation: 'relu' } },
  { type: 'conv2d_transpose', group: 'conv', fields: [whole('filters'), ...window, ...weighted], initial: { type: 'conv2d_transpose', filters: 16, kernel: [3, 3], stride: [2, 2], padding: 'same' } },
  { type: 'conv1d', group: 'conv', fields: [whole('filters'), whole('kernel'), maybeWhole('stride', 1), { name: 'padding', type: { kind: 'padding', of: ['valid', 'same', 'causal'] }, optional: true }, maybeWhole('dilation', 1), maybeWhole('groups', 1), ...weighted], initial: { type: 'conv1d', filters: 32, kernel: 3, padding: 'same', activation: 'relu' } },
  { type: 'max_pool2d', group: 'pool', fields: pool, initial: { type: 'max_pool2d', size: [2, 2] } },
  { type: 'avg_pool2d', group: 'pool', fields: pool, initial: { type: 'avg_pool2d', size: [2, 2] } },
  { type: 'global_avg_pool2d', group: 'pool', fields: [], initial: { type: 'global_avg_pool2d' } },
  { type: 'global_max_pool2d', group: 'pool', fields: [], initial: { type: 'global_max_pool2d' } },
  { type: 'global_avg_pool1d', group: 'pool', fields: [], initial: { type: 'global_avg_pool1d' } },
  { type: 'global_max_pool1d', group: 'pool', fields: [], initial: { type: 'global_max_pool1d' } },
  { type: 'dense', group: 'dense', fields: [whole('units'), ...weighted], initial: { type: 'dense', units: 64, activation: 'relu' } },
  { type: 'dropout', group: 'dense', fields: [number('rate')], initial: { type: 'dropout', rate: 0.5 } },
  { type: 'batch_normalization', group: 'norm', fields: [maybeNumber('momentum', 0.99), maybeNumber('epsilon', 0.001), ...scaled], initial: { type: 'batch_normalization' } },
  { type: 'layer_normalization', group: 'norm', fields: [maybeNumber('epsilon', 0.001), ...scaled], initial: { type: 'layer_normalization' } },
  { type: 'group_normalization', group: 'norm', fields: [maybeWhole('groups', 32), maybeNumber('epsilon', 0.001), ...scaled], initial: { type: 'group_normalization', groups: 8 } },
  { type: 'rms_normalization', group: 'norm', fields: [maybeNumber('epsilon', 1e-6)], initial: { type: 'rms_normalization' } },
  ...(['relu', 'silu', 'sigmoid', 'tanh', 'softplus', 'softmax'] as const).map((type): LayerKind => ({ type, group: 'activation', fields: [], initial: { type } })),
  { type: 'leaky_relu', group: 'activation', fields: [maybeNumber('negative_slope', 0.3)], initial: { type: 'leaky_relu' } },
  { type: 'elu', group: 'activation', fields: [maybeNumber('alpha', 1)], initial: { type: 'elu' } },
  { type: 'gelu', group: 'activation', fields: [flag('approximate', false)], initial: { type: 'gelu' } },
  { type: 'flatten', group: 'shape', fields: [], initial: { type: 'flatten' } },
  { type: 'reshape', group: 'shape', fields: [{ name: 'shape', type: { kind: 'sizes' }, optional: false }], initial: { type: 'reshape', shape: [-1, 28] } },
  { type: 'zero_padding2d', group: 'shape', fields: [{ name: 'padding', type: { kind: 'padding', of: [] }, optional: true }], initial: { type: 'zero_padding2d', padding: [1] } },
  { type: 'rescaling', group: 'shape', fields: [number('scale'), maybeNumber('offset', 0)], initial: { type: 'rescaling', scale: 2, offset: -1 } },
  { type: 'multi_head_attention', group: 'attention', fields: [whole('num_heads'), whole('key_dim'), flag('causal', false), flag('rotary', false), flag('use_bias', true), init], initial: { type: 'multi_head_attention', num_heads: 4, key_dim: 16 } },
  { type: 'embedding', group: 'attention', fields: [whole('input_dim'), whole('output_dim'), init], initial: { type: 'embedding', input_dim: 256, output_dim: 64 } },
  { type: 'position_embedding', group: 'attention', fields: [init], initial: { type: 'position_embedding' } },
  ...(['add', 'multiply', 'concatenate'] as const).map((type): LayerKind => ({ type, group: 'merge', fields: [], initial: { type }, merges: true })),
];

const byType = new Map(layerKinds.map((kind) => [kind.type as string, kind]));

export function kindOf(type: string): LayerKind | undefined {
  return byType.get(type);
}

/** `Conv2D`, `MaxPool2D`, `MultiHeadAttention`: how code and papers write it. */
export function titleOf(type: string): string {
  const words: Record<string, string> = { elu: 'ELU', gelu: 'GELU', silu: 'SiLU', relu: 'ReLU', rms: 'RMS' };
  return type
    .split('_')
    .map((word) => words[word] ?? word.charAt(0).toUpperCase() + word.slice(1))
    .join('')
    .replace(/(\d)d/, '$1D');
}

/** The numbers that tell two layers of a kind apart: `32 · 3×3 · relu`. */
export function gistOf(layer: Layer): string {
  const fields = layer as unknown as Record<string, unknown>;
  const by = (value: unknown) => (Array.isArray(value) ? (value.length === 2 && value[0] === value[1] ? `${value[0]}×${value[1]}` : value.join('×')) : String(value));
  const parts: string[] = [];
  for (const name of ['filters', 'units', 'rate', 'num_heads', 'input_dim', 'output_dim', 'shape', 'scale']) if (name in fields) parts.push(by(fields[name]));
  for (const name of ['kernel', 'size']) if (name in fields) parts.push(by(fields[name]));
  const stride = fields.stride;
  if (Array.isArray(stride) ? stride.some((one) => one !== 1) : stride !== undefined && stride !== 1) parts.push(`/${by(Array.isArray(stride) && stride[0] === stride[1] ? stride[0] : stride)}`);
  if (fields.padding !== undefined && fields.padding !== 'valid') parts.push(by(fields.padding));
  if (typeof fields.activation === 'string' && fields.activation !== 'linear') parts.push(fields.activation);
  if (fields.causal === true) parts.push('causal');
  return parts.join(' · ');
}
