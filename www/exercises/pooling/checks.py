import numpy as np

from danlu import ops
from danlu.judge import check, numeric_vjp

CLOSE = {"rtol": 1e-9, "atol": 1e-12}


def engine(kind, x, dy=None, size=2, stride=None, padding="valid"):
    """The engine's pooling in float64, and its gradient where dy is given."""
    op = {"max": ops.max_pool2d, "avg": ops.avg_pool2d}[kind]
    stride = size if stride is None else stride
    y, pull = ops.vjp(lambda x: op(x, size=size, stride=stride, padding=padding), x)
    return y if dy is None else pull(dy)[0]


def out_shape(x, size, stride, padding):
    return engine("max", x, None, size, stride, padding).shape


async def agrees(t, kind, x, **options):
    y = await t.call(f"{kind}_pool", x, **options)
    t.equal(y, engine(kind, x, **options), name="y", **CLOSE)


async def gradient_agrees(t, kind, x, **options):
    dy = t.rng.normal(size=engine(kind, x, **options).shape)
    dx = await t.call(f"{kind}_pool_backward", dy, x, **options)
    t.equal(dx, engine(kind, x, dy, **options), name="dx", **CLOSE)


@check("hand-example", visible=True)
async def hand_example(t):
    x = np.array([[1.0, 2.0, 5.0, 3.0], [4.0, 0.0, 6.0, 2.0]]).reshape(1, 2, 4, 1)
    t.equal(await t.call("max_pool", x), np.array([4.0, 6.0]).reshape(1, 1, 2, 1), name="y", **CLOSE)
    t.equal(await t.call("avg_pool", x), np.array([1.75, 4.0]).reshape(1, 1, 2, 1), name="y", **CLOSE)


@check("max-forward", visible=True)
async def max_forward(t):
    await agrees(t, "max", t.rng.normal(size=(2, 6, 8, 3)))
    # A last row and a last column that fill no window.
    await agrees(t, "max", t.rng.normal(size=(1, 8, 6, 2)), size=3, stride=2)


@check("avg-forward", visible=True)
async def avg_forward(t):
    await agrees(t, "avg", t.rng.normal(size=(2, 6, 8, 3)))
    await agrees(t, "avg", t.rng.normal(size=(1, 8, 6, 2)), size=3, stride=2)


@check("max-gradient", visible=True)
async def max_gradient(t):
    await gradient_agrees(t, "max", t.rng.normal(size=(2, 4, 6, 3)))
    await gradient_agrees(t, "max", t.rng.normal(size=(1, 5, 7, 2)))


@check("avg-gradient", visible=True)
async def avg_gradient(t):
    await gradient_agrees(t, "avg", t.rng.normal(size=(2, 4, 6, 3)))
    await gradient_agrees(t, "avg", t.rng.normal(size=(1, 5, 7, 2)))


@check("ties", visible=True)
async def ties(t):
    x = np.array([[0.0, 7.0, 3.0, 3.0], [7.0, 1.0, 3.0, 3.0]]).reshape(1, 2, 4, 1)
    dy = np.array([10.0, 20.0]).reshape(1, 1, 2, 1)
    dx = np.array([[0.0, 10.0, 20.0, 0.0], [0.0, 0.0, 0.0, 0.0]]).reshape(1, 2, 4, 1)
    t.equal(await t.call("max_pool_backward", dy, x), dx, name="dx", **CLOSE)


@check("overlap", visible=True)
async def overlap(t):
    for kind in ("max", "avg"):
        await gradient_agrees(t, kind, t.rng.normal(size=(1, 6, 5, 2)), size=3, stride=1)
        await gradient_agrees(t, kind, t.rng.normal(size=(2, 7, 8, 1)), size=3, stride=2)


@check("max-same", visible=True)
async def max_same(t):
    # All negative: a padding of zeros would win.
    x = -t.rng.uniform(1.0, 5.0, size=(2, 5, 6, 2))
    for stride in (1, 2, 3):
        await agrees(t, "max", x, size=3, stride=stride, padding="same")
        await gradient_agrees(t, "max", x, size=3, stride=stride, padding="same")
    # And so would any number that is only very small.
    await agrees(t, "max", 1e12 * x, size=3, padding="same")


@check("avg-same", visible=True)
async def avg_same(t):
    x = t.rng.normal(size=(2, 5, 6, 2)) + 3.0
    for stride in (1, 2, 3):
        await agrees(t, "avg", x, size=3, stride=stride, padding="same")
        await gradient_agrees(t, "avg", x, size=3, stride=stride, padding="same")


