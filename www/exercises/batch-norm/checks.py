import numpy as np

from danlu import ops
from danlu.judge import check, numeric_vjp

CLOSE = {"rtol": 1e-8, "atol": 1e-9}
EPS = 1e-5


def plain(x, gamma, beta, eps=EPS):
    axes = tuple(range(x.ndim - 1))
    centred = x - x.mean(axis=axes)
    return gamma * centred / np.sqrt((centred**2).mean(axis=axes) + eps) + beta


def engine(x, gamma, beta, dy, eps=EPS):
    """y, dx, dgamma, dbeta from the tape, by ops that know nothing of batch norm."""
    axes = tuple(range(x.ndim - 1))

    def normed(x, gamma, beta):
        centred = ops.sub(x, ops.mean(x, axis=axes, keepdims=True))
        var = ops.mean(ops.mul(centred, centred), axis=axes, keepdims=True)
        return ops.add(ops.mul(ops.div(centred, ops.sqrt(ops.add(var, eps))), gamma), beta)

    y, pull = ops.vjp(normed, x, gamma, beta)
    return (y, *pull(dy))


async def layer(t, channels, **options):
    """A layer with a gamma and a beta that are not 1 and 0, and these two."""
    norm = await t.make("BatchNorm", channels, **options)
    gamma, beta = t.rng.uniform(0.5, 2.0, size=channels), t.rng.normal(size=channels)
    await norm.set("gamma", gamma)
    await norm.set("beta", beta)
    return norm, gamma, beta


async def backward(t, norm, dy):
    """dx, dgamma, dbeta, once there are three of them."""
    answer = await norm.call("backward", dy)
    t.true(isinstance(answer, (tuple, list)) and len(answer) == 3, got=answer, expected=("dx", "dgamma", "dbeta"))
    return answer


async def gradients_are(t, norm, dy, expected):
    for name, got, want in zip(("dx", "dgamma", "dbeta"), await backward(t, norm, dy), expected):
        t.equal(got, want, name=name, **CLOSE)


async def agrees(t, shape):
    norm, gamma, beta = await layer(t, shape[-1])
    x, dy = t.rng.normal(size=shape) * 2.0 + 1.0, t.rng.normal(size=shape)
    y, *expected = engine(x, gamma, beta, dy)
    t.equal(await norm.call("forward", x, True), y, name="y", **CLOSE)
    await gradients_are(t, norm, dy, expected)


@check("forward", visible=True)
async def forward(t):
    norm, gamma, beta = await layer(t, 3)
    x = t.rng.normal(size=(6, 3)) * np.array([1.0, 5.0, 0.2]) + 4.0
    t.equal(await norm.call("forward", x, True), plain(x, gamma, beta), name="y", **CLOSE)
    # As it is made: gamma is 1, beta is 0.
    fresh = await t.make("BatchNorm", 3)
    t.equal(await fresh.call("forward", x, True), plain(x, np.ones(3), np.zeros(3)), name="y", **CLOSE)
    t.equal(await fresh.get("gamma"), np.ones(3), name="gamma")
    t.equal(await fresh.get("beta"), np.zeros(3), name="beta")


@check("input-gradient", visible=True)
async def input_gradient(t):
    norm, gamma, beta = await layer(t, 4)
    x, dy = t.rng.normal(size=(7, 4)), t.rng.normal(size=(7, 4))
    await norm.call("forward", x, True)
    answer = await backward(t, norm, dy)
    t.equal(answer[0], engine(x, gamma, beta, dy)[1], name="dx", **CLOSE)


@check("parameter-gradients", visible=True)
async def parameter_gradients(t):
    norm, gamma, beta = await layer(t, 4)
    x, dy = t.rng.normal(size=(7, 4)), t.rng.normal(size=(7, 4))
    await norm.call("forward", x, True)
    answer = await backward(t, norm, dy)
    _, _, dgamma, dbeta = engine(x, gamma, beta, dy)
    t.equal(answer[1], dgamma, name="dgamma", **CLOSE)
    t.equal(answer[2], dbeta, name="dbeta", **CLOSE)


@check("running-statistics", visible=True)
async def running_statistics(t):
    for share, options in ((0.3, {"momentum": 0.3}), (0.1, {})):
        norm, _, _ = await layer(t, 2, **options)
        mean, var = np.zeros(2), np.ones(2)
        for _ in range(3):
            x = t.rng.normal(size=(5, 2)) * 3.0 + 10.0
            await norm.call("forward", x, True)
            mean, var = (1 - share) * mean + share * x.mean(axis=0), (1 - share) * var + share * x.var(axis=0, ddof=1)
            t.equal(await norm.get("running_mean"), mean, name="running_mean", **CLOSE)
            t.equal(await norm.get("running_var"), var, name="running_var", **CLOSE)


