// Everything the room of mixed precision and its worker may say to each other; nothing else crosses.
import type { Failure } from '../protocol.ts';
import type { NetworkName } from './networks.ts';
import type { OptimizerName } from './optimizer.ts';
import type { TallyFacts } from './tally.ts';

export type { Failure, NetworkName, OptimizerName, TallyFacts };

/** How a training goes about its numbers. */
export const wayNames = ['f32', 'f16', 'f16-static', 'f16-dynamic', 'bf16'] as const;
export type WayName = (typeof wayNames)[number];

export interface Job {
  network: NetworkName;
  optimizer: OptimizerName;
  rate: number;
  batch_size: number;
  steps: number;
  seed: number;
  /** What this loss counts for among others. */
  weight: number;
  /** log2 of the fixed scale, and of the one that the dynamic begins with. */
  static_scale: number;
  first_scale: number;
  /** Good steps until the dynamic scale doubles. */
  interval: number;
  /** Whether weights have a copy in f32 that is updated. */
  master: boolean;
  ways: WayName[];
}

export interface Opened {
  parameters: number;
  /** In order, and how many weights each has. */
  layers: { name: string; weights: number }[];
}

/** What some steps of one way were like. */
export interface Progress {
  kind: 'progress';
  way: WayName;
  /** The last step, from 1. */
  step: number;
  /** Of each step since the last report. */
  losses: number[];
  scales: number[];
  skipped: boolean[];
  /** Of the last step: by layer, what the backward pass wrote. */
  layers: { name: string; parameters: TallyFacts; answers: TallyFacts }[] | null;
}

export interface Ended {
  kind: 'ended';
  way: WayName;
  /** On held-out digits, with weights and activations in the way's own numbers; accuracy is null for an autoencoder. */
  loss: number;
  accuracy: number | null;
  /** Weights that the whole training left where they were, and all of them. */
  unmoved: number;
  weights: number;
}

export type PrecisionEvent = Progress | Ended | { kind: 'finished' };

export interface PrecisionCalls {
  start: { ask: Job; answer: Opened };
  stop: { ask: Record<string, never>; answer: null };
}
