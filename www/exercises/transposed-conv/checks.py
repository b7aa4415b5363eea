import numpy as np

from danlu import ops
from danlu.judge import check, shape_of

CLOSE = {"rtol": 1e-9, "atol": 1e-11}


def pair(value):
    return (value, value) if isinstance(value, int) else value


def out_shape(x, w, stride, padding, output_padding):
    sizes = [
        (length - 1) * s + k - 2 * p + e
        for length, k, s, p, e in zip(x.shape[1:3], w.shape[:2], pair(stride), pair(padding), pair(output_padding))
    ]
    return (x.shape[0], *sizes, w.shape[2])


def reference(x, w, b=None, stride=1, padding=0, output_padding=0):
    """What the engine's convolution from y's shape to x's, with the same kernel, does to gradients."""
    ph, pw = pair(padding)
    z = np.zeros(out_shape(x, w, stride, padding, output_padding))
    _, pull = ops.vjp(lambda z: ops.conv2d(z, w, stride=pair(stride), padding=(ph, ph, pw, pw)), z)
    y = pull(x)[0]
    return y if b is None else y + b


async def agrees(t, shape, kernel, outputs, bias=False, **options):
    x, w = t.rng.normal(size=shape), t.rng.normal(size=(*kernel, outputs, shape[3]))
    b = t.rng.normal(size=outputs) if bias else None
    t.equal(await t.call("conv2d_transpose", x, w, b, **options), reference(x, w, b, **options), name="y", **CLOSE)


@check("shape", visible=True)
async def shape(t):
    x, w = t.rng.normal(size=(2, 3, 4, 5)), t.rng.normal(size=(3, 2, 6, 5))
    y = await t.call("conv2d_transpose", x, w, stride=2)
    t.true(shape_of(y) == (2, 7, 8, 6), got=shape_of(y), expected=(2, 7, 8, 6))


@check("hand-example", visible=True)
async def hand_example(t):
    x = np.array([[1.0, 2.0], [3.0, 4.0]]).reshape(1, 2, 2, 1)
    w = np.array([[1.0, 10.0], [100.0, 1000.0]]).reshape(2, 2, 1, 1)
    expected = np.array([[1.0, 12.0, 20.0], [103.0, 1234.0, 2040.0], [300.0, 3400.0, 4000.0]])
    y = await t.call("conv2d_transpose", x, w)
    t.equal(y, expected.reshape(1, 3, 3, 1), name="y", **CLOSE)


@check("stride-one", visible=True)
async def stride_one(t):
    await agrees(t, (2, 4, 5, 3), (3, 2), 2)


@check("stride", visible=True)
async def stride(t):
    # Kernels that overlap, that just touch, and that leave gaps.
    await agrees(t, (2, 3, 4, 2), (3, 3), 3, stride=2)
    await agrees(t, (1, 3, 2, 2), (2, 2), 3, stride=2)
    await agrees(t, (1, 3, 4, 2), (2, 1), 2, stride=3)


@check("padding", visible=True)
async def padding(t):
    await agrees(t, (2, 4, 5, 2), (3, 3), 3, padding=1)
    await agrees(t, (1, 4, 4, 2), (4, 4), 2, stride=2, padding=1)


@check("output-padding", visible=True)
async def output_padding(t):
    await agrees(t, (2, 3, 4, 2), (3, 3), 2, stride=2, padding=1, output_padding=1)
    await agrees(t, (1, 3, 3, 2), (2, 3), 2, stride=3, output_padding=2)


@check("bias", visible=True)
async def bias(t):
    await agrees(t, (2, 3, 3, 2), (3, 3), 3, bias=True, stride=2, padding=1)


