import numpy as np

from danlu import ops
from danlu.judge import check, shape_of

CLOSE = {"rtol": 1e-9, "atol": 1e-12}
SHAPES = [(3, 4), (4,), (2, 1, 3)]


def draw(t, scale=1.0, shapes=SHAPES):
    return [scale * t.rng.normal(size=shape) for shape in shapes]


def norm_of(grads):
    return float(sum(float((g.astype(np.float64) ** 2).sum()) for g in grads) ** 0.5)


async def clipped(t, grads, limit):
    answer = await t.call("clip_by_global_norm", grads, limit)
    t.true(isinstance(answer, (tuple, list)) and len(answer) == 2, got=answer, expected=("clipped", "norm"))
    return answer


def slope(w, x, y):
    """The tape's gradient of the mean squared error of x @ w."""
    return ops.vjp(lambda w: ops.mean(ops.pow(ops.sub(ops.matmul(x, w), y), 2.0)), w)[1](np.array(1.0))[0]


@check("clips", visible=True)
async def clips(t):
    got, norm = await clipped(t, [np.array([3.0]), np.array([[0.0, 4.0]])], 1.0)
    t.equal(got, [np.array([0.6]), np.array([[0.0, 0.8]])], name="clipped", **CLOSE)
    t.equal(norm, 5.0, name="norm", **CLOSE)
    grads = draw(t, 10.0)
    got, norm = await clipped(t, grads, 2.0)
    t.equal(got, [g * (2.0 / norm_of(grads)) for g in grads], name="clipped", **CLOSE)
    t.equal(norm, norm_of(grads), name="norm", **CLOSE)


@check("leaves-small", visible=True)
async def leaves_small(t):
    grads = draw(t, 0.01)
    got, norm = await clipped(t, grads, 5.0)
    t.equal(got, grads, name="clipped", **CLOSE)
    t.equal(norm, norm_of(grads), name="norm", **CLOSE)


@check("equals-big-batch", visible=True)
async def equals_big_batch(t):
    w, x, y = t.rng.normal(size=(3, 2)), t.rng.normal(size=(12, 3)), t.rng.normal(size=(12, 2))
    accumulator = await t.make("Accumulator")
    for at in range(0, 12, 4):
        await accumulator.make("add", [slope(w, x[at : at + 4], y[at : at + 4])], 4)
    t.equal(await accumulator.call("take"), [slope(w, x, y)], name="gradients", **CLOSE)


@check("unequal-parts", visible=True)
async def unequal_parts(t):
    w, x, y = t.rng.normal(size=(3, 2)), t.rng.normal(size=(13, 3)), t.rng.normal(size=(13, 2))
    accumulator = await t.make("Accumulator")
    for start, end in ((0, 1), (1, 8), (8, 10), (10, 13)):
        await accumulator.make("add", [slope(w, x[start:end], y[start:end])], end - start)
    t.equal(await accumulator.call("take"), [slope(w, x, y)], name="gradients", **CLOSE)


@check("starts-afresh", visible=True)
async def starts_afresh(t):
    accumulator = await t.make("Accumulator")
    await t.raises(ValueError, accumulator.method("take"))
    first, second = draw(t), draw(t)
    await accumulator.make("add", first, 3)
    t.equal(await accumulator.call("take"), first, name="gradients", **CLOSE)
    await t.raises(ValueError, accumulator.method("take"))
    await accumulator.make("add", second, 5)
    t.equal(await accumulator.call("take"), second, name="gradients", **CLOSE)


@check("inputs-unchanged", visible=True)
async def inputs_unchanged(t):
    for scale in (0.01, 100.0):
        await clipped(t, draw(t, scale), 1.0)
        t.unchanged("grads", "max_norm")
    accumulator = await t.make("Accumulator")
    for _ in range(2):
        await accumulator.make("add", draw(t), 3)
        t.unchanged("grads", "count")


@check("zeros", visible=False)
async def zeros(t):
    for grads in ([np.zeros((2, 2)), np.zeros(3)], [], [np.zeros((0, 3))], [np.zeros((0,)), np.array([0.5])]):
        got, norm = await clipped(t, grads, 1.0)
        t.equal(got, grads, name="clipped", **CLOSE)
        t.equal(norm, norm_of(grads), name="norm", **CLOSE)


@check("limits", visible=False)
async def limits(t):
    grads = [np.array([3.0, 0.0]), np.array([4.0])]
    t.equal((await clipped(t, grads, 5.0))[0], grads, name="clipped", **CLOSE)
    t.equal((await clipped(t, grads, 0.0))[0], [np.zeros(2), np.zeros(1)], name="clipped", **CLOSE)
    t.equal((await clipped(t, grads, 4.999))[0], [g * 0.9998 for g in grads], name="clipped", **CLOSE)


