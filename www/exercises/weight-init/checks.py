import numpy as np

from danlu.judge import check

SCHEMES = ("xavier_normal", "xavier_uniform", "he_normal", "he_uniform")


async def drawn(t, shape, scheme, rng=None):
    rng = rng or await t.make("numpy.random.default_rng", int(t.rng.integers(0, 10**6)))
    w = await t.call("init", shape, scheme, rng)
    t.true(isinstance(w, np.ndarray), got=w)
    t.true(w.shape == shape, got=w.shape, expected=shape)
    t.true(str(w.dtype) == "float64", got=str(w.dtype), expected="float64")
    t.true(bool(np.isfinite(w).all()), got=w)
    return w


def variance(shape, scheme):
    area = int(np.prod(shape[:-2], dtype=np.int64))
    fan_in, fan_out = area * shape[-2], area * shape[-1]
    return 2.0 / fan_in if scheme.startswith("he") else 2.0 / (fan_in + fan_out)


async def spreads_right(t, shape, scheme):
    w, expected = await drawn(t, shape, scheme), np.sqrt(variance(shape, scheme))
    # With n numbers the measured std is off by about 1 / sqrt(2 n) of itself: six of those, and no less than 1 %.
    t.equal(float(w.std()), float(expected), rtol=max(0.01, 6.0 / np.sqrt(2.0 * w.size)), name=f"std of {scheme}")
    t.equal(float(w.mean()), 0.0, atol=float(6.0 * expected / np.sqrt(w.size)), name=f"mean of {scheme}")


@check("fans", visible=True)
async def fans(t):
    for shape, expected in [((784, 128), (784, 128)), ((3, 3, 16, 32), (144, 288)), ((5, 2, 1, 7), (10, 70))]:
        t.equal(await t.call("fans", shape), expected, name=f"fans({shape})")


@check("he", visible=True)
async def he(t):
    await spreads_right(t, (150, 600), "he_normal")
    await spreads_right(t, (600, 150), "he_normal")


@check("xavier", visible=True)
async def xavier(t):
    await spreads_right(t, (150, 600), "xavier_normal")
    await spreads_right(t, (600, 150), "xavier_normal")


@check("uniform", visible=True)
async def uniform(t):
    for scheme in ("he_uniform", "xavier_uniform"):
        await spreads_right(t, (200, 500), scheme)
        w = await drawn(t, (200, 500), scheme)
        bound = float(np.sqrt(3.0 * variance((200, 500), scheme)))
        t.true(float(np.abs(w).max()) <= bound * (1 + 1e-12), got=float(np.abs(w).max()), expected=bound)
        t.true(float(np.abs(w).max()) > 0.99 * bound, got=float(np.abs(w).max()), expected=bound)


@check("stds", visible=True)
async def stds(t):
    x, weights = t.rng.normal(size=(7, 5)), [t.rng.normal(size=(5, 4)), t.rng.normal(size=(4, 6))]
    functions = {"linear": lambda z: z, "relu": lambda z: np.where(z > 0, z, 0.0), "tanh": np.tanh}
    for name, function in functions.items():
        h, expected = x, []
        for w in weights:
            h = function(h @ w)
            expected.append(float(h.std()))
        t.equal(await t.call("activation_stds", x, weights, name), expected, rtol=1e-9, atol=1e-10, name=name)


@check("ten-layers", visible=True)
async def ten_layers(t):
    rng = await t.make("numpy.random.default_rng", int(t.rng.integers(0, 10**6)))
    weights = [await drawn(t, (256, 256), "he_normal", rng) for _ in range(10)]
    h = t.rng.normal(size=(64, 256))
    for w in weights:
        h = np.maximum(h @ w, 0.0)
    power = float((h**2).mean())
    # The product of ten random factors; one wrong by 2 in each layer would be a thousand away.
    t.true(0.05 < power < 20.0, got=power, expected="0.05 … 20")


@check("convolution", visible=False)
async def convolution(t):
    for scheme in SCHEMES:
        await spreads_right(t, (3, 3, 32, 48), scheme)
        await spreads_right(t, (5, 1, 64, 24), scheme)


@check("generator", visible=False)
async def generator(t):
    for scheme in SCHEMES:
        seed = int(t.rng.integers(0, 10**6))
        first, second = [await t.make("numpy.random.default_rng", seed) for _ in range(2)]
        a, b = await drawn(t, (6, 5), scheme, first), await drawn(t, (6, 5), scheme, second)
        t.equal(a, b, rtol=0.0, atol=0.0, name="the same seed again")
        # The generator moves on: the next layer must not be the same one.
        c = await drawn(t, (6, 5), scheme, first)
        t.true(float(np.abs(c - a).min()) > 0.0, got=c)


@check("distribution", visible=False)
async def distribution(t):
    # Mean of w⁴ over the squared variance: 3 for a normal distribution, 1.8 for a uniform one.
    for scheme in SCHEMES:
        w = await drawn(t, (300, 300), scheme)
        w = w - w.mean()
        got = float((w**4).mean() / (w**2).mean() ** 2)
        t.equal(got, 3.0 if scheme.endswith("normal") else 1.8, atol=0.12, name=f"fourth moment of {scheme}")


@check("independent", visible=False)
async def independent(t):
    for scheme in SCHEMES:
        w = await drawn(t, (80, 60), scheme)
        t.true(len(np.unique(w)) == w.size, got=len(np.unique(w)), expected=w.size)
        unit = w / np.sqrt((w**2).sum(axis=0))
        overlap = np.abs(unit.T @ unit - np.eye(60)).max()
        t.true(float(overlap) < 0.7, got=float(overlap))


@check("zeros", visible=False)
async def zeros(t):
    t.equal(await drawn(t, (3, 4), "zeros"), np.zeros((3, 4)), rtol=0.0, atol=0.0)
    t.equal(await drawn(t, (2, 2, 3, 1), "zeros"), np.zeros((2, 2, 3, 1)), rtol=0.0, atol=0.0)


@check("bad-arguments", visible=False)
async def bad_arguments(t):
    rng = await t.make("numpy.random.default_rng", 0)
    await t.raises(ValueError, "init", (3, 4), "glorot", rng)
    # Half a name that is known is none.
    await t.raises(ValueError, "init", (3, 4), "glorot_normal", rng)
    await t.raises(ValueError, "init", (3, 4), "lecun_uniform", rng)
    await t.raises(ValueError, "init", (3, 4), "he_cauchy", rng)
    await t.raises(ValueError, "fans", (4,))


@check("extreme-shapes", visible=False)
async def extreme_shapes(t):
    for scheme in SCHEMES:
        await spreads_right(t, (1, 9000), scheme)
        await spreads_right(t, (9000, 1), scheme)
        await drawn(t, (1, 1), scheme)
