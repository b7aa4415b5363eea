import numpy as np

from danlu.judge import check

CLOSE = {"rtol": 1e-12, "atol": 0.0}


async def pair(t, x, *axis):
    got = await t.call("quantise", x, *axis)
    t.true(isinstance(got, (tuple, list)) and len(got) == 2, got=got, expected=("codes", "scale"))
    return got


async def triple(t, x):
    got = await t.call("quantise_affine", x)
    t.true(isinstance(got, (tuple, list)) and len(got) == 3, got=got, expected=("codes", "scale", "zero_point"))
    return got


def scales(x, axis=None):
    """The symmetric scale, 1 where all is 0."""
    if axis is None:
        largest = max([abs(value) for value in x.ravel().tolist()], default=0.0)
        return largest / 127 if largest > 0.0 else 1.0
    others = tuple(a for a in range(x.ndim) if a != axis % x.ndim)
    largest = np.abs(x).max(axis=others, keepdims=True) / 127
    return np.where(largest > 0.0, largest, 1.0)


def affine_scale(x):
    values = x.ravel().tolist() + [0.0]
    spread = max(values) - min(values)
    return spread / 255 if spread > 0.0 else 1.0


def codes_fit(t, x, codes, scale, zero, name):
    """int64, of x's shape, and next to x / scale + zero: either way is right where that lies half-way."""
    t.equal(codes.shape if isinstance(codes, np.ndarray) else None, x.shape, name=f"shape of {name}")
    t.equal(str(codes.dtype), "int64", name=f"dtype of {name}")
    exact = x / scale + zero
    off = np.abs(codes - exact)
    t.true(bool((off <= 0.5 + 1e-9).all()), got=codes, expected=np.round(exact).astype(np.int64))


async def symmetric_fits(t, x, *axis):
    codes, scale = await pair(t, x, *axis)
    t.equal(scale, scales(x, *axis), name="scale", **CLOSE)
    codes_fit(t, x, codes, scales(x, *axis), 0, "codes")
    t.true(bool((np.abs(codes) <= 127).all()), got=codes, expected="-127 … 127")
    back = await t.call("dequantise", codes, scale)
    t.equal(back, codes * scales(x, *axis), name="dequantised", rtol=1e-12, atol=0.0)
    return codes, scale


async def affine_fits(t, x):
    codes, scale, zero = await triple(t, x)
    expected = affine_scale(x)
    t.equal(scale, expected, name="scale", **CLOSE)
    exact_zero = -128 - min(x.ravel().tolist() + [0.0]) / expected
    t.true(isinstance(zero, (int, np.integer)) and not isinstance(zero, bool), got=zero, expected=round(exact_zero))
    t.true(abs(int(zero) - exact_zero) <= 0.5 + 1e-9, got=zero, expected=round(exact_zero))
    t.equal(codes.shape if isinstance(codes, np.ndarray) else None, x.shape, name="shape of codes")
    t.equal(str(codes.dtype), "int64", name="dtype of codes")
    t.true(bool(((codes >= -128) & (codes <= 127)).all()), got=codes, expected="-128 … 127")
    # Rounding the zero point shifts the range, so that an end may be clipped by half a step more.
    off = np.abs(codes - np.clip(x / expected + int(zero), -128, 127))
    t.true(bool((off <= 0.5 + 1e-9).all()), got=codes)
    back = await t.call("dequantise_affine", codes, scale, zero)
    t.equal(back, (codes - int(zero)) * expected, name="dequantised", rtol=1e-12, atol=1e-12 * expected * 255)
    return codes, scale, zero


@check("symmetric", visible=True)
async def symmetric(t):
    x = np.array([-2.54, -0.011, 0.0, 0.5, 1.27])
    codes, scale = await pair(t, x)
    t.equal(scale, 0.02, name="scale", **CLOSE)
    t.equal(codes, np.array([-127, -1, 0, 25, 64]) if codes[4] == 64 else np.array([-127, -1, 0, 25, 63]), name="codes")
    await symmetric_fits(t, t.rng.normal(size=(4, 5)))


@check("per-channel", visible=True)
async def per_channel(t):
    x = np.array([[1.27, 100.0], [-0.4, -254.0]])
    codes, scale = await pair(t, x, 1)
    t.equal(scale, np.array([[0.01, 2.0]]), name="scale", rtol=1e-12, atol=0.0)
    t.equal(codes, np.array([[127, 50], [-40, -127]]), name="codes")
    for axis in (0, 1):
        await symmetric_fits(t, t.rng.normal(size=(5, 5)) * np.array([1.0, 10.0, 0.1, 3.0, 50.0]), axis)
    await symmetric_fits(t, t.rng.normal(size=(3, 3, 3, 3)), 3)


@check("affine", visible=True)
async def affine(t):
    codes, scale, zero = await triple(t, np.array([-1.0, 0.0, 0.6, 4.1]))
    t.equal(scale, 0.02, name="scale", **CLOSE)
    t.equal(zero, -78, name="zero_point")
    t.equal(codes, np.array([-128, -78, -48, 127]), name="codes")
    await affine_fits(t, t.rng.normal(size=(4, 5)) + 1.0)


