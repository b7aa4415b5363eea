// The data sets that runs can take: the page's digits, and those a reader dropped, kept by the hash of their contents.
import type { Dataset, DataSummary } from '../../workers/lab/protocol.ts';
import { all, get, put } from './database.ts';
import type { LabClient } from './worker.ts';
import type { DataRef } from './spec.ts';
import { WorkerFailure } from '../../workers/client.ts';

export const keepDataset = (dataset: Dataset & { ref: { hash: string } }): Promise<boolean> => put('datasets', dataset.ref.hash, dataset);
export const loadDataset = (hash: string): Promise<Dataset | undefined> => get('datasets', hash);
export const loadDatasets = (): Promise<Dataset[]> => all('datasets');

/**
 * Makes sure that the worker has the data, handing over what was kept of a reader's own.
 * Rejects with `no_dataset` where nobody has them.
 */
export async function provide(client: LabClient, ref: DataRef): Promise<DataSummary> {
  try {
    return await client.ask('data', { ref });
  } catch (error) {
    const missing = error instanceof WorkerFailure && error.failure.code === 'no_dataset';
    const dataset = missing && ref.hash !== undefined ? await loadDataset(ref.hash) : undefined;
    if (!dataset) throw error;
    // Names may differ where the same contents were dropped twice; the hash says what they are.
    await client.ask('give', { dataset: { ...dataset, ref: { name: ref.name, hash: ref.hash! } } });
    return client.ask('data', { ref });
  }
}
