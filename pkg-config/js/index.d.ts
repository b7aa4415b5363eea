/**
 * Danlu trains small networks on the CPU by WebAssembly SIMD, in a browser worker or in Node 20.
 *
 * Images are Float32Array in the order sample, row, column, channel (NHWC); labels are whole
 * numbers from 0. Every call is synchronous and blocks its thread: use a worker in a page.
 */
import type { DataFiles } from './files';
import type { LayerSpec } from './layers';
import type { ShardSteps } from './shards';
import type { WeighedSteps } from './weighed';

export * from './layers';

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

export interface Engine extends DataFiles {
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
  /**
   * The layers of a run with their shapes and counts, without allocating or drawing anything for it.
   *
   * Errs as `createSession` does.
   */
  describe(spec: RunSpec): LayerInfo[];
  /** Reads an IDX file of bytes, gzipped or not. Errs with `malformed_file` and where. */
  parseIdx(bytes: Uint8Array): IdxFile;
  /**
   * Splits sample numbers so that each class keeps its share on both sides.
   * `fraction` in (0, 1) is what is held out.
   */
  stratifiedSplit(labels: ArrayLike<number>, fraction: number, seed: number | bigint): StratifiedSplit;
}

export interface Session extends ShardSteps, WeighedSteps {
  /** As the engine's `guard`, for calls on the raw session. */
  guard<T>(action: (raw: InstanceType<RawEngine['Session']>) => T): T;
  /**
   * Copies samples and targets in. Shape of x: [N, ...model.input]; of several inputs, each sample
   * has one after another.
   */
  setData(split: Split, x: Float32Array, targets: Targets): void;
  /** Whether targets are class numbers, and not numbers: the loss says. */
  readonly takesLabels: boolean;
  /**
   * Trains k batches of the training data, in an order shuffled anew each epoch; the means over
   * these batches' samples. However k is cut into calls, the run is the same.
   */
  runSteps(k: number): StepReport;
  /** Trains `steps` times (1 by default) on the batch given here; the means over these steps. */
  trainBatch(x: Float32Array, targets: Targets, steps?: number): StepReport;
  /** Loss and accuracy over a split, `validation` by default. */
  evaluate(split?: Split): Evaluation;
  /** The same over samples given here. */
  evaluateOn(x: Float32Array, targets: Targets): Evaluation;
  /**
   * Tells early stopping and reduce-on-plateau of an evaluation, usually of the validation data once an epoch.
   * Where the run is to stop and to end with its best weights, it gets them back.
   */
  observe(evaluation: Pick<Evaluation, 'loss' | 'accuracy'>): Observation;
  /** The model's answers, probabilities where it ends in them. Shape: [N, ...model.input] → [N, ...answer]. */
  predict(x: Float32Array): Float32Array;
  /** What each layer answers. */
  activations(x: Float32Array): LayerActivation[];
  layers(): LayerInfo[];
  /** The model as a table of text, in Keras's spirit. */
  summary(): string;
  /**
   * Lets a layer learn in the steps to come, or freezes it: its weights then stay as they are, and a
   * batch normalisation answers as in evaluation. Errs where no layer has that name.
   */
  setTrainable(layer: string, trainable: boolean): void;
  /** All weights, as Keras's `count_params` counts them. */
  readonly parameterCount: number;
  /** The weights as safetensors, named as in Keras: `conv2d/kernel`, `dense_1/bias`. */
  getWeights(): Uint8Array;
  /**
   * The gradients of the last batch that was trained, as the optimiser got them (clipped, with
   * penalties), in a file like `getWeights`'; zeros before the first.
   */
  getGradients(): Uint8Array;
  /** Errs when a tensor is missing, unexpected or of another shape; then nothing has changed. */
  setWeights(bytes: Uint8Array): void;
  /**
   * The run as it stands, as safetensors: weights, what the optimiser and early stopping remember,
   * generators and the place in the order of batches; not the data. `setWeights` takes it too.
   */
  checkpoint(): Uint8Array;
  /**
   * Goes on from a checkpoint of the same spec, in `simd` to the same bits as if it had never stopped.
   * The training data may be set before or after. Errs as `setWeights` does; then nothing has changed.
   */
  restore(bytes: Uint8Array): void;
  /** The model as it stands, token by token. Errs where it takes other than whole numbers or looks ahead. */
  decoder(): import('./decoder').Decoder;
  /** For the steps to come; above 0. A schedule goes on from it. */
  setLearningRate(rate: number): void;
  /** Gives the memory back; the session can't be used afterwards. */
  free(): void;
}

