import math
import struct

import given
import numpy as np

from danlu.judge import check

CLOSE = {"rtol": 1e-12, "atol": 0.0}
EXACT = {"rtol": 0.0, "atol": 0.0}


def rounded(value):
    """By Python's own packing into two bytes, which rounds to the nearest and ties to even."""
    try:
        return struct.unpack("<e", struct.pack("<e", value))[0]
    except OverflowError:
        return math.copysign(math.inf, value)


def half(x):
    x = np.asarray(x)
    return np.array([rounded(value) for value in x.ravel().tolist()], dtype=x.dtype).reshape(x.shape)


class Reference:
    def __init__(self, scale=65536.0, growth=2.0, backoff=0.5, interval=2000):
        self.scale, self.growth, self.backoff, self.interval, self.good = scale, growth, backoff, interval, 0

    def step(self, master, gradients, lr):
        if any(not math.isfinite(value) for g in gradients for value in g.ravel().tolist()):
            self.scale, self.good = self.scale * self.backoff, 0
            return master, False
        master = [p - lr * (g / self.scale) for p, g in zip(master, gradients)]
        self.good += 1
        if self.good == self.interval:
            self.scale, self.good = self.scale * self.growth, 0
        return master, True


async def same_half(t, x):
    t.equal(await t.call("half", x), half(x), **EXACT)


async def same_step(t, scaler, reference, master, gradients, lr=0.1, **tolerance):
    """One step of both; returns the new master."""
    got = await scaler.call("step", master, gradients, lr)
    t.true(isinstance(got, (tuple, list)) and len(got) == 2, got=got, expected=("new master", True))
    moved, taken = reference.step(master, gradients, lr)
    t.equal(bool(got[1]) if isinstance(got[1], (bool, np.bool_)) else got[1], taken, name="step taken")
    t.equal(got[0], moved, name="master", **(tolerance or CLOSE))
    t.equal(float(await scaler.get("scale")), float(reference.scale), name="scale", **EXACT)
    return moved


def spoilt(t, shape, value):
    """A gradient with one entry that is no number any more."""
    flat = t.rng.normal(size=shape).ravel() * 100.0
    flat[int(t.rng.integers(0, flat.size))] = value
    return flat.reshape(shape)


@check("rounding", visible=True)
async def rounding(t):
    x = np.array([1.0, 0.1, 3.14159, 2049.0, 2051.0, -0.3, 1.0 + 2.0**-11, 1.0 + 3 * 2.0**-11])
    await same_half(t, x)
    await same_half(t, t.rng.normal(size=(5, 6)))


@check("small", visible=True)
async def small(t):
    # Subnormals lie 2⁻²⁴ apart; half of that and less is 0.
    x = np.array([6e-8, 5e-8, 2.0**-24, 2.0**-25, 2.0**-25 * 1.001, 1e-8, 2.0**-14, 2.0**-14 * 0.9997, 1.3e-7, -4e-6])
    await same_half(t, x)


@check("large", visible=True)
async def large(t):
    # 65504 is the last number, and what rounds beyond it is infinite: 65519 still comes down.
    x = np.array([65504.0, 65510.0, 65519.0, 65520.0, 70000.0, -65519.9, -65520.0, 1e30])
    await same_half(t, x)


@check("plain-step", visible=True)
async def plain_step(t):
    scaler, reference = await t.make("LossScaler", 1024.0), Reference(1024.0)
    master = [t.rng.normal(size=(3, 2)), t.rng.normal(size=4)]
    for _ in range(3):
        master = await same_step(t, scaler, reference, master, [t.rng.normal(size=p.shape) * 1024.0 for p in master])


@check("inf-skips", visible=True)
async def inf_skips(t):
    for bad in (np.inf, -np.inf):
        scaler, reference = await t.make("LossScaler"), Reference()
        master = [t.rng.normal(size=(3, 2)), t.rng.normal(size=4)]
        master = await same_step(t, scaler, reference, master, [spoilt(t, (3, 2), bad), t.rng.normal(size=4)])
        await same_step(t, scaler, reference, master, [t.rng.normal(size=p.shape) for p in master])


@check("growth", visible=True)
async def growth(t):
    scaler, reference = await t.make("LossScaler", 8.0, interval=3), Reference(8.0, interval=3)
    master = [t.rng.normal(size=2)]
    for _ in range(7):
        master = await same_step(t, scaler, reference, master, [t.rng.normal(size=2)])


@check("inputs-unchanged", visible=True)
async def inputs_unchanged(t):
    x = t.rng.normal(size=(2, 3)) * 1e5
    await t.call("half", x)
    t.unchanged("x")
    scaler = await t.make("LossScaler")
    master = [t.rng.normal(size=3)]
    await scaler.call("step", master, [t.rng.normal(size=3)], 0.1)
    t.unchanged("master", "gradients", "lr")
    await scaler.call("step", master, [spoilt(t, 3, np.inf)], 0.1)
    t.unchanged("master", "gradients", "lr")


@check("trains", visible=True)
async def trains(t):
    x = t.rng.normal(size=(8, 3))
    y = x @ t.rng.normal(size=3) * 1e-4
    for start in (2.0**10, 2.0**50):
        expected = given.train(half, Reference(start, interval=10), x, y, 30, 1000.0)
        scaler = await t.make("LossScaler", start, 2.0, 0.5, 10)
        got = await t.call("given.train", t.named("half"), scaler, x, y, 30, 1000.0)
        t.equal(got[1], expected[1], name="scales", **EXACT)
        t.equal(got[0], expected[0], name="losses", rtol=1e-6, atol=0.0)
        t.equal(got[2], expected[2], name="weights", rtol=1e-6, atol=1e-15)


