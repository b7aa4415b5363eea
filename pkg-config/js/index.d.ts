/**
 * Danlu trains small networks on the CPU by WebAssembly SIMD, in a browser worker or in Node 20.
 *
 * Images are Float32Array in the order sample, row, column, channel (NHWC); labels are whole
 * numbers from 0. Every call is synchronous and blocks its thread: use a worker in a page.
 */

/** `simd` gives the same bits everywhere; `relaxed` fuses multiply and add and is faster. */
export type Variant = 'relaxed' | 'simd';

/** The variants this machine can run, fastest first; empty where WebAssembly lacks SIMD. */
export function supported(): Variant[];

/** Something that holds a variant's `danlu_<variant>.wasm`. */
export type EngineSource = BufferSource | WebAssembly.Module | Response;

/** The raw bindings, written by wasm-bindgen. */
export type RawEngine = typeof import('./raw.js');

/** A variant's `danlu_<variant>.js`. */
export interface GlueModule {
  createGlue(): unknown;
}

export interface LoadOptions {
  /** `auto`, the default, takes the fastest that is supported. */
  variant?: Variant | 'auto';
  /** Where the wasm comes from; by default the file beside this one, compiled once. */
  source?: EngineSource | Promise<EngineSource> | ((variant: Variant) => EngineSource | Promise<EngineSource>);
  /** Where the glue comes from, for a place where this file can't import the one beside it. */
  glue?: (variant: Variant) => GlueModule | Promise<GlueModule>;
}

/** Chooses and compiles as `load` does, without starting an engine: a module can be posted to workers. */
export function compile(
  options?: Pick<LoadOptions, 'variant' | 'source'>,
): Promise<{ variant: Variant; module: WebAssembly.Module }>;

/**
 * Starts an engine with a memory of its own; several may run side by side.
 *
 * Errs with `variant_unsupported`, `engine_not_found` or `invalid_argument`.
 */
export function load(options?: LoadOptions): Promise<Engine>;

export interface Engine {
  readonly variant: Variant;
  /** Whether the engine panicked: every call then throws the first `engine_panic` again. Load another. */
  readonly poisoned: boolean;
  /** What wasm-bindgen exports, without this package's checks. Call it inside `guard`. */
  readonly raw: RawEngine;
  /**
   * Runs `action`, which may call `raw`: the engine's errors come out as DanluError, and a panic
   * poisons the engine instead of leaving it half changed.
   */
  guard<T>(action: () => T): T;
  /**
   * Builds a network with weights drawn from `seed`, an integer in [0, 2^64). The same spec, seed
   * and data give the same run; with `simd` to the last bit on every machine.
   *
   * `shards`, 1 by default, in [1, 64]: into how many parts each batch is cut, whose gradients are
   * summed in a fixed order. A team (`danlu/team.js`) of as many shards trains to the same bits.
   *
   * Errs when the spec has a wrong or unknown field, or its shapes don't fit.
   */
  createSession(spec: RunSpec, seed: number | bigint, options?: { shards?: number }): Session;
  /** Reads an IDX file of bytes, gzipped or not. Errs with `malformed_file` and where. */
  parseIdx(bytes: Uint8Array): IdxFile;
  /**
   * Splits sample numbers so that each class keeps its share on both sides.
   * `fraction` in (0, 1) is what is held out.
   */
  stratifiedSplit(labels: ArrayLike<number>, fraction: number, seed: number | bigint): StratifiedSplit;
}

