import numpy as np

from danlu import ops
from danlu.judge import check, shape_of
from danlu.judge.models import layers_of

# float32 forwards, against the engine in float64.
CLOSE = {"rtol": 1e-3, "atol": 1e-5}
EXACT = {"rtol": 0.0, "atol": 0.0}
VGG16 = [(2, 64), (2, 128), (3, 256), (3, 512), (3, 512)]
HEAD = ["GlobalAveragePooling2D", "Dense", "Dense"]
# kernel and bias, gamma, beta, mean and variance, kernel and bias
BASE_WEIGHTS = 8


def base_shapes(channels):
    return [(3, 3, channels, 4), (4,), (4,), (4,), (4,), (4,), (3, 3, 4, 6), (6,)]


def head_shapes(classes):
    return [(6, 1024), (1024,), (1024, classes), (classes,)]


def draw(t, shapes):
    return [
        (t.rng.normal(size=shape) * (np.sqrt(2.0 / np.prod(shape[:-1])) if len(shape) > 1 else 0.3)).astype(np.float32)
        for shape in shapes
    ]


async def small(t, height, width, channels):
    """A small base with weights of the check's own, and these."""
    base = await t.make("given.small_base", height, width, channels)
    weights = draw(t, base_shapes(channels))
    weights[5] = t.rng.uniform(0.5, 2.0, size=4).astype(np.float32)
    await base.call("set_weights", weights)
    return base, weights


async def headed(t, base, classes):
    """The model on the base, and its layers, once their kinds are right."""
    model = await t.make("add_head", base, classes)
    layers = await layers_of(t, model)
    t.equal([layer.kind for layer in layers], ["Conv2D", "BatchNormalization", "Conv2D", *HEAD], name="layers")
    return model, layers


async def planted(t, height, width, channels, classes):
    """The same with a head of the check's own weights: model, all weights in float64, images, labels."""
    base, weights = await small(t, height, width, channels)
    model, layers = await headed(t, base, classes)
    shapes = [shape for layer in layers for shape in layer.weights]
    t.equal(shapes, base_shapes(channels) + head_shapes(classes), name="weight shapes")
    weights = weights + draw(t, head_shapes(classes))
    await model.call("set_weights", weights)
    x = t.rng.uniform(0.0, 1.0, size=(5, height, width, channels)).astype(np.float32)
    return model, [each.astype(np.float64) for each in weights], x, t.rng.integers(0, classes, size=5)


def pooled(x, weights):
    """What the base makes of images, in inference mode, averaged over each map."""
    k1, b1, gamma, beta, mean, var, k2, b2 = weights[:BASE_WEIGHTS]
    maps = ops.relu(ops.conv2d(x.astype(np.float64), k1, b1, padding="same"))
    maps = (maps - mean) * (gamma / np.sqrt(var + 1e-3)) + beta
    return ops.mean(ops.relu(ops.conv2d(maps, k2, b2, padding="same")), axis=(1, 2)).value


def logits(features, w1, b1, w2, b2):
    return ops.dense(ops.relu(ops.dense(features, w1, b1)), w2, b2)


@check("base", visible=True)
async def base(t):
    height, width = [(224, 224), (96, 160), (70, 33)][int(t.rng.integers(0, 3))]
    found = await layers_of(t, await t.make("load_base", (height, width, 3)), name="base")
    expected = []
    for block, (count, filters) in enumerate(VGG16):
        expected += [("Conv2D", (None, height >> block, width >> block, filters))] * count
        expected.append(("MaxPooling2D", (None, height >> block + 1, width >> block + 1, filters)))
    t.equal([(layer.kind, layer.output) for layer in found], expected, name="(layer, output shape)")
    t.equal(sum(layer.parameters for layer in found), 14714688, name="parameters")
    t.equal(sum(layer.learnt for layer in found), 0, name="trainable parameters")


@check("head", visible=True)
async def head(t):
    base, _ = await small(t, 6, 5, 3)
    _, layers = await headed(t, base, 10)
    pool, hidden, last = layers[3:]
    t.equal(pool.output, (None, 6), name="output of the pooling")
    t.equal([hidden.output, last.output], [(None, 1024), (None, 10)], name="outputs of the dense layers")
    t.equal([hidden.activation, last.activation], ["relu", "softmax"], name="activations")


@check("frozen", visible=True)
async def frozen(t):
    base, _ = await small(t, 6, 5, 3)
    _, layers = await headed(t, base, 10)
    t.equal([layer.learnt for layer in layers], [0, 0, 0, 0, (6 + 1) * 1024, (1024 + 1) * 10], name="trainable parameters")


