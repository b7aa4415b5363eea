import numpy as np

from danlu import ops
from danlu.judge import check, shape_of
from danlu.judge.models import layers_of

# float32 forwards, against the engine in float64.
CLOSE = {"rtol": 1e-4, "atol": 1e-5}
KINDS = ["Conv2D", "MaxPooling2D", "Flatten", "Dense", "Dense"]
ACTIVATIONS = {0: "relu", 3: "relu", 4: "softmax"}


def table(input_shape, classes):
    """[(output shape, parameters)] of the five layers."""
    h, w, c = input_shape
    h, w = h - 2, w - 2
    flat = (h // 2) * (w // 2) * 32
    return [
        ((None, h, w, 32), (3 * 3 * c + 1) * 32),
        ((None, h // 2, w // 2, 32), 0),
        ((None, flat), 0),
        ((None, 64), (flat + 1) * 64),
        ((None, classes), (64 + 1) * classes),
    ]


async def made(t, input_shape, classes):
    """The model and its layers, once they are known to be the five."""
    model = await t.make("create_model", input_shape, classes)
    layers = await layers_of(t, model)
    t.equal([layer.kind for layer in layers], KINDS, name="layers")
    return model, layers


def logits(x, weights):
    k1, b1, k2, b2, k3, b3 = weights
    hidden = ops.max_pool2d(ops.relu(ops.conv2d(x, k1, b1)), 2)
    hidden = ops.reshape(hidden, (len(x), -1))
    return ops.dense(ops.relu(ops.dense(hidden, k2, b2)), k3, b3)


async def planted(t, input_shape, classes, batch):
    """A model with weights of the check's own, these weights in float64, images and labels."""
    model, layers = await made(t, input_shape, classes)
    shapes = [shape for layer in layers for shape in layer.weights]
    h, w, c = input_shape
    flat = ((h - 2) // 2) * ((w - 2) // 2) * 32
    expected = [(3, 3, c, 32), (32,), (flat, 64), (64,), (64, classes), (classes,)]
    t.equal(shapes, expected, name="weight shapes")
    # About He's deviations, so that activations neither die nor explode; biases that are seen.
    weights = [
        (t.rng.normal(size=shape) * (np.sqrt(2.0 / np.prod(shape[:-1])) if len(shape) > 1 else 0.1)).astype(np.float32)
        for shape in expected
    ]
    await model.call("set_weights", weights)
    x = t.rng.uniform(0.0, 1.0, size=(batch, *input_shape)).astype(np.float32)
    labels = t.rng.integers(0, classes, size=batch)
    return model, [each.astype(np.float64) for each in weights], x, labels


async def computes(t, input_shape, classes, batch=3):
    model, weights, x, _ = await planted(t, input_shape, classes, batch)
    got = await model.call("predict", x, verbose=0)
    expected = ops.softmax(logits(x.astype(np.float64), weights)).value.astype(np.float32)
    t.equal(got, expected, name="predict(x)", **CLOSE)


@check("layers", visible=True)
async def layers(t):
    _, found = await made(t, (28, 28, 1), 10)
    for place, wanted in ACTIVATIONS.items():
        t.equal(found[place].activation, wanted, name=f"layers[{place}].activation")
    conv, pool, _, hidden, head = (layer.settings for layer in found)
    t.equal(conv.get("filters"), 32, name="filters")
    t.equal(conv.get("kernel_size"), (3, 3), name="kernel_size")
    t.equal(conv.get("padding"), "valid", name="padding")
    t.equal(pool.get("pool_size"), (2, 2), name="pool_size")
    t.equal([hidden.get("units"), head.get("units")], [64, 10], name="units")


@check("shapes-and-counts", visible=True)
async def shapes_and_counts(t):
    _, found = await made(t, (28, 28, 1), 10)
    for place, (layer, (shape, count)) in enumerate(zip(found, table((28, 28, 1), 10))):
        t.equal(layer.output, shape, name=f"layers[{place}].output.shape")
        t.equal(layer.parameters, count, name=f"layers[{place}].count_params()")


@check("counted-by-hand", visible=True)
async def counted_by_hand(t):
    t.equal(await t.call("count_parameters", (28, 28, 1), 10), [320, 0, 0, 346176, 650])


@check("loss", visible=True)
async def loss(t):
    model, weights, x, labels = await planted(t, (8, 8, 1), 4, 6)
    expected = float(ops.cross_entropy(logits(x.astype(np.float64), weights), labels).value)
    told = await model.call("test_on_batch", x, labels, return_dict=True)
    t.true(isinstance(told, dict) and "loss" in told, got=told, expected=("loss", "accuracy"))
    t.equal(float(told["loss"]), expected, name="loss", rtol=1e-4, atol=1e-5)


@check("outputs", visible=True)
async def outputs(t):
    await computes(t, (8, 8, 1), 3)


@check("accuracy", visible=False)
async def accuracy(t):
    model, weights, x, labels = await planted(t, (7, 9, 1), 3, 20)
    told = await model.call("test_on_batch", x, labels, return_dict=True)
    t.true(isinstance(told, dict) and set(told) == {"loss", "accuracy"}, got=told, expected=("loss", "accuracy"))
    scores = logits(x.astype(np.float64), weights).value
    t.equal(float(told["accuracy"]), float((scores.argmax(axis=1) == labels).mean()), name="accuracy", rtol=0.0, atol=1e-6)


@check("first-step", visible=False)
async def first_step(t):
    model, weights, x, labels = await planted(t, (6, 6, 2), 5, 8)
    _, pull = ops.vjp(lambda *each: ops.cross_entropy(logits(x.astype(np.float64), each), labels), *weights)
    await model.call("train_on_batch", x, labels)
    after = await model.call("get_weights")
    t.true(isinstance(after, (list, tuple)) and len(after) == 6, got=after)
    for place, (now, before, slope) in enumerate(zip(after, weights, pull(np.array(1.0)))):
        t.true(shape_of(now) == before.shape, got=shape_of(now), expected=before.shape)
        # Adam's first step is the learning rate against the gradient's sign, wherever that is clear of its epsilon,
        # which Keras adds before it corrects the bias: 1e-7 / sqrt(0.001) in all.
        clear = np.abs(slope) > 1e-3
        t.equal((now.astype(np.float64) - before)[clear], -0.001 * np.sign(slope[clear]), rtol=0.01, atol=2e-7, name=f"step of weight {place}")
    # The second step tells by how much the first gradient still counts.
    then = [now.astype(np.float64) for now in after]
    _, pull_again = ops.vjp(lambda *each: ops.cross_entropy(logits(x.astype(np.float64), each), labels), *then)
    await model.call("train_on_batch", x, labels)
    rate = 0.001 * (1 - 0.999**2) ** 0.5 / (1 - 0.9**2)
    for place, (now, before, g, h) in enumerate(zip(await model.call("get_weights"), then, pull(np.array(1.0)), pull_again(np.array(1.0)))):
        clear = (np.abs(g) > 1e-3) & (np.abs(h) > 1e-3)
        move = rate * (0.09 * g + 0.1 * h) / (np.sqrt(0.000999 * g**2 + 0.001 * h**2) + 1e-7)
        t.equal((now.astype(np.float64) - before)[clear], -move[clear], rtol=0.01, atol=5e-7, name=f"second step of weight {place}")


@check("other-inputs", visible=False)
async def other_inputs(t):
    for input_shape, classes in [((9, 6, 3), 7), ((4, 11, 2), 2)]:
        _, found = await made(t, input_shape, classes)
        got = [(layer.output, layer.parameters) for layer in found]
        t.equal(got, table(input_shape, classes), name="(output shape, parameters)")
        await computes(t, input_shape, classes, 2)


@check("hand-count-elsewhere", visible=False)
async def hand_count_elsewhere(t):
    sizes = [(int(h), int(w), int(c)) for h, w, c in t.rng.integers(4, 70, size=(6, 3))]
    for input_shape in [(32, 32, 3), (224, 224, 3), (5, 4, 1), *sizes]:
        classes = int(t.rng.integers(2, 1001))
        got = await t.call("count_parameters", input_shape, classes)
        t.equal(got, [count for _, count in table(input_shape, classes)], name=f"count_parameters({input_shape}, {classes})")


@check("fresh", visible=False)
async def fresh(t):
    first, weights, _, _ = await planted(t, (6, 6, 1), 3, 1)
    second, _ = await made(t, (6, 6, 1), 3)
    third, _ = await made(t, (6, 6, 1), 3)
    # A new model starts from new random kernels, and the old one keeps its own.
    kept = await first.call("get_weights")
    t.true(isinstance(kept, (list, tuple)) and len(kept) == 6, got=kept)
    for now, planted_one in zip(kept, weights):
        t.equal(now, planted_one.astype(np.float32), rtol=0.0, atol=0.0, name="weights of the first model")
    one, other = await second.call("get_weights"), await third.call("get_weights")
    t.true(bool((np.asarray(one[0]) != np.asarray(other[0])).any()), got=other[0])