@check("relu-zeros", visible=False)
async def relu_zeros(t):
    # After a relu most windows tie at zero; each dy still lands once.
    x = np.maximum(t.rng.integers(-3, 3, size=(2, 6, 6, 3)), 0).astype(np.float64)
    await gradient_agrees(t, "max", x)
    await gradient_agrees(t, "max", x, size=3, stride=1, padding="same")


@check("pairs", visible=False)
async def pairs(t):
    x = t.rng.normal(size=(2, 7, 9, 2))
    for kind in ("max", "avg"):
        for options in ({"size": (3, 2)}, {"size": (1, 4), "stride": (3, 2)}, {"size": (2, 3), "stride": (1, 2), "padding": "same"}):
            await agrees(t, kind, x, **options)
            await gradient_agrees(t, kind, x, **options)


@check("gaps", visible=False)
async def gaps(t):
    x = t.rng.normal(size=(1, 8, 9, 2))
    for kind in ("max", "avg"):
        await agrees(t, kind, x, size=2, stride=3)
        await gradient_agrees(t, kind, x, size=2, stride=3)
        await gradient_agrees(t, kind, x, size=1, stride=2, padding="same")


@check("edges", visible=False)
async def edges(t):
    for kind in ("max", "avg"):
        await agrees(t, kind, t.rng.normal(size=(1, 3, 4, 1)), size=(3, 4))
        await agrees(t, kind, t.rng.normal(size=(2, 1, 1, 3)), size=3, padding="same")
        await gradient_agrees(t, kind, t.rng.normal(size=(2, 1, 1, 3)), size=3, padding="same")
        dx = await t.call(f"{kind}_pool_backward", np.zeros((0, 2, 2, 3)), np.zeros((0, 4, 4, 3)))
        t.equal(dx, np.zeros((0, 4, 4, 3)), name="dx", **CLOSE)


@check("float32", visible=False)
async def float32(t):
    x, dy = t.rng.normal(size=(1, 5, 5, 2)), t.rng.normal(size=(1, 3, 3, 2))
    options = {"size": 3, "stride": 2, "padding": "same"}
    for kind in ("max", "avg"):
        single = x.astype(np.float32)
        y = engine(kind, single.astype(np.float64), **options).astype(np.float32)
        t.equal(await t.call(f"{kind}_pool", single, **options), y, name="y", rtol=1e-5, atol=1e-6)
        dx = engine(kind, single.astype(np.float64), dy, **options).astype(np.float32)
        got = await t.call(f"{kind}_pool_backward", dy.astype(np.float32), single, **options)
        t.equal(got, dx, name="dx", rtol=1e-5, atol=1e-6)


@check("inputs-unchanged", visible=False)
async def inputs_unchanged(t):
    x = t.rng.normal(size=(1, 4, 4, 2))
    dy = t.rng.normal(size=(1, 2, 2, 2))
    for kind in ("max", "avg"):
        await t.call(f"{kind}_pool", x, padding="same")
        t.unchanged("x")
        await t.call(f"{kind}_pool_backward", dy, x)
        t.unchanged("dy", "x")


@check("finite-differences", visible=False)
async def finite_differences(t):
    # Values a tenth apart, so that no probe changes a winner.
    x = t.rng.permutation(40).reshape(1, 4, 5, 2) / 10.0
    options = {"size": 3, "stride": 2, "padding": "same"}
    for kind in ("max", "avg"):
        dy = t.rng.normal(size=out_shape(x, **options))
        expected = numeric_vjp(lambda x: engine(kind, x, **options), (x,), dy)[0]
        got = await t.call(f"{kind}_pool_backward", dy, x, **options)
        t.equal(got, expected, name="dx", rtol=1e-6, atol=1e-7)


@check("random", visible=False)
async def random(t):
    def draw(low, high):
        return int(t.rng.integers(low, high))

    for _ in range(5):
        # Whole numbers tie often.
        x = t.rng.integers(-4, 4, size=(draw(1, 3), draw(4, 9), draw(4, 9), draw(1, 4))).astype(np.float64)
        options = {
            "size": (draw(1, 5), draw(1, 5)),
            "stride": [None, draw(1, 4), (draw(1, 4), draw(1, 4))][draw(0, 3)],
            "padding": ["valid", "same"][draw(0, 2)],
        }
        for kind in ("max", "avg"):
            await agrees(t, kind, x, **options)
            await gradient_agrees(t, kind, x, **options)
