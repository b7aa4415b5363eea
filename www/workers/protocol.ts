// Everything the page and the training worker may say to each other; nothing else crosses.
import type { RunSettings } from '../src/state/run.ts';

export type { RunSettings };

/** A failure as data: the page builds the reader's sentence from strings/<language>/errors.json. */
export interface Failure {
  code: string;
  fields: Record<string, string | number>;
  /** The engine is lost; only a fresh worker helps. */
  fatal: boolean;
}

export interface Prepared {
  variant: string;
  train: number;
  held_out: number;
  parameters: number;
  /** A few held-out digits, two of each, to watch the network learn them. */
  gallery: HeldOutDigit[];
}

/** The picture first, then every layer's answer to it. */
export interface Look {
  step: number;
  layers: LayerPicture[];
  /** The convolution's weights, [kh][kw][c][o], and its [o] biases. */
  filters: Float32Array<ArrayBuffer>;
  biases: Float32Array<ArrayBuffer>;
  probabilities: Float32Array<ArrayBuffer>;
}

export interface LayerPicture {
  name: string;
  kind: string;
  shape: number[];
  data: Float32Array<ArrayBuffer>;
}

export interface HeldOutDigit {
  /** Its place among the held-out digits. */
  index: number;
  label: number;
  /** [28·28], 0 paper to 255 ink. */
  pixels: Uint8Array<ArrayBuffer>;
}

export interface Mistake extends HeldOutDigit {
  predicted: number;
  /** What the network gave its wrong answer, 0 to 1. */
  confidence: number;
}

export interface Mistakes {
  count: number;
  of: number;
  /** The surest first. */
  worst: Mistake[];
}

/** What the page can ask, and what it is answered. */
export interface Calls {
  /** Loads engine and digits ahead of the press. */
  prepare: { ask: Record<never, never>; answer: Prepared };
  /** Begins a run; with weights, from them, `epochs_done` epochs in. Answered when training has begun. */
  start: { ask: { settings: RunSettings; from?: { weights: Uint8Array<ArrayBuffer>; epochs_done: number } }; answer: Prepared };
  pause: { ask: Record<never, never>; answer: null };
  resume: { ask: Record<never, never>; answer: null };
  /** Ends the run where it stands; its weights stay for drawing and for training on. */
  stop: { ask: Record<never, never>; answer: null };
  /** Trains on, up to this many epochs in all. */
  extend: { ask: { epochs: number }; answer: null };
  /** Takes remembered weights for drawing, without training. */
  restore: { ask: { settings: RunSettings; from: { weights: Uint8Array<ArrayBuffer>; epochs_done: number } }; answer: Evaluation };
  look: { ask: { image: Float32Array<ArrayBuffer> }; answer: Look };
  /** What the network takes the gallery's digits for, as it is now. */
  guesses: { ask: Record<never, never>; answer: number[] };
  mistakes: { ask: { limit: number }; answer: Mistakes };
  /** A held-out digit of this label, the `nth` of them (counted round). */
  sample: { ask: { label: number; nth: number }; answer: HeldOutDigit };
}

export type CallName = keyof Calls;
export type Ask<K extends CallName> = Calls[K]['ask'];
export type Answer<K extends CallName> = Calls[K]['answer'];

export type Request = { [K in CallName]: { id: number; call: K; ask: Ask<K> } }[CallName];
/** `cancel` drops a request that has not been begun; it is then never answered. */
export type ToWorker = { kind: 'request'; request: Request } | { kind: 'cancel'; id: number };

export interface Evaluation {
  loss: number;
  accuracy: number;
  count: number;
}

/** At most twenty a second. Points are triples (step, loss, accuracy), new since the last message. */
export interface Progress {
  kind: 'progress';
  step: number;
  steps_per_epoch: number;
  /** To reach the last of the epochs asked for. */
  total_steps: number;
  samples_per_s: number;
  elapsed_ms: number;
  /** Judged by the pace so far, held-out digits and all. */
  remaining_ms: number;
  training_points: Float64Array<ArrayBuffer>;
  held_out_points: Float64Array<ArrayBuffer>;
}

/** After an epoch and at the end: what a fresh worker, or the next visit, can go on from. */
export interface Checkpoint {
  kind: 'checkpoint';
  epochs_done: number;
  accuracy: number;
  weights: Uint8Array<ArrayBuffer>;
}

export interface Finished {
  kind: 'finished';
  reason: 'complete' | 'stopped';
}

/** Training itself failed, outside any request. */
export interface Broken {
  kind: 'broken';
  failure: Failure;
}

export type WorkerEvent = Progress | Checkpoint | Finished | Broken;

export type FromWorker =
  | WorkerEvent
  | { kind: 'answer'; id: number; answer: Answer<CallName> }
  | { kind: 'refusal'; id: number; failure: Failure };