/**
 * Class numbers for `categorical_cross_entropy`, one for each row of the answer; for the other losses
 * a Float32Array of the answer's shape.
 */
export type Targets = ArrayLike<number>;

export type Split = 'train' | 'validation';

export interface StepReport {
  /** Batches trained since the session began. */
  step: number;
  /** Whole epochs since the training data were set. */
  epoch: number;
  /** Samples trained in this call. */
  samples: number;
  loss: number;
  /** In [0, 1]; NaN for losses that know near and far only. */
  accuracy: number;
  /** The one in force in the last of these steps. */
  learning_rate: number;
}

/** What an evaluation means for a run with early stopping or reduce-on-plateau. */
export interface Observation {
  /** Whether it is the best so far. */
  improved: boolean;
  /** Whether the run should end. Nothing stops by itself. */
  stop: boolean;
  /** Evaluations since patience began. */
  waited: number;
  /** Of the next step. */
  learning_rate: number;
}

export interface Evaluation {
  loss: number;
  /** In [0, 1]; NaN for losses that know near and far only. */
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
  /** All its weights, as Keras counts them. */
  parameters: number;
  /** Those that gradients move; 0 where it is frozen. */
  trainableParameters: number;
  trainable: boolean;
  /** The inputs and layers that it takes. */
  connectedTo: string[];
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
  /** Layers one after another, or a graph. */
  model: ChainSpec | GraphSpec;
  /** A name alone smooths and weights nothing. The first needs a softmax at the model's end, the second a sigmoid. */
  loss?: LossName | { type: LossName } | CategoricalCrossEntropySpec;
  /** A name alone has Keras's numbers. */
  optimizer?: OptimizerSpec | OptimizerSpec['type'];
  /** How the learning rate goes from step to step; constant where it is left out. */
  schedule?: ScheduleSpec | ScheduleSpec['type'];
  reduce_on_plateau?: ReduceOnPlateauSpec | null;
  early_stopping?: EarlyStoppingSpec | null;
  /** Penalties, added to the loss. */
  regularizers?: RegularizerSpec[];
  /** Limits of norms, kept after each step. */
  constraints?: ConstraintSpec[];
  batch_size?: number;
  augment?: AugmentSpec | null;
}

/** Of one sample: `[height, width, channels]`, `[steps, features]` or `[features]`. */
export type Shape = number[];

export interface ChainSpec {
  input: Shape;
  layers: LayerSpec[];
}

/** Nodes stand in any order; each must lead to the output. Cycles and unknown names are refused. */
export interface GraphSpec {
  inputs: { name: string; shape: Shape }[];
  /** `inputs` names inputs and other nodes. */
  nodes: (LayerSpec & { inputs: string[] })[];
  /** The node that answers. */
  output: string;
}

export type LossName =
  | 'categorical_cross_entropy'
  | 'binary_cross_entropy'
  | 'mean_squared_error'
  | 'mean_absolute_error'
  | 'huber';

export interface CategoricalCrossEntropySpec {
  type: 'categorical_cross_entropy';
  /** In [0, 1): how much of each target is spread over all classes. */
  label_smoothing?: number;
  /** What samples of each class count for in training; evaluations count all alike. */
  class_weights?: number[];
}

/** Keras's optimisers, by Keras's names and defaults. */
export type OptimizerSpec = CommonOptimizerSpec & (
  | { type: 'sgd'; momentum?: number; nesterov?: boolean }
  | { type: 'adagrad'; initial_accumulator_value?: number; epsilon?: number }
  | { type: 'adadelta'; rho?: number; epsilon?: number }
  | { type: 'rmsprop'; rho?: number; momentum?: number; epsilon?: number; centered?: boolean }
  | { type: 'adam' | 'adamw'; beta_1?: number; beta_2?: number; epsilon?: number; amsgrad?: boolean }
  | { type: 'lion'; beta_1?: number; beta_2?: number }
);

