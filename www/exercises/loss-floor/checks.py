import given
import numpy as np

from danlu.judge import check

# What the mended run reaches: held-out accuracy, and the mean of its last twenty losses.
TARGET, LOSS = 0.85, 0.6


async def trained(t):
    """(the learner's net, its losses, the held-out pair)."""
    (x, y), held_out = given.make(t.seed)
    batches = await t.make("given.Batches", x, y, 32, given.STEPS, t.seed % 1000)
    monitor = await t.make("given.Monitor", given.STEPS)
    model = await t.make("train", batches, monitor)
    losses = (await monitor.get("measures"))["loss"]
    t.equal(len(losses), given.STEPS, name="steps")
    return model, np.array(losses), held_out


async def accuracy_of(t, model, x, y):
    await model.make("eval")
    logits = await (await model.make("__call__", await t.make("torch.tensor", x))).array()
    accuracy = float((logits.argmax(axis=1) == y).mean())
    t.figures(accuracy=accuracy)
    return accuracy


@check("target", visible=True)
async def target(t):
    model, losses, held_out = await trained(t)
    last = float(losses[-20:].mean())
    t.figures(loss=last)
    t.true(0 <= last <= LOSS, got=last, expected=LOSS)
    accuracy = await accuracy_of(t, model, *held_out)
    t.true(accuracy >= TARGET, got=accuracy, expected=TARGET)


@check("no-probabilities", visible=True)
async def no_probabilities(t):
    x = given.glyphs(t.rng, 8)[0]
    model = await t.make("build")
    y = await (await model.make("__call__", await t.make("torch.tensor", x))).array()
    t.equal(list(y.shape), [8, 10], name="shape")
    t.true(bool((y < 0).any()), got=y[0])


@check("batch-of-one", visible=False)
async def batch_of_one(t):
    x = given.glyphs(t.rng, 1)[0]
    model = await t.make("build")
    await model.make("eval")
    y = await (await model.make("__call__", await t.make("torch.tensor", x))).array()
    t.equal(list(y.shape), [1, 10], name="shape")