@check("not-finite", visible=False)
async def not_finite(t):
    for bad in (np.inf, -np.inf, np.nan):
        grads = draw(t)
        grads[1][2] = bad
        await t.raises(ValueError, "clip_by_global_norm", grads, 1.0)


@check("extreme-sizes", visible=False)
async def extreme_sizes(t):
    for size in (1e200, 1e-200):
        grads = [np.array([3.0 * size]), np.array([4.0 * size])]
        got, norm = await clipped(t, grads, 0.5 * size)
        t.equal(got, [np.array([0.3 * size]), np.array([0.4 * size])], rtol=1e-9, atol=0.0, name="clipped")
        t.equal(norm, 5.0 * size, rtol=1e-9, atol=0.0, name="norm")
    # Next to each other, and below zero throughout.
    for grads in ([np.array([-3e200]), np.array([-1e-50, -4e200]), np.array([-1.0])], [np.array([2e-50, 1e200])]):
        got, norm = await clipped(t, grads, 1e200)
        whole = 5e200 if len(grads) == 3 else 1e200
        t.equal(norm, whole, rtol=1e-9, atol=0.0, name="norm")
        t.equal(got, [g * (1e200 / whole) for g in grads], rtol=1e-9, atol=0.0, name="clipped")


@check("float32", visible=False)
async def float32(t):
    for scale in (1.0, 1e25):
        grads = [(scale * g).astype(np.float32) for g in draw(t)]
        got, norm = await clipped(t, grads, 0.5 * scale)
        t.true(shape_of(norm) == (), got=norm, expected=norm_of(grads))
        t.equal(float(norm), norm_of(grads), rtol=1e-5, name="norm")
        expected = [(g.astype(np.float64) * min(1.0, 0.5 * scale / norm_of(grads))).astype(np.float32) for g in grads]
        t.equal(got, expected, rtol=1e-4, atol=float(1e-6 * scale), name="clipped")
    accumulator, grads = await t.make("Accumulator"), [g.astype(np.float32) for g in draw(t)]
    await accumulator.make("add", grads, 2)
    t.equal(await accumulator.call("take"), grads, rtol=1e-5, atol=1e-6, name="gradients")


@check("own-copies", visible=False)
async def own_copies(t):
    values = [t.rng.normal(size=3) for _ in range(3)]
    accumulator, other = await t.make("Accumulator"), await t.make("Accumulator")
    buffer = await t.make("numpy.zeros", 3)
    for count, value in zip((1, 4, 2), values):
        await t.call("numpy.copyto", buffer, value)
        await accumulator.make("add", [buffer], count)
    await t.call("numpy.copyto", buffer, np.full(3, 999.0))
    await other.make("add", [values[0]], 1)
    t.equal(await other.call("take"), [values[0]], name="the other's gradients", **CLOSE)
    expected = (values[0] + 4.0 * values[1] + 2.0 * values[2]) / 7.0
    t.equal(await accumulator.call("take"), [expected], name="gradients", **CLOSE)
    # What is clipped is new as well, where there was nothing to clip.
    for value in (np.array([0.1, -0.2]), np.zeros(2)):
        buffer = await t.make("numpy.array", value)
        answer = await t.make("clip_by_global_norm", [buffer], 1.0)
        await t.call("numpy.copyto", buffer, np.full(2, 999.0))
        grads = await t.make("operator.getitem", answer, 0)
        t.equal(await t.call("operator.getitem", grads, 0), value, name="clipped", **CLOSE)


@check("together", visible=False)
async def together(t):
    parts, counts = [draw(t, 3.0) for _ in range(4)], [int(n) for n in t.rng.integers(1, 9, size=4)]
    accumulator = await t.make("Accumulator")
    for grads, count in zip(parts, counts):
        await accumulator.make("add", grads, count)
    whole = [sum(c * p[i] for c, p in zip(counts, parts)) / sum(counts) for i in range(3)]
    got, _ = await clipped(t, await accumulator.call("take"), 1.0)
    t.equal(got, [g * min(1.0, 1.0 / norm_of(whole)) for g in whole], name="clipped", **CLOSE)


@check("random", visible=False)
async def random(t):
    for _ in range(6):
        grads, limit = draw(t, float(t.rng.uniform(0.01, 10.0))), float(t.rng.uniform(0.1, 10.0))
        got, norm = await clipped(t, grads, limit)
        t.equal(norm, norm_of(grads), name="norm", **CLOSE)
        t.equal(got, [g * min(1.0, limit / norm_of(grads)) for g in grads], name="clipped", **CLOSE)