export interface CommonOptimizerSpec {
  /** Above 0; 0.01 for sgd, else 0.001. */
  learning_rate?: number;
  /** Decoupled: each parameter loses learning_rate · weight_decay of itself in a step. 0, for adamw 0.004. */
  weight_decay?: number;
  /** Parameters with one of these in their names do not decay, as in ['bias']. */
  exclude_from_weight_decay?: string[];
  /** A bound on each number of a gradient. At most one of the three may be given. */
  clipvalue?: number | null;
  /** A bound on the norm of each parameter's gradient. */
  clipnorm?: number | null;
  /** A bound on the norm of all gradients together. */
  global_clipnorm?: number | null;
  /** The parameters move after so many batches, by the mean of their gradients. 1. */
  gradient_accumulation_steps?: number;
}

/** A factor on the learning rate as a function of the batch, counted from 0. */
export type ScheduleSpec =
  | { type: 'constant' }
  /** factor^⌊step / every⌋. */
  | { type: 'step'; every?: number; factor?: number }
  /** factors[0] up to and including boundaries[0], then factors[1], …: one factor more than boundaries. */
  | { type: 'piecewise'; boundaries?: number[]; factors?: number[] }
  /** decay_rate^(step / decay_steps). */
  | { type: 'exponential'; decay_steps?: number; decay_rate?: number; staircase?: boolean }
  /** 1 / (1 + decay_rate · step / decay_steps). */
  | { type: 'inverse_time'; decay_steps?: number; decay_rate?: number; staircase?: boolean }
  /** min((step + 1)^−½, (step + 1) · warmup_steps^−1½), the Transformer's. */
  | { type: 'inverse_sqrt'; warmup_steps?: number }
  /** From 1 to end by (1 − step / decay_steps)^power; with cycle it rises again. */
  | { type: 'polynomial'; decay_steps?: number; end?: number; power?: number; cycle?: boolean }
  /** From 1 to alpha by half a wave; it stays there, or goes on as a wave. */
  | { type: 'cosine'; decay_steps?: number; alpha?: number; wave?: boolean }
  /** Half waves, each t_mul times as long and m_mul times as high as the one before. */
  | { type: 'warm_restarts'; first_decay_steps?: number; t_mul?: number; m_mul?: number; alpha?: number }
  | OneCycleSpec
  /** A line from `from` to 1, then another schedule from its start. */
  | { type: 'warmup'; steps?: number; from?: number; then?: ScheduleSpec | ScheduleSpec['type'] };

/** PyTorch's OneCycleLR, whose max_lr is the optimiser's learning rate. */
export interface OneCycleSpec {
  type: 'one_cycle';
  total_steps?: number;
  /** In (0, 1): the share of the steps that rise. */
  rise?: number;
  div_factor?: number;
  final_div_factor?: number;
  linear?: boolean;
  three_phase?: boolean;
  /** Whether the momentum (Adam's and Lion's beta_1) goes the other way. */
  cycle_momentum?: boolean;
  base_momentum?: number;
  max_momentum?: number;
}

/** The rate falls when the loss that `observe` hears no longer does (Keras's ReduceLROnPlateau). */
export interface ReduceOnPlateauSpec {
  /** In (0, 1). */
  factor?: number;
  /** Evaluations without a better loss. */
  patience?: number;
  min_delta?: number;
  /** Whether min_delta is a share of the best loss. */
  relative?: boolean;
  cooldown?: number;
  /** The smallest share of the first rate that is left. */
  min_factor?: number;
}

/** Keras's EarlyStopping; what `observe` hears takes the place of epochs. */
export interface EarlyStoppingSpec {
  /** `loss`, the default, is better when smaller, `accuracy` when larger. */
  monitor?: 'loss' | 'accuracy';
  patience?: number;
  min_delta?: number;
  baseline?: number | null;
  /** Evaluations at the start that are not looked at. */
  start_from?: number;
  restore_best_weights?: boolean;
}

/** l1·Σ|w| + l2·Σw² over the parameters with one of these in their names; every kernel by default. */
export type RegularizerSpec =
  | 'l1'
  | 'l2'
  | { type: 'l1' | 'l2' | 'l1_l2'; l1?: number; l2?: number; parameters?: string[] };

/** Keras's MaxNorm: the norm along the axes, [0] by default, is at most max_value, 2 by default. */
export type ConstraintSpec =
  | 'max_norm'
  | { type?: 'max_norm'; max_value?: number; axes?: number[]; parameters?: string[] };

/** What is drawn anew for each training sample. */
export interface AugmentSpec {
  /** Pixels, at most, each way. */
  shift: number;
  /** Degrees, at most, each way. */
  rotate_deg: number;
  /** A fraction, at most, in and out. */
  zoom: number;
}
