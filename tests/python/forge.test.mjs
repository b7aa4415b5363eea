// The reader's answers train a net: put together as the page does, judged by held-out digits, and as one file.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { createServer } from 'vite';
import { openSession } from '../exercises/host.mjs';

const repository = fileURLToPath(new URL('../..', import.meta.url));
/** DANLU_REAL_PYTHON names a Python with NumPy; without it the page's own runs the file. */
const real = process.env.DANLU_REAL_PYTHON;

let session;
let vite;
let forge;
let packed;
before(async () => {
  session = await openSession({ loadSeconds: 60, checkSeconds: 60 });
  vite = await createServer({ root: join(repository, 'www'), configFile: false, logLevel: 'error', server: { middlewareMode: true, ws: false } });
  forge = await vite.ssrLoadModule('/src/exercise/forge/assemble.ts');
  const { pack } = await vite.ssrLoadModule('/src/exercise/forge/digits.ts');
  const file = (name) => { const { buffer, byteOffset, length } = readFileSync(join(repository, 'build/data', name)); return buffer.slice(byteOffset, byteOffset + length); };
  packed = await pack(file('mnist-images.idx.gz'), file('mnist-labels.idx.gz'));
});
after(async () => {
  session?.dispose();
  await vite?.close();
});

const answer = (exercise, file = 'solution.py') => readFileSync(join(repository, 'www/exercises', exercise, file), 'utf8');
const all = () => new Map(forge.SLOTS.map(({ exercise }) => [exercise, answer(exercise)]));

async function train(code, ...options) {
  const { solution, exercise } = forge.assemble(code, packed, ...options);
  let output = '';
  const { status, load, results } = await session.test(exercise, solution, { mode: 'run', seed: 1, onOutput: ({ text }) => (output += text) });
  return { ...results[0], status, load, output };
}

const steps = (output) => [...output.matchAll(/^step (\d+) loss ([\d.]+|nan) ms ([\d.]+)$/gm)].map(([, step, loss, ms]) => ({ step: +step, loss: +loss, ms: +ms }));

test('by the engine alone and by the reader’s answers the same losses are reached, and the target', async () => {
  const engine = await train(new Map());
  assert.equal(engine.status, 'passed', JSON.stringify(engine));
  const theirs = await train(all());
  assert.equal(theirs.status, 'passed', JSON.stringify(theirs));
  assert.ok(theirs.figures.accuracy >= forge.TARGET);
  const [a, b] = [engine, theirs].map(({ output }) => steps(output));
  assert.equal(a.length, forge.STEPS / forge.EVERY);
  a.slice(0, 10).forEach(({ loss }, index) => assert.ok(Math.abs(loss - b[index].loss) < 2e-3, `${loss} and ${b[index].loss}`));
  const mean = (points) => points.reduce((sum, { ms }) => sum + ms, 0) / points.length;
  console.log(`accuracy ${engine.figures.accuracy.toFixed(3)} and ${theirs.figures.accuracy.toFixed(3)}; ${mean(a).toFixed(1)} and ${mean(b).toFixed(1)} ms a step`);
});

test('a wrong part misses the target, and a part that raises is told', async () => {
  const descends = await train(new Map([['dense-backward', answer('dense-backward', 'wrong/descends.py')]]), 40);
  assert.equal(descends.status, 'failed');
  assert.ok(descends.figures === undefined || descends.figures.accuracy < forge.TARGET);
  const raising = await train(new Map([['dense-forward', answer('dense-forward', 'stub.py')]]), 4);
  assert.deepEqual([raising.status, raising.error.type], ['failed', 'NotImplementedError']);
});

test('a part that claims success is not believed: the accuracy is counted where the labels are', async () => {
  const liar = 'import given\ngiven.Run.logits = lambda self, images: __import__("numpy").zeros((300, 10))\ndef dense(x, w, b=None):\n    return x @ w + b\n';
  const result = await train(new Map([['dense-forward', liar]]), 4);
  assert.equal(result.status, 'failed');
  assert.ok(result.figures.accuracy < 0.3);
});

test('the framework trains by itself', async () => {
  const words = { head: 'head', net: 'net', theirs: 'theirs', digits: 'digits' };
  const folder = mkdtempSync(join(tmpdir(), 'danlu-forge-'));
  const path = join(folder, 'my_framework.py');
  try {
    const text = forge.asFramework(all(), packed, words, (exercise) => exercise);
    writeFileSync(path, text);
    const [command, args] = real ? [real, [path]] : ['node', ['tests/python/run.mjs', path]];
    const { stdout } = await promisify(execFile)(command, args, { cwd: repository });
    const accuracy = Number(/^accuracy ([\d.]+)$/m.exec(stdout)[1]);
    assert.ok(accuracy >= forge.TARGET, stdout);
    console.log(`${real ?? 'the page’s Python'}: accuracy ${accuracy}, ${Math.round(text.length / 1024)} kB`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
