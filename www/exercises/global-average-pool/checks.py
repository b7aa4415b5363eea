import numpy as np

from danlu import ops
from danlu.judge import check, numeric_vjp, shape_of

CLOSE = {"rtol": 1e-9, "atol": 1e-12}


def pooled(x):
    """The mean over positions, by the engine."""
    return ops.vjp(lambda x: ops.mean(x, axis=(1, 2)), x)[0]


def gradient(dy, x):
    return ops.vjp(lambda x: ops.mean(x, axis=(1, 2)), x)[1](dy)[0]


@check("hand-example", visible=True)
async def hand_example(t):
    x = np.array([[[1.0, 10.0], [3.0, 30.0]], [[5.0, 50.0], [7.0, -10.0]]]).reshape(1, 2, 2, 2)
    t.equal(await t.call("global_average_pool", x), np.array([[4.0, 20.0]]), name="y", **CLOSE)


@check("forward", visible=True)
async def forward(t):
    # As many rows as columns as channels, where averaging over other axes fits as well.
    for shape in ((2, 4, 5, 3), (3, 3, 3, 3)):
        x = t.rng.normal(size=shape)
        t.equal(await t.call("global_average_pool", x), pooled(x), name="y", **CLOSE)


@check("keepdims", visible=True)
async def keepdims(t):
    x = t.rng.normal(size=(2, 3, 4, 5))
    expected = pooled(x).reshape(2, 1, 1, 5)
    t.equal(await t.call("global_average_pool", x, keepdims=True), expected, name="y", **CLOSE)


@check("backward", visible=True)
async def backward(t):
    for shape in ((2, 4, 5, 3), (3, 3, 3, 3)):
        x, dy = t.rng.normal(size=shape), t.rng.normal(size=(shape[0], shape[3]))
        t.equal(await t.call("global_average_pool_backward", dy, x), gradient(dy, x), name="dx", **CLOSE)


@check("backward-keepdims", visible=True)
async def backward_keepdims(t):
    x, dy = t.rng.normal(size=(2, 3, 4, 5)), t.rng.normal(size=(2, 5))
    got = await t.call("global_average_pool_backward", dy.reshape(2, 1, 1, 5), x)
    t.equal(got, gradient(dy, x), name="dx", **CLOSE)


@check("class-maps", visible=True)
async def maps(t):
    x, w, b = t.rng.normal(size=(2, 3, 4, 5)), t.rng.normal(size=(5, 3)), t.rng.normal(size=3)
    expected = ops.vjp(lambda x: ops.add(ops.matmul(x, w), b), x.reshape(-1, 5))[0].reshape(2, 3, 4, 3)
    t.equal(await t.call("class_maps", x, w, b), expected, name="maps", **CLOSE)


@check("maps-average-to-logits", visible=True)
async def maps_average_to_logits(t):
    x, w, b = t.rng.normal(size=(2, 5, 4, 6)), t.rng.normal(size=(6, 3)), t.rng.normal(size=3)
    maps = await t.call("class_maps", x, w, b)
    t.true(shape_of(maps) == (2, 5, 4, 3), got=shape_of(maps), expected=(2, 5, 4, 3))
    logits = await t.call("global_average_pool", maps)
    t.equal(logits, pooled(x) @ w + b, name="logits", **CLOSE)


@check("square", visible=False)
async def square(t):
    # As many classes as channels: a transposed w fits.
    x, w, b = t.rng.normal(size=(2, 3, 3, 3)), t.rng.normal(size=(3, 3)), t.rng.normal(size=3)
    t.equal(await t.call("class_maps", x, w, b), x @ w + b, name="maps", **CLOSE)


@check("any-size", visible=False)
async def any_size(t):
    for h, w in ((1, 1), (1, 7), (13, 2), (11, 11)):
        x, dy = t.rng.normal(size=(2, h, w, 3)), t.rng.normal(size=(2, 3))
        t.equal(await t.call("global_average_pool", x), pooled(x), name="y", **CLOSE)
        t.equal(await t.call("global_average_pool_backward", dy, x), gradient(dy, x), name="dx", **CLOSE)
    t.equal(await t.call("global_average_pool", np.zeros((0, 2, 2, 3))), np.zeros((0, 3)), name="y", **CLOSE)
    dx = await t.call("global_average_pool_backward", np.zeros((0, 3)), np.zeros((0, 2, 2, 3)))
    t.equal(dx, np.zeros((0, 2, 2, 3)), name="dx", **CLOSE)


@check("float32", visible=False)
async def float32(t):
    x, dy = t.rng.normal(size=(2, 5, 7, 3)).astype(np.float32), t.rng.normal(size=(2, 3)).astype(np.float32)
    y, dx = pooled(x.astype(np.float64)), gradient(dy.astype(np.float64), x.astype(np.float64))
    t.equal(await t.call("global_average_pool", x), y.astype(np.float32), name="y", rtol=1e-5, atol=1e-6)
    t.equal(await t.call("global_average_pool_backward", dy, x), dx.astype(np.float32), name="dx", rtol=1e-5, atol=1e-6)


@check("inputs-unchanged", visible=False)
async def inputs_unchanged(t):
    x, dy = t.rng.normal(size=(1, 1, 1, 3)), t.rng.normal(size=(1, 3))
    await t.call("global_average_pool", x)
    t.unchanged("x")
    await t.call("global_average_pool_backward", dy, x)
    t.unchanged("dy", "x")
    await t.call("class_maps", x, np.eye(3), np.ones(3))
    t.unchanged("x", "w", "b")


@check("finite-differences", visible=False)
async def finite_differences(t):
    x, dy = t.rng.normal(size=(2, 3, 2, 2)), t.rng.normal(size=(2, 2))
    expected = numeric_vjp(pooled, (x,), dy)[0]
    t.equal(await t.call("global_average_pool_backward", dy, x), expected, name="dx", rtol=1e-6, atol=1e-7)
