import numpy as np

from danlu import ops
from danlu.judge import check

CLOSE = {"rtol": 1e-9, "atol": 1e-11}


def pair(value):
    return (value, value) if isinstance(value, int) else value


def spans(shape, kernel, stride, padding):
    """For each axis the number of windows and where the first begins; negative where padding comes first."""
    found = []
    for length, k, s in zip(shape[1:3], pair(kernel), pair(stride)):
        out = -(-length // s) if padding == "same" else (length - k) // s + 1
        found.append((out, -(max((out - 1) * s + k - length, 0) // 2) if padding == "same" else 0))
    return found


def each_cell(shape, kernel, stride, padding):
    """(row of the matrix, column, place in the image) of every value that isn't padding, one by one."""
    (kh, kw), (sh, sw) = pair(kernel), pair(stride)
    (oh, top), (ow, left) = spans(shape, kernel, stride, padding)
    n, h, w, c = shape
    for image in range(n):
        for i in range(oh):
            for j in range(ow):
                for p in range(kh):
                    for q in range(kw):
                        r, s = top + i * sh + p, left + j * sw + q
                        if 0 <= r < h and 0 <= s < w:
                            for channel in range(c):
                                yield (image * oh + i) * ow + j, (p * kw + q) * c + channel, (image, r, s, channel)


def size_of(shape, kernel, stride, padding):
    (oh, _), (ow, _) = spans(shape, kernel, stride, padding)
    return shape[0] * oh * ow, pair(kernel)[0] * pair(kernel)[1] * shape[3]


def columns_of(x, kernel, stride=1, padding="valid"):
    rows, cells = size_of(x.shape, kernel, stride, padding)
    values = [[0.0] * cells for _ in range(rows)]
    plain = x.tolist()
    for row, cell, (i, r, s, c) in each_cell(x.shape, kernel, stride, padding):
        values[row][cell] = plain[i][r][s][c]
    return np.array(values, dtype=x.dtype).reshape(rows, cells)


def image_of(columns, shape, kernel, stride=1, padding="valid"):
    n, h, w, c = shape
    values = [0.0] * (n * h * w * c)
    plain = columns.tolist()
    for row, cell, (i, r, s, channel) in each_cell(shape, kernel, stride, padding):
        values[((i * h + r) * w + s) * c + channel] += plain[row][cell]
    return np.array(values).reshape(shape)


def engine(x, w, b=None, stride=1, padding="valid"):
    y, _ = ops.vjp(lambda x: ops.conv2d(x, w, stride=pair(stride), padding=padding), x)
    return y if b is None else y + b


async def gathers(t, shape, kernel, **options):
    x = t.rng.normal(size=shape)
    t.equal(await t.call("im2col", x, kernel, **options), columns_of(x, kernel, **options), name="columns", rtol=0.0, atol=0.0)


async def scatters(t, shape, kernel, stride=1, padding="valid"):
    columns = t.rng.normal(size=size_of(shape, kernel, stride, padding))
    got = await t.call("col2im", columns, shape, kernel, stride=stride, padding=padding)
    t.equal(got, image_of(columns, shape, kernel, stride, padding), name="image", **CLOSE)


async def convolves(t, shape, kernel, outputs, bias=False, **options):
    x, w = t.rng.normal(size=shape), t.rng.normal(size=(*kernel, shape[3], outputs))
    b = t.rng.normal(size=outputs) if bias else None
    t.equal(await t.call("conv2d", x, w, b, **options), engine(x, w, b, **options), name="y", **CLOSE)


@check("columns-example", visible=True)
async def columns_example(t):
    x = np.arange(9.0).reshape(1, 3, 3, 1)
    expected = np.array([[0.0, 1.0, 3.0, 4.0], [1.0, 2.0, 4.0, 5.0], [3.0, 4.0, 6.0, 7.0], [4.0, 5.0, 7.0, 8.0]])
    t.equal(await t.call("im2col", x, 2), expected, name="columns", rtol=0.0, atol=0.0)


@check("columns", visible=True)
async def columns_agree(t):
    # Several images and channels: the order within a row and among rows.
    await gathers(t, (2, 4, 5, 3), (3, 2))


@check("columns-strided", visible=True)
async def columns_strided(t):
    await gathers(t, (2, 7, 8, 2), 3, stride=2)
    await gathers(t, (1, 7, 8, 2), (2, 3), stride=(3, 1))


@check("columns-same", visible=True)
async def columns_same(t):
    await gathers(t, (2, 4, 5, 2), 3, padding="same")
    await gathers(t, (1, 6, 7, 2), 3, stride=2, padding="same")
    await gathers(t, (1, 5, 5, 1), 2, padding="same")


@check("scatter-example", visible=True)
async def scatter_example(t):
    expected = np.array([[1.0, 2.0, 1.0], [2.0, 4.0, 2.0], [1.0, 2.0, 1.0]]).reshape(1, 3, 3, 1)
    t.equal(await t.call("col2im", np.ones((4, 4)), (1, 3, 3, 1), 2), expected, name="image", **CLOSE)


@check("scatter", visible=True)
async def scatter(t):
    await scatters(t, (2, 5, 4, 3), (3, 2))
    await scatters(t, (1, 7, 8, 2), 3, stride=2)
    await scatters(t, (2, 6, 5, 2), 3, stride=2, padding="same")


@check("conv", visible=True)
async def conv(t):
    await convolves(t, (2, 5, 6, 3), (3, 2), 4, bias=True)
    await convolves(t, (2, 7, 8, 2), (3, 3), 3, stride=2)
    await convolves(t, (1, 6, 7, 2), (3, 3), 3, bias=True, stride=2, padding="same")


@check("square", visible=False)
async def square(t):
    # All sizes alike, where a wrong order of axes fits as well.
    await gathers(t, (2, 3, 3, 2), 2, padding="same")
    await scatters(t, (2, 3, 3, 2), 2, padding="same")
    await convolves(t, (3, 3, 3, 3), (3, 3), 3, padding="same")


@check("adjoint", visible=False)
async def adjoint(t):
    # <columns, im2col(x)> = <col2im(columns), x>: one is the transpose of the other.
    shape, options = (2, 6, 5, 2), {"stride": (2, 1), "padding": "same"}
    x = t.rng.normal(size=shape)
    gathered = await t.call("im2col", x, 3, **options)
    columns = t.rng.normal(size=size_of(shape, 3, (2, 1), "same"))
    scattered = await t.call("col2im", columns, shape, 3, **options)
    t.like(gathered, columns, name="im2col(x)")
    t.like(scattered, x, name="col2im(columns)")
    t.equal(float((scattered * x).sum()), float((columns * gathered).sum()), name="<col2im(columns), x>", rtol=1e-9, atol=1e-9)


@check("edges", visible=False)
async def edges(t):
    await gathers(t, (1, 3, 4, 2), (3, 4))
    await gathers(t, (2, 1, 1, 3), 3, padding="same")
    await gathers(t, (1, 7, 7, 1), 1, stride=3)
    await scatters(t, (1, 7, 7, 1), 1, stride=3)
    await convolves(t, (1, 2, 3, 2), (5, 4), 2, padding="same")
    t.equal(await t.call("im2col", np.zeros((0, 4, 4, 2)), 3), np.zeros((0, 18)), name="columns", **CLOSE)
    t.equal(await t.call("conv2d", np.zeros((0, 4, 4, 2)), np.ones((3, 3, 2, 5))), np.zeros((0, 2, 2, 5)), name="y", **CLOSE)


@check("float32", visible=False)
async def float32(t):
    x, w = (t.rng.normal(size=shape).astype(np.float32) for shape in ((1, 4, 4, 2), (3, 3, 2, 3)))
    t.equal(await t.call("im2col", x, 3), columns_of(x, 3), name="columns", rtol=0.0, atol=0.0)
    expected = engine(x.astype(np.float64), w.astype(np.float64)).astype(np.float32)
    t.equal(await t.call("conv2d", x, w), expected, name="y", rtol=1e-4, atol=1e-5)
    columns = t.rng.normal(size=(4, 18)).astype(np.float32)
    got = await t.call("col2im", columns, (1, 4, 4, 2), 3)
    t.equal(got, image_of(columns, (1, 4, 4, 2), 3).astype(np.float32), name="image", rtol=1e-4, atol=1e-5)


@check("inputs-unchanged", visible=False)
async def inputs_unchanged(t):
    x, w, b = t.rng.normal(size=(1, 3, 3, 2)), t.rng.normal(size=(1, 1, 2, 2)), t.rng.normal(size=2)
    await t.call("conv2d", x, w, b)
    t.unchanged("x", "w", "b")
    await t.call("im2col", x, 1)
    t.unchanged("x", "kernel")
    await t.call("col2im", t.rng.normal(size=(9, 2)), (1, 3, 3, 2), 1)
    t.unchanged("columns", "shape", "kernel")


@check("random", visible=False)
async def random(t):
    def draw(low, high):
        return int(t.rng.integers(low, high))

    for _ in range(4):
        shape = (draw(1, 3), draw(4, 8), draw(4, 8), draw(1, 4))
        kernel = (draw(1, 5), draw(1, 5))
        options = {"stride": (draw(1, 4), draw(1, 4)), "padding": ["valid", "same"][draw(0, 2)]}
        await gathers(t, shape, kernel, **options)
        await scatters(t, shape, kernel, **options)
        await convolves(t, shape, kernel, draw(1, 4), bias=True, **options)
