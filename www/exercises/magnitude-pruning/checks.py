import numpy as np

from danlu.judge import check

CLOSE = {"rtol": 1e-12, "atol": 1e-14}


def reference(weights, sparsity):
    """Ranks (magnitude, layer, place) and takes the first."""
    ranked = sorted((abs(v), layer, place) for layer, w in enumerate(weights) for place, v in enumerate(w.ravel().tolist()))
    gone = {(layer, place) for _, layer, place in ranked[: int(np.floor(sparsity * len(ranked) + 0.5))]}
    return [
        np.array([(layer, place) not in gone for place in range(w.size)], dtype=bool).reshape(w.shape)
        for layer, w in enumerate(weights)
    ]


def fits(sparsity, count):
    """Not at a half, where roundings differ."""
    return abs((sparsity * count) % 1.0 - 0.5) > 1e-6


async def agrees(t, w, sparsity):
    t.equal(await t.call("magnitude_mask", w, sparsity), reference([w], sparsity)[0], name="mask")


def ordinary(w, dw, velocity, lr, momentum):
    velocity = momentum * velocity + dw
    return w - lr * velocity, velocity


async def step(t, w, mask, dw, velocity, *settings, **options):
    got = await t.call("masked_step", w, mask, dw, velocity, *settings, **options)
    t.true(isinstance(got, (tuple, list)) and len(got) == 2, got=got, expected=("w", "velocity"))
    return t.like(got, (w, velocity), name="(w, velocity)")


@check("smallest-go", visible=True)
async def smallest_go(t):
    w = np.array([[0.5, -0.1, 2.0], [-3.0, 0.2, -0.4]])
    expected = np.array([[True, False, True], [True, False, False]])
    t.equal(await t.call("magnitude_mask", w, 0.5), expected, name="mask")
    for sparsity in (0.2, 0.75, 0.9):
        await agrees(t, t.rng.normal(size=(5, 8)), sparsity)


@check("exact-count", visible=True)
async def exact_count(t):
    for w, sparsity, count in [(np.ones((4, 5)), 0.3, 6), (np.zeros(100), 0.29, 29), (t.rng.normal(size=9), 0.4, 4), (t.rng.normal(size=11), 0.7, 8)]:
        mask = await t.call("magnitude_mask", w, sparsity)
        t.equal(mask.shape if isinstance(mask, np.ndarray) else None, w.shape, name="shape of the mask")
        t.equal(int(w.size - mask.sum()), count, name=f"pruned of {w.size} at {sparsity}")


@check("global", visible=True)
async def together(t):
    weights = [np.array([[10.0, -20.0], [30.0, 0.5]]), np.array([0.1, -0.2, 40.0, 0.3])]
    masks = await t.call("global_masks", weights, 0.5)
    t.equal(masks, [np.array([[True, True], [True, False]]), np.array([False, False, True, False])], name="masks")
    weights = [t.rng.normal(size=(3, 4)) * 5.0, t.rng.normal(size=7), t.rng.normal(size=(2, 2, 2)) * 0.1]
    t.equal(await t.call("global_masks", weights, 0.6), reference(weights, 0.6), name="masks")


@check("step", visible=True)
async def one_step(t):
    w, dw, velocity = (t.rng.normal(size=(4, 3)) for _ in range(3))
    mask = t.rng.uniform(size=(4, 3)) < 0.6
    mask[0, 0], mask[0, 1] = True, False
    for momentum in (0.9, 0.0):
        moved, speed = ordinary(w, dw, velocity, 0.1, momentum)
        got = await step(t, w, mask, dw, velocity, 0.1, momentum)
        t.equal(got[0], np.where(mask, moved, 0.0), name="w", **CLOSE)
        t.equal(got[1], np.where(mask, speed, 0.0), name="velocity", **CLOSE)
    moved, _ = ordinary(w, dw, velocity, 0.1, 0.9)
    t.equal((await step(t, w, mask, dw, velocity, 0.1))[0], np.where(mask, moved, 0.0), name="w by default", **CLOSE)


@check("survives-updates", visible=True)
async def survives_updates(t):
    w, velocity = t.rng.normal(size=(5, 6)), np.zeros((5, 6))
    mask = reference([w], 0.7)[0]
    for _ in range(30):
        w, velocity = await step(t, w, mask, t.rng.normal(size=(5, 6)), velocity, 0.05)
        t.equal(w[~mask], np.zeros(21), rtol=0.0, atol=0.0, name="pruned weights")
        t.equal(velocity[~mask], np.zeros(21), rtol=0.0, atol=0.0, name="their velocity")
    t.true(bool((w[mask] != 0.0).all()), got=w)


@check("schedule", visible=True)
async def schedule(t):
    for at, expected in [(0, 0.0), (100, 0.0), (200, 0.7), (300, 0.8), (301, 0.8), (9000, 0.8), (150, 0.8 * (1 - 0.75**3))]:
        t.equal(await t.call("sparsity_at", at, 100, 300, 0.8), float(expected), name=f"sparsity at {at}", rtol=1e-12, atol=1e-14)
    t.equal(await t.call("sparsity_at", 3, 2, 6, 0.5), 0.5 * (1 - 0.75**3), name="sparsity at 3", rtol=1e-12, atol=0.0)


