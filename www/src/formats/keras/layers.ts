// Keras's layers as the engine's: each class with its settings, and those that say something the engine doesn't know.
import type { Activation, LayerSpec, Pair } from 'danlu';
import { malformed, unsupported } from '../failure.ts';

export interface Config {
  name: string;
  [setting: string]: unknown;
}

/** What a layer was called with besides its input. */
type Settings = Record<string, unknown>;

const activations: Record<string, Activation> = {
  linear: 'linear', relu: 'relu', leaky_relu: 'leaky_relu', elu: 'elu', gelu: 'gelu', silu: 'silu', swish: 'silu', sigmoid: 'sigmoid', tanh: 'tanh',
  softplus: 'softplus', softmax: 'softmax', gelu_tanh: 'gelu_tanh',
};

class Reader {
  constructor(
    private readonly file: string,
    private readonly config: Config,
  ) {}

  refuse(setting: string, expected: string): never {
    throw unsupported(this.file, `${this.config.name}.${setting}`, expected, JSON.stringify(this.config[setting]) ?? 'undefined');
  }

  /** Errs unless a setting is left out or one of these. */
  only(setting: string, ...allowed: unknown[]) {
    const value = this.config[setting];
    const same = (one: unknown) => JSON.stringify(one) === JSON.stringify(value);
    if (value !== undefined && value !== null && !allowed.some(same)) this.refuse(setting, allowed.map((one) => JSON.stringify(one)).join(' | '));
  }

  number(setting: string, otherwise?: number): number {
    const value = this.config[setting] ?? otherwise;
    if (typeof value !== 'number' || !Number.isFinite(value)) throw malformed(this.file, `${this.config.name}.${setting}`, 'a number', JSON.stringify(value) ?? 'undefined');
    return value;
  }

  flag(setting: string, otherwise: boolean): boolean {
    const value = this.config[setting] ?? otherwise;
    if (typeof value !== 'boolean') this.refuse(setting, 'true | false');
    return value;
  }

  numbers(setting: string, count: number, otherwise?: number[]): number[] {
    let value = this.config[setting] ?? otherwise;
    if (typeof value === 'number') value = Array.from({ length: count }, () => value);
    if (!Array.isArray(value) || value.length !== count || !value.every((one) => typeof one === 'number')) {
      throw malformed(this.file, `${this.config.name}.${setting}`, `${count} numbers`, JSON.stringify(value) ?? 'undefined');
    }
    return value as number[];
  }

  pair = (setting: string, otherwise?: number[]): Pair => this.numbers(setting, 2, otherwise) as Pair;
  one = (setting: string, otherwise?: number[]): number => this.numbers(setting, 1, otherwise)[0]!;

  padding<T extends string>(...allowed: T[]): T {
    const value = this.config.padding ?? 'valid';
    if (!allowed.includes(value as T)) this.refuse('padding', allowed.join(' | '));
    return value as T;
  }

  activation(setting = 'activation'): Activation {
    const value = this.config[setting] ?? 'linear';
    const registered = (value as { registered_name?: string; config?: unknown } | null)?.registered_name;
    const name = typeof value === 'string' ? value : registered?.replace(/^danlu>/, '');
    const known = name === undefined ? undefined : activations[name];
    return known ?? this.refuse(setting, Object.keys(activations).join(' | '));
  }
}

