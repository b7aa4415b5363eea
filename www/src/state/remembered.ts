// The last trained weights, kept in the browser's IndexedDB so that a returning reader can draw at once.
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

function open(): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open('danlu', 1);
    request.onupgradeneeded = () => request.result.createObjectStore(store);
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

async function transact<T>(mode: IDBTransactionMode, act: (runs: IDBObjectStore) => IDBRequest<T>): Promise<T> {
  const database = await open();
  try {
    return await new Promise<T>((resolve, reject) => {
      const transaction = database.transaction(store, mode);
      const request = act(transaction.objectStore(store));
      transaction.oncomplete = () => resolve(request.result);
      transaction.onabort = () => reject(transaction.error);
    });
  } finally {
    database.close();
  }
}

/** False where the browser keeps no data for this page (some private windows); the page works without. */
export async function remember(run: RememberedRun): Promise<boolean> {
  try {
    await transact('readwrite', (runs) => runs.put(run, key));
    return true;
  } catch {
    return false;
  }
}

export async function recall(): Promise<RememberedRun | undefined> {
  try {
    return await transact('readonly', (runs) => runs.get(key) as IDBRequest<RememberedRun | undefined>);
  } catch {
    return undefined;
  }
}

export async function forget(): Promise<void> {
  try {
    await transact('readwrite', (runs) => runs.delete(key));
  } catch {
    // Nothing was kept, so nothing is left.
  }
}