export interface Session {
  /** As the engine's `guard`, for calls on the raw session. */
  guard<T>(action: (raw: InstanceType<RawEngine['Session']>) => T): T;
  /** Copies samples and labels in. Shape of x: [N, ...model.input]. */
  setData(split: Split, x: Float32Array, labels: ArrayLike<number>): void;
  /**
   * Trains k batches of the training data, in an order shuffled anew each epoch; the means over
   * these batches' samples. However k is cut into calls, the run is the same.
   */
  runSteps(k: number): StepReport;
  /** Trains `steps` times (1 by default) on the batch given here; the means over these steps. */
  trainBatch(x: Float32Array, labels: ArrayLike<number>, steps?: number): StepReport;
  /** Loss and accuracy over a split, `validation` by default. */
  evaluate(split?: Split): Evaluation;
  /** The same over samples given here. */
  evaluateOn(x: Float32Array, labels: ArrayLike<number>): Evaluation;
  /** Probabilities. Shape: [N, ...model.input] → [N, classes]. */
  predict(x: Float32Array): Float32Array;
  /** What each layer answers. */
  activations(x: Float32Array): LayerActivation[];
  layers(): LayerInfo[];
  readonly parameterCount: number;
  /** The weights as safetensors, named as in Keras: `conv2d/kernel`, `dense_1/bias`. */
  getWeights(): Uint8Array;
  /** Errs when a tensor is missing, unexpected or of another shape; then nothing has changed. */
  setWeights(bytes: Uint8Array): void;
  /** For the steps to come; above 0. */
  setLearningRate(rate: number): void;
  /** Gives the memory back; the session can't be used afterwards. */
  free(): void;
}

export type Split = 'train' | 'validation';

export interface StepReport {
  /** Batches trained since the session began. */
  step: number;
  /** Whole epochs since the training data were set. */
  epoch: number;
  /** Samples trained in this call. */
  samples: number;
  loss: number;
  /** In [0, 1]. */
  accuracy: number;
}

export interface Evaluation {
  loss: number;
  /** In [0, 1]. */
  accuracy: number;
  /** Samples judged. */
  count: number;
}

export interface LayerActivation {
  name: string;
  kind: string;
  /** With the batch first. */
  shape: number[];
  data: Float32Array;
}

export interface LayerInfo {
  name: string;
  kind: string;
  /** Without the batch. */
  outputShape: number[];
  parameters: number;
}

export interface IdxFile {
  shape: number[];
  data: Uint8Array;
}

export interface StratifiedSplit {
  train: Uint32Array;
  heldOut: Uint32Array;
}

/** A mistake of the caller's (`code` says which, `fields` what and where) or an `engine_panic`. */
export class DanluError extends Error {
  constructor(message: string, code: string, fields?: Record<string, unknown>, options?: ErrorOptions);
  /** Stable and in snake case; the package's README lists them. */
  readonly code: string;
  readonly fields: Record<string, unknown>;
}

// ---- the run ----

/** A run as JSON; fields left out have Keras's defaults, unknown ones are refused. */
export interface RunSpec {
  model: { input: [height: number, width: number, channels: number] | [features: number]; layers: LayerSpec[] };
  loss?: 'categorical_cross_entropy';
  optimizer?: AdamSpec | SgdSpec;
  batch_size?: number;
  augment?: AugmentSpec | null;
}

export type Activation = 'linear' | 'relu' | 'softmax';
export type Initialiser = 'zeros' | 'glorot_uniform' | 'glorot_normal' | 'he_uniform' | 'he_normal';
export type LayerSpec = Conv2dSpec | MaxPool2dSpec | FlattenSpec | DenseSpec;

export interface Conv2dSpec {
  type: 'conv2d';
  filters: number;
  kernel: [height: number, width: number];
  stride?: [height: number, width: number];
  padding?: 'valid' | 'same';
  activation?: Activation;
  init?: Initialiser;
}

export interface MaxPool2dSpec {
  type: 'max_pool2d';
  size: [height: number, width: number];
  /** The size where it is left out. */
  stride?: [height: number, width: number];
  padding?: 'valid' | 'same';
}

export interface FlattenSpec {
  type: 'flatten';
}

export interface DenseSpec {
  type: 'dense';
  units: number;
  activation?: Activation;
  init?: Initialiser;
}

export interface AdamSpec {
  type: 'adam';
  learning_rate?: number;
  beta_1?: number;
  beta_2?: number;
  epsilon?: number;
}

export interface SgdSpec {
  type: 'sgd';
  learning_rate?: number;
  momentum?: number;
  nesterov?: boolean;
}

/** What is drawn anew for each training sample. */
export interface AugmentSpec {
  /** Pixels, at most, each way. */
  shift: number;
  /** Degrees, at most, each way. */
  rotate_deg: number;
  /** A fraction, at most, in and out. */
  zoom: number;
}
