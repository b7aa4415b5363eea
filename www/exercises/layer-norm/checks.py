import numpy as np

from danlu import ops
from danlu.judge import check, numeric_vjp

CLOSE = {"rtol": 1e-8, "atol": 1e-9}


def layer(x, gamma, beta, eps=1e-5):
    """From elementary ops, on the tape."""
    x = ops.sub(x, ops.mean(x, axis=-1, keepdims=True))
    return ops.add(rms(x, gamma, eps), beta)


def rms(x, gamma, eps=1e-6):
    power = ops.mean(ops.mul(x, x), axis=-1, keepdims=True)
    return ops.mul(ops.div(x, ops.sqrt(ops.add(power, eps))), gamma)


def draw(t, shape):
    x, dy = t.rng.normal(size=shape) * 2.0 + 1.0, t.rng.normal(size=shape)
    return x, dy, t.rng.uniform(0.3, 2.0, size=shape[-1:]), t.rng.normal(size=shape[-1:])


async def returned(t, function, count, *args):
    answer = await t.call(function, *args)
    names = ("dx", "dgamma", "dbeta")[:count]
    t.true(isinstance(answer, (tuple, list)) and len(answer) == count, got=answer, expected=names)
    return list(zip(names, answer))


async def layer_agrees(t, x, dy, gamma, beta, *eps):
    y, pull = ops.vjp(lambda x, g, b: layer(x, g, b, *eps), x, gamma, beta)
    t.equal(await t.call("layer_norm", x, gamma, beta, *eps), y, name="y", **CLOSE)
    for (name, got), expected in zip(await returned(t, "layer_norm_backward", 3, dy, x, gamma, *eps), pull(dy)):
        t.equal(got, expected, name=name, **CLOSE)


async def rms_agrees(t, x, dy, gamma, *eps):
    y, pull = ops.vjp(lambda x, g: rms(x, g, *eps), x, gamma)
    t.equal(await t.call("rms_norm", x, gamma, *eps), y, name="y", **CLOSE)
    for (name, got), expected in zip(await returned(t, "rms_norm_backward", 2, dy, x, gamma, *eps), pull(dy)):
        t.equal(got, expected, name=name, **CLOSE)


@check("layer-norm", visible=True)
async def layer_norm(t):
    got = await t.call("layer_norm", np.array([[1.0, 2.0, 3.0, 6.0]]), np.ones(4), np.zeros(4), 0.0)
    t.equal(got, np.array([[-2.0, -1.0, 0.0, 3.0]]) / np.sqrt(3.5), name="y", **CLOSE)
    x, _, gamma, beta = draw(t, (3, 5))
    t.equal(await t.call("layer_norm", x, gamma, beta), ops.vjp(layer, x, gamma, beta)[0], name="y", **CLOSE)


@check("rms-norm", visible=True)
async def rms_norm(t):
    got = await t.call("rms_norm", np.array([[1.0, 1.0, 3.0, 5.0]]), np.array([1.0, 2.0, 1.0, 1.0]), 0.0)
    t.equal(got, np.array([[1.0, 2.0, 3.0, 5.0]]) / 3.0, name="y", **CLOSE)
    x, _, gamma, _ = draw(t, (3, 5))
    t.equal(await t.call("rms_norm", x, gamma), ops.vjp(rms, x, gamma)[0], name="y", **CLOSE)


@check("layer-norm-gradients", visible=True)
async def layer_norm_gradients(t):
    await layer_agrees(t, *draw(t, (4, 6)))


@check("rms-norm-gradients", visible=True)
async def rms_norm_gradients(t):
    await rms_agrees(t, *draw(t, (4, 6))[:3])


@check("leading-axes", visible=True)
async def leading_axes(t):
    for shape in [(2, 3, 5), (4, 4, 4)]:
        x, dy, gamma, beta = draw(t, shape)
        await layer_agrees(t, x, dy, gamma, beta)
        await rms_agrees(t, x, dy, gamma)


@check("inputs-unchanged", visible=True)
async def inputs_unchanged(t):
    x, dy, gamma, beta = draw(t, (3, 3))
    await t.call("layer_norm", x, gamma, beta)
    t.unchanged("x", "gamma", "beta")
    await t.call("layer_norm_backward", dy, x, gamma)
    t.unchanged("dy", "x", "gamma")
    await t.call("rms_norm", x, gamma)
    t.unchanged("x", "gamma")
    await t.call("rms_norm_backward", dy, x, gamma)
    t.unchanged("dy", "x", "gamma")


