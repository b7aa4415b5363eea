import math
from fractions import Fraction

import given
import numpy as np

from danlu.judge import check

KEYS = ("weights", "bias", "m0", "s")


def exact_rescale(acc, m0, s, zero):
    """In Python's own whole numbers: round half up, then clip."""
    return max(-128, min(127, (2 * acc * m0 + 2**s) // 2 ** (s + 1) + zero))


def rescaled(acc, m0, s, zero):
    rows = [[exact_rescale(a, m, k, zero) for a, m, k in zip(row, m0.tolist(), s.tolist())] for row in acc.tolist()]
    return np.array(rows, dtype=np.int64).reshape(acc.shape)


def drawn_layer(t, inputs, outputs):
    return {
        "weights": t.rng.integers(-127, 128, size=(inputs, outputs)),
        "bias": t.rng.integers(-100_000, 100_000, size=outputs),
        "m0": t.rng.integers(2**30, 2**31, size=outputs),
        "s": t.rng.integers(36, 44, size=outputs),
    }


def affine(x):
    low, high = min(float(x.min()), 0.0), max(float(x.max()), 0.0)
    return (high - low) / 255, -128 - low * 255 / (high - low)


def integer_network(x, layers, calibration):
    """The task's definition, in whole numbers: logits, and the size of their step."""
    scale, zero = affine(calibration)
    zero = round(zero)
    codes = np.clip(np.round(x / scale) + zero, -128, 127).astype(np.int64)
    for place, (w, b) in enumerate(layers):
        calibration = calibration @ w + b
        if place < len(layers) - 1:
            calibration = np.maximum(calibration, 0.0)
        y_scale, y_zero = affine(calibration)
        y_zero = round(y_zero)
        w_scale = np.abs(w).max(axis=0) / 127
        weights = np.round(w / w_scale).astype(np.int64)
        bias = np.round(b / (scale * w_scale)).astype(np.int64) - zero * weights.sum(axis=0)
        parts = [math.frexp(m) for m in (scale * w_scale / y_scale).tolist()]
        m0 = np.array([round(mantissa * 2.0**31) for mantissa, _ in parts])
        codes = rescaled(codes @ weights + bias, m0, np.array([31 - e for _, e in parts]), y_zero)
        scale, zero = y_scale, y_zero
    return (codes - zero) * scale, scale


async def network_fits(t, x, layers, calibration):
    quantised = await t.make("quantise_network", layers, calibration)
    expected, step = integer_network(x, layers, calibration)
    # A value half-way between two codes may have gone either way somewhere.
    t.equal(await t.call("int8_network", x, quantised), expected, name="logits", rtol=0.0, atol=1.01 * step)


async def logits_of(t, x, quantised, outputs):
    """The network's answer, once it has the form of logits."""
    return t.like(await t.call("int8_network", x, quantised), np.zeros((len(x), outputs)), name="logits")


async def pair_fits(t, multiplier):
    got = await t.call("fixed_point", multiplier)
    t.true(isinstance(got, (tuple, list)) and len(got) == 2, got=got, expected=("m0", "s"))
    t.true(all(isinstance(n, (int, np.integer)) and not isinstance(n, bool) for n in got), got=got, expected="two ints")
    m0, s = (int(n) for n in got)
    t.true(2**30 <= m0 < 2**31, got=got, expected="2³⁰ ≤ m0 < 2³¹")
    off = abs(Fraction(m0) / Fraction(2) ** s / Fraction(multiplier) - 1)
    t.true(off <= Fraction(1, 2**31), got=m0 / 2.0**s, expected=multiplier)
    return m0, s


async def layer_fits(t, w, b, x_scale, x_zero, y_scale):
    layer = await t.call("quantise_dense", w, b, x_scale, x_zero, y_scale)
    t.true(isinstance(layer, dict) and sorted(layer) == sorted(KEYS), got=layer, expected=KEYS)
    for key in KEYS:
        shape = w.shape if key == "weights" else b.shape
        t.true(isinstance(layer[key], np.ndarray), got=layer[key], expected=f"an array of shape {shape}")
        t.equal(layer[key].shape, shape, name=f"shape of {key}")
        t.equal(str(layer[key].dtype), "int64", name=f"dtype of {key}")
    largest = np.abs(w).max(axis=0)
    scale = np.where(largest > 0.0, largest / 127, 1.0)
    off = np.abs(layer["weights"] - w / scale)
    t.true(bool((off <= 0.5 + 1e-9).all()), got=layer["weights"], expected=np.round(w / scale).astype(np.int64))
    exact = b / (x_scale * scale) - x_zero * layer["weights"].sum(axis=0)
    off = np.abs(layer["bias"] - exact)
    t.true(bool((off <= 0.5 + 1e-6).all()), got=layer["bias"], expected=np.round(exact).astype(np.int64))
    multipliers = layer["m0"] / 2.0 ** layer["s"]
    t.equal(multipliers, x_scale * scale / y_scale, name="m0 / 2ˢ", rtol=1e-9, atol=0.0)
    t.true(bool(((layer["m0"] >= 2**30) & (layer["m0"] < 2**31)).all()), got=layer["m0"], expected="2³⁰ ≤ m0 < 2³¹")
    return layer


@check("fixed-point", visible=True)
async def fixed_point(t):
    t.equal(await pair_fits(t, 0.75), (1610612736, 31), name="fixed_point(0.75)")
    for multiplier in (0.1, 0.5, 0.0007, 1.0, 3.7, float(t.rng.uniform(1e-4, 1.0))):
        await pair_fits(t, multiplier)


@check("requantise", visible=True)
async def requantise(t):
    acc, m0, s = np.array([[1000, 1000], [-333, 50]]), np.array([1610612736, 1073741824]), np.array([34, 35])
    # 1000 · 0.09375 = 93.75 and 1000 · 0.03125 = 31.25; −31.22 and 1.56.
    t.equal(await t.call("requantise", acc, m0, s, 10), np.array([[104, 41], [-21, 12]]))
    layer = drawn_layer(t, 1, 5)
    acc = t.rng.integers(-60_000, 60_000, size=(4, 5))
    expected = rescaled(acc, layer["m0"], layer["s"], -3)
    t.equal(await t.call("requantise", acc, layer["m0"], layer["s"], -3), expected)


@check("quantised-layer", visible=True)
async def quantised_layer(t):
    w = np.array([[1.27, 50.0], [-0.63, -254.0]])
    layer = await layer_fits(t, w, np.array([0.5, -8.0]), 0.02, -10, 0.5)
    t.equal(layer["weights"], np.array([[127, 25], [-63, -127]]), name="weights")
    # 0.5 / (0.02 · 0.01) = 2500, and the zero point adds 10 · (127 − 63).
    t.equal(layer["bias"], np.array([3140, -1220]), name="bias")
    await layer_fits(t, t.rng.normal(size=(6, 4)), t.rng.normal(size=4), 0.013, 37, 0.11)


@check("dense", visible=True)
async def dense(t):
    layer = drawn_layer(t, 6, 4)
    x = t.rng.integers(-128, 128, size=(5, 6))
    expected = rescaled(x @ layer["weights"] + layer["bias"], layer["m0"], layer["s"], -128)
    t.equal(await t.call("int8_dense", x, layer, -128), expected)


@check("network", visible=True)
async def network(t):
    x, labels = given.spiral(60, t.rng)
    layers = given.spiral_net(x, labels, t.rng)
    await network_fits(t, x, layers, x)
    quantised = await t.make("quantise_network", layers, x)
    exact = given.float_network(x, layers)
    off = np.abs(await logits_of(t, x, quantised, 3) - exact)
    t.true(float(off.mean()) < 0.03 * float(np.abs(exact).max()), got=float(off.mean()))


@check("accuracy", visible=True)
async def accuracy(t):
    x, labels = given.spiral(100, t.rng)
    layers = given.spiral_net(x, labels, t.rng)
    fresh, truth = given.spiral(100, t.rng)
    quantised = await t.make("quantise_network", layers, x)
    logits = await logits_of(t, fresh, quantised, 3)
    scores = [float((np.argmax(y, axis=1) == truth).mean()) for y in (given.float_network(fresh, layers), logits)]
    t.figures(float_accuracy=scores[0], int8_accuracy=scores[1])
    t.true(scores[1] >= scores[0] - 0.02, got=scores[1], expected=f"at least {scores[0] - 0.02:.3f}")


@check("inputs-unchanged", visible=True)
async def inputs_unchanged(t):
    w, b = t.rng.normal(size=(3, 2)), t.rng.normal(size=2)
    layer = await t.call("quantise_dense", w, b, 0.1, 3, 0.2)
    t.unchanged("w", "b")
    await t.call("int8_dense", t.rng.integers(-128, 128, size=(4, 3)), layer, -5)
    t.unchanged("x", "layer")
    await t.call("requantise", np.arange(4).reshape(2, 2) * 1000, layer["m0"], layer["s"], 0)
    t.unchanged("acc", "m0", "s")
    await t.make("quantise_network", [(w, b)], t.rng.normal(size=(5, 3)))
    t.unchanged("layers", "calibration")


@check("carry", visible=False)
async def carry(t):
    # A mantissa that rounds up to 1 must be halved.
    for exponent in (-12, 0, 7):
        await pair_fits(t, math.nextafter(2.0**exponent, 0.0))
        t.equal(await pair_fits(t, 2.0**exponent), (2**30, 30 - exponent))


@check("whole-numbers", visible=False)
async def whole_numbers(t):
    # Products beyond 2⁵³, whose last bits decide: a float, or a 32-bit sum of floats, has lost them.
    m0, s = np.array([2**31 - 1, 2**30 + 1]), np.array([54, 54])
    for acc in (2**30 - 1, -(2**30) + 1, 8_388_608, -8_388_608, 25_165_824):
        for nudge in (-1, 0, 1):
            both = np.array([[acc + nudge, acc + nudge]])
            t.equal(await t.call("requantise", both, m0, s, 0), rescaled(both, m0, s, 0))
    # (2³⁰ − 1)(2³⁰ + 1) = 2⁶⁰ − 1 is just short of a half.
    got = await t.call("requantise", np.array([[2**30 - 1]]), np.array([2**30 + 1]), np.array([61]), 0)
    t.equal(got, np.array([[0]]))
    x, w = t.rng.integers(100, 128, size=(1, 3000)), t.rng.integers(100, 128, size=(3000, 8))
    bias = t.rng.integers(-200, 200, size=8) - (x @ w)[0]
    layer = {"weights": w, "bias": bias, "m0": np.full(8, 2**30), "s": np.full(8, 31)}
    t.equal(await t.call("int8_dense", x, layer, 0), rescaled(x @ w + bias, layer["m0"], layer["s"], 0))


@check("half-up", visible=False)
async def half_up(t):
    acc = np.array([[1, 3, 5, -1, -3, -5, 2, -2]]).T
    got = await t.call("requantise", acc, np.array([2**30]), np.array([31]), 0)
    t.equal(got, np.array([[1, 2, 3, 0, -1, -2, 1, -1]]).T)


@check("clipping", visible=False)
async def clipping(t):
    m0, s = np.array([2**30]), np.array([30])
    acc = np.array([[-400], [-128], [127], [128], [2_000_000_000]])
    t.equal(await t.call("requantise", acc, m0, s, 0), np.array([[-128], [-128], [127], [127], [127]]))
    t.equal(await t.call("requantise", acc, m0, s, 100), np.array([[-128], [-28], [127], [127], [127]]))


@check("dead-channel", visible=False)
async def dead_channel(t):
    w, b = t.rng.normal(size=(4, 3)), t.rng.normal(size=3)
    w[:, 1] = 0.0
    await layer_fits(t, w, b, 0.05, -128, 0.3)
    x = np.abs(t.rng.normal(size=(6, 4)))
    quantised = await t.make("quantise_network", [(w, b)], x)
    logits = await logits_of(t, x, quantised, 3)
    t.true(bool((np.abs(logits[:, 1] - b[1]) < 0.05 * float(np.abs(x @ w + b).max())).all()), got=logits[:, 1], expected=b[1])


@check("relu-by-clipping", visible=False)
async def relu_by_clipping(t):
    # The hidden layer is negative throughout for some inputs, and the last layer must stay free to be.
    layers = [(np.array([[1.0, -1.0]]), np.zeros(2)), (np.array([[1.0], [-1.0]]), np.zeros(1))]
    x = np.linspace(-2.0, 2.0, 41)[:, None]
    quantised = await t.make("quantise_network", layers, x)
    logits = await logits_of(t, x, quantised, 1)
    t.true(float(np.abs(logits - x).max()) <= 4.0 / 255 * 1.6, got=logits, expected=x)


@check("beyond-calibration", visible=False)
async def beyond_calibration(t):
    quantised = await t.make("quantise_network", [(np.eye(1), np.zeros(1))], np.array([[-1.0], [1.0]]))
    logits = await logits_of(t, np.array([[5.0], [-77.0], [0.0]]), quantised, 1)
    t.true(float(np.abs(logits - np.array([[1.0], [-1.0], [0.0]])).max()) <= 0.013, got=logits, expected=[[1.0], [-1.0], [0.0]])
    # Each input is clipped before the product: 5 and 4.5 are both 1.
    quantised = await t.make("quantise_network", [(np.array([[1.0], [-1.0]]), np.zeros(1))], np.array([[-1.0, 1.0], [1.0, -1.0]]))
    logits = await logits_of(t, np.array([[5.0, 4.5], [-9.0, 0.0]]), quantised, 1)
    t.true(float(np.abs(logits - np.array([[0.0], [-1.0]])).max()) <= 0.04, got=logits, expected=[[0.0], [-1.0]])
    # A calibration far from 0: the range is widened to it, and 0 comes back as 0.
    quantised = await t.make("quantise_network", [(np.eye(1), np.zeros(1))], np.array([[100.0], [101.0]]))
    logits = await logits_of(t, np.array([[0.0], [50.0], [101.0]]), quantised, 1)
    t.true(float(np.abs(logits - np.array([[0.0], [50.0], [101.0]])).max()) <= 0.6, got=logits, expected=[[0.0], [50.0], [101.0]])


@check("silence", visible=False)
async def silence(t):
    # Nothing but zeros has a scale of 1.
    quantised = await t.make("quantise_network", [(np.eye(1), np.zeros(1))], np.zeros((4, 1)))
    logits = await logits_of(t, np.array([[0.0], [3.0], [200.0]]), quantised, 1)
    t.equal(logits, np.array([[0.0], [3.0], [200.0]]), rtol=0.0, atol=1e-6, name="logits")
    # So has a layer that the ReLU silences; what comes behind it is the last bias.
    layers = [(np.eye(2), np.full(2, -100.0)), (np.eye(2), np.array([0.5, -1.0]))]
    x = t.rng.normal(size=(5, 2))
    logits = await logits_of(t, x, await t.make("quantise_network", layers, x), 2)
    t.true(float(np.abs(logits - layers[1][1]).max()) <= 0.01, got=logits, expected=layers[1][1])


@check("shapes", visible=False)
async def shapes(t):
    layer = drawn_layer(t, 1, 1)
    for count in (0, 1, 7):
        x = t.rng.integers(-128, 128, size=(count, 1))
        expected = rescaled(x @ layer["weights"] + layer["bias"], layer["m0"], layer["s"], 5)
        t.equal(await t.call("int8_dense", x, layer, 5), expected)
    await layer_fits(t, t.rng.normal(size=(4, 3)).T, t.rng.normal(size=4), 0.1, 0, 0.1)
    x = t.rng.normal(size=(9, 5))
    layers = [(t.rng.normal(size=(5, 3)), t.rng.normal(size=3)), (t.rng.normal(size=(3, 4)), np.zeros(4))]
    layers.append((t.rng.normal(size=(4, 2)), t.rng.normal(size=2)))
    await network_fits(t, x[:1], layers, x)


@check("random", visible=False)
async def random(t):
    for _ in range(4):
        samples, inputs, outputs = (int(n) for n in t.rng.integers(1, 9, size=3))
        w, b = t.rng.normal(size=(inputs, outputs)) * 10.0 ** int(t.rng.integers(-2, 3)), t.rng.normal(size=outputs)
        x_zero, y_zero = (int(n) for n in t.rng.integers(-128, 128, size=2))
        layer = await layer_fits(t, w, b, float(t.rng.uniform(0.01, 0.1)), x_zero, float(t.rng.uniform(0.05, 1.0)))
        x = t.rng.integers(-128, 128, size=(samples, inputs))
        expected = rescaled(x @ layer["weights"] + layer["bias"], layer["m0"], layer["s"], y_zero)
        t.equal(await t.call("int8_dense", x, layer, y_zero), expected)
        await pair_fits(t, float(10.0 ** t.rng.uniform(-6.0, 4.0)))
