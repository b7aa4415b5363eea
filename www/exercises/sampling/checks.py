import numpy as np

from danlu.judge import check

CLOSE = {"rtol": 1e-9, "atol": 1e-13}


def reference(logits, temperature=1.0, top_k=None, top_p=None):
    """The definition, and by how much the nearest running sum misses top_p."""
    logits = np.asarray(logits, dtype=np.float64)
    out, margin = np.zeros(logits.shape), 1.0
    for where in np.ndindex(*logits.shape[:-1]):
        row = logits[where].tolist()
        ranked = sorted(range(len(row)), key=lambda token: (-row[token], token))
        ranked = ranked[:1] if temperature == 0 else ranked[:top_k]
        weights = [np.exp((row[token] - row[ranked[0]]) / (temperature or 1.0)) for token in ranked]
        total, mass, kept = sum(weights), 0.0, []
        for token, weight in zip(ranked, weights):
            if top_p is not None and kept:
                margin = min(margin, abs(mass / total - top_p))
                if mass / total >= top_p:
                    break
            kept.append((token, weight))
            mass += weight
        for token, weight in kept:
            out[where + (token,)] = weight / mass
    return out, margin


async def agrees(t, logits, *settings, **named):
    expected, margin = reference(logits, *settings, **named)
    if margin < 1e-9:
        return
    got = await t.call("probabilities", logits, *settings, **named)
    t.equal(got, expected, name="probabilities", **CLOSE)
    # What was cut off is 0 and not merely small.
    t.equal(got[expected == 0.0], np.zeros(int((expected == 0.0).sum())), rtol=0.0, atol=0.0, name="what was cut off")


@check("temperature", visible=True)
async def temperature(t):
    logits = np.log(np.array([1.0, 2.0, 4.0]))
    t.equal(await t.call("probabilities", logits), np.array([1.0, 2.0, 4.0]) / 7.0, name="probabilities", **CLOSE)
    t.equal(await t.call("probabilities", logits, 0.5), np.array([1.0, 4.0, 16.0]) / 21.0, name="probabilities", **CLOSE)
    await agrees(t, t.rng.normal(size=8) * 3.0, 2.0)


@check("greedy", visible=True)
async def greedy(t):
    await agrees(t, t.rng.normal(size=6), 0.0)
    t.equal(await t.call("probabilities", np.array([1.0, 3.0, 3.0]), 0.0), np.array([0.0, 1.0, 0.0]), name="probabilities")
    rng = await t.make("numpy.random.default_rng", 1)
    for _ in range(3):
        logits = t.rng.normal(size=9)
        t.equal(await t.call("sample", logits, rng, 0.0), int(np.argmax(logits)), name="token")


@check("top-k", visible=True)
async def top_k(t):
    logits = np.log(np.array([1.0, 8.0, 2.0, 4.0]))
    t.equal(await t.call("probabilities", logits, top_k=2), np.array([0.0, 2.0, 0.0, 1.0]) / 3.0, name="probabilities", **CLOSE)
    for k in (1, 3, 5):
        await agrees(t, t.rng.normal(size=7), 1.0, k)


@check("top-p", visible=True)
async def top_p(t):
    logits = np.log(np.array([0.1, 0.4, 0.2, 0.3]))
    expected = np.array([0.0, 4.0, 0.0, 3.0]) / 7.0
    t.equal(await t.call("probabilities", logits, top_p=0.6), expected, name="probabilities", **CLOSE)
    t.equal(await t.call("probabilities", logits, top_p=0.3), np.array([0.0, 1.0, 0.0, 0.0]), name="probabilities", **CLOSE)
    for p in (0.25, 0.5, 0.8, 0.95):
        await agrees(t, t.rng.normal(size=9) * 2.0, top_p=p)


@check("order", visible=True)
async def order(t):
    logits = np.log(np.array([0.4, 0.3, 0.2, 0.1]))
    # Of the three that top-k leaves the first has 4/9: with the second 7/9, which reaches 0.75.
    expected = np.array([4.0, 3.0, 0.0, 0.0]) / 7.0
    t.equal(await t.call("probabilities", logits, 1.0, 3, 0.75), expected, name="probabilities", **CLOSE)
    # Sharpened first, the first alone has 16/30.
    t.equal(await t.call("probabilities", logits, 0.5, 4, 0.5), np.array([1.0, 0.0, 0.0, 0.0]), name="probabilities", **CLOSE)
    # Flattened first, three are needed.
    await agrees(t, logits, 3.0, None, 0.6)