@check("inference", visible=True)
async def inference(t):
    norm, gamma, beta = await layer(t, 3)
    mean, var = t.rng.normal(size=3), t.rng.uniform(0.5, 4.0, size=3)
    await norm.set("running_mean", mean)
    await norm.set("running_var", var)
    x = t.rng.normal(size=(4, 3)) * 5.0
    for rows in (x, x[:1]):
        expected = gamma * (rows - mean) / np.sqrt(var + EPS) + beta
        t.equal(await norm.call("forward", rows, False), expected, name="y", **CLOSE)
    t.equal(await norm.get("running_mean"), mean, name="running_mean", rtol=0.0, atol=0.0)
    t.equal(await norm.get("running_var"), var, name="running_var", rtol=0.0, atol=0.0)


@check("images", visible=True)
async def images(t):
    await agrees(t, (2, 3, 4, 5))
    # All axes of one length, where the wrong ones fit as well.
    await agrees(t, (3, 3, 3, 3))


@check("inputs-unchanged", visible=True)
async def inputs_unchanged(t):
    norm, _, _ = await layer(t, 3)
    await norm.call("forward", t.rng.normal(size=(4, 3)), True)
    t.unchanged("x", "training")
    await norm.call("backward", t.rng.normal(size=(4, 3)))
    t.unchanged("dy")


@check("inference-backward", visible=False)
async def inference_backward(t):
    norm, gamma, _ = await layer(t, 3)
    mean, var = t.rng.normal(size=3), t.rng.uniform(0.5, 4.0, size=3)
    await norm.set("running_mean", mean)
    await norm.set("running_var", var)
    x, dy = t.rng.normal(size=(5, 3)), t.rng.normal(size=(5, 3))
    await norm.call("forward", x, False)
    x_hat = (x - mean) / np.sqrt(var + EPS)
    expected = dy * gamma / np.sqrt(var + EPS), (dy * x_hat).sum(axis=0), dy.sum(axis=0)
    await gradients_are(t, norm, dy, expected)


@check("far-from-zero", visible=False)
async def far_from_zero(t):
    norm, gamma, beta = await layer(t, 2)
    x = t.rng.normal(size=(9, 2))
    # Adding a constant changes nothing but the rounding of x, about 1e-10 here.
    t.equal(await norm.call("forward", x + 1e6, True), plain(x, gamma, beta), rtol=1e-6, atol=1e-7, name="y")


@check("epsilon", visible=False)
async def epsilon(t):
    norm, gamma, beta = await layer(t, 2, eps=0.01)
    x = t.rng.normal(size=(6, 2)) * 0.1
    y, *expected = engine(x, gamma, beta, x, 0.01)
    t.equal(await norm.call("forward", x, True), y, name="y", **CLOSE)
    await gradients_are(t, norm, x, expected)
    got = await norm.call("forward", np.full((4, 2), 3.0), True)
    t.equal(got, np.zeros((4, 2)) + beta, name="y", **CLOSE)


@check("one-value", visible=False)
async def one_value(t):
    norm, _, _ = await layer(t, 3)
    await t.raises(ValueError, norm.method("forward"), t.rng.normal(size=(1, 3)), True)
    await t.raises(ValueError, norm.method("forward"), t.rng.normal(size=(1, 1, 1, 3)), True)
    await agrees(t, (1, 2, 1, 3))
    await agrees(t, (2, 3))


@check("invariants", visible=False)
async def invariants(t):
    norm, _, _ = await layer(t, 3, eps=1e-12)
    x, dy = t.rng.normal(size=(8, 3)), t.rng.normal(size=(8, 3))
    await norm.call("forward", x, True)
    dx, _, _ = await backward(t, norm, dy)
    t.like(dx, x, name="dx")
    t.equal(dx.sum(axis=0), np.zeros(3), atol=1e-9, name="sum of dx")
    t.equal((dx * (x - x.mean(axis=0))).sum(axis=0), np.zeros(3), atol=1e-8, name="dx · (x - mean)")


@check("stateless-backward", visible=False)
async def stateless_backward(t):
    first, gamma, beta = await layer(t, 3)
    x, dy = t.rng.normal(size=(5, 3)), t.rng.normal(size=(5, 3))
    await first.call("forward", x, True)
    second, _, _ = await layer(t, 3)
    await second.call("forward", t.rng.normal(size=(6, 3)), True)
    _, *expected = engine(x, gamma, beta, dy)
    await gradients_are(t, first, dy, expected)
    await gradients_are(t, first, dy, expected)


@check("finite-differences", visible=False)
async def finite_differences(t):
    norm, gamma, beta = await layer(t, 2)
    x, dy = t.rng.normal(size=(5, 2)), t.rng.normal(size=(5, 2))
    await norm.call("forward", x, True)
    answer = await backward(t, norm, dy)
    expected = numeric_vjp(plain, (x, gamma, beta), dy)
    for name, got, numeric in zip(("dx", "dgamma", "dbeta"), answer, expected):
        t.equal(got, numeric, rtol=1e-5, atol=1e-6, name=name)


@check("random", visible=False)
async def random(t):
    for _ in range(4):
        leading = tuple(int(n) for n in t.rng.integers(2, 5, size=int(t.rng.integers(1, 4))))
        await agrees(t, leading + (int(t.rng.integers(1, 6)),))
