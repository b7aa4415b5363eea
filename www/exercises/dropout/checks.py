import numpy as np

from danlu.judge import check

CLOSE = {"rtol": 1e-10, "atol": 1e-12}


async def layer(t, rate, seed=None):
    seed = int(t.rng.integers(0, 10**6)) if seed is None else seed
    return await t.make("Dropout", rate, await t.make("numpy.random.default_rng", seed))


def draw(t, shape):
    """Without zeros, so that a zero in the output was dropped."""
    return t.rng.uniform(0.5, 2.0, size=shape) * np.where(t.rng.uniform(size=shape) < 0.5, -1.0, 1.0)


async def trained(t, dropout, x, rate):
    """The output of a training pass, and where it kept x; kept entries must be x / (1 - rate)."""
    y = await dropout.call("forward", x, True)
    t.like(y, x, name="y")
    kept = y != 0
    t.equal(y, np.where(kept, x / (1.0 - rate), 0.0), name="y", **CLOSE)
    return y, kept


@check("training", visible=True)
async def training(t):
    for rate in (0.5, 0.2):
        _, kept = await trained(t, await layer(t, rate), draw(t, (30, 40)), rate)
        t.true(0 < kept.sum() < kept.size, got=int(kept.sum()))


@check("share", visible=True)
async def share(t):
    for rate in (0.1, 0.5, 0.9):
        _, kept = await trained(t, await layer(t, rate), draw(t, (200, 200)), rate)
        # Six standard errors of a share among 40 000.
        margin = 6.0 * (rate * (1.0 - rate) / 40_000) ** 0.5
        t.equal(1.0 - float(kept.mean()), rate, rtol=0.0, atol=margin, name="share dropped")


@check("inference", visible=True)
async def inference(t):
    dropout, x = await layer(t, 0.6), draw(t, (5, 6))
    t.equal(await dropout.call("forward", x, False), x, name="y", **CLOSE)
    await dropout.call("forward", x, True)
    t.equal(await dropout.call("forward", x, False), x, name="y", **CLOSE)


@check("backward", visible=True)
async def backward(t):
    for rate in (0.5, 0.25):
        dropout, x, dy = await layer(t, rate), draw(t, (12, 9)), draw(t, (12, 9))
        _, kept = await trained(t, dropout, x, rate)
        t.equal(await dropout.call("backward", dy), np.where(kept, dy / (1.0 - rate), 0.0), name="dx", **CLOSE)


@check("inputs-unchanged", visible=True)
async def inputs_unchanged(t):
    dropout = await layer(t, 0.5)
    await dropout.call("forward", draw(t, (6, 6)), True)
    t.unchanged("x", "training")
    await dropout.call("backward", draw(t, (6, 6)))
    t.unchanged("dy")


@check("bad-rate", visible=True)
async def bad_rate(t):
    rng = await t.make("numpy.random.default_rng", 0)
    for rate in (1.0, 1.5, -0.1):
        await t.raises(ValueError, "Dropout", rate, rng)


@check("backward-after-inference", visible=False)
async def backward_after_inference(t):
    dropout, x, dy = await layer(t, 0.7), draw(t, (4, 5)), draw(t, (4, 5))
    await dropout.call("forward", x, True)
    await dropout.call("forward", x, False)
    t.equal(await dropout.call("backward", dy), dy, name="dx", **CLOSE)


@check("fresh-masks", visible=False)
async def fresh_masks(t):
    dropout, x, dy = await layer(t, 0.5), draw(t, (20, 20)), draw(t, (20, 20))
    _, first = await trained(t, dropout, x, 0.5)
    _, second = await trained(t, dropout, x, 0.5)
    t.true(bool((first != second).any()))
    for _ in range(2):
        t.equal(await dropout.call("backward", dy), np.where(second, dy * 2.0, 0.0), name="dx", **CLOSE)


@check("independent", visible=False)
async def independent(t):
    _, kept = await trained(t, await layer(t, 0.5), draw(t, (100, 100)), 0.5)
    for axis in (0, 1):
        shares = kept.mean(axis=axis)
        t.true(float(shares.min()) > 0.1 and float(shares.max()) < 0.9, got=shares)
    _, kept = await trained(t, await layer(t, 0.5), draw(t, (2, 3, 400)), 0.5)
    t.true(all(bool((kept[0, i] != kept[1, j]).any()) for i in range(3) for j in range(3)))
    # How many fall is chance as well: of 20, not 10 each time.
    layer_of = await layer(t, 0.5)
    counts = {int((await trained(t, layer_of, draw(t, (20,)), 0.5))[1].sum()) for _ in range(30)}
    t.true(len(counts) > 1, got=counts)


@check("generator", visible=False)
async def generator(t):
    seed, x = int(t.rng.integers(0, 10**6)), draw(t, (10, 10))
    a, b = await layer(t, 0.5, seed), await layer(t, 0.5, seed)
    for _ in range(2):
        await b.call("forward", x, False)
        first, second = await a.call("forward", x, True), await b.call("forward", x, True)
        t.equal(second, t.like(first, x, name="y"), rtol=0.0, atol=0.0, name="y for the same seed")
    # Two layers that share one generator must not share a mask.
    rng = await t.make("numpy.random.default_rng", seed)
    masks = [await (await t.make("Dropout", 0.5, rng)).call("forward", x, True) for _ in range(2)]
    t.true(bool((t.like(masks[0], x, name="y") != t.like(masks[1], x, name="y")).any()))


@check("rate-zero", visible=False)
async def rate_zero(t):
    dropout, x, dy = await layer(t, 0.0), draw(t, (6, 7)), draw(t, (6, 7))
    t.equal(await dropout.call("forward", x, True), x, name="y", **CLOSE)
    t.equal(await dropout.call("backward", dy), dy, name="dx", **CLOSE)
    t.equal(await dropout.call("forward", np.zeros((0, 3)), True), np.zeros((0, 3)), name="y")


@check("dropped-infinities", visible=False)
async def dropped_infinities(t):
    seed, x = int(t.rng.integers(0, 10**6)), draw(t, (8, 8))
    _, kept = await trained(t, await layer(t, 0.5, seed), x, 0.5)
    bad = np.where(kept, x, np.where(t.rng.uniform(size=(8, 8)) < 0.5, np.inf, np.nan))
    got = await (await layer(t, 0.5, seed)).call("forward", bad, True)
    t.equal(got, np.where(kept, x * 2.0, 0.0), name="y", **CLOSE)


@check("float32", visible=False)
async def float32(t):
    dropout, x = await layer(t, 0.3), draw(t, (5, 8)).astype(np.float32)
    y = t.like(await dropout.call("forward", x, True), x, name="y")
    kept = y != 0
    t.equal(y, np.where(kept, x / np.float32(0.7), np.float32(0)), rtol=1e-5, atol=1e-6, name="y")
    dx = await dropout.call("backward", x)
    t.equal(dx, np.where(kept, x / np.float32(0.7), np.float32(0)), rtol=1e-5, atol=1e-6, name="dx")
    t.equal(await dropout.call("forward", x, False), x, name="y")
