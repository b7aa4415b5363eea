// The data sets that runs can take: the page's digits, and a reader's own, kept by the hash of their contents.
import { WorkerFailure } from '../../workers/client.ts';
import type { About, OwnData, Preparation } from '../../workers/data/protocol.ts';
import type { DataSummary } from '../../workers/lab/protocol.ts';
import { all, get, keep, put, remove, type Keeping } from './database.ts';
import type { DataRef } from './spec.ts';
import type { LabClient } from './worker.ts';

export type { About, OwnData, Preparation };

/** What is shown of a kept set; the samples lie beside it and are read only when they are wanted. */
export interface KeptAbout extends About {
  /** Date.now() when it was kept. */
  kept: number;
  /** How it is split and scaled until somebody says otherwise. */
  prepare: Preparation;
}

const aboutKey = (hash: string) => `about ${hash}`;

export async function keepOwn(own: OwnData, about: KeptAbout): Promise<Keeping> {
  const kept = await keep('datasets', own.hash, own);
  return kept === 'kept' ? keep('datasets', aboutKey(own.hash), about) : kept;
}

/** New names, or another preparation. */
export const keepAbout = (about: KeptAbout): Promise<boolean> => put('datasets', aboutKey(about.hash), about);
export const loadAbouts = async (): Promise<KeptAbout[]> => (await all<KeptAbout>('datasets', 'about ')).sort((a, b) => a.kept - b.kept);

/** With the names that it has now. */
export async function loadOwn(hash: string): Promise<OwnData | undefined> {
  const [own, about] = await Promise.all([get<OwnData>('datasets', hash), get<KeptAbout>('datasets', aboutKey(hash))]);
  return own && { ...own, name: about?.name ?? own.name, classes: about?.classes ?? own.classes };
}

export const forgetOwn = async (hash: string): Promise<void> => void (await Promise.all([remove('datasets', aboutKey(hash)), remove('datasets', hash)]));

/** What a set starts with: its own test part, or a fifth held out; bytes to 0 … 1, other numbers standardised. */
export function usualPreparation({ testFrom, count, bytes }: Pick<About, 'testFrom' | 'count' | 'bytes'>): Preparation {
  return { heldOut: testFrom < count ? 'own' : 0.2, seed: 1, scale: bytes ? 'unit' : 'standard' };
}

export const refOf = ({ name, hash, prepare }: KeptAbout): DataRef => ({ name, hash, prepare });

/**
 * Makes sure that the worker has the data, handing over what was kept of a reader's own.
 * Rejects with `no_dataset` where nobody has them.
 */
export async function provide(client: LabClient, ref: DataRef): Promise<DataSummary> {
  try {
    return await client.ask('data', { ref });
  } catch (error) {
    const missing = error instanceof WorkerFailure && error.failure.code === 'no_dataset';
    const own = missing && ref.hash !== undefined ? await loadOwn(ref.hash) : undefined;
    if (!own) throw error;
    // Read for this, so that they may go over without a copy.
    await client.ask('own', { own }, { transfer: [own.values.buffer, own.labels.buffer] });
    return client.ask('data', { ref });
  }
}
