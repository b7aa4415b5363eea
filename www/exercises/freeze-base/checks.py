import numpy as np
import torch
from given import Net, load, state

from danlu.judge import check

CLOSE = {"rtol": 1e-9, "atol": 1e-11}
EXACT = {"rtol": 0.0, "atol": 0.0}


def draw(t, inputs=6, width=8, classes=3):
    """The state of a Net after some pretraining, as arrays."""
    arrays = {}
    for name, array in state(Net(inputs, width, classes)).items():
        if name.endswith("num_batches_tracked"):
            arrays[name] = np.array(int(t.rng.integers(3, 90)))
        elif name.endswith("running_var"):
            arrays[name] = t.rng.uniform(0.5, 2.0, size=array.shape)
        else:
            arrays[name] = t.rng.normal(size=array.shape)
    return arrays


async def learners(t, arrays, *sizes):
    model = await t.make("given.Net", *sizes)
    return await t.make("given.load", model, arrays)


def batches_of(t, count, inputs=6, classes=3, size=7):
    return [(t.rng.normal(size=(size, inputs)), t.rng.integers(0, classes, size=size)) for _ in range(count)]


def reference(arrays, batches, rate, *sizes):
    """The losses and the state afterwards, by the judge's own PyTorch: the base in eval mode, the head training."""
    model = load(Net(*sizes), arrays)
    model.base.requires_grad_(False)
    model.train()
    model.base.eval()
    optimizer = torch.optim.SGD(model.head.parameters(), lr=rate, momentum=0.9, weight_decay=0.01)
    losses = []
    for x, labels in batches:
        optimizer.zero_grad()
        loss = torch.nn.functional.cross_entropy(model(torch.as_tensor(x)), torch.as_tensor(labels))
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return losses, state(model)


async def told(t, model):
    """The model's state now, once its form is right."""
    after = await t.call("given.state", model)
    t.true(isinstance(after, dict), got=after)
    return after


async def kept(t, before, after, ending, name):
    """What stands under `name` and ends so is what it was, bit for bit."""
    for key, array in before.items():
        if key.startswith(name) and key.endswith(ending):
            t.equal(after.get(key), array, name=key, **EXACT)


async def agrees(t, arrays, batches, rate, *sizes):
    model = await learners(t, arrays, *sizes)
    losses = await t.call("fine_tune", model, ["base"], batches, rate)
    expected, state_after = reference(arrays, batches, rate, *sizes)
    t.equal(losses, expected, name="losses", **CLOSE)
    after = await told(t, model)
    for key, array in state_after.items():
        t.equal(after.get(key), array, name=key, **(CLOSE if key.startswith("head") else EXACT))


@check("counts", visible=True)
async def counts(t):
    model = await t.make("given.Net")
    t.equal(await t.call("count_parameters", model), (187, 0), name="before")
    await t.call("freeze", model, ["base"])
    t.equal(await t.call("count_parameters", model), (43, 144), name="after freezing the base")


@check("weights-stay", visible=True)
async def weights_stay(t):
    arrays = draw(t)
    model = await learners(t, arrays)
    await t.call("fine_tune", model, ["base"], batches_of(t, 3), 0.1)
    after = await told(t, model)
    await kept(t, arrays, after, "weight", "base")
    await kept(t, arrays, after, "bias", "base")


@check("statistics-stay", visible=True)
async def statistics_stay(t):
    arrays = draw(t)
    model = await learners(t, arrays)
    await model.make("train")
    await t.call("fine_tune", model, ["base"], batches_of(t, 3), 0.1)
    after = await told(t, model)
    for ending in ("running_mean", "running_var", "num_batches_tracked"):
        await kept(t, arrays, after, ending, "base")


@check("head-learns", visible=True)
async def head_learns(t):
    await agrees(t, draw(t), batches_of(t, 4), 0.1)


@check("same-fingerprint", visible=True)
async def same_fingerprint(t):
    arrays = draw(t)
    model = await learners(t, arrays)
    before = await t.call("fingerprint", model, ["base"])
    t.true(isinstance(before, str) and before != "", got=before)
    await t.call("fine_tune", model, ["base"], batches_of(t, 2), 0.1)
    t.equal(await t.call("fingerprint", model, ["base"]), before, name="fingerprint after training")
    arrays["base.0.weight"][2, 1] += 1e-12
    t.true(await t.call("fingerprint", await learners(t, arrays), ["base"]) != before, got=before)


