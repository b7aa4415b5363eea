// The engine's two modules as the one that Python sees.
import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { nodeBuild, prepare, startInNode } from './runtime.mjs';

before(prepare);

/** A module whose start is counted, and which tells of a panic once. */
function part(names, panics = []) {
  const counted = { starts: 0, module: new Uint8Array() };
  counted.createGlue = () => ({
    ...Object.fromEntries(names.map((name) => [name, () => name])),
    initSync: () => counted.starts++,
    takePanic: () => panics.pop(),
  });
  return counted;
}

const joined = async (python, train) =>
  (await import(pathToFileURL(join(nodeBuild, 'host.mjs')).href)).joinEngines(python, train);

test('what trains starts once, when one of its names is first read', async () => {
  const [python, train] = [part(['np_zeros', 'both']), part(['Session', 'parseIdx', 'both'])];
  const engine = await joined(python, train);
  assert.deepEqual(Object.keys(engine), ['np_zeros', 'both', 'takePanic', 'Session', 'parseIdx']);
  assert.deepEqual([engine.np_zeros(), engine.both(), engine.takePanic()], ['np_zeros', 'both', undefined]);
  assert.deepEqual([python.starts, train.starts], [1, 0]);
  assert.deepEqual([engine.Session(), engine.parseIdx()], ['Session', 'parseIdx']);
  assert.deepEqual([python.starts, train.starts], [1, 1]);
});

test('a panic is heard of, in whichever module', async () => {
  const engine = await joined(part([], ['of arrays']), part(['Session'], ['of a run']));
  assert.equal(engine.takePanic(), 'of arrays');
  assert.equal(engine.takePanic(), undefined);
  engine.Session();
  assert.equal(engine.takePanic(), 'of a run');
});

test('arrays, the tape and a look at the names start nothing that trains', async () => {
  const { Instance } = WebAssembly;
  const { pyodide } = await startInNode();
  let started = 0;
  WebAssembly.Instance = class extends Instance {
    constructor(...args) {
      super(...args);
      started++;
    }
  };
  try {
    pyodide.runPython('import _danlu, numpy\nfrom danlu import ops\ndir(_danlu)\nnumpy.ones(3) @ numpy.ones(3)');
    assert.equal(started, 0);
    pyodide.runPython('from _danlu import Session');
    assert.equal(started, 1);
  } finally {
    WebAssembly.Instance = Instance;
  }
});
