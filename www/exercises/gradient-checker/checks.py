import numpy as np

from danlu.judge import check

NAMES = ("square", "wave", "log_sum_exp", "length", "weighted")


def draw(t, shape=(5,)):
    """Away from 0, so that every function of given.py has a slope worth the name."""
    return t.rng.uniform(0.5, 1.5, size=shape) * np.where(t.rng.uniform(size=shape) < 0.5, -1.0, 1.0)


async def verdict(t, f, gradient, x, *rest):
    answer = await t.call("check_gradient", f, gradient, x, *rest)
    t.true(isinstance(answer, (tuple, list)) and len(answer) == 3, got=answer, expected=("ok", "error", "worst"))
    ok, error, worst = answer
    t.true(isinstance(ok, (bool, np.bool_)), got=ok, expected=True)
    t.true(isinstance(worst, (tuple, list)), got=worst, expected="(…)")
    return bool(ok), t.number(error, name="error"), tuple(worst)


async def of_given(t, name, which, x, *rest):
    return await verdict(t, t.named(f"given.{name}"), t.named(f"given.{name}_{which}"), x, *rest)


async def accepts(t, f, slope, x, *rest):
    ok, error, worst = await verdict(t, t.lend(f), t.lend(slope), x, *rest)
    t.true(ok, got=(ok, error, worst), expected=True)


async def rejects(t, f, slope, x, *rest):
    ok, error, worst = await verdict(t, t.lend(f), t.lend(slope), x, *rest)
    t.true(not ok, got=(ok, error, worst), expected=False)
    return error, worst


@check("passes-right", visible=True)
async def passes_right(t):
    for name in NAMES:
        ok, error, worst = await of_given(t, name, "right", draw(t))
        t.true(ok, got=(name, ok, error, worst), expected=True)


@check("flags-wrong", visible=True)
async def flags_wrong(t):
    for name in NAMES:
        ok, error, worst = await of_given(t, name, "wrong", draw(t))
        t.true(not ok, got=(name, ok, error, worst), expected=False)


@check("error-size", visible=True)
async def error_size(t):
    x = np.array([1.0, -2.0, 4.0])
    # Claimed x, really 2x: the difference is 4, the scale 8.
    _, error, _ = await of_given(t, "square", "wrong", x)
    t.equal(error, 0.5, rtol=1e-6, name="error")
    _, error, _ = await of_given(t, "wave", "wrong", draw(t))
    t.equal(error, 2.0, rtol=1e-6, name="error")
    _, error, _ = await of_given(t, "length", "wrong", draw(t))
    t.equal(error, 0.01 / 1.01, rtol=1e-4, name="error")


@check("worst-index", visible=True)
async def worst_index(t):
    _, _, worst = await of_given(t, "weighted", "wrong", draw(t, (2, 3)))
    t.equal(worst, (1, 2), name="worst")
    _, _, worst = await of_given(t, "square", "wrong", np.array([1.0, -5.0, 2.0]))
    t.equal(worst, (1,), name="worst")


@check("input-unchanged", visible=True)
async def input_unchanged(t):
    x = draw(t)
    await of_given(t, "square", "right", x)
    t.unchanged("f", "gradient", "x")


@check("subtle", visible=False)
async def subtle(t):
    x, bad = draw(t, (3, 4)), (int(t.rng.integers(0, 3)), int(t.rng.integers(0, 4)))

    def slope(x):
        g = np.cos(x) * 2.0
        g[bad] *= 1.001
        return g

    # Where the cosine is large enough for the thousandth to show.
    x[bad] = 0.1
    _, worst = await rejects(t, lambda x: float(np.sin(x).sum() * 2.0), slope, x)
    t.equal(worst, bad, name="worst")


@check("small-gradients", visible=False)
async def small_gradients(t):
    x = draw(t, (4,))
    f, right = lambda x: float(1e-9 * (x**3).sum()), lambda x: 3e-9 * x**2  # noqa: E731
    await accepts(t, f, right, x)
    await rejects(t, f, lambda x: 2.9e-9 * x**2, x)
    await rejects(t, f, lambda x: 0.0 * x, x)


@check("curvature", visible=False)
async def curvature(t):
    x = draw(t, (4,))
    await accepts(t, lambda x: float(np.exp(2.0 * x).sum()), lambda x: 2.0 * np.exp(2.0 * x), x)
    await accepts(t, lambda x: float((x**4).sum()), lambda x: 4.0 * x**3, x)


