import numpy as np

from danlu import ops
from danlu.judge import check, shape_of
from danlu.judge.models import layers_of

EXACT = {"rtol": 0.0, "atol": 0.0}
HEAD = ["hidden.0", "hidden.1", "head.0", "head.1"]


def names_of(blocks):
    """Each weight of the model by layer and place: kernel 0, bias 1; gamma 0, beta 1, mean 2, variance 3."""
    found = []
    for number in range(1, blocks + 1):
        found += [f"conv{number}.{i}" for i in range(2)] + [f"norm{number}.{i}" for i in range(4)]
    return found + HEAD


def draw(t, blocks, classes):
    """Weights as if pretrained, in the model's order."""
    weights = {}
    for number in range(1, blocks + 1):
        inputs = 2 if number == 1 else 3
        weights[f"conv{number}.0"] = t.rng.normal(size=(3, 3, inputs, 3)) * 0.4
        weights[f"conv{number}.1"] = t.rng.normal(size=3) * 0.1
        weights[f"norm{number}.0"] = t.rng.uniform(0.5, 1.5, size=3)
        weights[f"norm{number}.1"] = t.rng.normal(size=3) * 0.3 + 0.3
        weights[f"norm{number}.2"] = t.rng.normal(size=3) * 0.1
        weights[f"norm{number}.3"] = t.rng.uniform(0.5, 1.5, size=3)
    weights["hidden.0"], weights["hidden.1"] = t.rng.normal(size=(3, 5)), np.full(5, 0.2)
    weights["head.0"], weights["head.1"] = t.rng.normal(size=(5, classes)), np.zeros(classes)
    return {name: value.astype(np.float32) for name, value in weights.items()}


async def learners(t, blocks, classes=3):
    model = await t.make("given.pretrained", blocks, classes)
    weights = draw(t, blocks, classes)
    await model.call("set_weights", list(weights.values()))
    return model, weights


async def begun(t, model, blocks, rate):
    given = [[f"conv{n}", f"norm{n}", f"relu{n}"] for n in range(1, blocks + 1)]
    return await t.make("builtins.iter", await t.make("stages", model, given, rate))


def open_at(stage, blocks):
    """The weights that train."""
    return [f"conv{n}.{i}" for n in range(blocks - stage + 1, blocks + 1) for i in range(2)] + HEAD


def rate_at(stage, rate):
    return rate if stage == 0 else rate * 0.1 * 0.5 ** (stage - 1)


def slopes(weights, names, x, labels, blocks):
    """The loss and its gradients by these weights, batch norm on its own statistics."""
    held = {name: value.astype(np.float64) for name, value in weights.items()}

    def loss(*values):
        w = {**held, **dict(zip(names, values))}
        y = x.astype(np.float64)
        for n in range(1, blocks + 1):
            y = ops.conv2d(y, w[f"conv{n}.0"], w[f"conv{n}.1"], padding="same")
            scale = w[f"norm{n}.0"] / np.sqrt(w[f"norm{n}.3"] + 1e-3)
            y = ops.relu((y - w[f"norm{n}.2"]) * scale + w[f"norm{n}.1"])
        y = ops.relu(ops.dense(ops.mean(y, axis=(1, 2)), w["hidden.0"], w["hidden.1"]))
        return ops.cross_entropy(ops.dense(y, w["head.0"], w["head.1"]), labels)

    value, pull = ops.vjp(loss, *(held[name] for name in names))
    return float(value), dict(zip(names, pull(np.array(1.0))))


def images(t, classes=3):
    return t.rng.normal(size=(12, 4, 4, 2)).astype(np.float32), t.rng.integers(0, classes, size=12)


async def one_batch(t, model, weights, blocks, classes=3):
    """Trains on one batch; (the weights afterwards by name, the batch)."""
    x, labels = images(t, classes)
    told = await model.call("train_on_batch", x, labels, return_dict=True)
    t.true(isinstance(told, dict) and "loss" in told, got=told, expected=("loss",))
    after = await model.call("get_weights")
    names = names_of(blocks)
    t.true(isinstance(after, (list, tuple)) and len(after) == len(names), got=after)
    after = dict(zip(names, after))
    for name, before in weights.items():
        t.true(shape_of(after[name]) == before.shape, got=shape_of(after[name]), expected=before.shape)
    return after, x, labels, float(told["loss"])


def steps_right(t, stage, weights, after, x, labels, blocks, rate):
    """What trains took Adam's first step at the stage's rate."""
    names = open_at(stage, blocks)
    _, gradients = slopes(weights, names, x, labels, blocks)
    for name in names:
        # Adam's first step is its rate against the sign of the gradient, wherever that is clear of its epsilon.
        clear = np.abs(gradients[name]) > 1e-3
        moved = after[name].astype(np.float64) - weights[name]
        expected = -rate_at(stage, rate) * np.sign(gradients[name][clear])
        # The weight itself is float32: a unit in its last place is 6e-8 of it.
        t.equal(moved[clear], expected, rtol=0.01, atol=3e-7, name=f"step of {name} at stage {stage}")


