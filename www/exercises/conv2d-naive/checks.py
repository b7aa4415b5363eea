import numpy as np

from danlu import ops
from danlu.judge import check, shape_of

CLOSE = {"rtol": 1e-9, "atol": 1e-11}


def pair(value):
    return (value, value) if isinstance(value, int) else value


def reference(x, w, b=None, stride=1, padding="valid", dilation=1, groups=1):
    """The engine's convolution in float64; its SAME is Keras's."""
    if not isinstance(padding, str):
        (top, bottom), (left, right) = padding
        padding = (top, bottom, left, right)
    y, _ = ops.vjp(
        lambda x, w: ops.conv2d(
            x, w, stride=pair(stride), padding=padding, dilation=pair(dilation), groups=groups
        ),
        x,
        w,
    )
    return y if b is None else y + b


async def agrees(t, x, w, b=None, **options):
    t.equal(await t.call("conv2d", x, w, b, **options), reference(x, w, b, **options), **CLOSE)


@check("shape", visible=True)
async def shape(t):
    y = await t.call("conv2d", t.rng.normal(size=(2, 7, 6, 3)), t.rng.normal(size=(3, 2, 3, 4)))
    t.true(shape_of(y) == (2, 5, 5, 4), got=shape_of(y), expected=(2, 5, 5, 4))


@check("hand-example", visible=True)
async def hand_example(t):
    x = np.arange(9.0).reshape(1, 3, 3, 1)
    w = np.array([[1.0, 2.0], [3.0, 4.0]]).reshape(2, 2, 1, 1)
    expected = np.array([[27.0, 37.0], [57.0, 67.0]]).reshape(1, 2, 2, 1)
    t.equal(await t.call("conv2d", x, w), expected, **CLOSE)


@check("valid", visible=True)
async def valid(t):
    await agrees(t, t.rng.normal(size=(2, 5, 6, 3)), t.rng.normal(size=(3, 2, 3, 4)))


@check("bias", visible=True)
async def bias(t):
    x, w, b = t.rng.normal(size=(2, 4, 5, 2)), t.rng.normal(size=(2, 3, 2, 3)), t.rng.normal(size=3)
    await agrees(t, x, w, b)


@check("stride", visible=True)
async def stride(t):
    x, w = t.rng.normal(size=(1, 8, 9, 2)), t.rng.normal(size=(3, 3, 2, 2))
    await agrees(t, x, w, stride=2)
    await agrees(t, x, w, stride=3)


@check("same", visible=True)
async def same(t):
    x = t.rng.normal(size=(1, 5, 6, 2))
    await agrees(t, x, t.rng.normal(size=(3, 3, 2, 2)), padding="same")


@check("same-stride", visible=True)
async def same_stride(t):
    # 6 and 3 at stride 2 need one row in all; 7 needs two.
    await agrees(t, t.rng.normal(size=(1, 6, 7, 2)), t.rng.normal(size=(3, 3, 2, 2)), padding="same", stride=2)
    await agrees(t, t.rng.normal(size=(1, 5, 5, 1)), t.rng.normal(size=(2, 2, 1, 2)), padding="same")


@check("explicit", visible=True)
async def explicit(t):
    x, w = t.rng.normal(size=(1, 4, 5, 2)), t.rng.normal(size=(3, 3, 2, 2))
    await agrees(t, x, w, padding=((2, 0), (1, 3)))


@check("dilation", visible=True)
async def dilation(t):
    x, w = t.rng.normal(size=(1, 7, 8, 2)), t.rng.normal(size=(3, 2, 2, 3))
    await agrees(t, x, w, dilation=2)
    await agrees(t, x, w, dilation=3, padding="same")


@check("groups", visible=True)
async def groups(t):
    x, w = t.rng.normal(size=(2, 4, 4, 6)), t.rng.normal(size=(2, 2, 3, 4))
    await agrees(t, x, w, t.rng.normal(size=4), groups=2)


@check("pairs", visible=False)
async def pairs(t):
    x, w = t.rng.normal(size=(1, 9, 9, 2)), t.rng.normal(size=(3, 2, 2, 2))
    await agrees(t, x, w, stride=(1, 3), dilation=(2, 1))
    await agrees(t, x, w, stride=(3, 2), dilation=(1, 2), padding="same")


@check("depthwise", visible=False)
async def depthwise(t):
    x, w = t.rng.normal(size=(1, 5, 5, 3)), t.rng.normal(size=(3, 3, 1, 6))
    await agrees(t, x, w, padding="same", groups=3)


@check("large-kernel", visible=False)
async def large_kernel(t):
    x = t.rng.normal(size=(1, 3, 4, 2))
    await agrees(t, x, t.rng.normal(size=(3, 4, 2, 2)))
    await agrees(t, x, t.rng.normal(size=(5, 6, 2, 2)), padding="same")
    await agrees(t, x, t.rng.normal(size=(1, 1, 2, 3)), padding="same", stride=2)


@check("float32", visible=False)
async def float32(t):
    x = t.rng.normal(size=(1, 4, 4, 2)).astype(np.float32)
    w = t.rng.normal(size=(2, 2, 2, 3)).astype(np.float32)
    expected = reference(x.astype(np.float64), w.astype(np.float64)).astype(np.float32)
    t.equal(await t.call("conv2d", x, w), expected, rtol=1e-4, atol=1e-5)


@check("inputs-unchanged", visible=False)
async def inputs_unchanged(t):
    x, w, b = t.rng.normal(size=(1, 4, 4, 2)), t.rng.normal(size=(3, 3, 2, 2)), t.rng.normal(size=2)
    await t.call("conv2d", x, w, b, padding="same")
    t.unchanged("x", "w", "b")


@check("random", visible=False)
async def random(t):
    def draw(low, high):
        return int(t.rng.integers(low, high))

    for _ in range(6):
        in_groups, c_group, o_group = draw(1, 4), draw(1, 3), draw(1, 3)
        x = t.rng.normal(size=(draw(1, 3), draw(5, 9), draw(5, 9), in_groups * c_group))
        w = t.rng.normal(size=(draw(1, 4), draw(1, 4), c_group, in_groups * o_group))
        padding = ["valid", "same", ((draw(0, 3), draw(0, 3)), (draw(0, 3), draw(0, 3)))][draw(0, 3)]
        b = t.rng.normal(size=in_groups * o_group) if draw(0, 2) else None
        await agrees(
            t,
            x,
            w,
            b,
            stride=(draw(1, 4), draw(1, 4)),
            padding=padding,
            dilation=(draw(1, 3), draw(1, 3)),
            groups=in_groups,
        )
