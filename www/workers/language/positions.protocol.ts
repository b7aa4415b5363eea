// Everything the section on positions and its worker may say to each other; nothing else crosses.
import type { Failure } from '../protocol.ts';
import type { Settings } from './protocol.ts';

export type Positions = Settings['positions'];
export type { Failure };

/** How far a model that was trained on `context` is read: its own angles, or angles that bring far positions nearer. */
export type Reading = 'plain' | 'ntk' | 'interpolated';

export interface Begun {
  variant: string;
  /** Characters that each model is trained on at once, and that it is asked to read. */
  context: number;
  reach: number;
  steps: number;
  /** Characters to train on, and kept back. */
  train: number;
  held_out: number;
  /** Held-out windows, each of `reach` characters. */
  windows: number;
  /** ln of the vocabulary's size. */
  blind_loss: number;
}

/** One attention: mean share that a character hears of the one `d` before it. Shape: `[heads][context / 2]`. */
export interface ByDistance {
  layer: string;
  heads: number;
  shares: Float64Array<ArrayBuffer>;
}

/** The same characters read `by` places further on. */
export interface Moved {
  by: number;
  loss: number;
  moved_loss: number;
  /** The largest change of any probability. */
  most: number;
}

export interface Studied {
  positions: Positions;
  parameters: number;
  /** Mean over the trained context. */
  held_out_loss: number;
  /** Mean loss at each position `[context]`, or `[reach]` where it can be read so far. */
  readings: { how: Reading; loss: Float64Array<ArrayBuffer> }[];
  /** What the engine says to reading further, where it can't be done. */
  refusal: Failure | null;
  moved: Moved;
  attention: ByDistance[];
}

export interface PositionsCalls {
  /** Trains a model with each kind of positions and judges it; what went before is given up. */
  study: { ask: { text: string; seed: number }; answer: Begun };
  stop: { ask: Record<never, never>; answer: null };
}

export type PositionsEvent =
  | { kind: 'progress'; positions: Positions; step: number; loss: number }
  /** Trained, and being judged. */
  | { kind: 'judging'; positions: Positions }
  | { kind: 'studied'; result: Studied }
  | { kind: 'finished'; elapsed_ms: number };
