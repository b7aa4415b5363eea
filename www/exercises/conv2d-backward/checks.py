import numpy as np

from danlu import ops
from danlu.judge import check, numeric_vjp, shape_of

CLOSE = {"rtol": 1e-9, "atol": 1e-11}
NAMES = ("dx", "dw", "db")


def pair(value):
    return (value, value) if isinstance(value, int) else value


def engine(dy, x, w, stride=1, padding="valid"):
    """The engine's tape in float64: dx, dw, db."""
    b = np.zeros(w.shape[3])
    _, pull = ops.vjp(lambda x, w, b: ops.conv2d(x, w, b, stride=pair(stride), padding=padding), x, w, b)
    return pull(dy)


def sample(t, shape, kernel, stride=1, padding="valid"):
    """A random dy, x and w: a dy of ones would hide errors."""
    x, w = t.rng.normal(size=shape), t.rng.normal(size=kernel)
    y, _ = ops.vjp(lambda x: ops.conv2d(x, w, stride=pair(stride), padding=padding), x)
    return t.rng.normal(size=y.shape), x, w


async def three(t, dy, x, w, **options):
    gradients = await t.call("conv2d_backward", dy, x, w, **options)
    t.true(isinstance(gradients, (tuple, list)) and len(gradients) == 3, got=gradients, expected=NAMES)
    return gradients


async def agrees(t, shape, kernel, names=NAMES, **options):
    dy, x, w = sample(t, shape, kernel, **options)
    for name, got, expected in zip(NAMES, await three(t, dy, x, w, **options), engine(dy, x, w, **options)):
        if name in names:
            t.equal(got, expected, name=name, **CLOSE)


@check("shapes", visible=True)
async def shapes(t):
    dy, x, w = sample(t, (2, 5, 6, 3), (3, 2, 3, 4))
    got = tuple(shape_of(gradient) for gradient in await three(t, dy, x, w))
    expected = ((2, 5, 6, 3), (3, 2, 3, 4), (4,))
    t.true(got == expected, got=got, expected=expected)


@check("hand-example", visible=True)
async def hand_example(t):
    x = np.arange(9.0).reshape(1, 3, 3, 1)
    w = np.array([[1.0, 2.0], [3.0, 4.0]]).reshape(2, 2, 1, 1)
    dy = np.array([[1.0, 0.0], [0.0, -2.0]]).reshape(1, 2, 2, 1)
    dx, dw, db = await three(t, dy, x, w)
    expected = np.array([[1.0, 2.0, 0.0], [3.0, 2.0, -4.0], [0.0, -6.0, -8.0]])
    t.equal(dx, expected.reshape(1, 3, 3, 1), name="dx", **CLOSE)
    t.equal(dw, np.array([[-8.0, -9.0], [-11.0, -12.0]]).reshape(2, 2, 1, 1), name="dw", **CLOSE)
    t.equal(db, np.array([-1.0]), name="db", **CLOSE)


@check("bias-gradient", visible=True)
async def bias_gradient(t):
    await agrees(t, (3, 5, 4, 2), (3, 2, 2, 3), names=("db",))


@check("kernel-gradient", visible=True)
async def kernel_gradient(t):
    await agrees(t, (3, 5, 6, 2), (3, 2, 2, 4), names=("dw",))


@check("input-gradient", visible=True)
async def input_gradient(t):
    await agrees(t, (3, 5, 6, 2), (3, 2, 2, 4), names=("dx",))


@check("stride", visible=True)
async def stride(t):
    # 8 and 9 at stride 3 leave rows and columns that no kernel reaches: their gradient is 0.
    await agrees(t, (2, 7, 9, 2), (3, 3, 2, 3), stride=2)
    await agrees(t, (1, 8, 9, 2), (3, 2, 2, 2), stride=3)


@check("same", visible=True)
async def same(t):
    await agrees(t, (2, 5, 6, 2), (3, 3, 2, 3), padding="same")
    await agrees(t, (1, 5, 4, 2), (2, 4, 2, 2), padding="same")


@check("same-stride", visible=True)
async def same_stride(t):
    await agrees(t, (2, 6, 7, 2), (3, 3, 2, 3), padding="same", stride=2)
    await agrees(t, (1, 8, 5, 1), (5, 2, 1, 2), padding="same", stride=3)


