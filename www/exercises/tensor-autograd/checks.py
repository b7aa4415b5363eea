import numpy as np

from danlu import ops
from danlu.judge import check, numeric_vjp

CLOSE = {"rtol": 1e-8, "atol": 1e-10}
OPERATORS = {"add": "add", "sub": "sub", "mul": "mul", "div": "truediv", "matmul": "matmul"}

# A program is a list of steps; a step names an operation, the numbers of its operands, and settings. The leaves are
# numbered first, then the results of the steps.


def engine(program, leaves, dy):
    """Value and gradients from the tape."""

    def run(*nodes):
        nodes = list(nodes)
        for name, operands, *settings in program:
            if name == "T":
                nodes.append(ops.permute(nodes[operands[0]], tuple(range(nodes[operands[0]].ndim))[::-1]))
            elif name == "pow":
                nodes.append(ops.pow(nodes[operands[0]], *settings))
            else:
                nodes.append(getattr(ops, name)(*(nodes[o] for o in operands), **(settings[0] if settings else {})))
        return nodes[-1]

    y, pull = ops.vjp(run, *leaves)
    return y, pull(dy if dy is not None else np.ones(y.shape))


async def learner(t, program, leaves):
    """The learner's leaves and the last result."""
    nodes = await t.make_each("Tensor", [((leaf,), {}) for leaf in leaves])
    made = list(nodes)
    for name, operands, *settings in program:
        first = nodes[operands[0]]
        if name in OPERATORS:
            nodes.append(await t.make(f"operator.{OPERATORS[name]}", *(nodes[o] for o in operands)))
        elif name == "pow":
            nodes.append(await t.make("operator.pow", first, *settings))
        elif name == "neg":
            nodes.append(await t.make("operator.neg", first))
        elif name == "T":
            nodes.append(await first.part("T"))
        elif name == "reshape":
            nodes.append(await first.make("reshape", settings[0]["shape"]))
        else:
            nodes.append(await first.make(name, **(settings[0] if settings else {})))
    return made, nodes[-1]


async def agrees(t, program, *leaves, dy=None, what=None):
    what = what or " ".join(step[0] for step in program)
    leaves = [np.asarray(leaf, dtype=np.float64) for leaf in leaves]
    made, out = await learner(t, program, leaves)
    y, gradients = engine(program, leaves, dy)
    t.equal(await out.get("data"), y, name=f"data of {what}", **CLOSE)
    await (out.call("backward") if dy is None else out.call("backward", dy))
    for number, (leaf, expected) in enumerate(zip(made, gradients)):
        t.equal(await leaf.get("grad"), expected, name=f"grad of operand {number} of {what}", **CLOSE)
    return made, out


def near_one(t, *shape):
    """Positive, and away from 0 and from ReLU's kink."""
    return np.asarray(t.rng.uniform(0.5, 2.0, size=shape))


def weights(t, shape):
    return t.rng.normal(size=shape)


@check("hand-example", visible=True)
async def hand_example(t):
    x, b = await t.make("Tensor", np.array([[1.0, 2.0], [3.0, 4.0]])), await t.make("Tensor", np.array([10.0, 20.0]))
    total = await (await t.make("operator.mul", x, b)).make("sum")
    await total.call("backward")
    t.equal(await total.get("data"), np.array(160.0), name="data", **CLOSE)
    t.equal(await x.get("grad"), np.array([[10.0, 20.0], [10.0, 20.0]]), name="x.grad", **CLOSE)
    t.equal(await b.get("grad"), np.array([4.0, 6.0]), name="b.grad", **CLOSE)


@check("elementwise", visible=True)
async def elementwise(t):
    for name in ("add", "sub", "mul", "div"):
        await agrees(t, [(name, (0, 1))], near_one(t, 2, 3), near_one(t, 2, 3), dy=weights(t, (2, 3)))
    for exponent in (2.0, 3.0, -1.0, 0.5):
        await agrees(t, [("pow", (0,), exponent)], near_one(t, 2, 3), dy=weights(t, (2, 3)))
    for name in ("neg", "exp", "log"):
        await agrees(t, [(name, (0,))], near_one(t, 2, 3), dy=weights(t, (2, 3)))
    signs = np.array([[1.0, -1.0, 1.0], [-1.0, 1.0, -1.0]])
    await agrees(t, [("relu", (0,))], near_one(t, 2, 3) * signs, dy=weights(t, (2, 3)))
    await agrees(t, [("relu", (0,))], np.array([-1.0, 0.0, 2.0]), dy=weights(t, (3,)))


@check("broadcast", visible=True)
async def broadcast(t):
    for name in ("add", "sub", "mul", "div"):
        await agrees(t, [(name, (0, 1))], near_one(t, 4, 3), near_one(t, 3), dy=weights(t, (4, 3)), what=f"(4, 3) {name} (3,)")
        await agrees(t, [(name, (0, 1))], near_one(t, 3), near_one(t, 2, 4, 3), dy=weights(t, (2, 4, 3)), what=f"(3,) {name} (2, 4, 3)")


