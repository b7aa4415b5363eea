// Everything the lab's rooms and their training worker may say to each other; nothing else crosses.
import type { DataRef, LabSpec, Preparation } from '../../src/lab/spec.ts';
import type { OwnData } from '../data/own.ts';
import type { Failure } from '../protocol.ts';

export type { DataRef, Failure, LabSpec, OwnData, Preparation };

/** One side of a data set; samples as the engine takes them, one after another (NHWC). */
export interface Part {
  count: number;
  x: Float32Array<ArrayBuffer>;
  labels: Uint32Array<ArrayBuffer>;
}

/** What a run trains on and is judged by. The built-in digits are made in the worker; a reader's own are given to it. */
export interface Dataset {
  ref: DataRef;
  /** Of one sample: [height, width, channels], [steps, features] or [features]. */
  shape: number[];
  /** The classes' names, in the order of their numbers. */
  classes: string[];
  train: Part;
  heldOut: Part;
}

export interface DataSummary {
  ref: DataRef;
  shape: number[];
  classes: string[];
  train: number;
  heldOut: number;
  /** Training samples of each class. */
  balance: number[];
}

/** A layer as the builder shows it. */
export interface LayerFact {
  name: string;
  kind: string;
  /** Of one sample. */
  outputShape: number[];
  parameters: number;
  /** Of one sample's forward pass; a multiplication and an addition count as two. */
  flops: number;
  /** Where a graph's layer takes its inputs from. */
  connectedTo: string[];
}

export interface Description {
  /** In the order of computation. With a problem in a chain, those before the layer that causes it. */
  layers: LayerFact[];
  parameters: number;
  flops: number;
  /** Pairs (step, learning rate) over the run; empty where it is too long to draw, or something is wrong. */
  rates: Float64Array<ArrayBuffer>;
  /** Null where the data set is not in the worker. */
  data: DataSummary | null;
  /** What is wrong, and in which layer of the spec where it is one's. */
  problem: { failure: Failure; layer: number | undefined } | null;
}

export interface Started {
  variant: string;
  data: DataSummary;
  layers: LayerFact[];
  parameters: number;
  flops: number;
  steps_per_epoch: number;
  total_steps: number;
}

/** Where a run goes on from: weights alone, or a checkpoint and the step at which it was taken. */
export type Origin = { weights: Uint8Array<ArrayBuffer> } | { checkpoint: Uint8Array<ArrayBuffer>; step: number };

/** Of one array of weights. */
export interface LayerStats {
  /** As in the weights file: `conv2d/kernel`. */
  name: string;
  shape: number[];
  weightNorm: number;
  /** Of the last batch; 0 before the first. */
  gradientNorm: number;
  /** How many weights lie in each of equal parts of [−most, most]. */
  counts: number[];
  most: number;
}

export interface Picture {
  shape: number[];
  data: Float32Array<ArrayBuffer>;
}

/** The network as it stands: the default views. */
export interface Snapshot {
  step: number;
  stats: LayerStats[];
  /** By layer that ends in a ReLU, on held-out samples. */
  dead: { layer: string; dead: number; units: number }[];
  /** The first convolution's kernel, [kh][kw][c][o]. */
  filters: Picture | null;
  /** What the chosen layer answers to the chosen held-out sample; what comes in where no layer is chosen. */
  answer: { layer: string; picture: Picture } | null;
  /** Of the chosen sample. */
  probabilities: Float32Array<ArrayBuffer>;
}

export interface HeldOutSample {
  index: number;
  label: number;
  predicted: number;
  /** What the network gave its answer, 0 to 1. */
  confidence: number;
  x: Float32Array<ArrayBuffer>;
}

/** Of the last judgement: held-out samples by label (rows) and answer (columns). */
export interface Judged {
  step: number;
  classes: number;
  counts: number[];
}

export interface Embedding {
  layer: string;
  /** Pairs, one for each of the first held-out samples. */
  points: Float32Array<ArrayBuffer>;
  labels: Uint32Array<ArrayBuffer>;
  /** The shares of the variance that the two directions hold. */
  explained: [number, number];
}

