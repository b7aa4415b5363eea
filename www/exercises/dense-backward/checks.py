import numpy as np

from danlu import ops
from danlu.judge import check, numeric_vjp, shape_of

CLOSE = {"rtol": 1e-9, "atol": 1e-11}
NAMES = ("dx", "dw", "db")


def dense(x, w, b):
    return ops.add(ops.matmul(x, w), b)


def engine_gradients(dy, x, w):
    """The engine's tape: dx, dw, db of y = x @ w + b, in float64."""
    rows = x.reshape(-1, w.shape[0])
    _, pull = ops.vjp(dense, rows, w, np.zeros(w.shape[1]))
    dx, dw, db = pull(dy.reshape(-1, w.shape[1]))
    return dx.reshape(x.shape), dw, db


def sample(t, leading, inputs, outputs):
    """dy, x and w with the given leading axes. Random dy: all ones would hide errors."""
    return (
        t.rng.normal(size=leading + (outputs,)),
        t.rng.normal(size=leading + (inputs,)),
        t.rng.normal(size=(inputs, outputs)),
    )


async def three(t, dy, x, w):
    """What the learner returns, once it is known to be three things."""
    gradients = await t.call("dense_backward", dy, x, w)
    t.true(isinstance(gradients, (tuple, list)) and len(gradients) == 3, got=gradients, expected=NAMES)
    return gradients


async def agrees_with_engine(t, dy, x, w):
    for name, got, expected in zip(NAMES, await three(t, dy, x, w), engine_gradients(dy, x, w)):
        t.equal(got, expected, name=name, **CLOSE)


@check("shapes", visible=True)
async def shapes(t):
    dx, dw, db = await three(t, *sample(t, (5,), 3, 2))
    t.true(
        (shape_of(dx), shape_of(dw), shape_of(db)) == ((5, 3), (3, 2), (2,)),
        got=(shape_of(dx), shape_of(dw), shape_of(db)),
        expected=((5, 3), (3, 2), (2,)),
    )


@check("hand-example", visible=True)
async def hand_example(t):
    x = np.array([[1.0, 2.0], [3.0, 4.0]])
    w = np.array([[1.0, 0.0, -1.0], [2.0, 1.0, 0.0]])
    dy = np.array([[1.0, 0.0, 2.0], [0.0, -1.0, 1.0]])
    dx, dw, db = await three(t, dy, x, w)
    t.equal(dx, np.array([[-1.0, 2.0], [-1.0, -1.0]]), name="dx", **CLOSE)
    t.equal(dw, np.array([[1.0, -3.0, 5.0], [2.0, -4.0, 8.0]]), name="dw", **CLOSE)
    t.equal(db, np.array([1.0, -1.0, 3.0]), name="db", **CLOSE)


@check("input-gradient", visible=True)
async def input_gradient(t):
    dy, x, w = sample(t, (4,), 5, 3)
    dx, _, _ = await three(t, dy, x, w)
    t.equal(dx, engine_gradients(dy, x, w)[0], name="dx", **CLOSE)


@check("weight-gradient", visible=True)
async def weight_gradient(t):
    dy, x, w = sample(t, (4,), 5, 3)
    _, dw, _ = await three(t, dy, x, w)
    t.equal(dw, engine_gradients(dy, x, w)[1], name="dw", **CLOSE)


@check("bias-gradient", visible=True)
async def bias_gradient(t):
    dy, x, w = sample(t, (4,), 5, 3)
    _, _, db = await three(t, dy, x, w)
    t.equal(db, engine_gradients(dy, x, w)[2], name="db", **CLOSE)


@check("leading-axes", visible=True)
async def leading_axes(t):
    await agrees_with_engine(t, *sample(t, (2, 4), 3, 5))


@check("inputs-unchanged", visible=True)
async def inputs_unchanged(t):
    # Square, so that an array can be reused without its shape giving it away.
    await three(t, *sample(t, (3,), 3, 3))
    t.unchanged("dy", "x", "w")


@check("square", visible=False)
async def square(t):
    await agrees_with_engine(t, *sample(t, (4,), 4, 4))


@check("one-sample", visible=False)
async def one_sample(t):
    await agrees_with_engine(t, *sample(t, (1,), 4, 3))
    await agrees_with_engine(t, *sample(t, (3,), 1, 1))
    await agrees_with_engine(t, *sample(t, (), 4, 3))


@check("empty-batch", visible=False)
async def empty_batch(t):
    dx, dw, db = await three(t, np.zeros((0, 2)), np.zeros((0, 3)), t.rng.normal(size=(3, 2)))
    t.equal(dx, np.zeros((0, 3)), name="dx", **CLOSE)
    t.equal(dw, np.zeros((3, 2)), name="dw", **CLOSE)
    t.equal(db, np.zeros(2), name="db", **CLOSE)


@check("finite-differences", visible=False)
async def finite_differences(t):
    dy, x, w = sample(t, (3,), 4, 2)
    expected = numeric_vjp(lambda x, w, b: x @ w + b, (x, w, np.zeros(2)), dy)
    for name, got, numeric in zip(NAMES, await three(t, dy, x, w), expected):
        # Central differences of a linear map are right to about 1e-9.
        t.equal(got, numeric, name=name, rtol=1e-6, atol=1e-7)


@check("random", visible=False)
async def random(t):
    for _ in range(5):
        rank = int(t.rng.integers(1, 4))
        leading = tuple(int(n) for n in t.rng.integers(1, 5, size=rank))
        inputs, outputs = (int(n) for n in t.rng.integers(1, 7, size=2))
        await agrees_with_engine(t, *sample(t, leading, inputs, outputs))
