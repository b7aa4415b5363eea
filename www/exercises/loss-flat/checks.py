import given
import numpy as np

from danlu.judge import check

# Held-out accuracy that the mended run reaches.
TARGET = 0.8


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


async def first_parameters(t):
    model = await t.make("build")
    await t.make("initialise", model)
    return [await each.array() for each in await (await model.make("parameters")).parts()]


@check("target", visible=True)
async def target(t):
    model, losses, held_out = await trained(t)
    accuracy = await accuracy_of(t, model, *held_out)
    t.true(accuracy >= TARGET, got=accuracy, expected=TARGET)


@check("initialised", visible=True)
async def initialised(t):
    parameters = await first_parameters(t)
    for weight, wanted in zip(parameters[::2], (64, 48)):
        spread = float(weight.std()) / np.sqrt(2 / wanted)
        t.true(0.8 < spread < 1.2, got=float(weight.std()), expected=float(np.sqrt(2 / wanted)))


@check("shapes", visible=True)
async def shapes(t):
    t.equal([list(each.shape) for each in await first_parameters(t)], [[48, 64], [48], [10, 48], [10]], name="shapes")


@check("biases", visible=False)
async def biases(t):
    for bias in (await first_parameters(t))[1::2]:
        t.equal(bias, np.zeros(len(bias), dtype=np.float32), name="bias")
