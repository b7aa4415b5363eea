/** The page's Python: one per page, started when first wanted, its files fetched ahead. */
import { fetchPythonFiles } from './files';
import { Frameworks } from './frameworks';
import { openSandbox } from './sandbox';
import { PythonSession } from './session';
import type { PythonClient, PythonState } from './types';

/** Fetches Python's files when the page has nothing better to do, so that an exercise opens at once. */
export function prefetchPython(): void {
  // A reader who pays by the megabyte decides for themselves, by opening an exercise.
  const { connection } = navigator as { connection?: { saveData?: boolean } };
  if (connection?.saveData) return;
  const fetchQuietly = () => void fetchPythonFiles().catch(() => {});
  if ('requestIdleCallback' in window) requestIdleCallback(fetchQuietly, { timeout: 10_000 });
  else setTimeout(fetchQuietly, 2000);
}

export function createPythonClient(): PythonClient {
  let state: PythonState = { status: 'loading', progress: 0 };
  const listeners = new Set<(state: PythonState) => void>();
  const change = (next: Partial<PythonState>) => {
    state = { ...state, ...next };
    for (const listener of listeners) listener(state);
  };

  let session: PythonSession | null = null;
  let frameworks: Frameworks | null = null;
  let disposed = false;
  const ready = start();
  ready.catch((error) => {
    if (!disposed) change({ status: 'failed', message: { key: 'cannot_start', fields: { reason: String(error) } } });
  });

  async function start() {
    const files = await fetchPythonFiles((progress) => change({ progress }));
    if (disposed) throw new Error('disposed');
    // Two frames: not even a fault in the browser's workers lets the learner's code into the judge's.
    frameworks = new Frameworks(files.frameworks);
    session = new PythonSession(openSandbox(files), openSandbox(files), undefined, frameworks);
    session.onExtending = (extending) => change({ status: extending ? 'extending' : 'running' });
    await session.ready;
    change({ status: 'ready', progress: 1 });
  }

  async function running<T>(work: (session: PythonSession) => Promise<T>): Promise<T> {
    await ready;
    if (state.status !== 'ready') throw new Error('Python is already running something');
    change({ status: 'running' });
    try {
      return await work(session!);
    } finally {
      change({ status: 'ready' });
    }
  }

  return {
    ready,
    get state() {
      return state;
    },
    onState(callback) {
      listeners.add(callback);
      callback(state);
      return () => listeners.delete(callback);
    },
    prefetch(packages) {
      // Only what is missing when it is asked for again is worth a word to the reader.
      if (packages.length > 0) void ready.then(() => frameworks!.fetch()).catch(() => {});
    },
    run: (code, onOutput, after) => running((session) => session.run(code, onOutput, after)),
    test: (exercise, code, options) => running((session) => session.test(exercise, code, options)),
    async stop() {
      session?.stop();
    },
    dispose() {
      disposed = true;
      listeners.clear();
      session?.dispose();
    },
  };
}