@check("stretched", visible=True)
async def stretched(t):
    for left, right, result in [((4, 1), (4, 3), (4, 3)), ((1, 3), (4, 1), (4, 3)), ((2, 1, 3), (5, 1), (2, 5, 3)), ((), (2, 2), (2, 2)), ((1, 1), (1, 1), (1, 1))]:
        for name in ("add", "mul", "div"):
            await agrees(t, [(name, (0, 1))], near_one(t, *left), near_one(t, *right), dy=weights(t, result), what=f"{left} {name} {right}")


@check("matmul", visible=True)
async def matmul(t):
    await agrees(t, [("matmul", (0, 1))], weights(t, (3, 4)), weights(t, (4, 2)), dy=weights(t, (3, 2)))
    await agrees(t, [("matmul", (0, 1))], weights(t, (3, 3)), weights(t, (3, 3)), dy=weights(t, (3, 3)))


@check("reductions", visible=True)
async def reductions(t):
    # Equal lengths: a gradient that broadcasts along the wrong axis has the right shape.
    for axis in (None, 0, 1, -1, (0, 2)):
        for keepdims in (False, True):
            x = weights(t, (3, 3, 3))
            dy = weights(t, x.sum(axis=axis, keepdims=keepdims).shape)
            for name in ("sum", "mean"):
                await agrees(t, [(name, (0,), {"axis": axis, "keepdims": keepdims})], x, dy=dy, what=f"{name} over {axis}")


@check("reused", visible=True)
async def reused(t):
    await agrees(t, [("mul", (0, 0)), ("add", (1, 0)), ("sum", (2,))], near_one(t, 2, 3), what="x * x + x")
    await agrees(t, [("matmul", (0, 0)), ("mul", (1, 0)), ("sum", (2,))], weights(t, (3, 3)), what="(x @ x) * x")


@check("needs-gradient", visible=True)
async def needs_gradient(t):
    x = await t.make("Tensor", np.ones((2, 3)))
    y = await t.make("operator.mul", x, 2.0)
    await t.raises(ValueError, y.method("backward"))
    await y.call("backward", np.full((2, 3), 5.0))
    t.equal(await x.get("grad"), np.full((2, 3), 10.0), name="x.grad", **CLOSE)
    one = await t.make("Tensor", np.ones((1, 1)))
    await one.call("backward")
    t.equal(await one.get("grad"), np.ones((1, 1)), name="grad", **CLOSE)


@check("batched-matmul", visible=False)
async def batched_matmul(t):
    for left, right, result in [((2, 3, 4), (2, 4, 5), (2, 3, 5)), ((3, 4), (2, 4, 5), (2, 3, 5)), ((2, 3, 4), (4, 5), (2, 3, 5)), ((2, 1, 3, 3), (4, 3, 3), (2, 4, 3, 3))]:
        await agrees(t, [("matmul", (0, 1))], weights(t, left), weights(t, right), dy=weights(t, result), what=f"{left} @ {right}")


@check("either-side", visible=False)
async def either_side(t):
    array, values = near_one(t, 3), near_one(t, 2, 3)
    for name in ("add", "sub", "mul", "truediv"):
        for constant in (array, 3.0):
            for place in (0, 1):
                x = await t.make("Tensor", values)
                y = await t.make(f"operator.{name}", *((x, constant) if place == 0 else (constant, x)))
                engine_name = "div" if name == "truediv" else name
                order = (lambda z: (z, constant)) if place == 0 else (lambda z: (constant, z))
                expected, pull = ops.vjp(lambda z: getattr(ops, engine_name)(*order(z)), values)
                t.equal(await y.get("data"), expected, name=f"data of {name}", **CLOSE)
                dy = weights(t, (2, 3))
                await y.call("backward", dy)
                t.equal(await x.get("grad"), pull(dy)[0], name=f"grad of {name}", **CLOSE)
    w = await t.make("Tensor", weights(t, (3, 2)))
    y = await (await t.make("operator.matmul", values, w)).make("sum")
    await y.call("backward")
    t.equal(await w.get("grad"), np.zeros((3, 2)) + values.sum(axis=0)[:, None], name="w.grad of array @ w", **CLOSE)


@check("shapes", visible=False)
async def shapes(t):
    await agrees(t, [("reshape", (0,), {"shape": (3, 4)})], weights(t, (2, 6)), dy=weights(t, (3, 4)))
    await agrees(t, [("reshape", (0,), {"shape": (-1,)})], weights(t, (2, 3)), dy=weights(t, (6,)))
    await agrees(t, [("T", (0,))], weights(t, (2, 3)), dy=weights(t, (3, 2)))
    await agrees(t, [("T", (0,)), ("matmul", (1, 0))], weights(t, (3, 3)), dy=weights(t, (3, 3)), what="x.T @ x")