@check("inputs-unchanged", visible=True)
async def inputs_unchanged(t):
    w, dw, velocity = (t.rng.normal(size=(3, 3)) for _ in range(3))
    await t.call("magnitude_mask", w, 0.5)
    t.unchanged("w")
    await t.call("global_masks", [w, dw], 0.5)
    t.unchanged("weights")
    await step(t, w, w > 0.0, dw, velocity, 0.1)
    t.unchanged("w", "mask", "dw", "velocity")


@check("ties", visible=False)
async def ties(t):
    await agrees(t, np.array([[1.0, -1.0, 2.0], [1.0, -2.0, 1.0]]), 0.5)
    await agrees(t, np.zeros((4, 4)), 0.25)
    await agrees(t, t.rng.integers(-2, 3, size=(6, 7)).astype(np.float64), 0.45)
    weights = [np.array([1.0, 3.0]), np.array([[-1.0, 1.0]]), np.array([-1.0])]
    for sparsity in (0.2, 0.4, 0.6):
        t.equal(await t.call("global_masks", weights, sparsity), reference(weights, sparsity), name="masks")


@check("stays-pruned", visible=False)
async def stays_pruned(t):
    w = t.rng.normal(size=(6, 6))
    before = np.ones((6, 6), dtype=bool)
    for sparsity in (0.25, 0.5, 0.75, 1.0):
        mask = t.like(await t.call("magnitude_mask", w, sparsity), before, name="mask")
        t.equal(mask & ~before, np.zeros((6, 6), dtype=bool), name="revived")
        t.equal(int(mask.sum()), 36 - int(36 * sparsity), name="kept")
        w, before = (w + 0.1 * np.sign(w)) * mask, mask


@check("extremes", visible=False)
async def extremes(t):
    w = t.rng.normal(size=(3, 5))
    t.equal(await t.call("magnitude_mask", w, 0.0), np.ones((3, 5), dtype=bool), name="mask")
    t.equal(await t.call("magnitude_mask", w, 1.0), np.zeros((3, 5), dtype=bool), name="mask")
    t.equal(await t.call("magnitude_mask", np.zeros((0, 3)), 0.5), np.zeros((0, 3), dtype=bool), name="mask")
    await agrees(t, np.array([[7.0]]), 0.3)
    await agrees(t, np.array([1e300, -1e-300, 0.0, 5.0]), 0.75)
    weights = [np.zeros(0), np.array([2.0, 1.0])]
    for sparsity in (0.0, 1.0):
        t.equal(await t.call("global_masks", weights, sparsity), reference(weights, sparsity), name="masks")


@check("stale-velocity", visible=False)
async def stale_velocity(t):
    w, velocity = t.rng.normal(size=(4, 4)), t.rng.normal(size=(4, 4)) * 10.0
    mask = reference([w], 0.5)[0]
    w, velocity = await step(t, w, mask, t.rng.normal(size=(4, 4)), velocity, 0.1)
    t.equal(velocity[~mask], np.zeros(8), rtol=0.0, atol=0.0, name="velocity of pruned weights")
    # A place that comes back later starts from rest.
    w, velocity = await step(t, w, np.ones((4, 4), dtype=bool), np.zeros((4, 4)), velocity, 0.1)
    t.equal(w[~mask], np.zeros(8), rtol=0.0, atol=0.0, name="weights that came back")


@check("float32", visible=False)
async def float32(t):
    w, dw, velocity = (t.rng.normal(size=(3, 4)).astype(np.float32) for _ in range(3))
    mask = await t.call("magnitude_mask", w, 0.5)
    t.equal(mask, reference([w], 0.5)[0], name="mask")
    moved, speed = ordinary(w.astype(np.float64), dw.astype(np.float64), velocity.astype(np.float64), 0.1, 0.9)
    got = await step(t, w, mask, dw, velocity, 0.1)
    t.equal(got[0], np.where(mask, moved, 0.0).astype(np.float32), name="w", rtol=1e-5, atol=1e-6)
    t.equal(got[1], np.where(mask, speed, 0.0).astype(np.float32), name="velocity", rtol=1e-5, atol=1e-6)


@check("bad-sparsity", visible=False)
async def bad_sparsity(t):
    for sparsity in (-0.1, 1.01, 50):
        await t.raises(ValueError, "magnitude_mask", np.ones(4), sparsity)
        await t.raises(ValueError, "global_masks", [np.ones(4)], sparsity)


@check("random", visible=False)
async def random(t):
    for _ in range(6):
        shape = tuple(int(n) for n in t.rng.integers(1, 7, size=int(t.rng.integers(1, 4))))
        w, sparsity = t.rng.normal(size=shape).T, float(t.rng.uniform())
        if fits(sparsity, w.size):
            await agrees(t, w, sparsity)
        weights = [t.rng.normal(size=shape), w, t.rng.normal(size=3) * 0.2]
        if fits(sparsity, 2 * w.size + 3):
            t.equal(await t.call("global_masks", weights, sparsity), reference(weights, sparsity), name="masks")
