// Runs the snippets recorded on real Keras (tests/fixtures/keras) on ours, in the page's Python under Node.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { startInNode } from '../runtime.mjs';

const fixtures = new URL('../../fixtures/keras/', import.meta.url);
const { keras, tensorflow, snippets } = JSON.parse(readFileSync(new URL('recorded.json', fixtures), 'utf8'));

/** Where ours differs from Keras on purpose, and why; each must still differ. */
const exceptions = new Map(Object.entries(JSON.parse(readFileSync(new URL('exceptions.json', fixtures), 'utf8'))));

describe(`keras gives what Keras ${keras} on TensorFlow ${tensorflow} gave`, () => {
  let results;
  let live;

  before(async () => {
    const { pyodide, engine } = await startInNode();
    for (const [name, url] of [
      ['evaluate.py', new URL('evaluate.py', fixtures)],
      ['numpy_compare.py', new URL('../numpy/compare.py', import.meta.url)],
      ['compare.py', new URL('compare.py', import.meta.url)],
      ['recorded.json', new URL('recorded.json', fixtures)],
    ]) {
      pyodide.FS.writeFile(`/home/pyodide/${name}`, readFileSync(fileURLToPath(url)));
    }
    pyodide.runPython("import sys; sys.path.insert(0, '/home/pyodide')");
    const handles = () => engine.np_live() + engine.ag_records_live();
    pyodide.runPython('import evaluate');
    const before = handles();
    const text = pyodide.runPython("import compare, gc, json; _r = json.dumps(compare.main('/home/pyodide/recorded.json')); gc.collect(); _r");
    results = new Map(JSON.parse(text).map(({ group, code, fault }) => [`${group}: ${code}`, fault]));
    live = handles() - before;
  });

  for (const [group, cases] of Object.entries(snippets)) {
    it(`${group}: ${cases.length} snippets`, () => {
      const faults = cases
        .map(({ code }) => [code, results.get(`${group}: ${code}`)])
        .filter(([code, fault]) => Boolean(fault) !== exceptions.has(code))
        .map(([code, fault]) => `${code}\n    ${fault ?? 'agrees with Keras now: take it out of exceptions.json'}`);
      assert.equal(faults.length, 0, `\n${faults.join('\n')}`);
    });
  }

  it('leaves no handle behind', () => assert.equal(live, 0));

  after(() => {
    const all = [...results.values()];
    const equal = all.filter((fault) => !fault).length;
    process.stdout.write(`keras: ${equal} of ${all.length} snippets equal, ${exceptions.size} known exceptions\n`);
  });
});
