from danlu.judge import check

# The convolutions of VGG-16, then its pooling layers among them: (kernel, stride, dilation).
CONV, POOL = (3, 1, 1), (2, 2, 1)
VGG16 = [CONV, CONV, POOL] * 2 + [CONV, CONV, CONV, POOL] * 3


def positions(size, kernel, stride, pad, dilation):
    """How many places the kernel has, by trying each."""
    last = size + 2 * pad - (kernel - 1) * dilation
    return len(range(0, last, stride))


def touched(layers):
    """The pixels seen by outputs 0 and 1 of a stack without padding, by following every tap back."""
    fields = []
    for output in (0, 1):
        places = {output}
        for kernel, stride, dilation in reversed(layers):
            places = {place * stride + tap * dilation for place in places for tap in range(kernel)}
        fields.append(places)
    first, second = fields
    return max(first) - min(first) + 1, min(second) - min(first)


async def size_is(t, expected, *args, **options):
    t.equal(await t.call("output_size", *args, **options), expected, name="size")


@check("valid", visible=True)
async def valid(t):
    await size_is(t, 26, 28, 3)
    await size_is(t, 55, 227, 11, stride=4)
    await size_is(t, 3, 8, 3, stride=2)
    await size_is(t, 1, 5, 5, stride=3)


@check("padding", visible=True)
async def padding(t):
    await size_is(t, 112, 224, 7, stride=2, padding=3)
    await size_is(t, 28, 28, 5, padding=2)
    await size_is(t, 8, 5, 2, padding=2)


@check("same", visible=True)
async def same(t):
    await size_is(t, 28, 28, 3, padding="same")
    await size_is(t, 14, 28, 3, stride=2, padding="same")
    await size_is(t, 10, 28, 3, stride=3, padding="same")
    # Also where the kernel is larger than the image.
    await size_is(t, 2, 3, 7, stride=2, padding="same", dilation=4)


@check("dilation", visible=True)
async def dilation(t):
    await size_is(t, 24, 28, 3, dilation=2)
    await size_is(t, 28, 28, 3, padding=4, dilation=4)
    await size_is(t, 11, 28, 3, stride=2, dilation=3)


@check("too-large", visible=True)
async def too_large(t):
    await t.raises(ValueError, "output_size", 4, 5)
    await t.raises(ValueError, "output_size", 5, 3, dilation=3)
    await t.raises(ValueError, "output_size", 4, 7, stride=3, padding=1)
    await size_is(t, 1, 4, 6, padding=1)


@check("parameters", visible=True)
async def count(t):
    for args, options, expected in (
        ((3, 3, 64), {}, 1792),
        ((3, 512, 512), {}, 2359808),
        (((1, 7), 16, 32), {}, 3616),
        ((5, 8, 4), {"bias": False}, 800),
        ((1, 1, 1), {}, 2),
    ):
        t.equal(await t.call("parameters", *args, **options), expected, name="parameters")


@check("groups", visible=True)
async def groups(t):
    t.equal(await t.call("parameters", 3, 64, 64, groups=32), 1216, name="parameters")
    t.equal(await t.call("parameters", 3, 8, 16, groups=8, bias=False), 144, name="parameters")
    await t.raises(ValueError, "parameters", 3, 6, 8, groups=4)
    await t.raises(ValueError, "parameters", 3, 8, 6, groups=4)


@check("stacked", visible=True)
async def stacked(t):
    for layers, expected in (
        ([CONV], (3, 1)),
        ([CONV, CONV], (5, 1)),
        ([CONV, CONV, CONV], (7, 1)),
        ([(3, 1, 1), (3, 1, 2), (3, 1, 4)], (15, 1)),
    ):
        t.equal(await t.call("receptive_field", layers), expected, name="field")


@check("strided", visible=True)
async def strided(t):
    for layers, expected in (([(7, 2, 1), (3, 2, 1)], (11, 4)), ([POOL, CONV], (6, 2)), ([CONV, POOL], (4, 2)), (VGG16, (212, 32))):
        t.equal(await t.call("receptive_field", layers), expected, name="field")


@check("no-layers", visible=False)
async def no_layers(t):
    t.equal(await t.call("receptive_field", []), (1, 1), name="field")
    t.equal(await t.call("receptive_field", [(1, 1, 5), (1, 3, 2)]), (1, 3), name="field")


@check("integers", visible=False)
async def integers(t):
    # Above 2^53 a float drops digits.
    large = 2**53
    await size_is(t, large + 2, large + 4, 3)
    await size_is(t, 3002399751580331, large + 1, 3, stride=3, padding="same")
    t.equal(await t.call("parameters", 1, 2**27 + 1, 2**27 + 1, bias=False), (2**27 + 1) ** 2, name="parameters")


@check("random-sizes", visible=False)
async def random_sizes(t):
    for _ in range(40):
        size, kernel, stride, pad, rate = (int(t.rng.integers(low, high)) for low, high in ((1, 30), (1, 8), (1, 6), (0, 4), (1, 4)))
        expected = positions(size, kernel, stride, pad, rate)
        if expected == 0:
            await t.raises(ValueError, "output_size", size, kernel, stride=stride, padding=pad, dilation=rate)
        else:
            await size_is(t, expected, size, kernel, stride=stride, padding=pad, dilation=rate)


@check("random-fields", visible=False)
async def random_fields(t):
    for _ in range(12):
        depth = int(t.rng.integers(1, 6))
        layers = [tuple(int(t.rng.integers(1, high)) for high in (5, 4, 4)) for _ in range(depth)]
        t.equal(await t.call("receptive_field", layers), touched(layers), name="field")