@check("special-values", visible=False)
async def special_values(t):
    await same_half(t, np.array([0.0, np.inf, -np.inf, 1e300, -1e-300]))
    got = await t.call("half", np.array([np.nan, 1.0]))
    t.true(got.shape == (2,) and bool(np.isnan(got[0])) and float(got[1]) == 1.0, got=got)


@check("all-magnitudes", visible=False)
async def all_magnitudes(t):
    x = t.rng.normal(size=(60, 6)) * 2.0 ** t.rng.integers(-28, 18, size=(60, 6))
    await same_half(t, x)
    # Exactly between two neighbours, at every size.
    even = 2.0 * t.rng.integers(1024, 2047, size=40) + 1.0
    await same_half(t, even * 2.0 ** t.rng.integers(-25, 4, size=40))


@check("nan-skips", visible=False)
async def nan_skips(t):
    scaler, reference = await t.make("LossScaler"), Reference()
    master = [t.rng.normal(size=(3, 2)), t.rng.normal(size=4), t.rng.normal(size=(1,))]
    # In the last array only: not one of the parameters may move.
    gradients = [t.rng.normal(size=(3, 2)), t.rng.normal(size=4), np.array([np.nan])]
    master = await same_step(t, scaler, reference, master, gradients)
    gradients[1], gradients[2] = spoilt(t, 4, np.inf), np.array([-np.inf])
    await same_step(t, scaler, reference, master, gradients)


@check("count-restarts", visible=False)
async def count_restarts(t):
    scaler, reference = await t.make("LossScaler", 64.0, 4.0, 0.25, 3), Reference(64.0, 4.0, 0.25, 3)
    master = [t.rng.normal(size=2)]
    for good in [True, True, False, True, True, True, True, False, False, True, True, True, True, True, True]:
        gradients = [t.rng.normal(size=2) if good else spoilt(t, 2, np.inf)]
        master = await same_step(t, scaler, reference, master, gradients)
    # Without settings it grows at the two-thousandth good step.
    scaler, step = await t.make("LossScaler"), (([np.zeros(1)], [np.zeros(1)], 0.1), {})
    await t.call_each(scaler.method("step"), [step] * 1999)
    t.equal(await scaler.get("scale"), 65536.0, name="scale after 1999 steps")
    await t.call_each(scaler.method("step"), [step])
    t.equal(await scaler.get("scale"), 131072.0, name="scale after 2000 steps")


@check("large-but-finite", visible=False)
async def large_but_finite(t):
    scaler, reference = await t.make("LossScaler", 2.0), Reference(2.0)
    big = [np.full(1000, 1e306), np.array([65504.0, -65504.0])]
    await same_step(t, scaler, reference, [np.zeros(1000), np.zeros(2)], big, 1e-3)


@check("two-scalers", visible=False)
async def two_scalers(t):
    pairs = [(await t.make("LossScaler", s, interval=2), Reference(s, interval=2)) for s in (16.0, 1024.0)]
    masters = [[t.rng.normal(size=2)] for _ in pairs]
    for turn in range(5):
        for place, (scaler, reference) in enumerate(pairs):
            bad = turn == 1 and place == 0
            gradients = [spoilt(t, 2, np.nan) if bad else t.rng.normal(size=2)]
            masters[place] = await same_step(t, scaler, reference, masters[place], gradients)


@check("shapes", visible=False)
async def shapes(t):
    for shape in [(), (1,), (0,), (2, 0, 3), (1, 1, 2)]:
        await same_half(t, np.asarray(t.rng.normal(size=shape)))
    await same_half(t, t.rng.normal(size=(3, 4)).T)
    scaler, reference = await t.make("LossScaler"), Reference()
    master = [np.zeros((0, 2)), np.asarray(t.rng.normal(size=())), t.rng.normal(size=(3, 4)).T]
    await same_step(t, scaler, reference, master, [np.zeros((0, 2)), np.array(2.0), t.rng.normal(size=(3, 4)).T])


@check("float32", visible=False)
async def float32(t):
    x = (t.rng.normal(size=(20, 4)) * 2.0 ** t.rng.integers(-26, 17, size=(20, 4))).astype(np.float32)
    await same_half(t, x)
    scaler, reference = await t.make("LossScaler"), Reference()
    master = [t.rng.normal(size=3).astype(np.float32)]
    gradients = [(t.rng.normal(size=3) * 65536.0).astype(np.float32)]
    await same_step(t, scaler, reference, master, gradients, rtol=1e-5, atol=1e-6)


@check("random", visible=False)
async def random(t):
    for _ in range(2):
        settings = (2.0 ** int(t.rng.integers(0, 20)), 2.0, 0.5, int(t.rng.integers(1, 4)))
        scaler, reference = await t.make("LossScaler", *settings), Reference(*settings)
        master = [t.rng.normal(size=(2, 2)), t.rng.normal(size=3)]
        for _ in range(10):
            gradients = [t.rng.normal(size=p.shape) * reference.scale for p in master]
            if float(t.rng.uniform()) < 0.3:
                gradients[1] = spoilt(t, 3, [np.inf, -np.inf, np.nan][int(t.rng.integers(0, 3))])
            master = await same_step(t, scaler, reference, master, gradients)
