import numpy as np

from danlu import ops
from danlu.judge import check, shape_of

CLOSE = {"rtol": 1e-9, "atol": 1e-11}


def pair(value):
    return (value, value) if isinstance(value, int) else value


def engine(x, w, stride, padding, groups):
    return ops.vjp(lambda x: ops.conv2d(x, w, stride=pair(stride), padding=padding, groups=groups), x)[0]


def depthwise_of(x, w, stride=1, padding="same"):
    """The engine's convolution with a group for each channel."""
    kh, kw, c, m = w.shape
    return engine(x, w.reshape(kh, kw, 1, c * m), stride, padding, c)


def separable_of(x, d, p, b=None, **options):
    y = depthwise_of(x, d, **options) @ p
    return y if b is None else y + b


def kernels(t, kernel, c, m, o):
    return t.rng.normal(size=(*kernel, c, m)), t.rng.normal(size=(c * m, o))


async def depthwise_agrees(t, shape, kernel, m=1, **options):
    x, w = t.rng.normal(size=shape), t.rng.normal(size=(*kernel, shape[3], m))
    t.equal(await t.call("depthwise_conv2d", x, w, **options), depthwise_of(x, w, **options), name="y", **CLOSE)


async def separable_agrees(t, shape, kernel, m, o, bias=False, **options):
    x, (d, p) = t.rng.normal(size=shape), kernels(t, kernel, shape[3], m, o)
    b = t.rng.normal(size=o) if bias else None
    t.equal(await t.call("separable_conv2d", x, d, p, b, **options), separable_of(x, d, p, b, **options), name="y", **CLOSE)


@check("hand-example", visible=True)
async def hand_example(t):
    x = np.array([[[1.0, 10.0], [2.0, 20.0], [3.0, 30.0]]]).reshape(1, 1, 3, 2)
    d = np.array([[1.0, 0.0], [1.0, -1.0]]).reshape(1, 2, 2, 1)
    expected = np.array([[3.0, -20.0], [5.0, -30.0]]).reshape(1, 1, 2, 2)
    t.equal(await t.call("depthwise_conv2d", x, d, padding="valid"), expected, name="depthwise", **CLOSE)
    y = await t.call("separable_conv2d", x, d, np.array([[1.0], [0.5]]), padding="valid")
    t.equal(y, np.array([-7.0, -10.0]).reshape(1, 1, 2, 1), name="y", **CLOSE)


@check("depthwise", visible=True)
async def depthwise(t):
    await depthwise_agrees(t, (2, 5, 6, 3), (3, 3))
    await depthwise_agrees(t, (2, 5, 6, 4), (3, 2), padding="valid")


@check("multiplier", visible=True)
async def multiplier(t):
    await depthwise_agrees(t, (2, 4, 5, 3), (3, 3), m=2)


@check("stride", visible=True)
async def stride(t):
    await depthwise_agrees(t, (1, 6, 7, 2), (3, 3), stride=2)
    await depthwise_agrees(t, (1, 8, 7, 2), (3, 3), stride=3, padding="valid")


@check("separable", visible=True)
async def separable(t):
    await separable_agrees(t, (2, 5, 4, 3), (3, 3), 1, 5)
    await separable_agrees(t, (1, 6, 5, 3), (3, 2), 2, 4, bias=True, stride=2)


@check("merged", visible=True)
async def merged(t):
    # One ordinary convolution with the merged kernel gives the same.
    for m in (1, 2):
        x, (d, p) = t.rng.normal(size=(2, 5, 4, 3)), kernels(t, (3, 2), 3, m, 4)
        kernel = await t.call("merge_kernels", d, p)
        t.true(shape_of(kernel) == (3, 2, 3, 4), got=shape_of(kernel), expected=(3, 2, 3, 4))
        t.equal(engine(x, kernel, 1, "same", 1), separable_of(x, d, p), name="y", **CLOSE)


@check("cost", visible=True)
async def cost(t):
    for args, options, expected in (
        ((3, 64, 128), {}, (576 + 8192) / 73728),
        ((3, 512, 512), {}, 1 / 512 + 1 / 9),
        (((1, 5), 8, 16), {"multiplier": 3}, 3 * (1 / 16 + 1 / 5)),
        ((1, 4, 4), {}, 1.25),
    ):
        t.equal(await t.call("cost_ratio", *args, **options), expected, name="ratio", rtol=1e-12, atol=0.0)


@check("square", visible=False)
async def square(t):
    # Sizes alike, where channels and copies may be taken for each other.
    await depthwise_agrees(t, (3, 3, 3, 3), (3, 3), m=3)
    await separable_agrees(t, (2, 2, 2, 2), (2, 2), 2, 4)


@check("pairs", visible=False)
async def pairs(t):
    await depthwise_agrees(t, (2, 7, 9, 2), (3, 2), m=2, stride=(1, 3))
    await separable_agrees(t, (1, 8, 7, 2), (2, 3), 1, 3, stride=(3, 2), padding="valid")


@check("edges", visible=False)
async def edges(t):
    await depthwise_agrees(t, (1, 2, 3, 1), (5, 4))
    await depthwise_agrees(t, (2, 1, 1, 3), (1, 1), m=2)
    await separable_agrees(t, (1, 3, 4, 1), (3, 4), 1, 1, bias=True, padding="valid")
    y = await t.call("separable_conv2d", np.zeros((0, 4, 4, 2)), np.ones((3, 3, 2, 1)), np.ones((2, 5)))
    t.equal(y, np.zeros((0, 4, 4, 5)), name="y", **CLOSE)


@check("float32", visible=False)
async def float32(t):
    x, d, p = (t.rng.normal(size=s).astype(np.float32) for s in ((1, 4, 4, 2), (3, 3, 2, 1), (2, 3)))
    expected = separable_of(*(a.astype(np.float64) for a in (x, d, p))).astype(np.float32)
    t.equal(await t.call("separable_conv2d", x, d, p), expected, name="y", rtol=1e-4, atol=1e-5)


@check("inputs-unchanged", visible=False)
async def inputs_unchanged(t):
    x, (d, p) = t.rng.normal(size=(1, 3, 3, 2)), kernels(t, (1, 1), 2, 1, 2)
    await t.call("separable_conv2d", x, d, p, np.ones(2))
    t.unchanged("x", "depthwise", "pointwise", "b")
    await t.call("merge_kernels", d, p)
    t.unchanged("depthwise", "pointwise")


@check("random", visible=False)
async def random(t):
    def draw(low, high):
        return int(t.rng.integers(low, high))

    for _ in range(5):
        shape = (draw(1, 3), draw(4, 8), draw(4, 8), draw(1, 4))
        options = {"stride": (draw(1, 4), draw(1, 4)), "padding": ["valid", "same"][draw(0, 2)]}
        await separable_agrees(t, shape, (draw(1, 5), draw(1, 5)), draw(1, 4), draw(1, 5), bias=bool(draw(0, 2)), **options)