@check("large-inputs", visible=False)
async def large_inputs(t):
    x = draw(t, (3,)) * 1e6
    await accepts(t, lambda x: float(np.log(x**2).sum()), lambda x: 2.0 / x, x)
    await rejects(t, lambda x: float(np.log(x**2).sum()), lambda x: 2.02 / x, x)


@check("not-a-number", visible=False)
async def not_a_number(t):
    x = draw(t, (3,))
    for bad in (np.nan, np.inf):
        def slope(x, bad=bad):
            g = 2.0 * x
            g[1] = bad
            return g

        _, worst = await rejects(t, lambda x: float((x**2).sum()), slope, x)
        t.equal(worst, (1,), name="worst")
    await rejects(t, lambda x: float("nan"), lambda x: 2.0 * x, x)
    await rejects(t, lambda x: float("nan"), lambda x: np.full(3, np.nan), x)


@check("wrong-shape", visible=False)
async def wrong_shape(t):
    x = draw(t, (3, 1))
    for slope in (lambda x: 2.0 * x.T, lambda x: 2.0 * x[:, 0], lambda x: np.array(2.0)):
        await t.raises(ValueError, "check_gradient", t.lend(lambda x: float((x**2).sum())), t.lend(slope), x)


@check("types", visible=False)
async def types(t):
    for x in (draw(t, (4,)).astype(np.float32), np.array([1, -2, 3])):
        await accepts(t, lambda x: float((np.asarray(x) ** 3).sum()), lambda x: 3.0 * np.asarray(x) ** 2, x)
        await rejects(t, lambda x: float((np.asarray(x) ** 3).sum()), lambda x: 3.001 * np.asarray(x) ** 2, x)


@check("tolerance", visible=False)
async def tolerance(t):
    x = draw(t, (4,))
    f, slope = lambda x: float((x**2).sum()), lambda x: 2.02 * x  # noqa: E731
    # It is off by 0.02 in 2.02, which is 0.0099.
    await accepts(t, f, slope, x, 1e-5, 0.01)
    await rejects(t, f, slope, x, 1e-5, 0.0098)
    # Without one it is a millionth.
    await accepts(t, f, lambda x: 2.0 * x * (1.0 + 0.9e-6), x)
    await rejects(t, f, lambda x: 2.0 * x * (1.0 + 1.1e-6), x)
    await accepts(t, lambda x: 3.0, lambda x: 0.0 * x, x)
    await accepts(t, lambda x: 3.0, lambda x: 0.0 * x, x, 1e-5, 0.0)
    error, _ = await rejects(t, lambda x: float(-x.sum()), lambda x: 0.0 * x, x)
    t.equal(error, 1.0, name="error")
    await accepts(t, lambda x: 0.0, lambda x: x, np.zeros((0, 2)))
    await accepts(t, lambda x: float(x[()] ** 2) if x.shape == () else 0.0, lambda x: 2.0 * x, np.array(3.0))


@check("step", visible=False)
async def step(t):
    # The central difference of a cube is off by h² exactly; a better difference by less.
    for x, rest, error in ((10.0, (1e-3,), 1e-4 / 300.0), (0.5, (1e-3,), 1e-6 / 0.75), (0.01, (), 1e-10 / 3e-4)):
        _, got, _ = await verdict(t, t.lend(lambda x: float((x**3).sum())), t.lend(lambda x: 3.0 * x**2), np.array([x]), *rest)
        t.true(got <= 1.01 * error, got=got, expected=error)
    # Nothing to measure, nothing to be off.
    _, got, _ = await verdict(t, t.lend(lambda x: 0.0), t.lend(lambda x: x), np.zeros((0, 2)))
    t.equal(got, 0.0, rtol=0.0, atol=0.0, name="error")


@check("random", visible=False)
async def random(t):
    for _ in range(3):
        size = int(t.rng.integers(2, 6))
        a, x = t.rng.normal(size=(size, size)), draw(t, (size,))
        await accepts(t, lambda x: float(x @ a @ x), lambda x: (a + a.T) @ x, x)
        # Right only if a were symmetric.
        await rejects(t, lambda x: float(x @ a @ x), lambda x: 2.0 * (a @ x), x)
