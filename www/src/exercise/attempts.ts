/** What the reader has submitted and solved, kept in this browser's IndexedDB. */
const NAME = 'danlu-exercises';
const VERSION = 1;

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
  ms: number;
}

export interface Solved {
  exercise: string;
  /** When it was first solved. */
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
    asked.onupgradeneeded = () => {
      const attempts = asked.result.createObjectStore('attempts', { keyPath: 'key', autoIncrement: true });
      attempts.createIndex('exercise', 'exercise');
      asked.result.createObjectStore('solved', { keyPath: 'exercise' });
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

/** Keeps an attempt and, when it passed, that the exercise is solved. Both or neither are written. */
export async function keepAttempt(attempt: Attempt): Promise<void> {
  const transaction = (await open()).transaction(['attempts', 'solved'], 'readwrite');
  const done = new Promise<void>((resolve, reject) => {
    transaction.oncomplete = () => resolve();
    transaction.onabort = () => reject(transaction.error ?? new Error(`${NAME}: the attempt was not kept`));
  });
  transaction.objectStore('attempts').add(attempt);
  if (attempt.status === 'passed') {
    const solved = transaction.objectStore('solved');
    const before = await request<Solved | undefined>(solved.get(attempt.exercise));
    if (!before) solved.put({ exercise: attempt.exercise, at: attempt.at } satisfies Solved);
  }
  return done;
}

/** Newest first. */
export async function attemptsAt(exercise: string): Promise<Attempt[]> {
  const store = (await open()).transaction('attempts').objectStore('attempts');
  return (await request<Attempt[]>(store.index('exercise').getAll(exercise))).reverse();
}

/** The solved exercises by name. */
export async function solvedExercises(): Promise<Map<string, Solved>> {
  const all = await request<Solved[]>((await open()).transaction('solved').objectStore('solved').getAll());
  return new Map(all.map((solved) => [solved.exercise, solved]));
}
