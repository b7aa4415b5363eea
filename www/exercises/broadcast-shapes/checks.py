import numpy as np

from danlu.judge import check
from danlu.judge.trial import LearnerError


async def shape_is(t, shapes, expected):
    t.equal(await t.call("broadcast_shape", *shapes), expected, name=f"{shapes}")


async def refused(t, *shapes):
    """The text of the ValueError."""
    await t.raises(ValueError, "broadcast_shape", *shapes)
    try:
        await t.call("broadcast_shape", *shapes)
    except LearnerError as error:
        return error.error["text"]


def draw(t, largest_rank=5):
    """A result, and shapes that broadcast to it: axes dropped at the front, lengths made 1."""
    result = tuple(int(n) for n in t.rng.integers(0, 6, size=int(t.rng.integers(1, largest_rank))))
    shapes = []
    for _ in range(int(t.rng.integers(1, 5))):
        kept = result[int(t.rng.integers(0, len(result) + 1)) :]
        shapes.append(tuple(1 if t.rng.uniform() < 0.4 else n for n in kept))
    return shapes, np.broadcast_shapes(*shapes)


@check("pairs", visible=True)
async def pairs(t):
    await shape_is(t, [(3, 4), (3, 4)], (3, 4))
    await shape_is(t, [(3, 4), (3, 1)], (3, 4))
    await shape_is(t, [(3, 1), (1, 4)], (3, 4))
    await shape_is(t, [(32, 10), (10,)], (32, 10))


@check("aligned-right", visible=True)
async def aligned_right(t):
    await shape_is(t, [(4, 1, 3), (5, 3)], (4, 5, 3))
    await shape_is(t, [(3,), (2, 3)], (2, 3))
    await shape_is(t, [(7,), (2, 5, 3, 1)], (2, 5, 3, 7))


@check("many", visible=True)
async def many(t):
    await shape_is(t, [(1, 4), (3, 1), (2, 1, 1)], (2, 3, 4))
    await shape_is(t, [(2, 5)], (2, 5))
    await shape_is(t, [], ())


@check("mismatch", visible=True)
async def mismatch(t):
    await refused(t, (3, 4), (3, 5))
    await refused(t, (2, 3), (2,))
    await refused(t, (3,), (1,), (4,))


@check("summed", visible=True)
async def summed(t):
    for shape, result, expected in [
        ((5, 1), (4, 5, 3), (0, 2)),
        ((10,), (32, 10), (0,)),
        ((32, 10), (32, 10), ()),
        ((), (2, 3), (0, 1)),
    ]:
        t.equal(await t.call("summed_axes", shape, result), expected, name=f"{shape} → {result}")


@check("no-tiling", visible=False)
async def no_tiling(t):
    await refused(t, (2,), (4,))
    await refused(t, (6, 3), (2, 3))
    await refused(t, (4, 1), (3, 2, 1, 8), (2, 1))


@check("zero-length", visible=False)
async def zero_length(t):
    await shape_is(t, [(0,), (1,)], (0,))
    await shape_is(t, [(1, 3), (0, 1)], (0, 3))
    await shape_is(t, [(0, 3), ()], (0, 3))
    await refused(t, (0,), (3,))
    await refused(t, (3,), (0,))
    await refused(t, (2, 0), (2, 2))


@check("scalars", visible=False)
async def scalars(t):
    await shape_is(t, [(), ()], ())
    await shape_is(t, [(), (2, 3), ()], (2, 3))


@check("clear-error", visible=False)
async def clear_error(t):
    # Lengths that stand nowhere else: no axis number, no other length.
    for shapes, lengths in [
        ([(8, 371), (8, 419)], ("371", "419")),
        ([(1, 613, 1), (5, 1, 2), (877, 2)], ("613", "877")),
    ]:
        text = await refused(t, *shapes)
        t.true(all(length in text for length in lengths), got=text, expected=" … ".join(lengths))


@check("huge", visible=False)
async def huge(t):
    await shape_is(t, [(10**9, 1), (10**9,)], (10**9, 10**9))
    await shape_is(t, [(50_000, 1, 128_000), (4_096, 1)], (50_000, 4_096, 128_000))


@check("unreachable", visible=False)
async def unreachable(t):
    for shape, result in [((3,), (2, 4)), ((2, 3), (3,)), ((4, 3), (1, 3)), ((2,), (2, 3))]:
        await t.raises(ValueError, "summed_axes", shape, result)


@check("summed-edges", visible=False)
async def summed_edges(t):
    for shape, result, expected in [
        ((1, 3), (1, 3), ()),
        ((1, 1), (1, 5), (1,)),
        ((1,), (1, 1), (0,)),
        ((1, 3), (0, 3), (0,)),
        ((), (), ()),
    ]:
        t.equal(await t.call("summed_axes", shape, result), expected, name=f"{shape} → {result}")


@check("random", visible=False)
async def random(t):
    for _ in range(12):
        shapes, result = draw(t)
        await shape_is(t, shapes, result)
        for shape in shapes:
            padded = (None,) * (len(result) - len(shape)) + shape
            axes = tuple(i for i, (a, b) in enumerate(zip(padded, result)) if a != b)
            t.equal(await t.call("summed_axes", shape, result), axes, name=f"{shape} → {result}")
