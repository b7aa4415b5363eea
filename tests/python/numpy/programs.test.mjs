// NumPy-only programs of the teaching kind: each prints here what it printed on real NumPy (the .txt beside it).
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFileSync, readdirSync } from 'node:fs';
import { before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { startInNode } from '../runtime.mjs';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const programs = new URL('../programs/', import.meta.url);
const read = (file) => readFileSync(new URL(file, programs), 'utf8');
const printed = (file) => read(file.replace('.py', '.txt'));

/** What reads files goes the whole way that `make py` goes; the others share one runtime. */
const WITH_DATA = 'digits_from_idx.py';

let run;
before(async () => {
  const { pyodide } = await startInNode();
  run = pyodide.runPython(`
def run(source, name):
    import contextlib, io
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        exec(compile(source, name, "exec"), {"__name__": "__main__"})
    return out.getvalue()
run
`);
});

for (const file of readdirSync(programs).filter((name) => name.endsWith('.py'))) {
  test(`${file} prints what it printed on NumPy`, async () => {
    if (file !== WITH_DATA) return assert.equal(run(read(file), file), printed(file));
    const command = ['tests/python/run.mjs', `tests/python/programs/${file}`, '--data', 'build/data'];
    assert.equal((await promisify(execFile)('node', command, { cwd: root })).stdout, printed(file));
  });
}