@check("row-by-row", visible=False)
async def row_by_row(t):
    x, _, gamma, beta = draw(t, (5, 5))
    for function, args in (("layer_norm", (gamma, beta)), ("rms_norm", (gamma,))):
        together = t.like(await t.call(function, x, *args), x, name=function)
        for n in range(5):
            t.equal(await t.call(function, x[n], *args), together[n], name=f"row {n} of {function}", **CLOSE)


@check("epsilon", visible=False)
async def epsilon(t):
    x, dy, gamma, beta = draw(t, (4, 5))
    for eps in (0.5, 0.01):
        await layer_agrees(t, x * 0.1, dy, gamma, beta, eps)
        await rms_agrees(t, x * 0.1, dy, gamma, eps)
    flat = np.array([[2.0, 2.0, 2.0, 2.0, 2.0], [0.0, 0.0, 0.0, 0.0, 0.0]])
    await layer_agrees(t, flat, dy[:2], gamma, beta)
    await rms_agrees(t, flat, dy[:2], gamma)


@check("far-from-zero", visible=False)
async def far_from_zero(t):
    x, _, gamma, beta = draw(t, (3, 6))
    expected, _ = ops.vjp(layer, x, gamma, beta)
    t.equal(await t.call("layer_norm", x + 1e6, gamma, beta), expected, rtol=1e-6, atol=1e-7, name="y")


@check("smallest", visible=False)
async def smallest(t):
    for shape in [(4, 1), (1, 5), (5,)]:
        x, dy, gamma, beta = draw(t, shape)
        await layer_agrees(t, x, dy, gamma, beta)
        await rms_agrees(t, x, dy, gamma)
    none, gamma = np.zeros((0, 3)), np.ones(3)
    t.equal(await t.call("layer_norm", none, gamma, gamma), none, name="y")
    for function, count in (("layer_norm_backward", 3), ("rms_norm_backward", 2)):
        expected = (none, np.zeros(3), np.zeros(3))[:count]
        for (name, got), want in zip(await returned(t, function, count, none, none, gamma), expected):
            t.equal(got, want, name=name)


@check("scale-invariance", visible=False)
async def scale_invariance(t):
    x, dy, gamma, beta = draw(t, (3, 6))
    for function, args in (("layer_norm", (gamma, beta)), ("rms_norm", (gamma,))):
        y = await t.call(function, x, *args, 0.0)
        t.equal(await t.call(function, 1000.0 * x, *args, 0.0), y, name=function, **CLOSE)
        dx = (await t.call(f"{function}_backward", dy, x, gamma, 0.0))[0]
        got = (await t.call(f"{function}_backward", dy, 1000.0 * x, gamma, 0.0))[0]
        t.equal(got * 1000.0, dx, name=f"dx of {function}", **CLOSE)


@check("float32", visible=False)
async def float32(t):
    x, dy, gamma, beta = (a.astype(np.float32) for a in draw(t, (3, 6)))
    loose = {"rtol": 1e-4, "atol": 1e-5}
    y, pull = ops.vjp(layer, x, gamma, beta)
    t.equal(await t.call("layer_norm", x, gamma, beta), y.astype(np.float32), name="y", **loose)
    got = await t.call("layer_norm_backward", dy, x, gamma)
    t.equal(got[0], pull(dy)[0].astype(np.float32), name="dx", **loose)
    y, pull = ops.vjp(rms, x, gamma)
    t.equal(await t.call("rms_norm", x, gamma), y.astype(np.float32), name="y", **loose)
    got = await t.call("rms_norm_backward", dy, x, gamma)
    t.equal(got[0], pull(dy)[0].astype(np.float32), name="dx", **loose)


@check("finite-differences", visible=False)
async def finite_differences(t):
    x, dy, gamma, beta = draw(t, (2, 4))
    expected = numeric_vjp(lambda x, g, b: ops.vjp(layer, x, g, b)[0], (x, gamma, beta), dy)
    for (name, got), numeric in zip(await returned(t, "layer_norm_backward", 3, dy, x, gamma), expected):
        t.equal(got, numeric, rtol=1e-5, atol=1e-7, name=name)
    expected = numeric_vjp(lambda x, g: ops.vjp(rms, x, g)[0], (x, gamma), dy)
    for (name, got), numeric in zip(await returned(t, "rms_norm_backward", 2, dy, x, gamma), expected):
        t.equal(got, numeric, rtol=1e-5, atol=1e-7, name=name)


@check("random", visible=False)
async def random(t):
    for _ in range(4):
        shape = tuple(int(n) for n in t.rng.integers(2, 7, size=int(t.rng.integers(1, 4))))
        x, dy, gamma, beta = draw(t, shape)
        await layer_agrees(t, x, dy, gamma, beta)
        await rms_agrees(t, x, dy, gamma)
