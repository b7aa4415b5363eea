import numpy as np

from danlu import ops
from danlu.judge import check

CLOSE = {"rtol": 1e-9, "atol": 1e-10}


def split(a, heads):
    samples, steps, width = a.shape
    return np.transpose(a.reshape(samples, steps, heads, width // heads), (0, 2, 1, 3))


def from_cache(q, keys, values, wo):
    """The engine's softmax on what is cached; the queries are the last of the steps."""
    new, total = q.shape[2], keys.shape[2]
    scores = q @ np.swapaxes(keys, -1, -2) / np.sqrt(q.shape[-1])
    step = np.arange(total - new, total)[:, None]
    scores = np.where(np.arange(total)[None, :] > step, -np.inf, scores)
    y = ops.softmax(scores, -1).value @ values
    return np.transpose(y, (0, 2, 1, 3)).reshape(y.shape[0], new, -1) @ wo


def full(x, weights, heads):
    """y and the cache of the whole sequence at once."""
    wq, wk, wv, wo = weights
    keys, values = split(x @ wk, heads), split(x @ wv, heads)
    return from_cache(split(x @ wq, heads), keys, values, wo), (keys, values)


def draw(t, samples, steps, heads, size):
    width = heads * size
    return t.rng.normal(size=(samples, steps, width)), [t.rng.normal(size=(width, width)) / width**0.5 for _ in range(4)]


async def attend(t, x, weights, heads, cache=None):
    got = await t.call("attend", x, *weights, heads, *([] if cache is None else [cache]))
    t.true(isinstance(got, (tuple, list)) and len(got) == 2, got=got, expected=("y", ("keys", "values")))
    t.true(isinstance(got[1], (tuple, list)) and len(got[1]) == 2, got=got[1], expected=("keys", "values"))
    return got


def same_cache(t, got, expected, **tolerance):
    for name, have, want in zip(("keys", "values"), got, expected):
        t.equal(have, want, name=name, **(tolerance or CLOSE))


async def in_chunks(t, x, weights, heads, cuts):
    """Feeds x piece by piece and compares each piece with the full pass."""
    expected, _ = full(x, weights, heads)
    cache, start = None, 0
    for stop in (*cuts, x.shape[1]):
        y, cache = await attend(t, x[:, start:stop], weights, heads, cache)
        t.equal(y, expected[:, start:stop], name=f"y of steps {start} to {stop - 1}", **CLOSE)
        same_cache(t, cache, full(x[:, :stop], weights, heads)[1])
        start = stop
    return cache


@check("full-pass", visible=True)
async def full_pass(t):
    for heads, size in [(1, 4), (3, 2)]:
        x, weights = draw(t, 2, 5, heads, size)
        y, _ = await attend(t, x, weights, heads)
        t.equal(y, full(x, weights, heads)[0], name="y", **CLOSE)


@check("step-by-step", visible=True)
async def step_by_step(t):
    x, weights = draw(t, 2, 6, 2, 3)
    expected, cache = full(x, weights, 2)[0], None
    for step in range(6):
        y, cache = await attend(t, x[:, step : step + 1], weights, 2, cache)
        t.equal(y, expected[:, step : step + 1], name=f"y of step {step}", **CLOSE)


@check("cache-contents", visible=True)
async def cache_contents(t):
    x, weights = draw(t, 2, 5, 2, 3)
    _, cache = await attend(t, x[:, :4], weights, 2)
    same_cache(t, cache, full(x[:, :4], weights, 2)[1])
    _, cache = await attend(t, x[:, 4:], weights, 2, cache)
    same_cache(t, cache, full(x, weights, 2)[1])


@check("chunks", visible=True)
async def chunks(t):
    x, weights = draw(t, 1, 8, 2, 2)
    await in_chunks(t, x, weights, 2, (3, 6))
    await in_chunks(t, x, weights, 2, (1, 5, 7))


@check("inputs-unchanged", visible=True)
async def inputs_unchanged(t):
    x, weights = draw(t, 1, 4, 2, 2)
    cache = full(x[:, :3], weights, 2)[1]
    await attend(t, x[:, 3:], weights, 2, cache)
    t.unchanged("x", "wq", "wk", "wv", "wo", "heads", "cache")


@check("branches", visible=False)
async def branches(t):
    x, weights = draw(t, 1, 4, 2, 2)
    # The prefix stays in the learner's runtime, so that a cache written in place shows.
    prefix = await t.make("operator.getitem", await t.make("attend", x[:, :3], *weights, 2), 1)
    other = np.concatenate([x[:, :3], t.rng.normal(size=(1, 2, 4))], axis=1)
    for sequence in (x, other, x):
        y, cache = await attend(t, sequence[:, 3:], weights, 2, prefix)
        expected, contents = full(sequence, weights, 2)
        t.equal(y, expected[:, 3:], name="y", **CLOSE)
        same_cache(t, cache, contents)


@check("cache-is-read", visible=False)
async def cache_is_read(t):
    x, weights = draw(t, 2, 2, 2, 3)
    # Whoever keeps the cache elsewhere has another sequence's now.
    await attend(t, x, weights, 2)
    cache = t.rng.normal(size=(2, 2, 5, 3)), t.rng.normal(size=(2, 2, 5, 3))
    y, grown = await attend(t, x, weights, 2, cache)
    new = full(x, weights, 2)[1]
    contents = [np.concatenate([old, fresh], axis=2) for old, fresh in zip(cache, new)]
    same_cache(t, grown, contents)
    t.equal(y, from_cache(split(x @ weights[0], 2), *contents, weights[3]), name="y", **CLOSE)


@check("batch", visible=False)
async def batch(t):
    x, weights = draw(t, 3, 3, 3, 3)
    y, cache = await attend(t, x, weights, 3)
    for n in range(3):
        alone, own = await attend(t, x[n : n + 1], weights, 3)
        t.equal(alone, y[n : n + 1], name=f"y of sequence {n}", **CLOSE)
        same_cache(t, own, [part[n : n + 1] for part in cache])


@check("large-scores", visible=False)
async def large_scores(t):
    x, weights = draw(t, 1, 6, 2, 2)
    x *= 60.0
    expected, cache = full(x, weights, 2)[0], None
    for start, stop in [(0, 3), (3, 4), (4, 6)]:
        y, cache = await attend(t, x[:, start:stop], weights, 2, cache)
        t.equal(y, expected[:, start:stop], name="y", rtol=1e-6, atol=1e-6)


@check("smallest", visible=False)
async def smallest(t):
    for samples, steps, heads, size in [(1, 3, 1, 1), (1, 2, 4, 1), (2, 1, 1, 3)]:
        x, weights = draw(t, samples, steps, heads, size)
        await in_chunks(t, x, weights, heads, range(1, steps))
    x, weights = draw(t, 1, 3, 2, 2)
    _, contents = full(x, weights, 2)
    y, cache = await attend(t, x[:, :0], weights, 2, contents)
    t.equal(y, np.zeros((1, 0, 4)), name="y")
    same_cache(t, cache, contents)


@check("float32", visible=False)
async def float32(t):
    x, weights = draw(t, 1, 5, 2, 4)
    x, weights = x.astype(np.float32), [w.astype(np.float32) for w in weights]
    expected, contents = full(x.astype(np.float64), [w.astype(np.float64) for w in weights], 2)
    loose = {"rtol": 1e-4, "atol": 1e-4}
    _, cache = await attend(t, x[:, :3], weights, 2)
    y, cache = await attend(t, x[:, 3:], weights, 2, cache)
    t.equal(y, expected[:, 3:].astype(np.float32), name="y", **loose)
    same_cache(t, cache, [part.astype(np.float32) for part in contents], **loose)


@check("random", visible=False)
async def random(t):
    for _ in range(3):
        samples, steps, heads, size = (int(n) for n in t.rng.integers(1, 5, size=4))
        x, weights = draw(t, samples, steps + 2, heads, size)
        cuts = sorted({int(n) for n in t.rng.integers(1, steps + 2, size=3)})
        await in_chunks(t, x, weights, heads, cuts)