@check("error-bound", visible=True)
async def error_bound(t):
    x = t.rng.normal(size=(6, 7))
    codes, scale = await pair(t, x)
    off = np.abs(await t.call("dequantise", codes, scale) - x)
    t.true(float(off.max()) <= scales(x) * (0.5 + 1e-9), got=off, expected=f"at most {scales(x) / 2}")
    codes, scale, zero = await triple(t, x)
    off = np.abs(await t.call("dequantise_affine", codes, scale, zero) - x)
    # Half a step by rounding, and up to as much again at an end that the rounded zero point cuts off.
    t.true(float(off.max()) <= affine_scale(x) * (1.0 + 1e-9), got=off, expected=f"at most {affine_scale(x)}")
    t.true(float(np.sort(off.ravel())[-3]) <= affine_scale(x) * (0.5 + 1e-9), got=off)


@check("round-trip", visible=True)
async def round_trip(t):
    codes = t.rng.integers(-127, 128, size=(4, 6))
    codes[:, 0] = 127
    x = await t.call("dequantise", codes, 0.03)
    t.equal((await pair(t, x))[0], codes, name="codes")
    t.equal((await pair(t, x, 0))[0], codes, name="codes per channel")


@check("inputs-unchanged", visible=True)
async def inputs_unchanged(t):
    x = t.rng.normal(size=(3, 4))
    codes, scale = await pair(t, x, 0)
    t.unchanged("x")
    await t.call("dequantise", codes, scale)
    t.unchanged("codes", "scale")
    codes, scale, zero = await triple(t, x)
    t.unchanged("x")
    await t.call("dequantise_affine", codes, scale, zero)
    t.unchanged("codes", "scale", "zero_point")


@check("outlier", visible=False)
async def outlier(t):
    x = t.rng.uniform(-1.0, 1.0, size=(8, 3))
    x[2, 1] = 1000.0
    codes, scale = await symmetric_fits(t, x, 1)
    off = np.abs(await t.call("dequantise", codes, scale) - x)
    t.true(float(off[:, [0, 2]].max()) <= 0.5 / 127 + 1e-9, got=off)


@check("zero-is-exact", visible=False)
async def zero_is_exact(t):
    for low, high in [(-1.0, 3.0), (2.0, 5.0), (-7.0, -6.0), (100.0, 100.5), (-3.3, 0.0)]:
        x = t.rng.uniform(low, high, size=9)
        _, scale, zero = await affine_fits(t, x)
        t.true(-128 <= int(zero) <= 127, got=zero, expected="-128 … 127")
        back = await t.call("dequantise_affine", np.array([int(zero)]), scale, zero)
        t.equal(back, np.zeros(1), rtol=0.0, atol=0.0, name="0 restored")


@check("constant", visible=False)
async def constant(t):
    none = np.zeros((3, 4))
    codes, scale = await symmetric_fits(t, none)
    t.equal(await t.call("dequantise", codes, scale), none, rtol=0.0, atol=0.0, name="restored")
    await affine_fits(t, none)
    x = t.rng.normal(size=(3, 4))
    x[:, 2] = 0.0
    await symmetric_fits(t, x, 1)
    for value in (0.25, -8.0):
        await symmetric_fits(t, np.full((2, 3), value))
        codes, scale, zero = await affine_fits(t, np.full((2, 3), value))
        back = await t.call("dequantise_affine", codes, scale, zero)
        t.equal(back, np.full((2, 3), value), rtol=1e-9, atol=0.0, name="restored")


@check("shapes", visible=False)
async def shapes(t):
    await symmetric_fits(t, t.rng.normal(size=(7,)))
    await symmetric_fits(t, t.rng.normal(size=(1, 1)))
    for axis in (-1, -2, -3, 1):
        await symmetric_fits(t, t.rng.normal(size=(2, 3, 5)), axis)
    await symmetric_fits(t, t.rng.normal(size=(5, 2)).T, 0)
    await affine_fits(t, t.rng.normal(size=(5, 2)).T)
    await affine_fits(t, t.rng.normal(size=(1,)))
    await symmetric_fits(t, np.zeros((0, 3)))
    await affine_fits(t, np.zeros((0,)))


@check("range", visible=False)
async def value_range(t):
    for sign in (1.0, -1.0):
        x = sign * np.array([5.0, 4.99, -5.0, 0.0])
        codes, _ = await symmetric_fits(t, x)
        t.equal(sorted(codes.tolist()), sorted([127 * int(sign), 127 * int(sign), -127 * int(sign), 0]), name="codes")
        # A rounded zero point can push an end one past the last code.
        for high in (1.0, 1.003, 1.97, 2.5, 3.1, 253.0, 255.0):
            await affine_fits(t, sign * np.array([-1.0, 0.0, high]))


@check("random", visible=False)
async def random(t):
    for _ in range(6):
        shape = tuple(int(n) for n in t.rng.integers(1, 6, size=int(t.rng.integers(1, 4))))
        x = t.rng.normal(size=shape) * 10.0 ** float(t.rng.integers(-6, 7)) + float(t.rng.normal())
        await symmetric_fits(t, x)
        await symmetric_fits(t, x, int(t.rng.integers(-len(shape), len(shape))))
        await affine_fits(t, x)