@check("fingerprint-sees", visible=False)
async def fingerprint_sees(t):
    arrays = draw(t)
    model = await learners(t, arrays)
    before = await t.call("fingerprint", model, ["base"])
    t.equal(await t.call("fingerprint", model, ["base"]), before, name="fingerprint, asked twice")

    def changed(name, make):
        return {**arrays, name: make(arrays[name].copy())}

    variants = {
        "a statistic": changed("base.1.running_mean", lambda a: a + np.eye(8)[3] * 1e-9),
        "the count of batches": changed("base.1.num_batches_tracked", lambda a: a + 1),
        "two entries swapped": changed("base.4.bias", lambda a: a[::-1]),
        "a sign": changed("base.4.weight", lambda a: -a),
        "weights transposed": changed("base.4.weight", lambda a: a.T.copy()),
    }
    for what, variant in variants.items():
        other = await t.call("fingerprint", await learners(t, variant), ["base"])
        t.true(other != before, got=f"{what}: {other}")
    variant = changed("head.1.weight", lambda a: a + 1.0)
    t.equal(await t.call("fingerprint", await learners(t, variant), ["base"]), before, name="fingerprint with another head")


@check("names", visible=False)
async def names(t):
    # block1 15, block10 12, block 12 + 8
    for frozen, expected in [(["block1"], (32, 15)), (["block"], (27, 20)), (["block.1", "block10"], (27, 20)), ([], (47, 0))]:
        model = await t.make("given.Blocks")
        await t.call("freeze", model, frozen)
        t.equal(await t.call("count_parameters", model), expected, name=f"counts after freezing {frozen}")


@check("one-after-another", visible=False)
async def one_after_another(t):
    model = await t.make("given.Blocks")
    await t.call("freeze", model, ["block1"])
    await t.call("freeze", model, ["block10"])
    t.equal(await t.call("count_parameters", model), (20, 27), name="counts after freezing twice")


@check("gradients-go", visible=False)
async def gradients_go(t):
    model = await learners(t, draw(t))
    await model.make("eval")
    x = await t.make("torch.tensor", t.rng.normal(size=(5, 6)))
    total = await (await t.make("operator.call", model, x)).make("sum")
    await total.call("backward")
    await t.call("freeze", model, ["base"])
    for name, stays in (("base.0.weight", False), ("base.4.bias", False), ("head.1.weight", True)):
        parameter = await model.make("get_parameter", name)
        gone = await t.call("operator.is_", await parameter.part("grad"), None)
        t.true(gone != stays, got=f"{name}.grad is {'gone' if gone else 'there'}")


@check("tied", visible=False)
async def tied(t):
    model = await t.make("given.Tied")
    t.equal(await t.call("count_parameters", model), (45, 0), name="before")
    await t.call("freeze", model, ["embedding"])
    t.equal(await t.call("count_parameters", model), (25, 20), name="after freezing the embedding")


@check("left-over-gradients", visible=False)
async def left_over_gradients(t):
    arrays, batches = draw(t), batches_of(t, 3)
    model = await learners(t, arrays)
    await model.make("eval")
    # Somebody had already called backward on the whole model.
    x = await t.make("torch.tensor", batches[0][0])
    total = await (await t.make("operator.call", model, x)).make("sum")
    await total.call("backward")
    losses = await t.call("fine_tune", model, ["base"], batches, 0.05)
    expected, state_after = reference(arrays, batches, 0.05)
    t.equal(losses, expected, name="losses", **CLOSE)
    after = await told(t, model)
    for key, array in state_after.items():
        t.equal(after.get(key), array, name=key, **(CLOSE if key.startswith("head") else EXACT))


@check("data-unchanged", visible=False)
async def data_unchanged(t):
    batches = batches_of(t, 2)
    await t.call("fine_tune", await learners(t, draw(t)), ["base"], batches, 0.1)
    t.unchanged("model", "names", "batches", "rate")


@check("random", visible=False)
async def random(t):
    for _ in range(2):
        inputs, width = (int(n) for n in t.rng.integers(1, 6, size=2))
        classes = int(t.rng.integers(2, 5))
        batches = batches_of(t, int(t.rng.integers(1, 4)), inputs, classes, int(t.rng.integers(2, 9)))
        await agrees(t, draw(t, inputs, width, classes), batches, float(t.rng.uniform(0.01, 0.2)), inputs, width, classes)
