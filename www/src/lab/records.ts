// Runs as they are kept: what was asked for, how it went, what came out.
import type { EndReason } from '../../workers/lab/protocol.ts';
import { all, get, keep, put, remove, type Keeping } from './database.ts';
import type { LabSpec } from './spec.ts';

export interface Curves {
  /** Steps; means of training up to there. */
  training: { step: number[]; loss: number[]; accuracy: number[]; rate: number[] };
  heldOut: { step: number[]; loss: number[]; accuracy: number[] };
}

export interface RunRecord {
  id: string;
  /** Counts up; what the table calls the run until the reader names it. */
  number: number;
  name: string;
  note: string;
  spec: LabSpec;
  /** Date.now() at its beginning. */
  began: number;
  /** `open`: it trains, or the page was closed while it did. */
  state: EndReason | 'open';
  step: number;
  steps_per_epoch: number;
  total_steps: number;
  parameters: number;
  elapsed_ms: number;
  samples_per_s: number;
  curves: Curves;
  /** SHA-256 of the weights file it ended with, in hexadecimal. */
  hash?: string;
  /** What it can go on from: the step, Date.now() and bytes. */
  checkpoint?: { step: number; at: number; size: number } | undefined;
  /** Of the weights that are kept. */
  weight_bytes?: number;
}

/** A run as it stood, to the bit, with what had been drawn of it by then. */
export interface Checkpoint {
  bytes: Uint8Array<ArrayBuffer>;
  step: number;
  elapsed_ms: number;
  curves: Curves;
}

export function emptyCurves(): Curves {
  return { training: { step: [], loss: [], accuracy: [], rate: [] }, heldOut: { step: [], loss: [], accuracy: [] } };
}

export const loadRecords = async (): Promise<RunRecord[]> => (await all<RunRecord>('runs')).sort((a, b) => a.number - b.number);
export const keepRecord = (record: RunRecord): Promise<boolean> => put('runs', record.id, record);
export const keepWeights = (id: string, weights: Uint8Array): Promise<boolean> => put('weights', id, weights);
export const loadWeights = (id: string): Promise<Uint8Array<ArrayBuffer> | undefined> => get('weights', id);

export const keepCheckpoint = (id: string, checkpoint: Checkpoint): Promise<Keeping> => keep('checkpoints', id, checkpoint);
export const loadCheckpoint = (id: string): Promise<Checkpoint | undefined> => get('checkpoints', id);
export const forgetCheckpoint = (id: string): Promise<void> => remove('checkpoints', id);

export async function forgetRun(id: string): Promise<void> {
  await Promise.all((['runs', 'weights', 'checkpoints'] as const).map((store) => remove(store, id)));
}

/** Undefined where the page was not loaded over https or from this machine: browsers hash only there. */
export async function sha256(bytes: Uint8Array<ArrayBuffer>): Promise<string | undefined> {
  if (!globalThis.crypto?.subtle) return undefined;
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
