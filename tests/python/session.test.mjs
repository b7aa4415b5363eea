// A learner's code on two real runtimes in threads of Node: what they are shown, and what becomes of their checks.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { openSession } from '../exercises/host.mjs';

let session;
before(async () => {
  session = await openSession({ loadSeconds: 60, checkSeconds: 5 });
});
after(() => session?.dispose());

async function run(code) {
  let printed = '';
  const result = await session.run(code, ({ stream, text = '' }) => (printed += stream === 'stderr' ? `!${text}` : text));
  return { ...result, printed };
}

const CHECKS = `
from danlu.judge import check

@check("small", visible=True)
async def small(t):
    t.equal(await t.call("double", 3), 6)

@check("large", visible=False)
async def large(t):
    t.equal(await t.call("double", 10**6), 2 * 10**6)

@check("list", visible=False)
async def of_list(t):
    x = [1, 2]
    t.equal(await t.call("double", x), [2, 4], name="doubled")
    t.unchanged("x")
`;

const submit = (code, options = {}) => {
  const { checks = CHECKS, forbid = [], ...rest } = options;
  return session.test({ id: 'double', checks, entry: ['double'], forbid }, code, { mode: 'submit', ...rest });
};
const HONEST = 'def double(x):\n    return [double(v) for v in x] if isinstance(x, list) else x * 2\n';
const statuses = ({ results }) => results.map(({ name, status }) => `${name} ${status}`);

test('of the checks the one that is asked for runs alone, with the numbers it has among the others', async () => {
  const HALF = 'def double(x):\n    return [double(v) for v in x] if isinstance(x, list) else x + 3\n';
  assert.deepEqual(statuses(await submit(HALF, { only: 'large' })), ['large fail']);
  assert.deepEqual(statuses(await submit(HALF, { only: 'small' })), ['small pass']);
  await assert.rejects(submit(HALF, { only: 'large', mode: 'run' }), /no check large to run/);
  const random = (name) => `
@check("${name}", visible=True)
async def of_${name}(t):
    t.equal(await t.call("double", 1), float(t.rng.random()))
`;
  const checks = `from danlu.judge import check\n${random('first')}${random('second')}`;
  const wanted = ({ results }, name) => results.find((result) => result.name === name).expected.text;
  const all = await submit(HONEST, { checks, seed: 5 });
  assert.equal(wanted(await submit(HONEST, { checks, seed: 5, only: 'second' }), 'second'), wanted(all, 'second'));
  assert.notEqual(wanted(all, 'first'), wanted(all, 'second'));
});

test('code prints, on both streams', async () => {
  const { status, printed } = await run('import sys\nprint("炼丹")\nprint("x", file=sys.stderr)');
  assert.deepEqual({ status, printed: printed.replace('!\n', '\n') }, { status: 'ok', printed: '炼丹\n!x\n' });
});

test('figures arrive in order with what is printed, those never shown at the end, and none is left for the next run', async () => {
  const seen = async (code) => {
    const chunks = [];
    const result = await session.run(code, (chunk) => chunks.push(chunk));
    const said = chunks.map((chunk) => (chunk.stream === 'figure' ? `[${JSON.parse(chunk.drawing).about.axes[0].title}]` : chunk.text));
    return { status: result.status, said: said.join('') };
  };
  const program = [
    'import matplotlib.pyplot as plt', 'print("a")', 'plt.plot([1, 2])', 'plt.title("first")', 'plt.show()', 'print("b")',
    'plt.figure()', 'plt.title("second")', 'plt.rcParams["font.size"] = 30', 'print("c")',
  ].join('\n');
  assert.deepEqual(await seen(program), { status: 'ok', said: 'a\n[first]b\nc\n[second]' });
  assert.deepEqual(await seen('import matplotlib.pyplot as plt\nprint(plt.rcParams["font.size"], plt.get_fignums())'), { status: 'ok', said: '10.0 []\n' });
});

