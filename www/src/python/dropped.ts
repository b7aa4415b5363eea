/**
 * The files that the reader dropped in this page, for the working folder of whatever runs their Python. The page holds
 * the browser's handles only; a large file's bytes are read by Python, piece by piece, where it lies on the disk.
 */
import type { DroppedFile } from '../../workers/python.protocol';
import type { Runtime } from './runtime';

/** Up to here a file is copied into the runtime's memory, where the code may also write over it. */
const COPIED_UP_TO = 4_000_000;

let files: readonly File[] = [];
const listeners = new Set<(files: readonly File[]) => void>();
/** What each runtime was given last. */
const given = new WeakMap<Runtime, readonly File[]>();

export const droppedFiles = (): readonly File[] => files;

/** A file of the same name takes the other's place. */
export function dropFiles(added: Iterable<File>): void {
  const byName = new Map(files.map((file) => [file.name, file]));
  for (const file of added) byName.set(file.name, file);
  change([...byName.values()]);
}

export function removeFile(name: string): void {
  change(files.filter((file) => file.name !== name));
}

/** Returns the function that ends it. */
export function onDropped(listener: (files: readonly File[]) => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function change(next: readonly File[]) {
  files = next;
  for (const listener of listeners) listener(files);
}

/** Before each run: what has changed since the last one in this runtime. */
export async function giveFiles(learner: Runtime): Promise<void> {
  const before = given.get(learner) ?? [];
  const now = files;
  if (before === now) return;
  const put: DroppedFile[] = [];
  for (const file of now) {
    if (before.includes(file)) continue;
    try {
      put.push({ name: file.name, content: file.size > COPIED_UP_TO ? file : new Uint8Array(await file.arrayBuffer()) });
    } catch {
      // The file has gone or changed on the disk since it was dropped; without it, Python says that it isn't there.
      removeFile(file.name);
    }
  }
  const remove = before.filter((file) => !now.some(({ name }) => name === file.name)).map(({ name }) => name);
  await learner.request({ type: 'files', put, remove });
  given.set(learner, now);
}
