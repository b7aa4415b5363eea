import math

import numpy as np

from danlu.judge import check

CLOSE = {"rtol": 1e-9, "atol": 1e-10}


def reference(x, positions, base=10000.0, halves=False):
    """Pair by pair, in float64."""
    x, width = np.asarray(x, dtype=np.float64), x.shape[-1]
    y = np.zeros(x.shape)
    for t, position in enumerate(np.asarray(positions).tolist()):
        for i in range(width // 2):
            a, b = (i, i + width // 2) if halves else (2 * i, 2 * i + 1)
            angle = position * base ** (-2.0 * i / width)
            cos, sin = math.cos(angle), math.sin(angle)
            y[..., t, a] = x[..., t, a] * cos - x[..., t, b] * sin
            y[..., t, b] = x[..., t, a] * sin + x[..., t, b] * cos
    return y


async def agrees(t, x, positions, **settings):
    t.equal(await t.call("rope", x, positions, **settings), reference(x, positions, **settings), name="y", **CLOSE)


@check("hand-example", visible=True)
async def hand_example(t):
    # The base makes the second pair turn by half the angle of the first.
    x = np.array([[1.0, 0.0, 1.0, 0.0], [1.0, 0.0, 1.0, 0.0]])
    got = await t.call("rope", x, np.array([0.0, math.pi]), base=4.0)
    t.equal(got, np.array([[1.0, 0.0, 1.0, 0.0], [-1.0, 0.0, 0.0, 1.0]]), name="y", **CLOSE)
    got = await t.call("rope", np.array([[3.0, 4.0]]), np.array([math.pi / 2]))
    t.equal(got, np.array([[-4.0, 3.0]]), name="y", **CLOSE)


@check("values", visible=True)
async def values(t):
    await agrees(t, t.rng.normal(size=(5, 8)), np.arange(5))
    await agrees(t, t.rng.normal(size=(6, 6)), np.arange(6))


@check("halves", visible=True)
async def halves(t):
    await agrees(t, t.rng.normal(size=(5, 8)), np.arange(5), halves=True)
    await agrees(t, t.rng.normal(size=(2, 6, 6)), np.arange(6), halves=True)


@check("relative-only", visible=True)
async def relative_only(t):
    q, k = t.rng.normal(size=(1, 6)), t.rng.normal(size=(1, 6))

    async def turned(x, place, paired):
        return t.like(await t.call("rope", x, np.array([place]), halves=paired), x, name="y")

    for paired in (False, True):
        products = []
        for m, n in [(3, 1), (10, 8), (502, 500)]:
            products.append((await turned(q, m, paired) * await turned(k, n, paired)).sum())
        t.equal(products[1:], [products[0]] * 2, name="q·k", rtol=1e-8, atol=1e-9)
        other = (await turned(q, 7, paired) * await turned(k, 1, paired)).sum()
        t.equal(other, (reference(q, [6], halves=paired) * k).sum(), name="q·k", rtol=1e-8, atol=1e-9)


@check("positions", visible=True)
async def positions(t):
    x = t.rng.normal(size=(4, 6))
    for places in [(7, 8, 9, 10), (0, 5, 2, 90), (3, 3, 0, 3)]:
        await agrees(t, x, np.array(places))
    # One token with its own number, as decoding with a cache does it.
    y = await t.call("rope", x, np.arange(4))
    for step in range(4):
        t.equal(await t.call("rope", x[step : step + 1], np.array([step])), y[step : step + 1], name=f"y[{step}]", **CLOSE)


@check("inputs-unchanged", visible=True)
async def inputs_unchanged(t):
    for paired in (False, True):
        await t.call("rope", t.rng.normal(size=(3, 4)), np.arange(3), halves=paired)
        t.unchanged("x", "positions")


@check("leading-axes", visible=False)
async def leading_axes(t):
    for shape in [(2, 3, 4), (2, 3, 4, 6), (4, 4, 4, 4)]:
        for paired in (False, True):
            await agrees(t, t.rng.normal(size=shape), np.arange(shape[-2]) + 2, halves=paired)
    await agrees(t, np.swapaxes(t.rng.normal(size=(2, 5, 3, 4)), 1, 2), np.arange(5))
    await agrees(t, t.rng.normal(size=(6, 3)).T, np.arange(6)[::2])


@check("far-positions", visible=False)
async def far_positions(t):
    x = t.rng.normal(size=(3, 8)).astype(np.float32)
    places = np.array([99_991, 100_003, 131_071])
    for paired in (False, True):
        got = await t.call("rope", x, places, halves=paired)
        t.equal(got, reference(x, places, halves=paired).astype(np.float32), rtol=1e-4, atol=1e-5, name="y")


@check("length-kept", visible=False)
async def length_kept(t):
    x = t.rng.normal(size=(5, 6))
    y = t.like(await t.call("rope", x, np.array([0, 1, 17, 400, 90_000])), x, name="y")
    t.equal(y[0], x[0], name="y at position 0", **CLOSE)
    lengths = [np.sqrt(a[:, 0::2] ** 2 + a[:, 1::2] ** 2) for a in (x, y)]
    t.equal(lengths[1], lengths[0], name="lengths of pairs", **CLOSE)


@check("base", visible=False)
async def base(t):
    x = t.rng.normal(size=(5, 8))
    for value in (100.0, 500_000.0, 2.5):
        await agrees(t, x, np.arange(5), base=value)
    await agrees(t, x, np.arange(5) * 0.25)
    await agrees(t, x, np.arange(5) * -1)


@check("smallest", visible=False)
async def smallest(t):
    await agrees(t, t.rng.normal(size=(3, 2)), np.arange(3))
    await agrees(t, t.rng.normal(size=(1, 2)), np.array([5]), halves=True)
    await agrees(t, np.zeros((2, 0, 4)), np.arange(0))


@check("odd-width", visible=False)
async def odd_width(t):
    for width in (1, 5):
        await t.raises(ValueError, "rope", t.rng.normal(size=(2, width)), np.arange(2))
        await t.raises(ValueError, "rope", t.rng.normal(size=(2, width)), np.arange(2), halves=True)


@check("random", visible=False)
async def random(t):
    for _ in range(5):
        leading = tuple(int(n) for n in t.rng.integers(1, 4, size=int(t.rng.integers(0, 3))))
        steps, pairs = (int(n) for n in t.rng.integers(1, 7, size=2))
        x, places = t.rng.normal(size=(*leading, steps, 2 * pairs)), t.rng.integers(0, 5000, size=steps)
        await agrees(t, x, places, base=float(t.rng.uniform(10.0, 1e6)), halves=bool(t.rng.uniform() < 0.5))
