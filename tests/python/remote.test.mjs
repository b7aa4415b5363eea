// What a check holds of the learner's runtime at arm's length: objects, iterators, functions lent to it, given.py.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { openSession } from '../exercises/host.mjs';

let session;
before(async () => {
  session = await openSession({ loadSeconds: 60, checkSeconds: 60 });
});
after(() => session?.dispose());

/** The first result of one check with this body, and what the code printed. */
async function judge(body, code, more = {}) {
  const checks = `import numpy as np\nfrom danlu.judge import check\n@check("it", visible=True)\nasync def it(t):\n${body.replace(/^/gm, '    ')}\n`;
  const report = await session.test({ id: 'it', checks, entry: [], forbid: [], ...more }, code, { mode: 'submit' });
  assert.equal(report.load.status, 'ok', JSON.stringify(report.load));
  return report.results[0];
}

async function checkPasses(body, code, more) {
  const result = await judge(body, code, more);
  assert.equal(result.status, 'pass', JSON.stringify(result));
  return result;
}

async function checkFails(key, body, code, more) {
  const { status, message } = await judge(body, code, more);
  assert.deepEqual([status === 'pass', message?.key], [false, key]);
}

const COUNTER = `
class Counter:
    def __init__(self, start=0):
        self.count = start
        self.parts = {}
    def add(self, by=1):
        self.count += by
        return self
    def __add__(self, other):
        return Counter(self.count + (other.count if isinstance(other, Counter) else other))
    __radd__ = __add__
    def __iter__(self):
        return iter([self, self.count])

def total(counters, *, offset=0):
    return sum(counter.count for counter in counters) + offset
`;

test('an object is made, called, read, written and iterated over', () =>
  checkPasses(
    `a = await t.make("Counter", 3)
await a.call("__init__", 5)
b = await a.make("add", by=2)
t.equal(await b.get("count"), 7)
await b.set("count", 1)
t.equal(await a.get("count"), 1)
t.equal(await t.call("builtins.len", await a.part("parts")), 0)
first, second = await a.parts()
t.equal(await first.get("count"), 1)
t.equal(await t.call("builtins.int", second), 1)`,
    COUNTER,
  ));

test('objects are arguments, inside lists too, and operators are names', () =>
  checkPasses(
    `a, b = await t.make_each("Counter", [((1,), {}), ((), {"start": 2})])
t.equal(await t.call("total", [a, b, a], offset=10), 14)
both = await t.make("operator.add", a, b)
both = await t.make("operator.add", 4, both)
t.equal(await both.get("count"), 7)
t.unchanged()`,
    COUNTER,
  ));

test('an object that is sent as a value is refused, not believed', () =>
  checkFails('unsendable', 'a = await t.make("Counter")\nawait a.call("add")', COUNTER));

test('a method that is missing is the learner\'s error', async () => {
  const { status, error } = await judge('a = await t.make("Counter")\nawait a.call("backward")', COUNTER);
  assert.deepEqual([status, error.type], ['error', 'AttributeError']);
});

test('a class of another name is told by the name that is missing', () =>
  checkFails('missing_entry', 'await t.make("Value", 1.0)', COUNTER));

test('iteration goes step by step or all at once, and may have no end', async () => {
  const code = 'import itertools\ndef up(stop):\n    for i in range(stop):\n        print(i)\n        yield i\ndef endless():\n    return itertools.count()';
  const { output } = await checkPasses(
    `g = await t.make("up", 3)
t.equal(await t.call("builtins.next", g), 0)
t.equal(await g.items(), [1, 2])
await t.raises(StopIteration, "builtins.next", g)`,
    code,
  );
  assert.equal(output, '0\n1\n2\n');
  await checkFails('too_many_items', 'await (await t.make("endless")).items(100)', code);
});

const SQUARE = `
class Square:
    def __init__(self, b):
        self.b = b
    def forward(self, x):
        self.x = x
        return x**2 + self.b
    def backward(self, dy):
        return dy * 2 * self.x
`;

test('arrays of an object are compared as ever, and gradients are taken through a method', () =>
  checkPasses(
    `layer = await t.make("Square", np.array([1.0, 2.0]))
x = t.rng.normal(size=2)
(numeric,) = await t.numeric_vjp(layer.method("forward"), (x,))
t.equal(await layer.call("forward", x), x**2 + [1.0, 2.0])
t.unchanged("x")
t.equal(await layer.call("backward", np.ones(2)), numeric, rtol=1e-6, atol=1e-8)`,
    SQUARE,
  ));

