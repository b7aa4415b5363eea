// Runs a Python file on the runtime and packages of the page, headless, and exits with its status.
//   node tests/python/run.mjs script.py [--data folder] [arguments …]
// The present folder is the script's working directory; --data is mounted at /data, read-only.
import { existsSync } from 'node:fs';
import { basename, dirname, relative, resolve } from 'node:path';
import { startInNode } from './runtime.mjs';

const [script, ...rest] = process.argv.slice(2);
if (!script) {
  process.stderr.write('usage: node tests/python/run.mjs script.py [--data folder] [arguments …]\n');
  process.exit(2);
}
const dataAt = rest.indexOf('--data');
const data = dataAt >= 0 ? rest.splice(dataAt, 2)[1] : process.env.DATA;
for (const path of [script, data]) {
  if (path && !existsSync(path)) {
    process.stderr.write(`${path}: no such file\n`);
    process.exit(2);
  }
}

const { pyodide } = await startInNode();
pyodide.setStdout({ write: (bytes) => (writeWhole(process.stdout, bytes), bytes.length), isatty: false });
pyodide.setStderr({ write: (bytes) => (writeWhole(process.stderr, bytes), bytes.length), isatty: false });

/** Pyodide reuses the buffer it hands over. */
function writeWhole(stream, bytes) {
  stream.write(bytes.slice());
}

const mount = (point, folder) => {
  pyodide.FS.mkdirTree(point);
  pyodide.FS.mount(pyodide.FS.filesystems.NODEFS, { root: resolve(folder) }, point);
};
mount('/here', '.');
if (data) {
  mount('/data', data);
  refuseWriting(pyodide.FS.lookupPath('/data').node);
}

/** NODEFS has no read-only mode, so every node under the mount refuses what would change it. */
function refuseWriting(mounted) {
  const { FS } = pyodide;
  const refuse = () => {
    throw new FS.ErrnoError(pyodide.ERRNO_CODES.EROFS);
  };
  const { node_ops: operations, stream_ops: streams } = mounted;
  const readOnly = { ...operations };
  for (const name of ['mknod', 'rename', 'unlink', 'rmdir', 'symlink', 'setattr']) readOnly[name] = refuse;
  const guard = (node) => Object.assign(node, { node_ops: readOnly, stream_ops: { ...streams, write: refuse } });
  readOnly.lookup = (parent, name) => guard(operations.lookup(parent, name));
  guard(mounted);
}

let inside = `/here/${relative('.', resolve(script))}`;
if (inside.startsWith('/here/..')) {
  mount('/script', dirname(resolve(script)));
  inside = `/script/${basename(script)}`;
}
const status = pyodide.runPython(
  `
def _run(path, arguments):
    import os, sys, traceback, types
    os.chdir("/here")
    sys.argv = [path, *arguments]
    sys.path.insert(1, os.path.dirname(path))
    main = types.ModuleType("__main__")
    main.__file__ = path
    sys.modules["__main__"] = main
    status = 0
    try:
        with open(path, encoding="utf-8") as file:
            source = file.read()
        exec(compile(source, path, "exec"), main.__dict__)
    except SystemExit as leaving:
        status = leaving.code
        if status is None:
            status = 0
        elif not isinstance(status, int):
            print(status, file=sys.stderr)
            status = 1
    except BaseException as error:
        # The first frame is this function's.
        traceback.print_exception(error.with_traceback(error.__traceback__.tb_next))
        status = 1
    sys.stdout.flush()
    sys.stderr.flush()
    return status
_run
`,
)(inside, pyodide.toPy(rest));
process.exitCode = status;