@check("whole-numbers", visible=False)
async def whole_numbers(t):
    for x in (np.array([[1, 2], [3, 5]]), np.array([[1.0, 2.0], [3.0, 5.0]], dtype=np.float32)):
        a = await t.make("Tensor", x)
        data = await a.get("data")
        t.true(str(data.dtype) == "float64", got=str(data.dtype), expected="float64")
        half = await t.make("operator.truediv", await t.make("operator.pow", a, -1), 2.0)
        await (await half.make("sum")).call("backward")
        t.equal(await a.get("grad"), -0.5 / x.astype(np.float64) ** 2, name=f"grad of 1 / (2 x), x of {x.dtype}", **CLOSE)


@check("no-sharing", visible=False)
async def no_sharing(t):
    # y = a + b, z = y + a, w = z + b: the arrays that arrive are the same ones.
    await agrees(t, [("add", (0, 1)), ("add", (2, 0)), ("add", (3, 1)), ("add", (4, 0)), ("sum", (5,))], weights(t, (2, 2)), weights(t, (2, 2)), what="sums of sums")
    x = await t.make("Tensor", np.ones((2, 2)))
    y = await t.make("operator.add", x, x)
    dy = weights(t, (2, 2))
    await y.call("backward", dy)
    t.unchanged("gradient")
    t.equal(await x.get("grad"), 2.0 * dy, name="x.grad", **CLOSE)
    t.equal(await y.get("grad"), dy, name="y.grad", **CLOSE)


@check("accumulates", visible=False)
async def accumulates(t):
    x = await t.make("Tensor", np.array([1.0, 2.0]))
    y = await (await t.make("operator.mul", x, x)).make("sum")
    for times in (1.0, 2.0, 3.0):
        await y.call("backward")
        t.equal(await x.get("grad"), times * np.array([2.0, 4.0]), name="x.grad", **CLOSE)


@check("deep", visible=False)
async def deep(t):
    x = await t.make("Tensor", np.array([1.0]))
    y = x
    for _ in range(600):
        y = await t.make("operator.add", y, 1.0)
    await y.call("backward")
    t.equal(await x.get("grad"), np.array([1.0]), name="x.grad after 600 sums", **CLOSE)
    x = await t.make("Tensor", np.array([1.0]))
    y = x
    for _ in range(40):
        y = await t.make("operator.mul", await t.make("operator.add", y, y), 0.5)
    await y.call("backward")
    t.equal(await x.get("grad"), np.array([1.0]), name="x.grad after 40 diamonds", **CLOSE)


@check("network", visible=False)
async def network(t):
    program = [
        ("matmul", (0, 1)), ("add", (5, 2)), ("relu", (6,)), ("matmul", (7, 3)), ("add", (8, 4)),
        ("exp", (9,)), ("sum", (10,), {"axis": 1, "keepdims": True}), ("div", (10, 11)), ("log", (12,)),
        ("mean", (13,), {"axis": 0}), ("neg", (14,)), ("mean", (15,)),
    ]
    leaves = weights(t, (5, 3)), weights(t, (3, 4)), weights(t, (4,)), weights(t, (4, 2)), weights(t, (2,))
    await agrees(t, program, *leaves, what="the network")


@check("finite-differences", visible=False)
async def finite_differences(t):
    program = [("mul", (0, 1)), ("exp", (2,)), ("sum", (3,), {"axis": 0}), ("log", (4,)), ("mean", (5,))]
    leaves = [near_one(t, 3, 1), near_one(t, 2)]
    made, out = await learner(t, program, leaves)
    await out.call("backward")
    expected = numeric_vjp(lambda x, y: np.log(np.exp(x * y).sum(axis=0)).mean(), leaves)
    for number, (leaf, numeric) in enumerate(zip(made, expected)):
        t.equal(await leaf.get("grad"), numeric, rtol=1e-6, atol=1e-8, name=f"grad of operand {number}")


@check("random", visible=False)
async def random(t):
    for _ in range(6):
        result = tuple(int(n) for n in t.rng.integers(1, 5, size=int(t.rng.integers(1, 4))))
        shapes = [
            tuple(1 if t.rng.uniform() < 0.4 else n for n in result[int(t.rng.integers(0, len(result) + 1)) :])
            for _ in range(2)
        ]
        name = ("add", "sub", "mul", "div")[int(t.rng.integers(0, 4))]
        dy = weights(t, np.broadcast_shapes(*shapes))
        await agrees(t, [(name, (0, 1))], near_one(t, *shapes[0]), near_one(t, *shapes[1]), dy=dy, what=f"{shapes[0]} {name} {shapes[1]}")