@check("refusals", visible=True)
async def refusals(t):
    x, w = t.rng.normal(size=(1, 2, 2, 1)), t.rng.normal(size=(2, 2, 1, 1))
    await t.raises(ValueError, "conv2d_transpose", x, w, output_padding=1)
    await t.raises(ValueError, "conv2d_transpose", x, w, stride=(3, 2), output_padding=(1, 2))
    await t.raises(ValueError, "conv2d_transpose", x, w, stride=(2, 3), output_padding=(2, 1))
    await t.raises(ValueError, "conv2d_transpose", x[:, :1], w, padding=1)
    # One axis alone has nothing left.
    await t.raises(ValueError, "conv2d_transpose", x[:, :1], w, padding=(1, 0))
    await t.raises(ValueError, "conv2d_transpose", x[:, :, :1], w, padding=(0, 1))


@check("adjoint", visible=False)
async def adjoint(t):
    # <conv2d(z), x> = <z, conv2d_transpose(x)>, for every z: that is what transposed means.
    x, w = t.rng.normal(size=(2, 3, 4, 3)), t.rng.normal(size=(3, 2, 2, 3))
    options = {"stride": 2, "padding": 1, "output_padding": 1}
    z = t.rng.normal(size=out_shape(x, w, **options))
    forward, _ = ops.vjp(lambda z: ops.conv2d(z, w, stride=2, padding=1), z)
    y = await t.call("conv2d_transpose", x, w, **options)
    t.true(shape_of(y) == z.shape, got=shape_of(y), expected=z.shape)
    t.equal(float((z * y).sum()), float((forward * x).sum()), name="<z, y>", rtol=1e-9, atol=1e-9)


@check("square", visible=False)
async def square(t):
    # Every axis alike, where a wrong transpose fits as well.
    await agrees(t, (3, 3, 3, 3), (3, 3), 3, padding=1)


@check("pairs", visible=False)
async def pairs(t):
    await agrees(t, (2, 3, 4, 2), (4, 3), 2, stride=(1, 3), padding=(2, 1), output_padding=(0, 2))
    await agrees(t, (1, 4, 3, 2), (3, 5), 2, stride=(3, 2), padding=(0, 2), output_padding=(2, 0))


@check("edges", visible=False)
async def edges(t):
    await agrees(t, (1, 1, 1, 1), (1, 1), 1)
    await agrees(t, (2, 1, 1, 3), (4, 5), 2, stride=3)
    # More is cropped than the kernel reaches over.
    await agrees(t, (1, 5, 6, 2), (1, 2), 2, stride=2, padding=2)
    y = await t.call("conv2d_transpose", np.zeros((0, 2, 2, 3)), np.ones((3, 3, 4, 3)), stride=2)
    t.equal(y, np.zeros((0, 5, 5, 4)), name="y", **CLOSE)


@check("float32", visible=False)
async def float32(t):
    x, w = (t.rng.normal(size=s).astype(np.float32) for s in ((1, 3, 3, 2), (3, 3, 2, 2)))
    expected = reference(x.astype(np.float64), w.astype(np.float64), stride=2).astype(np.float32)
    t.equal(await t.call("conv2d_transpose", x, w, stride=2), expected, name="y", rtol=1e-4, atol=1e-5)


@check("inputs-unchanged", visible=False)
async def inputs_unchanged(t):
    x, w, b = t.rng.normal(size=(1, 3, 3, 2)), t.rng.normal(size=(1, 1, 2, 2)), t.rng.normal(size=2)
    await t.call("conv2d_transpose", x, w, b)
    t.unchanged("x", "w", "b")


@check("random", visible=False)
async def random(t):
    def draw(low, high):
        return int(t.rng.integers(low, high))

    for _ in range(6):
        strides = (draw(1, 4), draw(1, 4))
        kernel = (draw(1, 5), draw(1, 5))
        await agrees(
            t,
            (draw(1, 3), draw(2, 5), draw(2, 5), draw(1, 4)),
            kernel,
            draw(1, 4),
            bias=bool(draw(0, 2)),
            stride=strides,
            padding=tuple(draw(0, (k + 1) // 2) for k in kernel),
            output_padding=tuple(draw(0, s) for s in strides),
        )
