import numpy as np

from danlu import ops
from danlu.judge import check

CLOSE = {"rtol": 1e-10, "atol": 1e-12}


def reference(x, w, b=None):
    """The engine's product in float64, with the leading axes of x merged."""
    rows = int(np.prod(x.shape[:-1], dtype=np.int64))
    bias = np.zeros(w.shape[1]) if b is None else b
    y, _ = ops.vjp(ops.dense, x.reshape(rows, x.shape[-1]), w, bias)
    return y.reshape(x.shape[:-1] + (w.shape[1],))


def draw(t, leading, inputs, outputs):
    return t.rng.normal(size=leading + (inputs,)), t.rng.normal(size=(inputs, outputs)), t.rng.normal(size=outputs)


async def agrees(t, *arrays):
    t.equal(await t.call("dense", *arrays), reference(*arrays), **CLOSE)


@check("hand-example", visible=True)
async def hand_example(t):
    x = np.array([[1.0, 2.0], [3.0, 4.0]])
    w = np.array([[1.0, 0.0, -1.0], [2.0, 1.0, 0.0]])
    b = np.array([10.0, 20.0, 30.0])
    t.equal(await t.call("dense", x, w, b), np.array([[15.0, 22.0, 29.0], [21.0, 24.0, 27.0]]), **CLOSE)


@check("values", visible=True)
async def values(t):
    await agrees(t, *draw(t, (5,), 4, 3))


@check("no-bias", visible=True)
async def no_bias(t):
    x, w, _ = draw(t, (4,), 3, 2)
    await agrees(t, x, w)


@check("leading-axes", visible=True)
async def leading_axes(t):
    await agrees(t, *draw(t, (2, 4), 3, 5))
    # N = T = I, where the wrong axis has the right length.
    await agrees(t, *draw(t, (3, 3), 3, 2))


@check("wrong-features", visible=True)
async def wrong_features(t):
    x, w, b = draw(t, (4,), 3, 2)
    await t.raises(ValueError, "dense", x, w.T, b)
    await t.raises(ValueError, "dense", x[:, :1], w, b)


@check("inputs-unchanged", visible=True)
async def inputs_unchanged(t):
    await t.call("dense", *draw(t, (3,), 3, 3))
    t.unchanged("x", "w", "b")


@check("square", visible=False)
async def square(t):
    await agrees(t, *draw(t, (4,), 4, 4))


@check("wrong-bias", visible=False)
async def wrong_bias(t):
    x, w, _ = draw(t, (4,), 3, 2)
    for shape in [(1,), (4, 1), (1, 2), (4, 2), (3,)]:
        await t.raises(ValueError, "dense", x, w, t.rng.normal(size=shape))


@check("smallest", visible=False)
async def smallest(t):
    await agrees(t, *draw(t, (), 4, 3))
    await agrees(t, *draw(t, (1,), 1, 1))
    await agrees(t, *draw(t, (5,), 1, 3))


@check("empty", visible=False)
async def empty(t):
    x, w, b = draw(t, (0,), 3, 2)
    t.equal(await t.call("dense", x, w, b), np.zeros((0, 2)), **CLOSE)
    x, w, b = draw(t, (4,), 0, 2)
    t.equal(await t.call("dense", x, w, b), np.zeros((4, 2)) + b, **CLOSE)


@check("float32", visible=False)
async def float32(t):
    x, w, b = (a.astype(np.float32) for a in draw(t, (4,), 6, 3))
    expected = reference(*(a.astype(np.float64) for a in (x, w, b))).astype(np.float32)
    t.equal(await t.call("dense", x, w, b), expected, rtol=1e-4, atol=1e-5)
    t.equal(await t.call("dense", x, w), expected - b, rtol=1e-4, atol=1e-5)


@check("integers", visible=False)
async def integers(t):
    x, w = t.rng.integers(-5, 6, size=(3, 4)), t.rng.integers(-5, 6, size=(4, 2))
    b = t.rng.normal(size=2)
    t.equal(await t.call("dense", x, w, b), reference(x * 1.0, w * 1.0, b), **CLOSE)
    t.equal(await t.call("dense", x, w), reference(x * 1.0, w * 1.0).astype(np.int64))
    # Each kind with another.
    real = t.rng.normal(size=(4, 2))
    t.equal(await t.call("dense", x, real, b), reference(x * 1.0, real, b), **CLOSE)
    t.equal(await t.call("dense", real.T, x.T * 1), reference(real.T, x.T * 1.0), **CLOSE)
    single = t.rng.normal(size=(5, 4)).astype(np.float32)
    t.equal(await t.call("dense", single, real), reference(single.astype(np.float64), real), rtol=1e-6, atol=1e-6)


@check("random", visible=False)
async def random(t):
    for _ in range(6):
        leading = tuple(int(n) for n in t.rng.integers(1, 4, size=int(t.rng.integers(0, 4))))
        inputs, outputs = (int(n) for n in t.rng.integers(1, 8, size=2))
        await agrees(t, *draw(t, leading, inputs, outputs))
