import math

import given
import numpy as np

from danlu import ops
from danlu.judge import check, numeric_vjp

CLOSE = {"rtol": 1e-9, "atol": 1e-12}

# name of the operator module → its meaning
BINARY = ("add", "sub", "mul", "truediv")
FUNCTIONS = ("relu", "tanh", "exp")


async def values_of(t, *numbers):
    return await t.make_each("Value", [((number,), {}) for number in numbers])


async def gradients_of(t, leaves):
    return [await leaf.get("grad") for leaf in leaves]


async def agrees(t, leaves, expected):
    for place, (leaf, wanted) in enumerate(zip(leaves, expected)):
        t.equal(await leaf.get("grad"), float(wanted), name=f"grad{place}", **CLOSE)


@check("values", visible=True)
async def values(t):
    x, y = (float(v) for v in t.rng.uniform(0.5, 2.0, size=2))
    a, b = await values_of(t, x, -y)
    for name in BINARY:
        total = await t.make(f"operator.{name}", a, b)
        expected = {"add": x - y, "sub": x + y, "mul": -x * y, "truediv": -x / y}[name]
        t.equal(await total.get("data"), expected, name=f"{name}.data", **CLOSE)
    for exponent in (2, 3, -1, 0.5):
        t.equal(await (await t.make("operator.pow", a, exponent)).get("data"), x**exponent, name="pow.data", **CLOSE)
    t.equal(await (await t.make("operator.neg", a)).get("data"), -x, name="neg.data", **CLOSE)
    for leaf, number in ((a, x), (b, -y)):
        for name, expected in (("relu", max(number, 0.0)), ("tanh", math.tanh(number)), ("exp", math.exp(number))):
            t.equal(await (await leaf.make(name)).get("data"), expected, name=f"{name}.data", **CLOSE)


@check("hand-example", visible=True)
async def hand_example(t):
    a, b = await values_of(t, 2.0, -3.0)
    out = await t.make("operator.add", await t.make("operator.mul", a, b), a)
    t.equal(await out.get("data"), -4.0, name="out.data")
    await out.call("backward")
    t.equal(await a.get("grad"), -2.0, name="a.grad")
    t.equal(await b.get("grad"), 2.0, name="b.grad")
    t.equal(await out.get("grad"), 1.0, name="out.grad")


@check("either-side", visible=True)
async def either_side(t):
    x = float(t.rng.uniform(0.5, 2.0))
    for name, right, left in (
        ("add", (x + 3, 1.0), (3 + x, 1.0)),
        ("sub", (x - 3, 1.0), (3 - x, -1.0)),
        ("mul", (x * 3, 3.0), (3 * x, 3.0)),
        ("truediv", (x / 3, 1 / 3), (3 / x, -3 / x**2)),
    ):
        for place, (data, gradient) in enumerate((right, left)):
            (a,) = await values_of(t, x)
            out = await t.make(f"operator.{name}", *((a, 3) if place == 0 else (3, a)))
            await out.call("backward")
            written = f"a {name} 3" if place == 0 else f"3 {name} a"
            t.equal(await out.get("data"), data, name=f"({written}).data", **CLOSE)
            t.equal(await a.get("grad"), gradient, name=f"grad of {written}", **CLOSE)


@check("reused-node", visible=True)
async def reused_node(t):
    x = float(t.rng.uniform(1.0, 2.0))
    for name, gradient in (("add", 2.0), ("mul", 2 * x), ("sub", 0.0), ("truediv", 0.0)):
        (a,) = await values_of(t, x)
        await (await t.make(f"operator.{name}", a, a)).call("backward")
        t.equal(await a.get("grad"), gradient, name=f"grad of a {name} a", **CLOSE)


@check("diamond", visible=True)
async def diamond(t):
    x = float(t.rng.uniform(1.0, 2.0))
    (a,) = await values_of(t, x)
    b = await t.make("operator.mul", a, a)
    c = await t.make("operator.add", b, 1.0)
    d = await t.make("operator.mul", c, c)
    out = await t.make("operator.add", b, await t.make("operator.mul", d, b))
    await out.call("backward")
    # out = b + (b + 1)² b with b = a²
    slope = 1 + (x**2 + 1) ** 2 + 2 * (x**2 + 1) * x**2
    t.equal(await b.get("grad"), slope, name="b.grad", **CLOSE)
    t.equal(await a.get("grad"), 2 * x * slope, name="a.grad", **CLOSE)


@check("functions", visible=True)
async def functions(t):
    for number in (float(t.rng.uniform(0.3, 2.0)), -float(t.rng.uniform(0.3, 2.0)), 0.0):
        for name in FUNCTIONS:
            (a,) = await values_of(t, number)
            out = await t.make("operator.mul", await a.make(name), 3.0)
            await out.call("backward")
            slope = {"relu": float(number > 0), "tanh": 1 - math.tanh(number) ** 2, "exp": math.exp(number)}[name]
            t.equal(await a.get("grad"), 3 * slope, name=f"grad of 3 · {name}({number:.3g})", **CLOSE)


@check("quotients-and-powers", visible=True)
async def quotients_and_powers(t):
    x, y = (float(v) for v in t.rng.uniform(0.5, 2.0, size=2))
    a, b = await values_of(t, x, -y)
    await (await t.make("operator.truediv", a, b)).call("backward")
    await agrees(t, (a, b), (-1 / y, -x / y**2))
    for exponent in (2, 3, -2, 0.5, 1, 0):
        (a,) = await values_of(t, x)
        await (await t.make("operator.pow", a, exponent)).call("backward")
        t.equal(await a.get("grad"), exponent * x ** (exponent - 1), name=f"grad of a ** {exponent}", **CLOSE)


