import math

import given
import numpy as np

from danlu.judge import check

# Held-out accuracy that the mended run reaches.
TARGET = 0.75


def expected_loss(logits, y):
    """In float64, from the largest logit."""
    z = logits.astype(np.float64)
    z = z - z.max(axis=1, keepdims=True)
    log_p = z - np.log(np.exp(z).sum(axis=1, keepdims=True))
    return log_p, float(-log_p[np.arange(len(y)), y].mean())


async def agrees(t, logits, y):
    logits = np.array(logits, dtype=np.float32)
    arguments = [await t.make("torch.tensor", each) for each in (logits, np.array(y))]
    loss = await (await t.make("cross_entropy", *arguments)).array()
    t.equal(float(loss), expected_loss(logits, np.array(y))[1], name="loss", rtol=1e-4, atol=1e-5)


@check("target", visible=True)
async def target(t):
    (x, y), (x_held, y_held) = given.make(t.seed)
    batches = await t.make("given.Batches", x, y, 32, given.STEPS, t.seed % 1000)
    monitor = await t.make("given.Monitor", given.STEPS)
    model = await t.make("train", batches, monitor)
    losses = (await monitor.get("measures"))["loss"]
    t.equal(len(losses), given.STEPS, name="steps")
    broken = next((step for step, loss in enumerate(losses) if not math.isfinite(loss)), None)
    t.true(broken is None, got=f"NaN at step {broken}", expected="finite")
    logits = await (await model.make("__call__", await t.make("torch.tensor", x_held))).array()
    accuracy = float((logits.argmax(axis=1) == y_held).mean())
    t.figures(accuracy=accuracy)
    t.true(accuracy >= TARGET, got=accuracy, expected=TARGET)


@check("values", visible=True)
async def values(t):
    for count in (1, 5, 32):
        await agrees(t, t.rng.normal(size=(count, 10)) * 3, t.rng.integers(0, 10, size=count))


@check("confident", visible=True)
async def confident(t):
    logits = np.zeros((2, 10))
    logits[0, 3] = logits[1, 7] = 150.0
    await agrees(t, logits, [3, 7])


@check("confidently-wrong", visible=True)
async def confidently_wrong(t):
    logits = np.zeros((3, 10))
    logits[:, 0] = (60.0, 200.0, 1000.0)
    await agrees(t, logits, [4, 5, 6])


@check("shifted", visible=False)
async def shifted(t):
    logits = t.rng.normal(size=(4, 10))
    await agrees(t, logits + 500, [0, 1, 2, 3])
    await agrees(t, logits - 500, [0, 1, 2, 3])


@check("gradient", visible=False)
async def gradient(t):
    logits = (t.rng.normal(size=(6, 10)) * 2).astype(np.float32)
    logits[0, 0], logits[1, 1] = 300.0, 900.0
    y = np.array([5, 1, 2, 3, 4, 9])
    at = await t.make("torch.tensor", logits, requires_grad=True)
    await (await t.make("cross_entropy", at, await t.make("torch.tensor", y))).call("backward")
    p = np.exp(expected_loss(logits, y)[0])
    p[np.arange(6), y] -= 1
    t.equal(await (await at.part("grad")).array(), (p / 6).astype(np.float32), name="gradient", rtol=1e-4, atol=1e-6)
