// The lab's own IndexedDB. One version names every store, so that no room has to upgrade what another has open.
export const stores = {
  /** Runs without their weights, by id. */
  runs: 'runs',
  /** safetensors bytes, by the run's id. */
  weights: 'weights',
  /** A reader's data sets, by content hash; what is said of each, by `about <hash>`. */
  datasets: 'datasets',
  /** Checkpoints to go on from, by the run's id. */
  checkpoints: 'checkpoints',
} as const;
export type Store = keyof typeof stores;

function open(): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open('danlu-lab', 1);
    request.onupgradeneeded = () => {
      for (const store of Object.values(stores)) request.result.createObjectStore(store);
    };
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

async function transact<T>(store: Store, mode: IDBTransactionMode, act: (objects: IDBObjectStore) => IDBRequest<T>): Promise<T> {
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

/** `full`: no room is left; `denied`: this browser keeps nothing for this page (some private windows). */
export type Keeping = 'kept' | 'full' | 'denied';

/** As `put`, and says why where it did not. */
export async function keep(store: Store, key: string, value: unknown): Promise<Keeping> {
  try {
    await transact(store, 'readwrite', (objects) => objects.put(value, key));
    return 'kept';
  } catch (error) {
    return error instanceof DOMException && error.name === 'QuotaExceededError' ? 'full' : 'denied';
  }
}

/** False where the browser keeps no data for this page (some private windows) or has no room; the page works without. */
export async function put(store: Store, key: string, value: unknown): Promise<boolean> {
  try {
    await transact(store, 'readwrite', (objects) => objects.put(value, key));
    return true;
  } catch {
    return false;
  }
}

export async function get<T>(store: Store, key: string): Promise<T | undefined> {
  try {
    return await transact(store, 'readonly', (objects) => objects.get(key) as IDBRequest<T | undefined>);
  } catch {
    return undefined;
  }
}

/** Those alone whose keys begin with `prefix`, where one is given. */
export async function all<T>(store: Store, prefix = ''): Promise<T[]> {
  const range = prefix === '' ? null : IDBKeyRange.bound(prefix, `${prefix}\uffff`);
  try {
    return await transact(store, 'readonly', (objects) => objects.getAll(range) as IDBRequest<T[]>);
  } catch {
    return [];
  }
}

export async function remove(store: Store, key: string): Promise<void> {
  try {
    await transact(store, 'readwrite', (objects) => objects.delete(key));
  } catch {
    // Nothing was kept, so nothing is left.
  }
}
