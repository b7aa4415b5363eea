/** The files that the reader dropped, in the working folder of the learner's code. */
import type { PyodideAPI } from 'pyodide';
import type { DroppedFile } from './python.protocol';

const MOUNTED_AT = '/danlu/dropped';

interface Operations {
  read(...args: unknown[]): number;
}

export class WorkingFolder {
  readonly #pyodide: PyodideAPI;
  /** Where the code begins; it may go elsewhere. */
  readonly #home: string;
  /** Large files are read where they lie, through links into one mounted folder each. */
  #mounts = 0;
  readonly #mounted = new Map<string, string>();

  constructor(pyodide: PyodideAPI) {
    this.#pyodide = pyodide;
    this.#home = pyodide.FS.cwd();
  }

  change(put: DroppedFile[], remove: string[]): void {
    for (const name of remove) this.#remove(name);
    for (const { name, content } of put) {
      this.#remove(name);
      const path = `${this.#home}/${name}`;
      if (content instanceof Uint8Array) this.#pyodide.FS.writeFile(path, content);
      else this.#pyodide.FS.symlink(this.#mount(name, content), path);
    }
  }

  #remove(name: string): void {
    const { FS } = this.#pyodide;
    try {
      FS.unlink(`${this.#home}/${name}`);
    } catch {
      // The code itself took it away.
    }
    const mount = this.#mounted.get(name);
    if (mount === undefined) return;
    FS.unmount(mount);
    this.#mounted.delete(name);
  }

  #mount(name: string, data: Blob): string {
    const { FS, ERRNO_CODES } = this.#pyodide as PyodideAPI & { ERRNO_CODES: Record<string, number> };
    const point = `${MOUNTED_AT}/${this.#mounts++}`;
    FS.mkdirTree(point);
    const { WORKERFS } = FS.filesystems as { WORKERFS: { stream_ops: Operations } };
    const root = FS.mount(WORKERFS, { blobs: [{ name, data }] }, point) as { contents: Record<string, { stream_ops: Operations }> };
    const file = root.contents[name]!;
    const { stream_ops: operations } = file;
    // A file that changes or goes while it is read is Python's OSError, not the end of the runtime.
    file.stream_ops = {
      ...operations,
      read(...args) {
        try {
          return operations.read(...args);
        } catch {
          throw new FS.ErrnoError(ERRNO_CODES.EIO!);
        }
      },
    };
    this.#mounted.set(name, point);
    return `${point}/${name}`;
  }
}