@check("inputs-unchanged", visible=True)
async def inputs_unchanged(t):
    # Channels in and out alike, so that an array can be reused without its shape giving it away.
    dy, x, w = sample(t, (1, 3, 3, 2), (1, 1, 2, 2))
    await three(t, dy, x, w, padding="same")
    t.unchanged("dy", "x", "w")


@check("square", visible=False)
async def square(t):
    # Every axis alike: a transpose too many fits, and is wrong.
    await agrees(t, (3, 3, 3, 3), (3, 3, 3, 3), padding="same")


@check("pairs", visible=False)
async def pairs(t):
    await agrees(t, (2, 9, 9, 2), (3, 2, 2, 2), stride=(1, 3))
    await agrees(t, (1, 7, 8, 2), (2, 3, 2, 1), stride=(3, 2), padding="same")


@check("gaps", visible=False)
async def gaps(t):
    # A stride beyond the kernel: most pixels are never read.
    await agrees(t, (2, 7, 8, 3), (1, 1, 3, 2), stride=3)
    await agrees(t, (1, 7, 8, 2), (2, 1, 2, 2), stride=(3, 2), padding="same")


@check("edges", visible=False)
async def edges(t):
    await agrees(t, (1, 3, 4, 2), (3, 4, 2, 2))
    await agrees(t, (1, 2, 3, 2), (5, 6, 2, 2), padding="same")
    await agrees(t, (1, 1, 1, 1), (1, 1, 1, 1))
    dx, dw, db = await three(t, np.zeros((0, 2, 2, 3)), np.zeros((0, 3, 3, 2)), t.rng.normal(size=(2, 2, 2, 3)))
    for name, got, shape in zip(NAMES, (dx, dw, db), ((0, 3, 3, 2), (2, 2, 2, 3), (3,))):
        t.equal(got, np.zeros(shape), name=name, **CLOSE)


@check("float32", visible=False)
async def float32(t):
    arrays = [a.astype(np.float32) for a in sample(t, (1, 5, 5, 2), (3, 3, 2, 2), stride=2, padding="same")]
    expected = engine(*(a.astype(np.float64) for a in arrays), stride=2, padding="same")
    for name, got, want in zip(NAMES, await three(t, *arrays, stride=2, padding="same"), expected):
        t.equal(got, want.astype(np.float32), name=name, rtol=1e-4, atol=1e-5)


@check("adjoint", visible=False)
async def adjoint(t):
    # Convolution is linear in x and in w: <dy, conv(x, w)> = <dx, x> = <dw, w>.
    dy, x, w = sample(t, (2, 6, 5, 2), (3, 3, 2, 2), stride=2, padding="same")
    dx, dw, _ = await three(t, dy, x, w, stride=2, padding="same")
    shapes = (shape_of(dx), shape_of(dw))
    t.true(shapes == (x.shape, w.shape), got=shapes, expected=(x.shape, w.shape))
    y, _ = ops.vjp(lambda x: ops.conv2d(x, w, stride=2, padding="same"), x)
    expected = float((dy * y).sum())
    for name, got in (("dx", float((dx * x).sum())), ("dw", float((dw * w).sum()))):
        t.equal(got, expected, name=name, rtol=1e-8, atol=1e-9)


@check("finite-differences", visible=False)
async def finite_differences(t):
    options = {"stride": 2, "padding": "same"}
    dy, x, w = sample(t, (2, 4, 3, 2), (3, 2, 2, 2), **options)

    def forward(x, w, b):
        return ops.vjp(lambda x: ops.conv2d(x, w, b, **options), x)[0]

    expected = numeric_vjp(forward, (x, w, np.zeros(2)), dy)
    for name, got, numeric in zip(NAMES, await three(t, dy, x, w, **options), expected):
        t.equal(got, numeric, name=name, rtol=1e-6, atol=1e-7)


@check("random", visible=False)
async def random(t):
    def draw(low, high):
        return int(t.rng.integers(low, high))

    for _ in range(6):
        c, o = draw(1, 4), draw(1, 4)
        await agrees(
            t,
            (draw(1, 3), draw(4, 9), draw(4, 9), c),
            (draw(1, 5), draw(1, 5), c, o),
            stride=(draw(1, 4), draw(1, 4)),
            padding=["valid", "same"][draw(0, 2)],
        )
