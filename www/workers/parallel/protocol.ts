// Everything the room of parallel training and its workers may say to each other; nothing else crosses.
import type { RunSpec } from 'danlu';

export type { Failure } from '../protocol.ts';

/** What every worker of a run is told alike. */
export interface Job {
  spec: RunSpec;
  seed: number;
  /** Into how many parts each batch is cut, whoever computes them. */
  shards: number;
  /** Train on so many digits only. */
  limit: number;
  /** Sums of gradients on a grid, in f64: the same bits in whatever order. Off: f32, in the order of the way. */
  grid: boolean;
}

export interface Opened {
  variant: string;
  parameters: number;
  /** Numbers that a sum of gradients has. */
  numbers: number;
  train: number;
  steps_per_epoch: number;
}

export const topologies = ['ring', 'star'] as const;
/** Ring: each hands parts to the next. Star: all to a leader, and the sum back. */
export type Topology = (typeof topologies)[number];

/** One direction between two workers: a port that says what is there, and memory for it where it may be shared. */
export interface LinkEnd {
  /** The other worker's name. */
  name: string;
  port: MessagePort;
  /** One for each of a step's phases that use the link; null: the numbers go with the message. */
  memory: SharedArrayBuffer[] | null;
}

/** A worker's place among those that are there. */
export interface Place {
  rank: number;
  /** How many there are. */
  workers: number;
  topology: Topology;
  /** The shards that are this worker's. */
  shards: number[];
  /** Ring: to the next, from the one before. Star: the leader's to and from each other; a worker's to and from the leader. */
  to: LinkEnd[];
  from: LinkEnd[];
  /** After so long without a word from another it is complained of. */
  patience_ms: number;
}

export interface ParallelCalls {
  /** Loads engine and data, builds the network. */
  open: { ask: Job; answer: Opened };
  place: { ask: Place; answer: null };
  /** Trains up to this step; `arrived` says when it is there. */
  run: { ask: { until: number }; answer: null };
  /** Gives up a step under way. Answered with the steps that are done. */
  halt: { ask: Record<never, never>; answer: { step: number } };
  /** Whether anybody is there. */
  ping: { ask: Record<never, never>; answer: { step: number } };
  checkpoint: { ask: Record<never, never>; answer: { step: number; bytes: Uint8Array<ArrayBuffer> } };
  restore: { ask: { step: number; bytes: Uint8Array<ArrayBuffer> }; answer: null };
  weights: { ask: Record<never, never>; answer: Uint8Array<ArrayBuffer> };
  evaluate: { ask: Record<never, never>; answer: { loss: number; accuracy: number } };
}

/** What a worker does with its time. */
export const activities = ['compute', 'exchange', 'wait', 'update'] as const;
export type Activity = (typeof activities)[number];

export interface Progress {
  kind: 'progress';
  step: number;
  /** Fours: activity's number, from, to (ms of the common clock), step. */
  segments: Float64Array<ArrayBuffer>;
  /** Bytes of gradients since the last message, as they were written and read. */
  sent_bytes: number;
  received_bytes: number;
  /** Steps that these are of. */
  steps: number;
  /** Fours: step, loss and hits summed over this worker's samples, samples. */
  scores: Float64Array<ArrayBuffer>;
}

export interface Arrived {
  kind: 'arrived';
  step: number;
  /** SHA-256 of the weights file. */
  hash: string;
  from_ms: number;
  to_ms: number;
}

/** Somebody has been waited for without a word. */
export interface Complaint {
  kind: 'complaint';
  about: string;
  step: number;
  waited_ms: number;
}

export type ParallelEvent = Progress | Arrived | Complaint;