test('endless figures end as a sentence', async () => {
  const code = 'import numpy as np\nimport matplotlib.pyplot as plt\nplt.imshow(np.random.rand(600, 600, 3))\nwhile True:\n    plt.pause(0)';
  const { status, error } = await run(code);
  assert.equal(status, 'error');
  assert.equal(error.message.key, 'figure_limit');
});

test("a traceback shows only the learner's frames, with CPython's carets", async () => {
  const { error } = await run('import json\n\ndef read(text):\n    return json.loads(text)["a"]\n\nread("{}")');
  assert.equal(error.type, 'KeyError');
  assert.equal(error.line, 4);
  assert.equal(
    error.traceback,
    [
      'Traceback (most recent call last):',
      '  File "solution.py", line 6, in <module>',
      '    read("{}")',
      '    ~~~~^^^^^^',
      '  File "solution.py", line 4, in read',
      '    return json.loads(text)["a"]',
      '           ~~~~~~~~~~~~~~~~^^^^^',
      "KeyError: 'a'",
      '',
    ].join('\n'),
  );
  const inLibrary = await run('import json\njson.loads("{")');
  assert.ok(!inLibrary.error.traceback.includes('decoder.py'));
  assert.equal(inLibrary.error.line, 2);
});

test('a syntax error names its line', async () => {
  const { error } = await run('x = 1\ndef f(:\n');
  assert.equal(error.type, 'SyntaxError');
  assert.equal(error.line, 2);
  assert.match(error.traceback, /^ {2}File "solution\.py", line 2\n {4}def f\(:\n/);
});

test('an exception that can not be printed is told by its class', async () => {
  const { error } = await run('class E(Exception):\n    def __str__(self): raise self\nraise E()');
  assert.equal(error.type, 'E');
});

for (const [what, code, key] of [
  ['input() says that there is no keyboard', 'input("?")', 'no_keyboard'],
  ['the machinery can not be imported', 'import js', 'unreachable_module'],
  ['endless printing ends', 'while True: print("x" * 99)', 'output_limit'],
]) {
  test(what, async () => {
    const { status, error } = await run(code);
    assert.equal(status, 'error');
    assert.equal(error.message.key, key);
  });
}

test('sys.exit() ends a script in good order', async () => {
  assert.equal((await run('import sys\nsys.exit()')).status, 'ok');
  assert.equal((await run('import sys\nsys.exit("no")')).error.type, 'SystemExit');
});

test('what one run defines or patches, the next does not meet', async () => {
  await run('import random, builtins\nrandom.random = None\nbuiltins.len = None\nleft = 1');
  assert.equal((await run('import random\nlen([random.random()])')).status, 'ok');
  assert.equal((await run('left')).error.type, 'NameError');
});

test('a right answer passes and its results stream in order', async () => {
  const streamed = [];
  const report = await submit(HONEST, { onResult: ({ name }) => streamed.push(name) });
  assert.equal(report.status, 'passed');
  assert.deepEqual(streamed, ['small', 'large', 'list']);
  assert.deepEqual(report.results.map(({ visible }) => visible), [true, false, false]);
});

test('Run takes only the visible checks', async () => {
  assert.deepEqual(statuses(await submit(HONEST, { mode: 'run' })), ['small pass']);
});

test('a wrong answer is told where it is wrong, with what it printed', async () => {
  const report = await submit('def double(x):\n    print("got", x)\n    return x + 3');
  assert.equal(report.status, 'failed');
  assert.deepEqual(statuses(report), ['small pass', 'large fail', 'list error']);
  const [, large, list] = report.results;
  assert.deepEqual(large.message.fields, { expected: '2000000', got: '1000003', difference: '1e+06', where: 'result' });
  assert.equal(large.output, 'got 1000000\n');
  assert.equal(list.error.type, 'TypeError');
  assert.equal(list.error.line, 3);
});

test('an argument changed in place is seen', async () => {
  const report = await submit('def double(x):\n    if isinstance(x, list):\n        x[:] = [2 * v for v in x]\n        return x\n    return 2 * x');
  const { status, message, expected, got } = report.results[2];
  assert.deepEqual([status, message], ['fail', { key: 'argument_changed', fields: { argument: 'x' } }]);
  assert.deepEqual([expected.text, got.text], ['[1, 2]', '[2, 4]']);
});

test('an object that can not cross is named by its type', async () => {
  const report = await submit('class Tensor: pass\ndef double(x):\n    return [Tensor()]');
  assert.deepEqual(report.results[0].message, { key: 'unsendable', fields: { type: 'Tensor', where: 'result[0]' } });
});

test('code without the function that is asked for, or with an error, is not run', async () => {
  const missing = await submit('def triple(x): return x');
  assert.equal(missing.status, 'not_run');
  assert.deepEqual(missing.load.error.message, { key: 'missing_entry', fields: { name: 'double' } });
  const broken = await submit('double = 1 / 0');
  assert.equal(broken.load.error.type, 'ZeroDivisionError');
});

const hiddenBy = async (code, forbid) => {
  const { load, results } = await submit(code, { forbid });
  return (load.error ?? results[0])?.message?.fields.name ?? results[0].status;
};

test('a hidden name is refused to the learner, however it is reached', async () => {
  const forbid = ['math.fsum', 'collections.Counter.total'];
  assert.equal(await hiddenBy('import math\ndef double(x): return math.fsum([x, x])', forbid), 'math.fsum');
  assert.equal(await hiddenBy('from math import fsum as f\ndef double(x): return f([x, x])', forbid), 'math.fsum');
  assert.equal(await hiddenBy('import math\ndef double(x): return max(map(math.fsum, [[x, x]]))', forbid), 'math.fsum');
  assert.equal(
    await hiddenBy('from collections import Counter\ndef double(x): return Counter(a=x, b=x).total()', forbid),
    'collections.Counter.total',
  );
  assert.equal(await hiddenBy('from math import *\ndef double(x): return int(floor(x)) * 2', forbid), 'pass');
  assert.equal(await hiddenBy('from statistics import mean\ndouble = mean', ['statistics']), 'statistics');
  assert.equal(await hiddenBy('import concurrent.futures\ndouble = abs', ['concurrent.futures']), 'concurrent.futures');
  assert.equal(await hiddenBy('from concurrent import futures\ndouble = abs', ['concurrent.futures']), 'concurrent.futures');
});

test('what is hidden still serves our own code, and the next run', async () => {
  // fmean sums by math.fsum, Fraction reduces by math.gcd.
  const code = 'from fractions import Fraction\nfrom statistics import fmean\ndef double(x):\n    fmean([1.0, 2.0])\n    Fraction(2, 4)\n    return 2 * x';
  assert.equal(await hiddenBy(code, ['math.fsum', 'math.gcd']), 'pass');
  assert.equal((await run('import math\nmath.fsum([1])\nfrom collections import Counter\nCounter(a=1).total()')).status, 'ok');
});

test('a check that takes too long ends the test, and the next one works, in a runtime with chance of its own', async () => {
  const drawn = 'import random\nprint(random.random(), random.SystemRandom().random())';
  const { printed } = await run(drawn);
  const report = await submit('def double(x):\n    while x > 3: pass\n    return 2 * x');
  assert.deepEqual(statuses(report), ['small pass', 'large error']);
  assert.deepEqual(report.results[1].message, { key: 'timeout', fields: { seconds: 5 } });
  const again = (await run(drawn)).printed;
  for (const [at, number] of printed.split(' ').entries()) assert.notEqual(number, again.split(' ')[at]);
  assert.equal((await submit(HONEST)).status, 'passed');
});

test('Stop ends a test', async () => {
  const testing = submit('def double(x):\n    while True: pass');
  setTimeout(() => session.stop(), 300);
  assert.equal((await testing).status, 'stopped');
  assert.equal((await submit(HONEST)).status, 'passed');
});

test('a second run at the same time is refused', async () => {
  const first = run('print(1)');
  await assert.rejects(run('print(2)'));
  assert.equal((await first).printed, '1\n');
});

test("a mistake of the checks' own is not blamed on the learner", async () => {
  const checks = 'from danlu.judge import check\n@check("broken", visible=True)\nasync def broken(t):\n    await t.call("double", 1)\n    1 / 0\n';
  const report = await submit(HONEST, { checks });
  assert.equal(report.results[0].message.key, 'check_broke');
  await assert.rejects(submit(HONEST, { checks: 'def' }), /SyntaxError/);
  assert.equal((await submit(HONEST)).status, 'passed');
});

test('a check computes with an answer only once it has the form that it counts on', async () => {
  const checks = `
import numpy as np
from danlu.judge import check

@check("form", visible=True)
async def form(t):
    y = t.like(await t.call("double", np.ones((2, 3))), np.zeros((2, 3)), name="y")
    t.equal((y * np.ones((2, 3))).sum(), 12.0)

@check("number", visible=True)
async def number(t):
    t.true(t.number(await t.call("double", 3.0)) == 6.0)

@check("twice", visible=True)
async def twice(t):
    once = await t.call("double", np.ones(2))
    t.equal(await t.call("double", np.ones(2)), once)
`;
  const results = async (code) => (await submit(code, { checks })).results.map(({ status, message }) => message?.key ?? status);
  assert.deepEqual(await results(HONEST), ['pass', 'pass', 'pass']);
  assert.deepEqual(await results('def double(x):\n    return [[x]]'), ['type_differs', 'type_differs', 'pass']);
  assert.deepEqual(await results('def double(x):\n    return (x * 2)[:1] if hasattr(x, "shape") else "6"'), ['shape_differs', 'type_differs', 'pass']);
  // Both answers are NaN, and NaN is no answer.
  assert.deepEqual(await results('def double(x):\n    return x * float("nan")'), ['not_a_number', 'fail', 'not_a_number']);
});

test('the same seed gives the same inputs', async () => {
  const checks = 'from danlu.judge import check\n@check("seed", visible=True)\nasync def seed(t):\n    await t.call("double", t.seed)\n';
  const seen = async (seed) => (await submit('def double(x): print(x)', { checks, seed })).results[0].output;
  assert.equal(await seen(1), await seen(1));
  assert.notEqual(await seen(1), await seen(2));
});

const scratch = async (code, solution, exercise = {}) => {
  let printed = '';
  const after = { solution, exercise: { id: 'double', checks: '', entry: ['double'], forbid: [], ...exercise } };
  const result = await session.run(code, ({ text }) => (printed += text), after);
  return { ...result, printed };
};

test('a scratch cell meets what the solution defines and shows its last expression', async () => {
  const { status, printed } = await scratch('x = double(4)\nprint("x", x)\nx + 1', HONEST);
  assert.deepEqual([status, printed], ['ok', 'x 8\n9\n']);
  assert.equal((await scratch('double([1])\nNone', HONEST)).printed, '');
  assert.equal((await scratch('from given import one\none', HONEST, { given: 'one = 1\n' })).printed, '1\n');
});

test('an error in a scratch cell names its line, with the frames of both files', async () => {
  const { error } = await scratch('y = 1\ndouble(None)', HONEST);
  assert.deepEqual([error.type, error.line], ['TypeError', 2]);
  assert.match(error.traceback, /File "scratch\.py", line 2[^]*File "solution\.py", line 2/);
  const unloaded = await scratch('1', 'def double(:');
  assert.deepEqual([unloaded.error.type, unloaded.error.line, unloaded.printed], ['SyntaxError', 1, '']);
});

test('what is hidden from a solution is hidden from a scratch cell', async () => {
  const { error } = await scratch('import math\nmath.fsum([1.0])', HONEST, { forbid: ['math.fsum'] });
  assert.equal(error.message.key, 'hidden_name');
});
