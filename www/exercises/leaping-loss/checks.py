import given
import numpy as np

from danlu.judge import check

# The share of the sums' variance that the mended net explains on held-out sequences.
TARGET = 0.7


async def trained(t):
    """(the learner's net, its losses, the held-out pair)."""
    (x, y), held_out = given.make(t.seed)
    batches = await t.make("given.Batches", x, y, 32, given.STEPS, t.seed % 1000)
    monitor = await t.make("given.Monitor", given.STEPS)
    model = await t.make("train", batches, monitor)
    losses = (await monitor.get("measures"))["loss"]
    t.equal(len(losses), given.STEPS, name="steps")
    return model, np.array(losses), held_out


@check("target", visible=True)
async def target(t):
    model, _, (x, y) = await trained(t)
    said = await (await model.make("__call__", await t.make("torch.tensor", x))).array()
    explained = float(1 - ((said - y) ** 2).mean() / y.var())
    explained = explained if np.isfinite(explained) else -1.0
    t.figures(explained=explained)
    t.true(explained >= TARGET, got=explained, expected=TARGET)


@check("recurrent", visible=True)
async def recurrent(t):
    text = await t.call("builtins.repr", await t.make("Summer"))
    t.true("RNN(1, 16" in text and "Linear(" in text, got=text)


@check("one-number-each", visible=False)
async def one_number_each(t):
    model = await t.make("Summer")
    for count in (1, 5):
        x = given.sequences(t.rng, count)[0]
        said = await (await model.make("__call__", await t.make("torch.tensor", x))).array()
        t.equal(list(said.shape), [count], name="shape")
