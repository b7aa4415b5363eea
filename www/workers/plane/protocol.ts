// Everything the room of the plane and its worker may say to each other. The worker knows no points, only rows of numbers.
import type { RunSpec } from 'danlu';
import type { Failure } from '../protocol.ts';

export type { Failure, RunSpec };

/** Rows and what they should give: class numbers, or numbers, as the loss wants them. */
export interface Rows {
  x: Float32Array<ArrayBuffer>;
  targets: Float32Array<ArrayBuffer> | Uint32Array<ArrayBuffer>;
  /** Class numbers in either case; accuracy is counted from these. */
  labels: Uint32Array<ArrayBuffer>;
}

export interface Opening {
  spec: RunSpec;
  seed: number;
  train: Rows;
  test: Rows;
  /** Where every unit's answer is drawn. */
  grid: Float32Array<ArrayBuffer>;
  /** The network that is here goes on with its weights, on these rows or by these rules. */
  keep: boolean;
}

export interface Tensor {
  name: string;
  shape: number[];
  values: Float32Array<ArrayBuffer>;
  /** dL/d of it for the last batch, as the optimiser got it; zeros before the first step. */
  gradient: Float32Array<ArrayBuffer>;
}

/** A layer's answers over the grid. Shape: [points of the grid, units]. */
export interface LayerMap {
  name: string;
  units: number;
  values: Float32Array<ArrayBuffer>;
}

export interface Judged {
  loss: number;
  accuracy: number;
}

export interface Shown {
  step: number;
  epoch: number;
  /** Of the last batch, before its step; NaN before the first. */
  batchLoss: number;
  train: Judged;
  /** Null where no points are kept from training. */
  test: Judged | null;
  tensors: Tensor[];
  maps: LayerMap[];
  /** Whether a weight or the loss is no finite number any more; a run then stops. */
  broken: boolean;
}

/** How fast a run goes; `full` as the machine can. */
export type Speed = 'slow' | 'steady' | 'brisk' | 'full';

export interface Descent {
  /** Before each step, in the engine's float32. */
  losses: number[];
  /** The weights before each step and after the last, kernel and then intercept. Shape: [losses + 1, weights]. */
  path: Float32Array<ArrayBuffer>;
}

/** One network trained with the right loss, and one whose loss compares each prediction with every target. */
export interface MeanRun {
  losses: number[];
  /** Its answers over `line`. */
  fit: Float32Array<ArrayBuffer>;
  /** Its answers to the rows it was trained on. */
  predictions: Float32Array<ArrayBuffer>;
}

export interface StaleRun {
  losses: number[];
  /** Norm of what stands in the weights' gradients at each step. */
  norms: number[];
  /** The largest difference of any weight from its first value, at the end. */
  moved: number;
}

interface Training {
  spec: RunSpec;
  seed: number;
  x: Float32Array<ArrayBuffer>;
  targets: Float32Array<ArrayBuffer> | Uint32Array<ArrayBuffer>;
  steps: number;
}

export interface PlaneCalls {
  /** A new network; the one before is given up. */
  open: { ask: Opening; answer: Shown };
  /** So many batches; a run under way is paused. */
  step: { ask: { steps: number }; answer: Shown };
  run: { ask: { speed: Speed }; answer: null };
  pause: { ask: Record<never, never>; answer: Shown };
  /** One weight by hand. */
  weigh: { ask: { tensor: string; at: number; value: number }; answer: Shown };
  /** The logits of the training row that is wrong with most confidence, or, where none is wrong, right with least. */
  surest: { ask: Record<never, never>; answer: { logits: number[]; label: number; wrong: boolean } };
  /** Gradient descent over all rows, step by step, until it ends or the loss is no number. */
  descend: { ask: Training; answer: Descent };
  /** Both on the same batches. */
  mean: { ask: Training & { batch: number; line: Float32Array<ArrayBuffer> }; answer: { right: MeanRun; wrong: MeanRun } };
  /** As it should be, and with an optimiser that holds other parameters than the layers. */
  stale: { ask: Training; answer: { right: StaleRun; wrong: StaleRun } };
}

export type PlaneEvent = { kind: 'shown'; shown: Shown };
