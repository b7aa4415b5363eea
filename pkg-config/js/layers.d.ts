/** The layers of a run, as its spec writes them. */

export type Activation =
  | 'linear'
  | 'relu'
  | 'leaky_relu'
  | 'elu'
  | 'gelu'
  | 'gelu_tanh'
  | 'silu'
  | 'sigmoid'
  | 'tanh'
  | 'softplus'
  | 'softmax';
/** Keras's initialisers; a name alone has Keras's numbers. */
export type Initialiser =
  | InitialiserName
  | { type: InitialiserName }
  | { type: 'constant'; value?: number }
  | { type: 'uniform'; low?: number; high?: number }
  | { type: 'normal' | 'truncated_normal'; mean?: number; stddev?: number }
  | { type: 'orthogonal'; gain?: number };
export type InitialiserName =
  | 'zeros' | 'ones' | 'constant' | 'uniform' | 'normal' | 'truncated_normal' | 'glorot_uniform' | 'glorot_normal'
  | 'he_uniform' | 'he_normal' | 'lecun_uniform' | 'lecun_normal' | 'orthogonal';
/** Down, across. */
export type Pair = [number, number];
/** Sizes: one for all sides, `[down, across]`, or `[top, bottom, left, right]`. */
export type Padding = 'valid' | 'same' | [number] | Pair | [number, number, number, number];

/** What every layer may have. */
interface Named {
  /** Keras's name for its type where it is left out: `conv2d`, `conv2d_1`. */
  name?: string;
  /** Whether training changes it; true where it is left out. */
  trainable?: boolean;
}

/** A kernel, a bias unless it is refused, and what is applied to their sums. */
interface Weighted extends Named {
  activation?: Activation;
  use_bias?: boolean;
  init?: Initialiser;
}

interface Windowed extends Weighted {
  kernel: Pair;
  stride?: Pair;
  padding?: Padding;
}

/**
 * Rotary positions (RoFormer, arXiv 2104.09864): queries and keys are turned by (start + step) · scale ·
 * base^(-2i / key_dim), number i together with number i + key_dim / 2 as in GPT-NeoX and Hugging Face's LLaMA.
 */
export interface Rotary {
  /** 10000 where it is left out. */
  base?: number;
  /** 1; below it positions lie closer together. */
  scale?: number;
  /** The first step's position, 0. */
  start?: number;
}

/** Fields that are left out have Keras's defaults. */
export type LayerSpec =
  | (Windowed & { type: 'conv2d'; filters: number; dilation?: Pair; groups?: number })
  | (Windowed & { type: 'depthwise_conv2d'; depth_multiplier?: number; dilation?: Pair })
  | (Windowed & { type: 'separable_conv2d'; filters: number; depth_multiplier?: number; dilation?: Pair })
  | (Windowed & { type: 'conv2d_transpose'; filters: number; padding?: 'valid' | 'same' })
  | (Weighted & {
      type: 'conv1d';
      filters: number;
      kernel: number;
      stride?: number;
      padding?: 'valid' | 'same' | 'causal' | [number] | [before: number, behind: number];
      dilation?: number;
      groups?: number;
    })
  | (Weighted & { type: 'dense'; units: number })
  /** The stride is the size where it is left out. */
  | (Named & { type: 'max_pool2d' | 'avg_pool2d'; size: Pair; stride?: Pair; padding?: Padding })
  | (Named & { type: 'global_max_pool1d' | 'global_max_pool2d' | 'global_avg_pool1d' | 'global_avg_pool2d' })
  | (Named & { type: 'flatten' })
  /** One size may be -1. */
  | (Named & { type: 'reshape'; shape: number[] })
  | (Named & { type: 'zero_padding2d'; padding?: [number] | Pair | [number, number, number, number] })
  | (Named & { type: 'rescaling'; scale: number; offset?: number })
  /** Takes an input of whole numbers below `input_dim`. */
  | (Named & { type: 'embedding'; input_dim: number; output_dim: number; init?: Initialiser })
  /** Adds to each step a row of its own. */
  | (Named & { type: 'position_embedding'; init?: Initialiser })
  /** Self-attention; `causal`: no step sees what comes after it. */
  | (Named & {
      type: 'multi_head_attention';
      num_heads: number;
      key_dim: number;
      causal?: boolean;
      use_bias?: boolean;
      rotary?: boolean | Rotary;
      init?: Initialiser;
    })
  | (Named & { type: 'batch_normalization'; momentum?: number; epsilon?: number; center?: boolean; scale?: boolean })
  | (Named & { type: 'layer_normalization'; epsilon?: number; center?: boolean; scale?: boolean })
  | (Named & { type: 'rms_normalization'; epsilon?: number })
  | (Named & { type: 'group_normalization'; groups?: number; epsilon?: number; center?: boolean; scale?: boolean })
  | (Named & { type: 'dropout'; rate: number })
  /** Of two inputs and more, in a graph. */
  | (Named & { type: 'add' | 'multiply' | 'concatenate' })
  | (Named & { type: 'activation'; activation: Activation })
  | (Named & { type: 'relu' | 'silu' | 'sigmoid' | 'tanh' | 'softplus' | 'softmax' })
  | (Named & { type: 'leaky_relu'; negative_slope?: number })
  | (Named & { type: 'elu'; alpha?: number })
  | (Named & { type: 'gelu'; approximate?: boolean });
