// The lab's own database. One version names every store, so that no room has to upgrade what another has open.
import { Database, type Keeping } from '../state/database.ts';

export type { Keeping };

const stores = [
  /** Runs without their weights, by id. */
  'runs',
  /** safetensors bytes, by the run's id. */
  'weights',
  /** A reader's data sets, by content hash; what is said of each, by `about <hash>`. */
  'datasets',
  /** Checkpoints to go on from, by the run's id. */
  'checkpoints',
] as const;
export type Store = (typeof stores)[number];

const database = new Database<Store>('danlu-lab', stores);

export const keep = (store: Store, key: string, value: unknown): Promise<Keeping> => database.keep(store, key, value);

/** False where it could not be kept, for whatever reason; the page works without. */
export const put = async (store: Store, key: string, value: unknown): Promise<boolean> => (await keep(store, key, value)) === 'kept';
export const get = <T>(store: Store, key: string): Promise<T | undefined> => database.get<T>(store, key);
/** Those alone whose keys begin with `prefix`, where one is given. */
export const all = <T>(store: Store, prefix = ''): Promise<T[]> => database.all<T>(store, prefix);
export const remove = (store: Store, key: string): Promise<void> => database.remove(store, key);
