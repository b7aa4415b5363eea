// The last trained weights, kept in the browser's IndexedDB so that a returning reader can draw at once.
import { Database } from './database.ts';
import type { RunSettings } from './run.ts';

export interface RememberedRun {
  settings: RunSettings;
  /** Epochs trained so far. */
  epochs: number;
  /** On the held-out digits, 0 to 1. */
  accuracy: number;
  /** safetensors bytes. */
  weights: Uint8Array<ArrayBuffer>;
}

const store = 'runs';
const key = 'reference-cnn';
const database = new Database('danlu', [store]);

/** False where the browser keeps no data for this page (some private windows); the page works without. */
export const remember = async (run: RememberedRun): Promise<boolean> => (await database.keep(store, key, run)) === 'kept';
export const recall = (): Promise<RememberedRun | undefined> => database.get<RememberedRun>(store, key);
export const forget = (): Promise<void> => database.remove(store, key);