const GRADIENT = `
import numpy as np
def numeric(f, x, h=1e-6):
    print("begin")
    return np.array([(f(x + h * e) - f(x - h * e)) / (2 * h) for e in np.eye(len(x))])
`;

test('a lent function runs in the judge, sees each call once, and the code prints once', async () => {
  const { output } = await checkPasses(
    `f = t.lend(lambda x: float((x**3).sum()))
x = np.array([1.0, -2.0, 3.0])
t.equal(await t.call("numeric", f, x), 3 * x**2, rtol=1e-6)
t.true(len(f.calls) == 6)
t.equal(f.calls[0][0][0], x + [1e-6, 0, 0])
t.unchanged("f", "x")`,
    GRADIENT,
  );
  assert.equal(output, 'begin\n');
});

test('a lent function that raises, raises in the code', () =>
  checkPasses(
    `def f(x):
    raise ValueError(f"no {x}")
t.equal(await t.call("guarded", t.lend(f)), "no 3")`,
    'def guarded(f):\n    try:\n        return f(3)\n    except ValueError as error:\n        return str(error)\n',
  ));

test('code that swallows whatever is raised still has each call seen', () =>
  checkPasses(
    `f = t.lend(lambda x: 2 * x)
t.equal(await t.call("greedy", f), [2, 4])
t.true([args for args, _ in f.calls] == [(1,), (2,)], got=f.calls)`,
    'def greedy(f):\n    out = []\n    for x in (1, 2):\n        try:\n            out.append(f(x))\n        except:\n            out.append(None)\n    return out\n',
  ));

test('code that calls at random is asked anew, and ends', () =>
  checkPasses(
    `f = t.lend(lambda x: 0.0)
t.equal(await t.call("odd", f), 0.0)
t.true(len(f.calls) == 2, got=len(f.calls))`,
    'import random\ndef odd(f):\n    return f(random.randrange(3)) + f(random.randrange(3))\n',
  ));

test('too many calls of a lent function end the check', () =>
  checkFails('too_many_questions', 'await t.call("again", t.lend(lambda: 0))', 'def again(f):\n    while True: f()\n'));

test('an argument of a lent function that is no plain data is named', () =>
  checkFails('unsendable', 'await t.call("gives", t.lend(lambda x: x))', 'def gives(f): return f(object())\n'));

const given = 'def twice(x):\n    return 2 * x\n';

test('given.py is imported by the code, the checks and by name', () =>
  checkPasses(
    `from given import twice
t.equal(await t.call("four", 3), twice(twice(3)))
t.equal(await t.call("apply", t.named("given.twice"), 3), 6)
t.equal(await t.call("given.twice", 3), 6)`,
    'from given import twice\nimport given\ndef four(x): return given.twice(twice(x))\ndef apply(f, x): return f(x)\n',
    { given },
  ));

test('an exercise without given.py meets none', () =>
  checkPasses('await t.raises(ModuleNotFoundError, "late")', 'def late():\n    import given\n'));

test('what a check kept is gone in the next', async () => {
  const checks = `from danlu.judge import check
@check("one", visible=True)
async def one(t):
    a = await t.make("Counter", 1)
    t.equal(await a.get("count"), 1)
@check("two", visible=True)
async def two(t):
    kept = await t.make("builtins.len", [])
    t.equal(await t.call("kept"), 1)
`;
  const code = `${COUNTER}\nimport gc\ndef kept():\n    return len([each for each in gc.get_objects() if type(each) is Counter]) + 1`;
  const report = await session.test({ id: 'it', checks, entry: [], forbid: [] }, code, { mode: 'submit' });
  assert.deepEqual(report.results.map(({ status, message }) => [status, message]), [['pass', undefined], ['pass', undefined]]);
});

const CHAIN = `
class Node:
    def __init__(self, parent=None):
        self.pull = (lambda: parent)
def chain(length):
    node = Node()
    for _ in range(length):
        node = Node(node)
    return node
kept = [Node()]
end = chain(5000)
`;

test('a long chain of closures is let go without overflowing the stack', async () => {
  await checkPasses('a = await t.make("chain", 5000)\nb = await a.make("pull")\nawait b.part("pull")\ndel a, b\nawait t.make("chain", 2)', CHAIN);
  await checkPasses('t.equal(await t.call("builtins.len", await t.make("builtins.list", [])), 0)', 'x = 1\n');
});

