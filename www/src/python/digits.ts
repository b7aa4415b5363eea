/** The page's digits, given to a learner's Python when its code asks for MNIST: inside the sandbox nothing can be fetched. */
import type { Runtime } from './runtime';

const FILES = ['mnist-images.idx.gz', 'mnist-labels.idx.gz'] as const;
const ASKS = /mnist/i;

let fetched: Promise<Uint8Array[]> | null = null;
const given = new WeakSet<Runtime>();

/** Where they can't be fetched, Python says which files it lacks. */
export async function giveDigits(learner: Runtime, code: string): Promise<void> {
  if (!ASKS.test(code) || given.has(learner) || typeof document === 'undefined') return;
  fetched ??= Promise.all(FILES.map(get)).catch((error) => {
    fetched = null;
    throw error;
  });
  let files: Uint8Array[];
  try {
    files = await fetched;
  } catch {
    return;
  }
  for (const [at, bytes] of files.entries()) await learner.request({ type: 'put', name: FILES[at]!, bytes });
  given.add(learner);
}

async function get(name: string): Promise<Uint8Array> {
  const response = await fetch(new URL(`data/${name}`, document.baseURI));
  if (!response.ok) throw new Error(`${name}: ${response.status}`);
  return new Uint8Array(await response.arrayBuffer());
}
