/**
 * Makes trained networks smaller. What does so is a module of its own, which nobody downloads who only trains:
 * its engines can all that `danlu`'s can, and the functions here take these engines and their sessions alone.
 */
import type { Engine, Evaluation, LoadOptions, Session, Targets } from './index';

/** As `danlu`'s, of this module: `danlu_compression_<variant>.wasm` and `.js`. */
export function load(options?: LoadOptions): Promise<Engine>;

/** What a softmax or sigmoid at the model's end is made of. Shape: `[N, ...model.input]` → `[N, ...answer]`. */
export function logits(session: Session, x: Float32Array): Float32Array;

export interface PruneOptions {
  /** The share of the kernels' weights that become zero, in [0, 1). 0 lets all go. */
  sparsity: number;
  /** Whether all kernels are one pool, as by default; else each loses the same share. */
  global?: boolean;
}

export interface PrunedLayer {
  /** As in the weights file: `conv2d/kernel`. */
  name: string;
  count: number;
  zeros: number;
}

/**
 * Sets the smallest weights of the kernels to zero; they stay exactly zero in the steps to come. Neither
 * weights nor a checkpoint say what is held.
 */
export function prune(session: Session, options: PruneOptions): PrunedLayer[];

export interface Distillation {
  /** T > 0. */
  temperature: number;
  /** What the teacher counts for, in [0, 1]; the labels count for the rest. */
  alpha: number;
}

/**
 * Training data with a teacher's logits `[N][classes]`: the loss is
 * `(1 − α) · CE(labels) + α · T² · CE(softmax(teacher / T), softmax(student / T))` (Hinton et al. 2015).
 * Evaluations go by the labels alone.
 */
export function setTaughtData(session: Session, x: Float32Array, labels: ArrayLike<number>, teacher: Float32Array, how: Distillation): void;

/** The layers that the steps of an answer begin with: a fused one stands for those behind it too. */
export function steps(session: Session): string[];

/** Computes one of these again for the last `n` samples answered, to be timed. */
export function repeatStep(session: Session, step: number, n: number, times: number): void;

export interface QuantiseOptions {
  /** How each range is taken from the samples: whole, without its rarest ends, or by the least squared error. */
  calibration?: 'min_max' | 'percentile' | 'mse';
  /** Of `percentile`: in (50, 100]. */
  percent?: number;
  /** A scale for each output channel, as by default, or one for a whole kernel. */
  per_channel?: boolean;
}

/**
 * The session's model as it stands on int8 (post-training quantisation): weights, activations and the sums' way
 * back to int8 are whole numbers; the last layer's sums leave as f32. `x` are training samples to see ranges on.
 *
 * Errs with `layer_argument` where a layer has no int8 form, naming it.
 */
export function quantise(engine: Engine, session: Session, x: Float32Array, options?: QuantiseOptions): QuantisedModel;

/** Reads what `toBytes` wrote. Errs with `malformed_file` and its like. */
export function readQuantised(engine: Engine, bytes: Uint8Array): QuantisedModel;

export interface QuantisedModel {
  /** As the session's. */
  predict(x: Float32Array): Float32Array;
  /** The same bits in every variant, on every machine. */
  logits(x: Float32Array): Float32Array;
  evaluateOn(x: Float32Array, targets: Targets): Evaluation;
  layers(): QuantisedLayer[];
  /** A safetensors file with I8 kernels and, in its metadata, the run. */
  toBytes(): Uint8Array;
  /** Computes one step again for the last batch, to be timed. */
  repeatStep(step: number, times: number): void;
  free(): void;
}

/** One step of the answer. */
export interface QuantisedLayer {
  name: string;
  kind: string;
  /** The layers behind it that were taken into it: batch normalisation, relu, a 2 × 2 maximum. */
  folded: string[];
  /** For one sample. */
  multiplications: number;
  weights: number;
  weightScales: number;
  /** What a step of its output is worth, and which whole number is 0; undefined for the last sums. */
  scale?: number;
  zero?: number;
  /** ‖w − ŵ‖ / ‖w‖; undefined for a model from a file. */
  weightError?: number;
}