export interface LabCalls {
  /** Shapes, counts and mistakes of a model and its strategy, without training. */
  describe: { ask: { spec: LabSpec }; answer: Description };
  /** What is known of a data set; refused with `no_dataset` where the worker doesn't have it. */
  data: { ask: { ref: DataRef }; answer: DataSummary };
  /** Hands a reader's own data over; they stay until the worker ends. */
  give: { ask: { dataset: Dataset }; answer: DataSummary };
  /** The same of what a reader keeps, as bytes; each reference to it says how it is split and scaled. */
  own: { ask: { own: OwnData }; answer: null };
  /** Begins a run under this name; what trained before is given up. Answered when training has begun. */
  start: { ask: { run: string; spec: LabSpec; from?: Origin; paused?: boolean }; answer: Started };
  /**
   * Trains the spec's network while its rate rises from `from` to `to` by equal factors, a batch each; ends where the
   * loss has grown fourfold. What trains meanwhile waits. Pairs (rate, loss).
   */
  findRate: { ask: { spec: LabSpec; from: number; to: number; steps: number }; answer: Float64Array<ArrayBuffer> };
  pause: { ask: Record<never, never>; answer: null };
  resume: { ask: Record<never, never>; answer: null };
  /** Trains this many batches and pauses. */
  step: { ask: { steps: number }; answer: null };
  /** Ends the run where it stands. */
  stop: { ask: Record<never, never>; answer: null };
  /** Trains on, up to this many epochs in all. */
  extend: { ask: { epochs: number }; answer: null };
  /** Lets a layer learn or freezes it, from the next batch on. */
  trainable: { ask: { layer: string; trainable: boolean }; answer: null };
  /**
   * What is to be looked at while training goes on: a snapshot then comes as an event, as often as a twentieth of the
   * time allows. Null ends it.
   */
  watch: { ask: { view: { layer: string | null; sample: number } | null }; answer: null };
  /** Loads a run that has ended, to look at it. Refused while another trains. */
  open: { ask: { run: string; spec: LabSpec; weights: Uint8Array<ArrayBuffer> }; answer: Started };
  snapshot: { ask: { layer: string | null; sample: number }; answer: Snapshot };
  judged: { ask: Record<never, never>; answer: Judged };
  /** Held-out samples with this label and answer, or the surest mistakes where none is given. */
  samples: { ask: { label?: number; predicted?: number; limit: number }; answer: HeldOutSample[] };
  embedding: { ask: { limit: number }; answer: Embedding };
  /** Null where no layer answers with an image. `wanted`: the class whose logit is asked about. */
  gradCam: { ask: { sample: number; wanted: number }; answer: { layer: string; width: number; height: number; heat: Float32Array<ArrayBuffer> } | null };
  weights: { ask: Record<never, never>; answer: Uint8Array<ArrayBuffer> };
  /** The run as it stands, to go on from to the bit, with the step that `start` wants to hear. */
  checkpoint: { ask: Record<never, never>; answer: { bytes: Uint8Array<ArrayBuffer>; step: number } };
}

export type LabCallName = keyof LabCalls;
export type LabAsk<K extends LabCallName> = LabCalls[K]['ask'];
export type LabAnswer<K extends LabCallName> = LabCalls[K]['answer'];

/** At most twelve a second. */
export interface LabProgress {
  kind: 'progress';
  run: string;
  step: number;
  steps_per_epoch: number;
  total_steps: number;
  samples_per_s: number;
  /** Spent on training and judging alone. */
  elapsed_ms: number;
  /** Fours (step, loss, accuracy, learning rate), new since the last message: means of training. */
  training_points: Float64Array<ArrayBuffer>;
  /** Threes (step, loss, accuracy), of the held-out samples. */
  held_out_points: Float64Array<ArrayBuffer>;
}

/** `early`: early stopping; `diverged`: the loss is no number any more. */
export type EndReason = 'complete' | 'stopped' | 'early' | 'diverged';

export interface LabFinished {
  kind: 'finished';
  run: string;
  reason: EndReason;
  step: number;
  weights: Uint8Array<ArrayBuffer>;
}

export interface LabSnapshot {
  kind: 'snapshot';
  run: string;
  snapshot: Snapshot;
}

export type LabEvent = LabProgress | LabFinished | LabSnapshot;
