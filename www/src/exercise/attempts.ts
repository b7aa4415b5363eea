/** What the reader has submitted, solved and starred, kept in this browser's IndexedDB. */
const NAME = 'danlu-exercises';
const VERSION = 2;

export interface Attempt {
  /** Given by the store. */
  key?: number;
  exercise: string;
  /** Milliseconds since 1970. */
  at: number;
  code: string;
  /** not_run: the code itself failed to load. */
  status: 'passed' | 'failed' | 'not_run';
  passed: number;
  total: number;
  /** The name of the first check that didn't pass. */
  firstFailure: string | null;
  seed: number;
  /** What the judge took. */
  ms: number;
  /** What the reader took from the starting code to this pass; absent where that can't be said. */
  spent_ms?: number;
  /** Left out, it was written in NumPy or in what the exercise imports. */
  flavour?: 'torch';
}

export interface Solved {
  exercise: string;
  /** When it was first solved. */
  at: number;
  /** The shortest time from the starting code to a pass. */
  best_ms?: number;
}

/** A star taken back is kept as such, so that an older file can't put it up again. */
export interface Star {
  exercise: string;
  on: boolean;
  at: number;
}

function request<T>(asked: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    asked.onsuccess = () => resolve(asked.result);
    asked.onerror = () => reject(asked.error ?? new Error(`${NAME}: the request failed`));
  });
}

let opened: Promise<IDBDatabase> | null = null;

function open(): Promise<IDBDatabase> {
  opened ??= new Promise<IDBDatabase>((resolve, reject) => {
    const asked = indexedDB.open(NAME, VERSION);
    asked.onupgradeneeded = ({ oldVersion }) => {
      if (oldVersion < 1) {
        const attempts = asked.result.createObjectStore('attempts', { keyPath: 'key', autoIncrement: true });
        attempts.createIndex('exercise', 'exercise');
        asked.result.createObjectStore('solved', { keyPath: 'exercise' });
      }
      if (oldVersion < 2) asked.result.createObjectStore('stars', { keyPath: 'exercise' });
    };
    asked.onsuccess = () => {
      // A newer page in another tab may change the layout: let it, and open again when asked.
      asked.result.onversionchange = () => { asked.result.close(); opened = null; };
      asked.result.onclose = () => { opened = null; };
      resolve(asked.result);
    };
    asked.onerror = () => { opened = null; reject(asked.error ?? new Error(`${NAME}: cannot be opened`)); };
  });
  return opened;
}

type Store = 'attempts' | 'solved' | 'stars';

/** All of what `write` does is written, or none of it. */
async function transact(stores: Store[], write: (store: (name: Store) => IDBObjectStore) => Promise<void>): Promise<void> {
  const transaction = (await open()).transaction(stores, 'readwrite');
  const done = new Promise<void>((resolve, reject) => {
    transaction.oncomplete = () => resolve();
    transaction.onabort = () => reject(transaction.error ?? new Error(`${NAME}: nothing was kept`));
  });
  // Its own failure is the one to tell of.
  done.catch(() => undefined);
  try {
    await write((name) => transaction.objectStore(name));
  } catch (error) {
    transaction.abort();
    throw error;
  }
  return done;
}

const least = (a: number | undefined, b: number | undefined) => (a === undefined ? b : b === undefined ? a : Math.min(a, b));

/** Of two accounts of one solved exercise, the earliest day and the best time. */
export function mergeSolved(a: Solved, b: Solved): Solved {
  const best_ms = least(a.best_ms, b.best_ms);
  return { exercise: a.exercise, at: Math.min(a.at, b.at), ...(best_ms === undefined ? {} : { best_ms }) };
}

async function putSolved(store: IDBObjectStore, solved: Solved): Promise<void> {
  const before = await request<Solved | undefined>(store.get(solved.exercise));
  store.put(before ? mergeSolved(before, solved) : solved);
}

/** Keeps an attempt and, when it passed, that the exercise is solved. Both or neither are written. */
export async function keepAttempt(attempt: Attempt): Promise<void> {
  return transact(['attempts', 'solved'], async (store) => {
    store('attempts').add(attempt);
    if (attempt.status !== 'passed') return;
    const { exercise, at, spent_ms } = attempt;
    await putSolved(store('solved'), { exercise, at, ...(spent_ms === undefined ? {} : { best_ms: spent_ms }) });
  });
}

export async function keepStar(star: Star): Promise<void> {
  return transact(['stars'], async (store) => void store('stars').put(star));
}

/** The stars that are up. */
export async function starredExercises(): Promise<Set<string>> {
  const all = await request<Star[]>((await open()).transaction('stars').objectStore('stars').getAll());
  return new Set(all.filter(({ on }) => on).map(({ exercise }) => exercise));
}

export interface Kept {
  attempts: Attempt[];
  solved: Solved[];
  stars: Star[];
}

export async function readAll(): Promise<Kept> {
  const transaction = (await open()).transaction(['attempts', 'solved', 'stars']);
  const all = <T>(name: Store) => request<T[]>(transaction.objectStore(name).getAll());
  const [attempts, solved, stars] = await Promise.all([all<Attempt>('attempts'), all<Solved>('solved'), all<Star>('stars')]);
  return { attempts, solved, stars };
}

/** Forgets everything. */
export async function eraseAll(): Promise<void> {
  await transact(['attempts', 'solved', 'stars'], async (store) => {
    for (const name of ['attempts', 'solved', 'stars'] as const) store(name).clear();
  });
}

const same = (a: Attempt, b: Attempt) => a.exercise === b.exercise && a.at === b.at && a.code === b.code;

/** Adds what isn't there yet and overwrites nothing; returns how many attempts were added. */
export async function mergeAll({ attempts, solved, stars }: Kept): Promise<number> {
  let added = 0;
  await transact(['attempts', 'solved', 'stars'], async (store) => {
    const present = new Map<string, Attempt[]>();
    for (const each of await request<Attempt[]>(store('attempts').getAll())) {
      present.set(each.exercise, [...(present.get(each.exercise) ?? []), each]);
    }
    for (const { key: _, ...attempt } of attempts) {
      const known = present.get(attempt.exercise) ?? [];
      if (known.some((each) => same(each, attempt))) continue;
      store('attempts').add(attempt);
      present.set(attempt.exercise, [...known, attempt]);
      added += 1;
    }
    for (const each of solved) await putSolved(store('solved'), each);
    for (const star of stars) {
      const before = await request<Star | undefined>(store('stars').get(star.exercise));
      if (!before || before.at < star.at) store('stars').put(star);
    }
  });
  return added;
}

/** Newest first. */
export async function attemptsAt(exercise: string): Promise<Attempt[]> {
  const store = (await open()).transaction('attempts').objectStore('attempts');
  const all = await request<Attempt[]>(store.index('exercise').getAll(exercise));
  // What came from a file has a younger key than its day.
  return all.sort((a, b) => b.at - a.at);
}

/** The solved exercises by name. */
export async function solvedExercises(): Promise<Map<string, Solved>> {
  const all = await request<Solved[]>((await open()).transaction('solved').objectStore('solved').getAll());
  return new Map(all.map((solved) => [solved.exercise, solved]));
}