def engine_curve(start, steps, learning_rate=0.2):
    """given.train_xor by the engine, on arrays."""
    p = [np.array(start[:6]).reshape(2, 3), np.array(start[6:9]), np.array(start[9:12]), np.array(start[12])]
    x = np.array([inputs for inputs, _ in given.XOR])
    target = np.array([wanted for _, wanted in given.XOR])

    def loss(w1, b1, w2, b2):
        error = ops.matmul(ops.tanh(ops.matmul(x, w1) + b1), w2) + b2 - target
        return ops.mean(error * error)

    losses = []
    for _ in range(steps):
        y, pull = ops.vjp(loss, *p)
        losses.append(float(y))
        p = [each - learning_rate * gradient for each, gradient in zip(p, pull(np.array(1.0)))]
    return losses


@check("trains-xor", visible=True)
async def trains_xor(t):
    start = t.rng.normal(size=13).tolist()
    losses = await t.call("given.train_xor", t.named("Value"), start, 40)
    t.equal(losses, engine_curve(start, 40), rtol=1e-7, atol=1e-10, name="losses")


@check("twice", visible=False)
async def twice(t):
    x, y = (float(v) for v in t.rng.uniform(0.5, 2.0, size=2))
    a, b = await values_of(t, x, y)
    shared = await t.make("operator.mul", a, b)
    first = await t.make("operator.mul", shared, 2.0)
    second = await t.make("operator.mul", shared, 3.0)
    await first.call("backward")
    await second.call("backward")
    await agrees(t, (a, b, shared, first, second), (5 * y, 5 * x, 5.0, 1.0, 1.0))


@check("each-node-once", visible=False)
async def each_node_once(t):
    (a,) = await values_of(t, 1.5)
    out = await t.make("given.doubled", a, 60)
    await out.call("backward")
    t.equal(await a.get("grad"), 2.0**60, name="a.grad")


@check("deep-chain", visible=False)
async def deep_chain(t):
    (a,) = await values_of(t, 1.5)
    out = await t.make("given.chain", a, 300)
    await out.call("backward")
    t.equal(await a.get("grad"), 0.999**300, rtol=1e-9, name="a.grad")


@check("extreme", visible=False)
async def extreme(t):
    for number in (1000.0, -1000.0):
        (a,) = await values_of(t, number)
        out = await a.make("tanh")
        await out.call("backward")
        t.equal(await out.get("data"), math.copysign(1.0, number), name="tanh.data")
        t.equal(await a.get("grad"), 0.0, name="a.grad", atol=1e-300)
    (a,) = await values_of(t, 0.0)
    await (await t.make("operator.pow", a, 2)).call("backward")
    t.equal(await a.get("grad"), 0.0, name="a.grad")


@check("data-untouched", visible=False)
async def data_untouched(t):
    x, y = (float(v) for v in t.rng.uniform(0.5, 2.0, size=2))
    a, b, aside = await values_of(t, x, y, 7.0)
    product = await t.make("operator.mul", a, b)
    await t.make("operator.mul", product, aside)
    out = await product.make("tanh")
    await out.call("backward")
    for leaf, number in ((a, x), (b, y), (product, x * y), (out, math.tanh(x * y))):
        t.equal(await leaf.get("data"), number, name="data", **CLOSE)
    t.equal(await aside.get("grad"), 0.0, name="grad of a node aside")


def draw_program(rng, leaves, steps):
    """[(name, place, place)]: each step takes two values that are there already."""
    program = []
    for step in range(steps):
        count = leaves + step
        name = [*BINARY, "relu", "tanh"][int(rng.integers(0, 6))]
        # The newest value is always used, so that nothing is left aside.
        program.append((name, count - 1 if step else 0, int(rng.integers(0, count))))
    return program


def run_program(program, numbers):
    """By the engine: on tensors, or on arrays without axes."""
    known = list(numbers)
    for name, i, j in program:
        if name in ("relu", "tanh"):
            known.append(getattr(ops, name)(known[i]) + known[j])
        elif name == "truediv":
            known.append(known[i] / (known[j] * known[j] + 1.0))
        else:
            known.append({"add": ops.add, "sub": ops.sub, "mul": ops.mul}[name](known[i], known[j]))
    return ops.tanh(known[-1])


@check("random", visible=False)
async def random(t):
    for _ in range(4):
        count = int(t.rng.integers(2, 5))
        program = draw_program(t.rng, count, int(t.rng.integers(3, 10)))
        numbers = [float(v) for v in t.rng.uniform(-1.5, 1.5, size=count)]
        arrays = [np.array(number) for number in numbers]
        y, pull = ops.vjp(lambda *xs: run_program(program, xs), *arrays)
        gradients = pull(np.array(1.0))

        leaves = await values_of(t, *numbers)
        known = list(leaves)
        for name, i, j in program:
            if name in ("relu", "tanh"):
                known.append(await t.make("operator.add", await known[i].make(name), known[j]))
            elif name == "truediv":
                square = await t.make("operator.mul", known[j], known[j])
                known.append(await t.make("operator.truediv", known[i], await t.make("operator.add", square, 1)))
            else:
                known.append(await t.make(f"operator.{name}", known[i], known[j]))
        out = await known[-1].make("tanh")
        t.equal(await out.get("data"), float(y), name="out.data", **CLOSE)
        await out.call("backward")
        await agrees(t, leaves, gradients)
        numeric = numeric_vjp(lambda *xs: ops.vjp(lambda *v: run_program(program, v), *xs)[0], arrays)
        for place, (leaf, slope) in enumerate(zip(leaves, numeric)):
            t.equal(await leaf.get("grad"), float(slope), name=f"grad{place}", rtol=1e-4, atol=1e-5)