@check("distribution", visible=True)
async def distribution(t):
    logits = t.rng.normal(size=6) * 1.5
    rng = await t.make("numpy.random.default_rng", int(t.rng.integers(0, 10**6)))
    for settings in [(1.0, None, None), (0.7, 3, None), (1.5, None, 0.8)]:
        p, margin = reference(logits, *settings)
        if margin < 1e-9:
            continue
        drawn = await t.call_each("sample", [((logits, rng, *settings), {}) for _ in range(1200)])
        for token in drawn[:20]:
            t.true(isinstance(token, (int, np.integer)) and not isinstance(token, bool), got=token, expected="int")
        counts = np.array([sum(1 for d in drawn if d == token) for token in range(6)])
        # Six standard deviations, which a right answer leaves once in a hundred million runs.
        allowed = 6.0 * np.sqrt(1200 * p * (1.0 - p))
        t.true(bool((np.abs(counts - 1200 * p) <= allowed + 1e-6).all()), got=counts, expected=1200 * p)


@check("inputs-unchanged", visible=True)
async def inputs_unchanged(t):
    logits = t.rng.normal(size=(2, 5))
    await t.call("probabilities", logits, 0.8, 3, 0.7)
    t.unchanged("logits")
    rng = await t.make("numpy.random.default_rng", 1)
    await t.call("sample", logits[0], rng, 0.8, 3, 0.7)
    t.unchanged("logits")


@check("ties", visible=False)
async def ties(t):
    logits = np.array([1.0, 2.0, 2.0, 0.0, 2.0, 1.0])
    for k in range(1, 7):
        await agrees(t, logits, 1.0, k)
    await agrees(t, np.zeros(40), 1.0, 7)
    await agrees(t, np.zeros(40), 1.0, None, 0.33)


@check("extremes", visible=False)
async def extremes(t):
    await agrees(t, np.array([5000.0, 4999.0, -5000.0]), 1.0)
    await agrees(t, np.array([-5000.0, -4999.0, -5001.0]), 1.0, 2, 0.9)
    await agrees(t, t.rng.normal(size=6), 1e-6)
    banned = t.rng.normal(size=7)
    banned[[1, 4]] = -np.inf
    await agrees(t, banned, 0.9)
    await agrees(t, banned, 0.9, 6, 0.97)
    await agrees(t, banned, 0.0)


@check("rows", visible=False)
async def rows(t):
    for shape in [(3, 5), (5, 5), (2, 3, 4), (1, 1), (1,)]:
        logits = t.rng.normal(size=shape) * 2.0
        await agrees(t, logits, 0.8, 3, None)
        await agrees(t, logits, 1.2, None, 0.7)
    await agrees(t, (t.rng.normal(size=(6, 4)) * 2.0).T, 1.0, 4, 0.8)
    await agrees(t, t.rng.integers(-3, 4, size=(2, 6)), 1.0, 3)
    await agrees(t, t.rng.normal(size=(2, 6)).astype(np.float32), 1.0, 3)


@check("loose-settings", visible=False)
async def loose_settings(t):
    logits = t.rng.normal(size=5)
    await agrees(t, logits, 1.0, 99)
    t.equal(await t.call("probabilities", logits, 1.0, None, 1.0), reference(logits)[0], name="probabilities", **CLOSE)
    await agrees(t, logits, 1.0, None, 1e-7)


@check("seeded", visible=False)
async def seeded(t):
    logits = t.rng.normal(size=30)
    runs = []
    for seed in (5, 5, 6):
        rng = await t.make("numpy.random.default_rng", seed)
        runs.append(await t.call_each("sample", [((logits, rng, 2.0), {}) for _ in range(40)]))
    t.equal(runs[1], runs[0], name="tokens")
    t.true(runs[2] != runs[0] and len(set(runs[0])) > 3, got=runs[2])


@check("bad-settings", visible=False)
async def bad_settings(t):
    logits = np.array([1.0, 2.0])
    for settings in [(-1.0,), (1.0, 0), (1.0, -2), (1.0, None, 0.0), (1.0, None, 1.5), (1.0, None, -0.1)]:
        await t.raises(ValueError, "probabilities", logits, *settings)


@check("random", visible=False)
async def random(t):
    for _ in range(8):
        shape = tuple(int(n) for n in t.rng.integers(1, 12, size=int(t.rng.integers(1, 3))))
        logits = t.rng.normal(size=shape) * 3.0
        k = int(t.rng.integers(1, 13)) if t.rng.uniform() < 0.6 else None
        p = float(t.rng.uniform(0.05, 1.0)) if t.rng.uniform() < 0.6 else None
        await agrees(t, logits, float(t.rng.uniform(0.1, 3.0)), k, p)
