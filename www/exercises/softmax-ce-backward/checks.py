import numpy as np

from danlu import ops
from danlu.judge import check, numeric_vjp

CLOSE = {"rtol": 1e-9, "atol": 1e-12}


def spread(targets, classes):
    """Targets as weights (N, K)."""
    return (np.arange(classes) == targets[:, None]) * 1.0 if targets.ndim == 1 else targets


def engine(logits, targets, dloss=1.0):
    """The tape's gradient of the mean of -Σ q · log_softmax(z), from ops that know no fused formula."""
    weights = spread(targets, logits.shape[1])

    def loss(z):
        return ops.sum(ops.mul(ops.log_softmax(z, -1), weights)) * (-1.0 / len(logits))

    return ops.vjp(loss, logits)[1](np.array(dloss))[0]


def plain_loss(logits, targets):
    top = logits.max(axis=1, keepdims=True)
    log_p = logits - top - np.log(np.exp(logits - top).sum(axis=1, keepdims=True))
    return -(spread(targets, logits.shape[1]) * log_p).sum() / len(logits)


def soft(t, count, classes):
    """Rows that sum to one."""
    weights = t.rng.uniform(size=(count, classes))
    return weights / weights.sum(axis=1, keepdims=True)


async def agrees(t, logits, targets, *rest):
    t.equal(await t.call("softmax_ce_backward", logits, targets, *rest), engine(logits, targets, *rest), **CLOSE)


@check("hand-example", visible=True)
async def hand_example(t):
    logits = np.log(np.array([[1.0, 2.0, 1.0], [3.0, 1.0, 4.0]]))
    expected = np.array([[0.125, -0.25, 0.125], [-0.3125, 0.0625, 0.25]])
    t.equal(await t.call("softmax_ce_backward", logits, np.array([1, 0])), expected, **CLOSE)


@check("labels", visible=True)
async def labels(t):
    # More rows than classes: labels repeat.
    await agrees(t, t.rng.normal(size=(7, 4)) * 2.0, t.rng.integers(0, 4, size=7))


@check("soft-targets", visible=True)
async def soft_targets(t):
    await agrees(t, t.rng.normal(size=(4, 5)) * 2.0, soft(t, 4, 5))


@check("dloss", visible=True)
async def dloss(t):
    await agrees(t, t.rng.normal(size=(3, 4)), t.rng.integers(0, 4, size=3), 1024.0)
    await agrees(t, t.rng.normal(size=(3, 4)), soft(t, 3, 4), -0.3)


@check("large-logits", visible=True)
async def large_logits(t):
    logits = np.array([[1000.0, -1000.0, 0.0], [-1000.0, 1000.0, 999.0], [-1000.0, -1000.0, -1000.0]])
    await agrees(t, logits, np.array([1, 1, 0]))
    await agrees(t, logits, soft(t, 3, 3))


@check("inputs-unchanged", visible=True)
async def inputs_unchanged(t):
    await t.call("softmax_ce_backward", t.rng.normal(size=(3, 4)), t.rng.integers(0, 4, size=3))
    t.unchanged("logits", "targets")
    await t.call("softmax_ce_backward", t.rng.normal(size=(3, 4)), soft(t, 3, 4))
    t.unchanged("logits", "targets")


@check("weighted-rows", visible=False)
async def weighted_rows(t):
    weights = soft(t, 5, 4) * np.array([[1.0], [2.5], [0.0], [0.5], [7.0]])
    logits = t.rng.normal(size=(5, 4)) * 2.0
    got = await t.call("softmax_ce_backward", logits, weights)
    t.equal(got, engine(logits, weights), **CLOSE)
    # A row that counts for nothing must not move anything.
    t.equal(got[2], np.zeros(4), rtol=0.0, atol=0.0)


@check("square-and-repeated", visible=False)
async def square_and_repeated(t):
    logits = t.rng.normal(size=(4, 4))
    await agrees(t, logits, np.array([2, 2, 2, 2]))
    await agrees(t, logits, np.array([3, 0, 1, 2]))
    await agrees(t, logits, soft(t, 4, 4))


@check("smallest", visible=False)
async def smallest(t):
    await agrees(t, t.rng.normal(size=(1, 5)), np.array([4]))
    await agrees(t, t.rng.normal(size=(3, 1)), np.array([0, 0, 0]))


@check("float32", visible=False)
async def float32(t):
    logits, targets = t.rng.normal(size=(4, 3)).astype(np.float32), soft(t, 4, 3).astype(np.float32)
    expected = engine(logits, targets.astype(np.float64)).astype(np.float32)
    t.equal(await t.call("softmax_ce_backward", logits, targets), expected, rtol=1e-4, atol=1e-6)
    chosen = t.rng.integers(0, 3, size=4)
    got = await t.call("softmax_ce_backward", logits, chosen)
    t.equal(got, engine(logits, chosen).astype(np.float32), rtol=1e-4, atol=1e-6)


@check("finite-differences", visible=False)
async def finite_differences(t):
    logits = t.rng.normal(size=(4, 3))
    for targets in (t.rng.integers(0, 3, size=4), soft(t, 4, 3) * 1.7):
        (expected,) = numeric_vjp(lambda z: plain_loss(z, targets), (logits,))
        t.equal(await t.call("softmax_ce_backward", logits, targets), expected, rtol=1e-5, atol=1e-8)


@check("random", visible=False)
async def random(t):
    for _ in range(4):
        count, classes = (int(n) for n in t.rng.integers(1, 9, size=2))
        logits = t.rng.normal(size=(count, classes)) * 30.0
        await agrees(t, logits, t.rng.integers(0, classes, size=count), float(t.rng.normal()))
        await agrees(t, logits, soft(t, count, classes), float(t.rng.normal()))
