import numpy as np

from danlu import ops
from danlu.judge import check, numeric_vjp

CLOSE = {"rtol": 1e-9, "atol": 1e-12}
# The engine's ops, written for every x: its own forms neither overflow nor lose digits.
ENGINE = {
    "relu": ops.relu,
    "leaky_relu": lambda x: ops.leaky_relu(x, slope=0.01),
    "sigmoid": ops.sigmoid,
    "tanh": ops.tanh,
    "silu": ops.silu,
    "softplus": ops.softplus,
    "gelu": lambda x: ops.gelu(x, approximate="tanh"),
}


async def forward(t, name, x):
    y, _ = ops.vjp(ENGINE[name], x)
    t.equal(await t.call("activate", name, x), y, name=name, **CLOSE)


async def backward(t, name, x, dy=None):
    dy = t.rng.normal(size=x.shape) if dy is None else dy
    (dx,) = ops.vjp(ENGINE[name], x)[1](dy)
    t.equal(await t.call("activate_backward", name, x, dy), dx, name=f"dx of {name}", **CLOSE)


@check("piecewise", visible=True)
async def piecewise(t):
    x = np.array([[-2.0, -0.5, 0.0], [0.5, 2.0, 1e-3]])
    t.equal(await t.call("activate", "relu", x), np.array([[0.0, 0.0, 0.0], [0.5, 2.0, 1e-3]]), **CLOSE)
    leaky = np.array([[-0.02, -0.005, 0.0], [0.5, 2.0, 1e-3]])
    t.equal(await t.call("activate", "leaky_relu", x), leaky, **CLOSE)


@check("smooth", visible=True)
async def smooth(t):
    for name in ("sigmoid", "tanh", "silu", "softplus", "gelu"):
        await forward(t, name, t.rng.normal(size=(3, 4)) * 2.0)


@check("gradients", visible=True)
async def gradients(t):
    for name in ENGINE:
        await backward(t, name, t.rng.normal(size=(3, 4)) * 2.0)


@check("chain-rule", visible=True)
async def chain_rule(t):
    x = t.rng.normal(size=5)
    for name in ENGINE:
        await backward(t, name, x, np.zeros(5))
        await backward(t, name, x, np.array([3.0, -2.0, 0.5, 10.0, -1.0]))


@check("large-inputs", visible=True)
async def large_inputs(t):
    x = np.array([-1000.0, -750.0, -100.0, 100.0, 750.0, 1000.0])
    for name in ENGINE:
        await forward(t, name, x)


@check("inputs-unchanged", visible=True)
async def inputs_unchanged(t):
    for name in ENGINE:
        await t.call("activate", name, t.rng.normal(size=(2, 3)))
        t.unchanged("name", "x")
        await t.call("activate_backward", name, t.rng.normal(size=(2, 3)), t.rng.normal(size=(2, 3)))
        t.unchanged("name", "x", "dy")


@check("slope-at-zero", visible=False)
async def slope_at_zero(t):
    x, dy = np.array([0.0, -0.0, 1e-300]), np.array([2.0, 3.0, 5.0])
    t.equal(await t.call("activate_backward", "relu", x, dy), np.array([0.0, 0.0, 5.0]), **CLOSE)
    t.equal(await t.call("activate_backward", "leaky_relu", x, dy), np.array([0.02, 0.03, 5.0]), **CLOSE)


@check("large-gradients", visible=False)
async def large_gradients(t):
    x = np.array([-1000.0, -750.0, -100.0, 100.0, 750.0, 1000.0])
    for name in ENGINE:
        await backward(t, name, x)


@check("small-values", visible=False)
async def small_values(t):
    x = np.array([-30.0, -40.0, -60.0, -200.0])
    tiny = np.exp(x)
    for name in ("softplus", "sigmoid"):
        t.equal(await t.call("activate", name, x), tiny, rtol=1e-6, atol=0.0)
    t.equal(await t.call("activate_backward", "softplus", x, np.ones(4)), tiny, rtol=1e-6, atol=0.0)


@check("float32", visible=False)
async def float32(t):
    x, dy = (t.rng.normal(size=(2, 5)).astype(np.float32) for _ in range(2))
    for name, op in ENGINE.items():
        y, pull = ops.vjp(op, x)
        t.equal(await t.call("activate", name, x), y.astype(np.float32), rtol=1e-5, atol=1e-6)
        dx = pull(dy)[0].astype(np.float32)
        t.equal(await t.call("activate_backward", name, x, dy), dx, rtol=1e-4, atol=1e-5)


@check("unknown-name", visible=False)
async def unknown_name(t):
    await t.raises(ValueError, "activate", "swiglu", np.ones(2))
    await t.raises(ValueError, "activate_backward", "softmax", np.ones(2), np.ones(2))


@check("any-shape", visible=False)
async def any_shape(t):
    for shape in [(1,), (0, 3), (2, 1, 3, 2)]:
        for name in ENGINE:
            await forward(t, name, t.rng.normal(size=shape))
            await backward(t, name, t.rng.normal(size=shape))


@check("finite-differences", visible=False)
async def finite_differences(t):
    # Away from the kink, where no difference quotient means anything.
    x = t.rng.uniform(0.1, 3.0, size=8) * np.where(t.rng.uniform(size=8) < 0.5, -1.0, 1.0)
    dy = t.rng.normal(size=8)
    for name in ENGINE:
        (expected,) = numeric_vjp(lambda z: ops.vjp(ENGINE[name], z)[0], (x,), dy)
        t.equal(await t.call("activate_backward", name, x, dy), expected, rtol=1e-5, atol=1e-8, name=f"dx of {name}")