/** Keras's default of a leak is written as a whole array of numbers by old versions. */
export function layerOf(file: string, class_name: string, config: Config, call: Settings): LayerSpec {
  const read = new Reader(file, config);
  read.only('data_format', 'channels_last');
  const trainable = config.trainable === false ? { trainable: false } : {};
  const weighted = () => ({ activation: read.activation(), use_bias: read.flag('use_bias', true) });
  const conv = () => ({ kernel: read.pair('kernel_size'), stride: read.pair('strides', [1, 1]), dilation: read.pair('dilation_rate', [1, 1]) });
  const norm = () => ({ epsilon: read.number('epsilon', 1e-3), center: read.flag('center', true), scale: read.flag('scale', true) });
  const axis = () => {
    const value = config.axis;
    // Which axis is the last one, Keras may write from the front.
    if (Array.isArray(value) ? value.length !== 1 : value !== undefined && typeof value !== 'number') read.refuse('axis', '-1');
    const at = Array.isArray(value) ? (value[0] as number) : (value as number | undefined);
    const rank = ((config.build_config as { input_shape?: unknown[] } | undefined)?.input_shape ?? []).length;
    if (at !== undefined && at !== -1 && at < Math.max(1, rank - 1)) read.refuse('axis', '-1');
  };
  const pool = () => ({ size: read.pair('pool_size', [2, 2]), stride: read.pair('strides', read.pair('pool_size', [2, 2])), padding: read.padding('valid', 'same') });

  const built = (): LayerSpec => {
    switch (class_name) {
      case 'Conv2D':
        return { type: 'conv2d', filters: read.number('filters'), ...conv(), padding: read.padding('valid', 'same'), groups: read.number('groups', 1), ...weighted() };
      case 'DepthwiseConv2D':
        return { type: 'depthwise_conv2d', ...conv(), padding: read.padding('valid', 'same'), depth_multiplier: read.number('depth_multiplier', 1), ...weighted() };
      case 'SeparableConv2D':
        return { type: 'separable_conv2d', filters: read.number('filters'), ...conv(), padding: read.padding('valid', 'same'), depth_multiplier: read.number('depth_multiplier', 1), ...weighted() };
      case 'Conv2DTranspose':
        read.only('dilation_rate', [1, 1]);
        read.only('output_padding', null);
        return { type: 'conv2d_transpose', filters: read.number('filters'), kernel: read.pair('kernel_size'), stride: read.pair('strides', [1, 1]), padding: read.padding('valid', 'same'), ...weighted() };
      case 'Conv1D':
        return {
          type: 'conv1d', filters: read.number('filters'), kernel: read.one('kernel_size'), stride: read.one('strides', [1]), dilation: read.one('dilation_rate', [1]),
          padding: read.padding('valid', 'same', 'causal'), groups: read.number('groups', 1), ...weighted(),
        };
      case 'Dense':
        return { type: 'dense', units: read.number('units'), ...weighted() };
      case 'MaxPooling2D':
        return { type: 'max_pool2d', ...pool() };
      case 'AveragePooling2D':
        return { type: 'avg_pool2d', ...pool() };
      case 'GlobalMaxPooling1D':
      case 'GlobalMaxPooling2D':
      case 'GlobalAveragePooling1D':
      case 'GlobalAveragePooling2D':
        read.only('keepdims', false);
        return { type: `global_${class_name.includes('Max') ? 'max' : 'avg'}_pool${class_name.at(-2) as '1' | '2'}d` };
      case 'Flatten':
        return { type: 'flatten' };
      case 'Reshape':
        return { type: 'reshape', shape: (config.target_shape as number[]) ?? read.refuse('target_shape', '[sizes]') };
      case 'ZeroPadding2D': {
        const [down, across] = (config.padding ?? [[1, 1], [1, 1]]) as [number | number[], number | number[]];
        return { type: 'zero_padding2d', padding: [...two(down), ...two(across)] as [number, number, number, number] };
      }
      case 'Rescaling':
        return { type: 'rescaling', scale: read.number('scale'), offset: read.number('offset', 0) };
      case 'Embedding':
        read.only('mask_zero', false);
        return { type: 'embedding', input_dim: read.number('input_dim'), output_dim: read.number('output_dim') };
      case 'PositionEmbedding':
        return { type: 'position_embedding' };
      case 'MultiHeadAttention':
        read.only('value_dim', read.number('key_dim'));
        read.only('dropout', 0);
        read.only('use_gate', false);
        read.only('output_shape', null);
        read.only('attention_axes', [1]);
        return { type: 'multi_head_attention', num_heads: read.number('num_heads'), key_dim: read.number('key_dim'), use_bias: read.flag('use_bias', true), causal: call.use_causal_mask === true };
      case 'BatchNormalization':
        axis();
        return { type: 'batch_normalization', momentum: read.number('momentum', 0.99), ...norm() };
      case 'LayerNormalization':
        axis();
        return { type: 'layer_normalization', ...norm() };
      case 'RMSNormalization':
        axis();
        return { type: 'rms_normalization', epsilon: read.number('epsilon', 1e-6) };
      case 'GroupNormalization':
        axis();
        return { type: 'group_normalization', groups: read.number('groups', 32), ...norm() };
      case 'Dropout':
        return { type: 'dropout', rate: read.number('rate') };
      case 'Add':
        return { type: 'add' };
      case 'Multiply':
        return { type: 'multiply' };
      case 'Concatenate':
        axis();
        return { type: 'concatenate' };
      case 'Activation':
        return { type: 'activation', activation: read.activation() };
      case 'ReLU':
        read.only('max_value', null);
        read.only('threshold', 0);
        return { type: 'leaky_relu', negative_slope: read.number('negative_slope', 0) };
      case 'LeakyReLU':
        return { type: 'leaky_relu', negative_slope: read.number('negative_slope', read.number('alpha', 0.3)) };
      case 'ELU':
        return { type: 'elu', alpha: read.number('alpha', 1) };
      case 'Softmax':
        axis();
        return { type: 'softmax' };
      default:
        throw unsupported(file, config.name, 'a layer that the engine has', class_name);
    }
  };
  const layer = built();
  const plain: LayerSpec = layer.type === 'leaky_relu' && class_name === 'ReLU' && layer.negative_slope === 0 ? { type: 'relu' } : layer;
  return { ...plain, ...trainable };
}

const two = (value: number | number[]) => (Array.isArray(value) ? value : [value, value]);

/** The names of a layer's arrays in Keras's order. */
export function partsOf(layer: LayerSpec): string[] {
  const bias = 'use_bias' in layer && layer.use_bias === false ? [] : ['bias'];
  const affine = 'center' in layer || 'scale' in layer ? [...((layer as { scale?: boolean }).scale === false ? [] : ['gamma']), ...((layer as { center?: boolean }).center === false ? [] : ['beta'])] : ['gamma', 'beta'];
  switch (layer.type) {
    case 'conv2d':
    case 'depthwise_conv2d':
    case 'conv2d_transpose':
    case 'conv1d':
    case 'dense':
      return ['kernel', ...bias];
    case 'separable_conv2d':
      return ['depthwise_kernel', 'pointwise_kernel', ...bias];
    case 'embedding':
    case 'position_embedding':
      return ['embeddings'];
    case 'multi_head_attention':
      return ['query', 'key', 'value', 'attention_output'].flatMap((map) => [`${map}/kernel`, ...bias.map((part) => `${map}/${part}`)]);
    case 'batch_normalization':
      return [...affine, 'moving_mean', 'moving_variance'];
    case 'layer_normalization':
    case 'group_normalization':
      return affine;
    case 'rms_normalization':
      return ['gamma'];
    default:
      return [];
  }
}
