// What a reader downloads: every exercise's solution with its listed checks as asserts runs by itself, and finds mistakes.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { createServer } from 'vite';
import { compileExercise } from '../../www/scripts/exercises/compile.mjs';
import { openSession } from '../exercises/host.mjs';

const repository = fileURLToPath(new URL('../..', import.meta.url));
const root = join(repository, 'www/exercises');
/** DANLU_REAL_PYTHON names a Python with the real libraries, on which every download runs; without it the page's own runs some. */
const real = process.env.DANLU_REAL_PYTHON;
const EXERCISES = real
  ? readdirSync(root).filter((id) => existsSync(join(root, id, 'exercise.toml')))
  : ['scalar-autograd', 'stable-softmax', 'dense-backward', 'conv2d-naive'];

let session;
let vite;
let folder;
before(async () => {
  session = await openSession({ loadSeconds: 60, checkSeconds: 60 });
  vite = await createServer({ root: join(repository, 'www'), configFile: false, logLevel: 'error', server: { middlewareMode: true, ws: false } });
  folder = mkdtempSync(join(tmpdir(), 'danlu-downloads-'));
});
after(async () => {
  session?.dispose();
  await vite?.close();
  rmSync(folder, { recursive: true, force: true });
});

const words = { head: '# head', given: 'given', code: 'code', checks: 'checks', others: 'others', passed: 'all passed' };

async function partsOf(id, code, flavour) {
  const { checksFrom } = await vite.ssrLoadModule('/src/exercise/download.ts');
  const exercise = compileExercise(root, id);
  const { checks, clinic, entry, given, title } = exercise;
  const { forbid, packages, solution } = flavour ? exercise[flavour] : exercise;
  const judged = { id, checks, entry, forbid, packages, ...(given === undefined ? {} : { given }), ...(flavour ? { flavour } : {}) };
  const { status, results } = await session.test(judged, solution, { mode: 'run', seed: 1, record: true });
  assert.equal(status, 'passed');
  return { id, clinic, title: title.zh, code: code ?? solution, packages, tensors: flavour === 'torch', ...(given === undefined ? {} : { given }), ...checksFrom(results, (name) => name), words };
}

async function run(name, text) {
  const path = join(folder, name);
  writeFileSync(path, text);
  const [command, args] = real ? [real, [path]] : ['node', ['tests/python/run.mjs', path]];
  try {
    return (await promisify(execFile)(command, args, { cwd: repository })).stdout;
  } catch (error) {
    return String(error.stderr);
  }
}

for (const id of EXERCISES) {
  test(`${id} downloads as a script that runs by itself`, async () => {
    const { asScript } = await vite.ssrLoadModule('/src/exercise/download.ts');
    const parts = await partsOf(id);
    // A case of the clinic is a training, which has no line of its own; its program must run all the same.
    assert.ok(parts.checks.length > 0 || parts.clinic);
    assert.match(await run(`${id}.py`, asScript(parts)), parts.checks.length > 0 ? /check_1 ok\n[^]*all passed\n$/ : /^$/);
  });
}

/** Those that can be written in torch as well. */
const IN_TORCH = (real ? EXERCISES : ['stable-softmax', 'adam']).filter((id) => existsSync(join(root, id, 'torch')));
for (const id of IN_TORCH) {
  test(`${id} in torch downloads as a script that runs by itself and finds a mistake`, async () => {
    const { asScript } = await vite.ssrLoadModule('/src/exercise/download.ts');
    const parts = await partsOf(id, undefined, 'torch');
    assert.ok(parts.checks.length > 0);
    assert.match(await run(`${id}-torch.py`, asScript(parts)), /check_1 ok\n[^]*all passed\n$/);
    // An answer in NumPy may run as it is; one that gives back nothing must not.
    const nothing = parts.code.replaceAll(/^(\s+)return .*$/gm, '$1return None');
    assert.match(await run(`${id}-torch-none.py`, asScript({ ...parts, code: nothing })), /Error/);
  });
}

test('the asserts find a mistake', async () => {
  const { asScript } = await vite.ssrLoadModule('/src/exercise/download.ts');
  for (const [id, wrong] of [['stable-softmax', 'no-max.py'], ['scalar-autograd', 'own-factor.py'], ['dense-backward', 'reuses-x.py']]) {
    const code = readFileSync(join(root, id, 'wrong', wrong), 'utf8');
    assert.match(await run(`wrong-${id}.py`, asScript(await partsOf(id, code))), /AssertionError/);
  }
});

test('a notebook has the form that Jupyter asks for, and its cells run in order', async () => {
  const { asNotebook } = await vite.ssrLoadModule('/src/exercise/download.ts');
  const notebook = JSON.parse(asNotebook(await partsOf('scalar-autograd')));
  assert.deepEqual([notebook.nbformat, notebook.cells[0].cell_type, notebook.cells[0].source[0]], [4, 'markdown', '# 标量自动微分\n']);
  assert.equal(new Set(notebook.cells.map(({ id }) => id)).size, notebook.cells.length);
  const code = notebook.cells.filter(({ cell_type }) => cell_type === 'code').map(({ source }) => source.join(''));
  const [given, ...others] = code;
  assert.match(given, /^%%writefile given\.py\n/);
  mkdirSync(join(folder, 'cells'), { recursive: true });
  writeFileSync(join(folder, 'cells', 'given.py'), given.split('\n').slice(1).join('\n'));
  assert.equal(await run('cells/notebook.py', `${others.join('\n\n')}\nprint("ran")\n`), 'ran\n');
});