test('what the learner\'s module holds survives what the judge lets go', async () => {
  const checks = `from danlu.judge import check
@check("one", visible=True)
async def one(t):
    node = await t.make("Holder")
    t.equal(await node.call("value"), 1)
@check("two", visible=True)
async def two(t):
    t.equal(await (await t.make("Holder")).call("value"), 1)
`;
  const code = 'class One:\n    value = 1\nONE = One()\nclass Holder:\n    def __init__(self):\n        self.one = ONE\n    def value(self):\n        return self.one.value\n';
  const report = await session.test({ id: 'it', checks, entry: [], forbid: [] }, code, { mode: 'submit' });
  assert.equal(report.status, 'passed', JSON.stringify(report));
});

const TORCH = `
import torch
from torch import nn

def relu(x):
    return torch.clamp(x, min=0)

class Head(nn.Module):
    def __init__(self):
        super().__init__()
        self.linear = nn.Linear(3, 2)
    def forward(self, x):
        return self.linear(x)
`;

test('tensors and modules are held as any other object, and their numbers cross as arrays', () =>
  checkPasses(
    `x = t.rng.normal(size=(4, 3)).astype(np.float32)
tensor = await t.make("torch.tensor", x)
y = await t.make("relu", tensor)
t.equal(await y.array(), np.maximum(x, 0))
head = await t.make("Head")
w = await (await head.part("linear.weight")).array()
b = await (await head.part("linear.bias")).array()
out = await t.make(head, tensor)
t.equal(await out.array(), x @ w.T + b, rtol=1e-5, atol=1e-6)
await (await out.make("sum")).call("backward")
t.equal(await (await head.part("linear.bias.grad")).array(), np.array([4.0, 4.0], dtype=np.float32))`,
    TORCH,
    { packages: ['torch'] },
  ));

const IN_TORCH = { packages: ['torch'], flavour: 'torch', forbid: ['torch.nn', 'torch.autograd'] };

test('in PyTorch’s flavour arrays arrive as tensors and tensors go back as arrays, wherever they stand', () =>
  checkPasses(
    `x = t.rng.normal(size=(2, 3)).astype(np.float32)
t.equal(await t.call("kinds", [x], {"n": np.array([1, 2])}, 0.5, np.float64(2.0), flag=True), ["Tensor torch.float32", "Tensor torch.int64", "float", "Tensor torch.float64", "bool"])
got = await t.call("both", x)
t.equal(got["sum"], np.float32(x.sum()), rtol=1e-6)
t.equal(got["parts"], [x + 1, (x > 0,)])
t.unchanged("x")
layer = await t.make("Layer")
t.equal(await layer.call("__call__", x), 2 * x)
t.equal(await layer.get("last"), x)
t.equal(await (await layer.part("last")).array(), x)
buffer = await t.make("numpy.zeros", 3)
await t.call("numpy.copyto", buffer, np.array([1.0, 2.0, 3.0]))
t.equal(await t.call("twice", buffer), np.array([2.0, 4.0, 6.0]))
asked = t.lend(lambda a: a * 3)
t.equal(await t.call("through", asked, x), 3 * x + 1)
t.true(isinstance(asked.calls[0][0][0], np.ndarray))`,
    `import torch
def name(v):
    return f"{type(v).__name__} {v.dtype}" if isinstance(v, torch.Tensor) else type(v).__name__
def kinds(xs, table, a, b, flag):
    return [name(xs[0]), name(table["n"]), name(a), name(b), name(flag)]
def both(x):
    return {"sum": x.sum(), "parts": [x + 1, (x > 0,)]}
class Layer:
    def __call__(self, x):
        self.last = x
        return 2 * x
def twice(x):
    assert isinstance(x, torch.Tensor)
    return x * 2
def through(f, x):
    y = f(x)
    assert isinstance(y, torch.Tensor)
    return y + 1
`,
    IN_TORCH,
  ));

test('in PyTorch’s flavour an array that comes back is refused, a changed tensor is seen, and autograd is hidden', async () => {
  const body = 't.equal(await t.call("f", np.ones(3)), np.ones(3))\nt.unchanged("x")';
  await checkFails('not_a_tensor', body, 'def f(x):\n    return x.numpy()\n', IN_TORCH);
  await checkFails('not_a_tensor', body, 'def f(x):\n    return [x.numpy()[0]]\n', IN_TORCH);
  await checkFails('argument_changed_at', body, 'def f(x):\n    y = x.clone()\n    x += 1\n    return y\n', IN_TORCH);
  await checkFails('hidden_name', body, 'import torch\ndef f(x):\n    return torch.nn.functional.relu(x)\n', IN_TORCH);
  await checkFails('hidden_name', body, 'import torch\ndef f(x):\n    return torch.autograd.grad(x, x)\n', IN_TORCH);
});
