// What a run of the lab depends on, whole: the same spec gives the same run, in exact mode to the last bit.
import type { OptimizerSpec, RunSpec } from 'danlu';

/** How a reader's own data become a training and a held-out part. */
export interface Preparation {
  /** The share that is held out, each class in its part; `own`: the part that the set itself has for tests. */
  heldOut: number | 'own';
  /** Draws which samples are held out. */
  seed: number;
  /** `unit`: bytes to 0 … 1; `standard`: mean 0 and deviation 1 of each channel, by the training part alone; `raw`: as they are. */
  scale: 'unit' | 'standard' | 'raw';
  /** Only these classes, renumbered in this order; all where it is left out. */
  classes?: number[];
}

export interface DataRef {
  /** `digits` for the page's own; a reader's data set has the name of its files and the hash of their contents. */
  name: string;
  hash?: string;
  /** Train on so many samples only, the classes in equal parts; all where it is left out. */
  limit?: number;
  /** Of a reader's own data. */
  prepare?: Preparation;
}

/**
 * How a run trains: the engine's fields, and for how long. A schedule's lengths may be left out: they are then
 * worked out from the run's length (workers/lab/schedule.ts), so that it still fits when the batch size changes.
 */
export type Strategy = Omit<RunSpec, 'model'> & { epochs: number };

export interface LabSpec {
  data: DataRef;
  model: RunSpec['model'];
  strategy: Strategy;
  seed: number;
  /** The engine's `simd`: the same bits everywhere. Off: the fastest this browser has. */
  exact: boolean;
}

/** A layer as it stands in a chain or a graph; the engine says whether its fields are right. */
export type Layer = Extract<RunSpec['model'], { layers: unknown }>['layers'][number];
export type GraphNode = Extract<RunSpec['model'], { nodes: unknown }>['nodes'][number];
export type Chain = Extract<RunSpec['model'], { layers: unknown }>;
export type Graph = Extract<RunSpec['model'], { nodes: unknown }>;

export function isGraph(model: RunSpec['model']): model is Graph {
  return 'nodes' in model;
}

/** The same to the letter, whatever the order of fields: what it is compared and found by. */
export function canonical(value: unknown): string {
  return JSON.stringify(value, (_, part: unknown) =>
    part && typeof part === 'object' && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  );
}

export const sameSpec = (a: LabSpec, b: LabSpec): boolean => canonical(a) === canonical(b);

/** The optimiser with its type written out; Keras's Adam where none is named. */
export function optimizerOf({ optimizer = 'adam' }: Strategy): OptimizerSpec {
  return typeof optimizer === 'string' ? { type: optimizer } : optimizer;
}
