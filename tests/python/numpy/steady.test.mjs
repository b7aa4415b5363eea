// What 300 runs leave behind, and what becomes of arrays that no memory holds: by the runner of the page, in Node.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { before, test } from 'node:test';
import { startInNode } from '../runtime.mjs';

let run;
let live;
let heap;
before(async () => {
  // The engine's memory is seen at its source: whoever makes one notes it.
  const memories = new Set();
  const { instantiate } = WebAssembly;
  const { Instance } = WebAssembly;
  WebAssembly.Instance = class extends Instance {
    constructor(module, imports) {
      super(module, imports);
      if (this.exports.memory) memories.add(this.exports.memory);
    }
  };
  const { pyodide, engine } = await startInNode();
  WebAssembly.Instance = Instance;
  WebAssembly.instantiate = instantiate;
  assert.ok(memories.size > 0, 'the memory of the engine was seen');
  let printed = '';
  const emit = (_stream, text) => (printed += text);
  const runner = pyodide.pyimport('danlu.learner').Runner(emit);
  run = (code) => {
    printed = '';
    const result = JSON.parse(runner.run(code));
    return { ...result, printed };
  };
  live = () => {
    run('');
    return engine.np_live();
  };
  heap = () => ({
    python: pyodide._module.HEAP8.length,
    engine: [...memories].reduce((sum, memory) => sum + memory.buffer.byteLength, 0),
  });
});

/** A whole program, with fewer of its steps: what counts is the number of runs. */
const NETWORK = readFileSync(new URL('../programs/sigmoid_network.py', import.meta.url), 'utf8')
  .replace('range(60)', 'range(8)')
  .replace('assert losses[-1] < losses[0]\n', '');

test('300 runs leave no array behind, and the heap as it was', () => {
  const before = live();
  for (let i = 0; i < 20; i++) assert.equal(run(NETWORK).status, 'ok');
  const settled = heap();
  for (let i = 0; i < 300; i++) assert.equal(run(NETWORK).status, 'ok');
  assert.equal(live(), before);
  assert.deepEqual(heap(), settled);
});

test('a run that fails leaves no array behind either', () => {
  const before = live();
  for (const code of ['a = np.ones(9)\nb = a @ np.ones(8)', 'x = [np.ones(99)] * 2\nx[5]', 'def f(): return f() + a\na = np.ones(3)\nf()']) {
    assert.equal(run(`import numpy as np\n${code}`).status, 'error');
  }
  assert.equal(live(), before);
});

const BOMBS = {
  'one array': 'np.ones((1 << 15, 1 << 15))',
  'more elements than a number of 32 bits': 'np.zeros((1 << 20, 1 << 20, 1 << 20))',
  'an endless list of arrays': 'x = []\nwhile True: x.append(np.ones(8_000_000))',
  'an endless list of sums': 'x = []\na = np.ones(1_000_000)\nwhile True: x.append(a + 1)',
  'a broadcast sum': 'np.zeros((30000, 1)) + np.zeros(30000)',
  'a broadcast sum of whole numbers': 'np.arange(70000)[:, None] * np.arange(70000)',
  'a comparison': 'np.zeros((200000, 1)) == np.zeros(200000)',
  'a product of matrices': 'np.zeros((30000, 1)) @ np.zeros((1, 30000))',
  'an outer product': 'np.outer(np.ones(40000), np.ones(40000))',
  'an array that doubles': 'a = np.ones(1000)\nwhile True: a = np.concatenate([a, a])',
  'an array that repeats': 'np.repeat(np.ones(1_000_000), 1000)',
  'tiles': 'np.tile(np.ones((1000, 1000)), (100, 100))',
  'an index array': 'np.ones(10)[np.zeros((20000, 20000), dtype=int)]',
  'copies': 'x = []\na = np.ones(2_000_000)\nwhile True: x.append(a.copy())',
  'running sums': 'x = []\na = np.ones(2_000_000)\nwhile True: x.append(a.cumsum())',
  'sorted copies': 'x = []\na = np.ones(8_000_000)\nwhile True: x.append(np.sort(a))',
  'casts': 'x = []\na = np.ones(8_000_000)\nwhile True: x.append(a.astype(int))',
  'square roots': 'x = []\na = np.ones(8_000_000)\nwhile True: x.append(np.sqrt(a))',
  'choices': 'np.where(np.ones((30000, 1)) > 0, np.ones(30000), 0.0)',
  'random numbers': 'np.random.rand(30000, 30000)',
};
for (const [name, code] of Object.entries(BOMBS)) {
  test(`too much memory ends as MemoryError: ${name}`, () => {
    const before = live();
    const { status, error } = run(`import numpy as np\n${code}`);
    assert.equal(status, 'error');
    assert.equal(error.type, 'MemoryError', error.traceback);
    assert.match(error.traceback, /line \d+/);
    assert.equal(live(), before);
    assert.equal(run('import numpy as np\nprint((np.ones(3) @ np.ones(3)).item())').printed, '3.0\n');
  });
}

test('the sentence says how much was asked for', () => {
  const { error } = run('import numpy as np\nnp.zeros((30000, 1)) + np.zeros(30000)');
  assert.equal(error.text, 'Unable to allocate 6.71 GiB for an array with shape (30000, 30000)');
});

test('shapes that do not fit are both named, with the line', () => {
  const { error } = run('import numpy as np\na = np.ones((2, 3))\nb = np.ones((4, 5))\na + b');
  assert.equal(error.line, 4);
  assert.match(error.text, /\(2,3\) \(4,5\)/);
  assert.match(error.traceback, /line 4, in <module>\n {4}a \+ b\n {4}~~\^~~\n/);
  assert.ok(!error.traceback.includes('numpy/'));
  const product = run('import numpy as np\ndef f(a, b):\n    return a @ b\nf(np.ones((2, 3)), np.ones((4, 5)))');
  assert.equal(product.error.line, 3);
  assert.match(product.error.text, /size 4 is different from 3/);
});
