import given
import numpy as np

from danlu.judge import check

# Held-out accuracy that the mended run reaches, with pictures coming two at a time.
TARGET = 0.82


async def trained(t):
    (x, y), held_out = given.make(t.seed)
    batches = await t.make("given.Batches", x, y, 32, given.STEPS, t.seed % 1000)
    monitor = await t.make("given.Monitor", given.STEPS)
    # Lists of tensors aren't plain data, so the pair is made over there.
    pair = await t.make("given.tensors", *held_out)
    model = await t.make("train", batches, pair, monitor)
    return model, monitor, held_out


async def predicted(t, model, x):
    return await (await t.make("predict", model, await t.make("torch.tensor", x))).array()


async def small(t):
    """A net of the learner's that has seen a few batches, so that its running statistics aren't the first ones."""
    model = await t.make("build")
    for _ in range(3):
        await model.make("__call__", await t.make("torch.tensor", given.glyphs(t.rng, 32)[0]))
    return model


@check("target", visible=True)
async def target(t):
    model, monitor, (x, y) = await trained(t)
    t.equal(await monitor.get("count"), given.STEPS, name="steps")
    await model.make("train")
    # Two at a time: what is served is rarely a batch of the training's size.
    pairs = [x[at : at + 2] for at in range(0, len(x), 2)]
    tensors = [await t.make("torch.tensor", pair) for pair in pairs[:50]]
    digits = np.concatenate([await (await t.make("predict", model, each)).array() for each in tensors])
    accuracy = float((digits == y[:100]).mean())
    t.figures(accuracy=accuracy)
    t.true(accuracy >= TARGET, got=accuracy, expected=TARGET)


@check("repeatable", visible=True)
async def repeatable(t):
    model = await small(t)
    x = given.glyphs(t.rng, 40)[0]
    t.equal(await predicted(t, model, x), await predicted(t, model, x), name="the second answer")


@check("companions", visible=True)
async def companions(t):
    model = await small(t)
    x = given.glyphs(t.rng, 24)[0]
    apart = np.concatenate([await predicted(t, model, x[at : at + 2]) for at in range(0, 24, 2)])
    t.equal(apart, await predicted(t, model, x), name="two at a time")


@check("mode-kept", visible=True)
async def mode_kept(t):
    model = await small(t)
    x = given.glyphs(t.rng, 8)[0]
    for mode in (True, False):
        await model.make("train", mode)
        await predicted(t, model, x)
        t.equal(await model.get("training"), mode, name="model.training")


@check("statistics-kept", visible=False)
async def statistics_kept(t):
    model = await small(t)
    before = [await tensor.array() for tensor in await (await model.make("buffers")).parts()]
    await predicted(t, model, 5 + given.glyphs(t.rng, 16)[0])
    after = [await tensor.array() for tensor in await (await model.make("buffers")).parts()]
    for one, other in zip(after, before):
        t.equal(one, other, name="running statistics")


@check("layers-kept", visible=False)
async def layers_kept(t):
    text = await t.call("builtins.repr", await t.make("build"))
    t.true("Dropout(p=0.5" in text and "BatchNorm1d(64" in text, got=text)