@check("counted-by-hand", visible=True)
async def counted_by_hand(t):
    t.equal(await t.call("count_parameters", VGG16, 10), (14714688, 535562))


@check("keeps-the-base", visible=True)
async def keeps_the_base(t):
    base, weights = await small(t, 6, 5, 3)
    model, _ = await headed(t, base, 3)
    now = await model.call("get_weights")
    t.true(isinstance(now, (list, tuple)) and len(now) == BASE_WEIGHTS + 4, got=now)
    for place, (got, expected) in enumerate(zip(now, weights)):
        t.equal(got, expected, name=f"weight {place} of the base", **EXACT)


@check("outputs", visible=True)
async def outputs(t):
    model, weights, x, _ = await planted(t, 6, 5, 3, 4)
    expected = ops.softmax(logits(pooled(x, weights), *weights[BASE_WEIGHTS:])).value.astype(np.float32)
    t.equal(await model.call("predict", x, verbose=0), expected, name="predict(x)", **CLOSE)


@check("one-step", visible=False)
async def one_step(t):
    model, weights, x, labels = await planted(t, 5, 5, 2, 3)
    features = pooled(x, weights)
    loss, pull = ops.vjp(lambda *each: ops.cross_entropy(logits(features, *each), labels), *weights[BASE_WEIGHTS:])
    told = await model.call("train_on_batch", x, labels, return_dict=True)
    t.true(isinstance(told, dict) and "loss" in told, got=told, expected=("loss",))
    t.equal(float(told["loss"]), float(loss), rtol=1e-4, atol=1e-5, name="loss")
    after = await model.call("get_weights")
    t.true(isinstance(after, (list, tuple)) and len(after) == BASE_WEIGHTS + 4, got=after)
    for place, (now, before) in enumerate(zip(after, weights[:BASE_WEIGHTS])):
        t.equal(now, before.astype(np.float32), name=f"weight {place} of the base", **EXACT)
    for place, (now, before, slope) in enumerate(zip(after[BASE_WEIGHTS:], weights[BASE_WEIGHTS:], pull(np.array(1.0)))):
        t.true(shape_of(now) == before.shape, got=shape_of(now), expected=before.shape)
        # Adam's first step is its rate against the sign of the gradient, wherever that is clear of its epsilon.
        clear = np.abs(slope) > 1e-3
        t.equal((now.astype(np.float64) - before)[clear], -0.001 * np.sign(slope[clear]), rtol=0.01, atol=2e-7, name=f"step of weight {place} of the head")


@check("other-sizes", visible=False)
async def other_sizes(t):
    for height, width, channels, classes in [(1, 1, 1, 2), (3, 7, 4, 5)]:
        model, weights, x, _ = await planted(t, height, width, channels, classes)
        expected = ops.softmax(logits(pooled(x, weights), *weights[BASE_WEIGHTS:])).value.astype(np.float32)
        t.equal(await model.call("predict", x, verbose=0), expected, name="predict(x)", **CLOSE)


@check("two-heads", visible=False)
async def two_heads(t):
    base, weights = await small(t, 4, 4, 1)
    first, _ = await headed(t, base, 3)
    await headed(t, base, 5)
    await first.call("train_on_batch", t.rng.uniform(size=(4, 4, 4, 1)).astype(np.float32), t.rng.integers(0, 3, size=4))
    now = await base.call("get_weights")
    t.true(isinstance(now, (list, tuple)) and len(now) == BASE_WEIGHTS, got=now)
    for place, (got, expected) in enumerate(zip(now, weights)):
        t.equal(got, expected, name=f"weight {place} of the base", **EXACT)


@check("counts-elsewhere", visible=False)
async def counts_elsewhere(t):
    vgg19 = [(2, 64), (2, 128), (4, 256), (4, 512), (4, 512)]
    drawn = [(int(n), int(f)) for n, f in t.rng.integers(1, 5, size=(4, 2)) * np.array([1, 37])]
    for blocks in (vgg19, [(1, 1)], drawn):
        classes = int(t.rng.integers(2, 1001))
        widths = [3] + [filters for count, filters in blocks for _ in range(count)]
        expected = (sum((9 * a + 1) * b for a, b in zip(widths, widths[1:])), (widths[-1] + 1) * 1024 + 1025 * classes)
        t.equal(await t.call("count_parameters", blocks, classes), expected, name=f"count_parameters({blocks}, {classes})")