@check("order", visible=True)
async def order(t):
    model, _ = await learners(t, 3)
    iterator = await begun(t, model, 3, 0.001)
    for stage in range(4):
        await t.call("builtins.next", iterator)
        found = {
            f"{layer.name}.{place}": learns
            for layer in await layers_of(t, model)
            for place, learns in enumerate(layer.learning)
            if not layer.name.startswith("norm")
        }
        wanted = open_at(stage, 3)
        t.equal([name for name, learns in found.items() if learns], wanted, name=f"what trains at stage {stage}")
    await t.raises("StopIteration", "builtins.next", iterator)


@check("norms-frozen", visible=True)
async def norms_frozen(t):
    model, weights = await learners(t, 2)
    iterator = await begun(t, model, 2, 0.01)
    for stage in range(3):
        await t.call("builtins.next", iterator)
        learning = [layer.learnt for layer in await layers_of(t, model) if layer.name.startswith("norm")]
        t.equal(learning, [0, 0], name=f"trainable parameters of the norms at stage {stage}")
        after, *_ = await one_batch(t, model, weights, 2)
        for name, before in weights.items():
            if name.startswith("norm"):
                t.equal(after[name], before, name=f"{name} after a step of stage {stage}", **EXACT)


@check("rates", visible=True)
async def rates(t):
    model, _ = await learners(t, 3)
    iterator = await begun(t, model, 3, 0.008)
    for stage, expected in enumerate([0.008, 0.0008, 0.0004, 0.0002]):
        await t.call("builtins.next", iterator)
        rate = await t.call("builtins.float", await model.part("optimizer.learning_rate"))
        t.equal(rate, expected, rtol=1e-5, name=f"learning rate of stage {stage}")


@check("counts", visible=True)
async def counts(t):
    model, _ = await learners(t, 3)
    iterator = await begun(t, model, 3, 0.001)
    # The head has 20 + 18; conv1 has (9·2 + 1)·3 = 57, the others (9·3 + 1)·3 = 84.
    got = [await t.call("builtins.next", iterator) for _ in range(4)]
    t.equal(got, [38, 122, 206, 263], name="yielded")


@check("first-steps", visible=True)
async def first_steps(t):
    model, weights = await learners(t, 2)
    iterator = await begun(t, model, 2, 0.01)
    await t.call("builtins.next", iterator)
    after, x, labels, loss = await one_batch(t, model, weights, 2)
    t.equal(loss, slopes(weights, HEAD, x, labels, 2)[0], rtol=1e-4, atol=1e-5, name="loss")
    steps_right(t, 0, weights, after, x, labels, 2, 0.01)
    for name in names_of(2):
        if name not in HEAD:
            t.equal(after[name], weights[name], name=f"{name} at stage 0", **EXACT)


@check("fresh-optimiser", visible=False)
async def fresh_optimiser(t):
    model, weights = await learners(t, 2)
    iterator = await begun(t, model, 2, 0.01)
    for stage in range(3):
        await t.call("builtins.next", iterator)
        after, x, labels, _ = await one_batch(t, model, weights, 2)
        # What an earlier stage learnt is where this one begins, without the earlier one's momentum.
        steps_right(t, stage, weights, after, x, labels, 2, 0.01)
        for name in names_of(2):
            if name not in open_at(stage, 2):
                t.equal(after[name], weights[name], name=f"{name} at stage {stage}", **EXACT)
        weights = after


@check("arrives-frozen", visible=False)
async def arrives_frozen(t):
    model, weights = await learners(t, 2)
    await model.set("trainable", False)
    iterator = await begun(t, model, 2, 0.01)
    t.equal(await t.call("builtins.next", iterator), 38, name="yielded at stage 0")
    after, x, labels, _ = await one_batch(t, model, weights, 2)
    steps_right(t, 0, weights, after, x, labels, 2, 0.01)


@check("arrives-compiled", visible=False)
async def arrives_compiled(t):
    model, weights = await learners(t, 1)
    await model.call("compile", "sgd", "sparse_categorical_crossentropy")
    await model.call("test_on_batch", *images(t))
    iterator = await begun(t, model, 1, 0.02)
    for stage in range(2):
        await t.call("builtins.next", iterator)
        after, x, labels, _ = await one_batch(t, model, weights, 1)
        steps_right(t, stage, weights, after, x, labels, 1, 0.02)
        weights = after


@check("step-by-step", visible=False)
async def step_by_step(t):
    model, _ = await learners(t, 2)
    iterator = await begun(t, model, 2, 0.01)
    for stage in range(3):
        await t.call("builtins.next", iterator)
    # One model's last stage says nothing of another's first.
    other, weights = await learners(t, 2)
    second = await begun(t, other, 2, 0.01)
    t.equal(await t.call("builtins.next", second), 38, name="yielded at stage 0")
    await t.raises("StopIteration", "builtins.next", iterator)


@check("random", visible=False)
async def random(t):
    blocks, classes = int(t.rng.integers(1, 5)), int(t.rng.integers(2, 6))
    rate = float(t.rng.uniform(0.002, 0.02))
    model, weights = await learners(t, blocks, classes)
    iterator = await begun(t, model, blocks, rate)
    for stage in range(blocks + 1):
        count = await t.call("builtins.next", iterator)
        t.equal(count, sum(weights[name].size for name in open_at(stage, blocks)), name=f"yielded at stage {stage}")
        after, x, labels, _ = await one_batch(t, model, weights, blocks, classes)
        steps_right(t, stage, weights, after, x, labels, blocks, rate)
        weights = after
    await t.raises("StopIteration", "builtins.next", iterator)
