// A browser's database whose stores hold values by a key of ours. Every call says whether it could; none throws.

/** `full`: no room is left; `denied`: this browser keeps nothing for this page (some private windows). */
export type Keeping = 'kept' | 'full' | 'denied';

export class Database<Store extends string> {
  constructor(
    private readonly name: string,
    /** All of them: a store that is added later wants a version of its own. */
    private readonly stores: readonly Store[],
  ) {}

  async keep(store: Store, key: string, value: unknown): Promise<Keeping> {
    try {
      await this.#transact(store, 'readwrite', (objects) => objects.put(value, key));
      return 'kept';
    } catch (error) {
      return error instanceof DOMException && error.name === 'QuotaExceededError' ? 'full' : 'denied';
    }
  }

  async get<T>(store: Store, key: string): Promise<T | undefined> {
    try {
      return await this.#transact(store, 'readonly', (objects) => objects.get(key) as IDBRequest<T | undefined>);
    } catch {
      return undefined;
    }
  }

  /** Those alone whose keys begin with `prefix`, where one is given. */
  async all<T>(store: Store, prefix = ''): Promise<T[]> {
    const range = prefix === '' ? null : IDBKeyRange.bound(prefix, `${prefix}\uffff`);
    try {
      return await this.#transact(store, 'readonly', (objects) => objects.getAll(range) as IDBRequest<T[]>);
    } catch {
      return [];
    }
  }

  async remove(store: Store, key: string): Promise<void> {
    try {
      await this.#transact(store, 'readwrite', (objects) => objects.delete(key));
    } catch {
      // Nothing was kept, so nothing is left.
    }
  }

  #open(): Promise<IDBDatabase> {
    return new Promise((resolve, reject) => {
      const request = indexedDB.open(this.name, 1);
      request.onupgradeneeded = () => {
        for (const store of this.stores) request.result.createObjectStore(store);
      };
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error);
    });
  }

  async #transact<T>(store: Store, mode: IDBTransactionMode, act: (objects: IDBObjectStore) => IDBRequest<T>): Promise<T> {
    const database = await this.#open();
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
}
