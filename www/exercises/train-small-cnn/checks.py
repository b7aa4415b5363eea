import math

import numpy as np
from given import strokes

from danlu.judge import check

BATCHES, SIZE = 50, 20


async def step(t, trainer, images, labels):
    loss = await trainer.call("step", images, labels)
    t.true(isinstance(loss, (float, np.floating)) and math.isfinite(loss), got=loss)
    return float(loss)


async def predicted(t, trainer, images):
    labels = await trainer.call("predict", images)
    whole = isinstance(labels, np.ndarray) and labels.dtype.kind == "i"
    t.true(whole and labels.shape == (len(images),), got=labels)
    return labels


async def learnt(t, height, width, classes, seed):
    """Trains within the budget; the losses, and the accuracy on images that never were sent before."""
    trainer = await t.make("Trainer", height, width, classes, seed)
    losses = [await step(t, trainer, *strokes(SIZE, t.rng, height, width, classes)) for _ in range(BATCHES)]
    images, truth = strokes(200, t.rng, height, width, classes)
    accuracy = float(((await predicted(t, trainer, images)) == truth).mean())
    return losses, accuracy


async def begun(t, height=10, width=10, classes=4, batches=4):
    trainer = await t.make("Trainer", height, width, classes, 1)
    for _ in range(batches):
        await step(t, trainer, *strokes(SIZE, t.rng, height, width, classes))
    return trainer


@check("first-loss", visible=True)
async def first_loss(t):
    trainer = await t.make("Trainer", 10, 10, 4, 3)
    loss = await step(t, trainer, *strokes(100, t.rng))
    # An untrained network knows nothing: ln 4 = 1.39, give or take what its random weights make up.
    t.true(0.9 < loss < 2.5, got=loss, expected=math.log(4.0))
    # The same network, the same image, each of its four labels: before any update these are -log of probabilities
    # that add up to 1.
    images, _ = strokes(1, t.rng)
    losses = [await step(t, await t.make("Trainer", 10, 10, 4, 3), images, np.array([label])) for label in range(4)]
    t.equal(sum(math.exp(-each) for each in losses), 1.0, rtol=1e-3, name="sum of the probabilities")


@check("learns", visible=True)
async def learns(t):
    losses, accuracy = await learnt(t, 10, 10, 4, int(t.rng.integers(0, 1000)))
    t.figures(accuracy=accuracy)
    t.true(accuracy >= 0.9, got=accuracy, expected="≥ 0.9")
    late = sum(losses[-10:]) / 10.0
    t.true(late < 0.7 * math.log(4.0), got=late, expected=f"< {0.7 * math.log(4.0):.3f}")


@check("predicts-the-same", visible=True)
async def predicts_the_same(t):
    trainer = await begun(t)
    images, _ = strokes(60, t.rng)
    first = await predicted(t, trainer, images)
    for _ in range(3):
        t.equal(await predicted(t, trainer, images), first, name="predict(images), again")


@check("inputs-unchanged", visible=True)
async def inputs_unchanged(t):
    trainer = await begun(t, batches=1)
    images, labels = strokes(6, t.rng)
    await step(t, trainer, images, labels)
    t.unchanged("images", "labels")
    await predicted(t, trainer, images)
    t.unchanged("images")


@check("one-at-a-time", visible=False)
async def one_at_a_time(t):
    trainer = await begun(t, batches=8)
    images, _ = strokes(6, t.rng)
    together = await predicted(t, trainer, images)
    alone = [int((await predicted(t, trainer, images[i : i + 1]))[0]) for i in range(6)]
    t.equal(np.array(alone), together, name="predicted one by one")


@check("seeded", visible=False)
async def seeded(t):
    batches = [strokes(SIZE, t.rng) for _ in range(3)]

    async def losses(seed):
        trainer = await t.make("Trainer", 10, 10, 4, seed)
        return [await step(t, trainer, *batch) for batch in batches]

    first = await losses(5)
    t.equal(await losses(5), first, rtol=0.0, atol=0.0, name="losses with the same seed")
    t.true(await losses(6) != first, got=first)


@check("two-trainers", visible=False)
async def two_trainers(t):
    batch = strokes(SIZE, t.rng)
    alone = await t.make("Trainer", 10, 10, 4, 2)
    expected = [await step(t, alone, *batch) for _ in range(3)]
    first, other = await t.make("Trainer", 10, 10, 4, 2), await t.make("Trainer", 10, 10, 4, 9)
    got = []
    for _ in range(3):
        got.append(await step(t, first, *batch))
        await step(t, other, *strokes(SIZE, t.rng))
    t.equal(got, expected, rtol=1e-6, name="losses beside another trainer")


@check("odd-sizes", visible=False)
async def odd_sizes(t):
    for height, width, classes in [(5, 5, 2), (7, 6, 4), (16, 9, 3)]:
        trainer = await begun(t, height, width, classes, batches=1)
        # A last batch may be short.
        await step(t, trainer, *strokes(1, t.rng, height, width, classes))
        labels = await predicted(t, trainer, strokes(30, t.rng, height, width, classes)[0])
        t.true(bool((labels >= 0).all() and (labels < classes).all()), got=labels, expected=f"0 … {classes - 1}")
