// npy, npz, bytes and text between real NumPy (tests/fixtures/numpy/files.json) and ours, both ways.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { startInNode } from '../runtime.mjs';

test('files pass between real NumPy and ours, both ways', async () => {
  const { pyodide } = await startInNode();
  for (const url of [new URL('../../fixtures/numpy/files.json', import.meta.url), new URL('files.py', import.meta.url)]) {
    pyodide.FS.writeFile(`/home/pyodide/${url.pathname.split('/').at(-1)}`, readFileSync(url));
  }
  pyodide.runPython("import sys; sys.path.insert(0, '/home/pyodide'); import files, json");
  const [differing, count] = JSON.parse(pyodide.runPython("json.dumps(files.main('/home/pyodide/files.json'))"));
  assert.deepEqual(differing, []);
  assert.ok(count > 80, `${count} comparisons`);
});
