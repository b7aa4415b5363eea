// Files and whole folders out of a drop, a choice or a paste, each with its path.
import type { Given } from '../../workers/data/protocol.ts';

function entriesOf(directory: FileSystemDirectoryEntry): Promise<FileSystemEntry[]> {
  const reader = directory.createReader();
  const all: FileSystemEntry[] = [];
  return new Promise((resolve, reject) => {
    // A reader gives a hundred at a time, and none at the end.
    const next = () =>
      reader.readEntries((some) => {
        if (some.length === 0) return resolve(all);
        all.push(...some);
        next();
      }, reject);
    next();
  });
}

async function walk(entry: FileSystemEntry, into: Given[]): Promise<void> {
  if (entry.isFile) {
    const file = await new Promise<File>((resolve, reject) => (entry as FileSystemFileEntry).file(resolve, reject));
    into.push({ path: entry.fullPath.replace(/^\//, ''), file });
  } else if (entry.isDirectory) {
    for (const within of await entriesOf(entry as FileSystemDirectoryEntry)) await walk(within, into);
  }
}

/** The browser forgets a drop's items once its event is over, so they are taken at once. */
export async function droppedFiles(transfer: DataTransfer): Promise<Given[]> {
  const entries = [...transfer.items].flatMap((item) => (item.kind === 'file' ? (item.webkitGetAsEntry?.() ?? []) : []));
  const plain = [...transfer.files];
  if (entries.length === 0) return chosenFiles(plain);
  const found: Given[] = [];
  for (const entry of entries) await walk(entry, found);
  return found;
}

export function chosenFiles(files: Iterable<File>): Given[] {
  return [...files].map((file) => ({ path: file.webkitRelativePath || file.name, file }));
}
