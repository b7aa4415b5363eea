import given
import numpy as np

from danlu.judge import check

# Held-out accuracy that the mended run reaches.
TARGET = 0.65


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


async def weights_of(t):
    model = await t.make("build")
    all_of_them = [await each.array() for each in await (await model.make("parameters")).parts()]
    return [each for each in all_of_them if each.ndim == 2]


@check("target", visible=True)
async def target(t):
    model, _, held_out = await trained(t)
    accuracy = await accuracy_of(t, model, *held_out)
    t.true(accuracy >= TARGET, got=accuracy, expected=TARGET)


@check("depth-kept", visible=True)
async def depth_kept(t):
    shapes = [list(each.shape) for each in await weights_of(t)]
    t.equal(shapes, [[48, 64]] + [[48, 48]] * 5 + [[10, 48]], name="weights")


@check("gradients-arrive", visible=True)
async def gradients_arrive(t):
    # Of one batch, at the first weights: the first layer's gradient against the last one's.
    x, y = given.glyphs(t.rng, 64, 0.15)
    model = await t.make("build")
    logits = await model.make("__call__", await t.make("torch.tensor", x))
    loss = await t.make("torch.nn.functional.cross_entropy", logits, await t.make("torch.tensor", y))
    await loss.call("backward")
    weights = [each for each in await (await model.make("parameters")).parts() if (await each.array()).ndim == 2]
    sizes = [float(np.sqrt(((await (await each.part("grad")).array()) ** 2).sum())) for each in (weights[0], weights[-1])]
    t.true(sizes[0] > 0.01 * sizes[1] > 0, got=sizes)


@check("alive", visible=False)
async def alive(t):
    # Two pictures must not look the same behind all layers.
    x = given.glyphs(t.rng, 64, 0.15)[0]
    model = await t.make("build")
    y = await (await model.make("__call__", await t.make("torch.tensor", x))).array()
    t.true(float(y.std(axis=0).mean()) > 0.02, got=y[:2])
