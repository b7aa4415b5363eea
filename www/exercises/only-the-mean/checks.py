import given
import numpy as np

from danlu.judge import check

# The share of y's variance that the mended net explains on held-out data.
TARGET = 0.8


@check("target", visible=True)
async def target(t):
    (x, y), (x_held, y_held) = given.make(t.seed)
    batches = await t.make("given.Batches", x, y, 32, given.STEPS, t.seed % 1000)
    monitor = await t.make("given.Monitor", given.STEPS)
    model = await t.make("train", batches, monitor)
    t.equal(await monitor.get("count"), given.STEPS, name="steps")
    said = await (await model.make("__call__", await t.make("torch.tensor", x_held))).array()
    explained = float(1 - ((said.ravel() - y_held) ** 2).mean() / y_held.var())
    explained = explained if np.isfinite(explained) else -1.0
    t.figures(explained=explained)
    t.true(explained >= TARGET, got=explained, expected=TARGET)


async def agrees(t, prediction, y):
    arguments = [await t.make("torch.tensor", each.astype(np.float32)) for each in (prediction, y)]
    loss = await (await t.make("squared_error", *arguments)).array()
    t.equal(float(loss), float(((prediction[:, 0] - y) ** 2).mean()), name="loss", rtol=1e-4, atol=1e-5)


@check("pairs", visible=True)
async def pairs(t):
    for count in (2, 5, 32):
        await agrees(t, t.rng.normal(size=(count, 1)), t.rng.normal(size=count))


@check("perfect", visible=True)
async def perfect(t):
    y = t.rng.normal(size=7)
    await agrees(t, y[:, None], y)


@check("batch-of-one", visible=False)
async def batch_of_one(t):
    await agrees(t, t.rng.normal(size=(1, 1)), t.rng.normal(size=1))


@check("gradient", visible=False)
async def gradient(t):
    prediction, y = t.rng.normal(size=(6, 1)).astype(np.float32), t.rng.normal(size=6).astype(np.float32)
    at = await t.make("torch.tensor", prediction, requires_grad=True)
    await (await t.make("squared_error", at, await t.make("torch.tensor", y))).call("backward")
    t.equal(await (await at.part("grad")).array(), 2 * (prediction - y[:, None]) / 6, name="gradient", rtol=1e-4, atol=1e-6)
