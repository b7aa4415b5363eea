import numpy as np

from danlu import ops
from danlu.judge import check

CLOSE = {"rtol": 1e-10, "atol": 1e-11}


def rows(logits, labels, smoothing=0.0):
    """The loss of each row in float64, from targets written out; a target of 0 leaves its class out."""
    z = np.asarray(logits, dtype=np.float64)
    top = z.max(axis=-1, keepdims=True)
    log_p = z - top - np.log(np.exp(z - top).sum(axis=-1, keepdims=True))
    target = (np.arange(z.shape[-1]) == labels[..., None]) * (1.0 - smoothing) + smoothing / z.shape[-1]
    return -(target * np.where(target > 0, log_p, 0.0)).sum(axis=-1)


def draw(t, leading, classes, scale=3.0):
    return t.rng.normal(size=leading + (classes,)) * scale, t.rng.integers(0, classes, size=leading)


@check("hand-example", visible=True)
async def hand_example(t):
    logits = np.log(np.array([[0.7, 0.2, 0.1], [0.25, 0.25, 0.5]]))
    labels = np.array([0, 2])
    t.equal(await t.call("cross_entropy", logits, labels), -(np.log(0.7) + np.log(0.5)) / 2, **CLOSE)


@check("mean", visible=True)
async def mean(t):
    logits, labels = draw(t, (5,), 4)
    t.equal(await t.call("cross_entropy", logits, labels), rows(logits, labels).mean(), **CLOSE)


@check("reductions", visible=True)
async def reductions(t):
    logits, labels = draw(t, (4,), 6)
    expected = rows(logits, labels)
    t.equal(await t.call("cross_entropy", logits, labels, reduction="none"), expected, **CLOSE)
    t.equal(await t.call("cross_entropy", logits, labels, reduction="sum"), expected.sum(), **CLOSE)


@check("large-logits", visible=True)
async def large_logits(t):
    logits = np.array([[1000.0, -1000.0, 0.0], [-1000.0, 1000.0, 999.0], [-1000.0, -1001.0, -1002.0]])
    labels = np.array([1, 1, 2])
    got = await t.call("cross_entropy", logits, labels, reduction="none")
    t.equal(got, rows(logits, labels), **CLOSE)


@check("smoothing", visible=True)
async def smoothing(t):
    logits, labels = draw(t, (6,), 5)
    for amount in (0.1, 0.4):
        got = await t.call("cross_entropy", logits, labels, smoothing=amount)
        t.equal(got, rows(logits, labels, amount).mean(), **CLOSE)


@check("inputs-unchanged", visible=True)
async def inputs_unchanged(t):
    await t.call("cross_entropy", *draw(t, (3,), 4), 0.1)
    t.unchanged("logits", "labels")


@check("sequences", visible=False)
async def sequences(t):
    logits, labels = draw(t, (2, 3), 5)
    t.equal(await t.call("cross_entropy", logits, labels, reduction="none"), rows(logits, labels), **CLOSE)
    t.equal(await t.call("cross_entropy", logits, labels, 0.2), rows(logits, labels, 0.2).mean(), **CLOSE)


@check("impossible-class", visible=False)
async def impossible_class(t):
    logits, labels = draw(t, (4,), 5)
    # Never the label itself: its loss would rightly be infinite.
    logits[np.arange(4), (labels + 1) % 5] = -np.inf
    t.equal(await t.call("cross_entropy", logits, labels), rows(logits, labels).mean(), **CLOSE)


@check("no-epsilon", visible=False)
async def no_epsilon(t):
    logits = np.array([[0.0, 18.0], [0.0, 18.0], [0.0, 80.0]])
    labels = np.array([1, 0, 0])
    got = await t.call("cross_entropy", logits, labels, reduction="none")
    t.equal(got, np.array([np.log1p(np.exp(-18.0)), 18.0 + np.log1p(np.exp(-18.0)), 80.0]), rtol=1e-7, atol=1e-14)


@check("smallest", visible=False)
async def smallest(t):
    logits, labels = draw(t, (1,), 1)
    t.equal(await t.call("cross_entropy", logits, labels), 0.0, **CLOSE)
    logits, labels = draw(t, (1,), 7)
    t.equal(await t.call("cross_entropy", logits, labels, 0.3), rows(logits, labels, 0.3).mean(), **CLOSE)


@check("float32", visible=False)
async def float32(t):
    logits, labels = draw(t, (5,), 3)
    logits = logits.astype(np.float32)
    got = await t.call("cross_entropy", logits, labels, reduction="none")
    t.equal(got, rows(logits, labels).astype(np.float32), rtol=1e-5, atol=1e-6)
    got = await t.call("cross_entropy", logits, labels, 0.1)
    t.equal(got, np.float32(rows(logits, labels, 0.1).mean()), rtol=1e-5, atol=1e-6)


@check("random", visible=False)
async def random(t):
    for _ in range(5):
        count, classes = int(t.rng.integers(1, 9)), int(t.rng.integers(2, 9))
        logits, labels = draw(t, (count,), classes, 20.0)
        engine, _ = ops.vjp(lambda z: ops.cross_entropy(z, labels), logits)
        t.equal(await t.call("cross_entropy", logits, labels), float(engine), **CLOSE)
        amount = float(t.rng.uniform(0.0, 0.9))
        got = await t.call("cross_entropy", logits, labels, amount, "none")
        t.equal(got, rows(logits, labels, amount), **CLOSE)
