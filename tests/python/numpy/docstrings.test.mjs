// Runs the examples of NumPy's docstrings, recorded on real NumPy (tests/fixtures/numpy), on ours.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, describe, it } from 'node:test';
import { startInNode } from '../runtime.mjs';

const fixtures = new URL('../../fixtures/numpy/', import.meta.url);
const { numpy, docstrings } = JSON.parse(readFileSync(new URL('docstrings.json', fixtures), 'utf8'));

/** By reason, the examples that print something else here on purpose; each must still differ. */
const excepted = new Map(
  Object.entries(JSON.parse(readFileSync(new URL('docstring_exceptions.json', fixtures), 'utf8'))).flatMap(
    ([reason, examples]) => examples.map((example) => [example, reason]),
  ),
);

describe(`the examples of NumPy ${numpy}'s docstrings print the same`, () => {
  let differing;
  let count;
  let live;

  before(async () => {
    const { pyodide, engine } = await startInNode();
    for (const url of [
      new URL('examples.py', fixtures),
      new URL('docstrings.json', fixtures),
      new URL('docstrings.py', import.meta.url),
    ]) {
      pyodide.FS.writeFile(`/home/pyodide/${url.pathname.split('/').at(-1)}`, readFileSync(url));
    }
    pyodide.runPython("import sys; sys.path.insert(0, '/home/pyodide'); import numpy, docstrings, gc, json");
    const before = engine.np_live();
    [differing, count] = JSON.parse(
      pyodide.runPython("_r = json.dumps(docstrings.main('/home/pyodide/docstrings.json')); gc.collect(); _r"),
    );
    live = engine.np_live() - before;
  });

  it('none differs but those that a reason excepts', () => {
    const faults = differing
      .filter(([name, at]) => !excepted.has(`${name} ${at}`))
      .map(([name, at, source, ours, theirs]) => `${name} ${at}: ${source}    ours: ${ours}    real: ${theirs}`);
    assert.equal(faults.length, 0, `\n${faults.join('\n')}`);
  });

  it('every exception still differs', () => {
    const found = new Set(differing.map(([name, at]) => `${name} ${at}`));
    assert.deepEqual([...excepted.keys()].filter((example) => !found.has(example)), []);
  });

  it('leaves no handle behind', () => assert.equal(live, 0));

  after(() => {
    const docs = Object.keys(docstrings).length;
    process.stdout.write(`numpy: ${count - differing.length} of ${count} examples of ${docs} docstrings print the same\n`);
  });
});
