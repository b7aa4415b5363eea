import numpy as np

from danlu import ops
from danlu.judge import check, numeric_vjp, shape_of
from given import spiral

CLOSE = {"rtol": 1e-8, "atol": 1e-10}
NAMES = ("w1", "b1", "w2", "b2")


def draw(t, count, inputs, hidden, classes, scale=1.0):
    params = {
        "w1": scale * t.rng.normal(size=(inputs, hidden)),
        "b1": t.rng.normal(size=hidden),
        "w2": scale * t.rng.normal(size=(hidden, classes)),
        "b2": t.rng.normal(size=classes),
    }
    return params, t.rng.normal(size=(count, inputs)), t.rng.integers(0, classes, size=count)


def logits_of(params, x):
    return np.maximum(x @ params["w1"] + params["b1"], 0.0) @ params["w2"] + params["b2"]


def engine(params, x, labels):
    """Loss and gradients from the tape."""

    def loss(w1, b1, w2, b2):
        return ops.cross_entropy(ops.dense(ops.relu(ops.dense(x, w1, b1)), w2, b2), labels)

    value, pull = ops.vjp(loss, *(params[name] for name in NAMES))
    return float(value), dict(zip(NAMES, pull(np.array(1.0))))


async def returned(t, params, x, labels):
    answer = await t.call("loss_and_gradients", params, x, labels)
    t.true(isinstance(answer, (tuple, list)) and len(answer) == 2, got=answer, expected=("loss", "gradients"))
    t.true(isinstance(answer[1], dict) and set(answer[1]) == set(NAMES), got=answer[1], expected=NAMES)
    return answer


async def agrees(t, params, x, labels):
    loss, gradients = await returned(t, params, x, labels)
    expected_loss, expected = engine(params, x, labels)
    t.equal(loss, expected_loss, name="loss", **CLOSE)
    for name in NAMES:
        t.equal(gradients[name], expected[name], name=f"gradient of {name}", **CLOSE)


def accuracy(params, x, labels):
    return float((logits_of(params, x).argmax(axis=1) == labels).mean())


async def trained(t, x, labels, classes, seed=0):
    params = await t.call("train", x, labels, classes, await t.make("numpy.random.default_rng", seed))
    t.true(isinstance(params, dict) and set(params) == set(NAMES), got=params, expected=NAMES)
    hidden = params["w1"].shape[-1]
    shapes = {"w1": (x.shape[1], hidden), "b1": (hidden,), "w2": (hidden, classes), "b2": (classes,)}
    got = {name: shape_of(params[name]) for name in NAMES}
    t.true(got == shapes, got=got, expected=shapes)
    return params


@check("loss", visible=True)
async def loss(t):
    params, x, labels = draw(t, 6, 3, 5, 4)
    value, _ = await returned(t, params, x, labels)
    t.equal(value, engine(params, x, labels)[0], name="loss", **CLOSE)


@check("second-layer", visible=True)
async def second_layer(t):
    params, x, labels = draw(t, 6, 3, 5, 4)
    _, gradients = await returned(t, params, x, labels)
    for name in ("w2", "b2"):
        t.equal(gradients[name], engine(params, x, labels)[1][name], name=f"gradient of {name}", **CLOSE)


@check("first-layer", visible=True)
async def first_layer(t):
    params, x, labels = draw(t, 6, 3, 5, 4)
    _, gradients = await returned(t, params, x, labels)
    for name in ("w1", "b1"):
        t.equal(gradients[name], engine(params, x, labels)[1][name], name=f"gradient of {name}", **CLOSE)


@check("predict", visible=True)
async def predict(t):
    params, x, _ = draw(t, 6, 3, 7, 4)
    t.equal(await t.call("predict", params, x), logits_of(params, x).argmax(axis=1))


@check("learns-the-spiral", visible=True)
async def learns_the_spiral(t):
    x, labels = spiral(80, 3, float(t.rng.uniform(0.0, 6.0)), t.rng)
    got = accuracy(await trained(t, x, labels, 3), x, labels)
    t.true(got >= 0.95, got=got, expected="≥ 0.95")


@check("inputs-unchanged", visible=True)
async def inputs_unchanged(t):
    await returned(t, *draw(t, 5, 3, 3, 3))
    t.unchanged("params", "x", "labels")
    await t.call("predict", *draw(t, 5, 3, 3, 3)[:2])
    t.unchanged("params", "x")


@check("large-logits", visible=False)
async def large_logits(t):
    params, x, labels = draw(t, 5, 3, 4, 3, scale=40.0)
    await agrees(t, params, x, labels)


@check("shapes", visible=False)
async def shapes(t):
    await agrees(t, *draw(t, 4, 4, 4, 4))
    await agrees(t, *draw(t, 1, 3, 5, 2))
    await agrees(t, *draw(t, 5, 1, 1, 2))
    await agrees(t, *draw(t, 3, 2, 6, 1))


@check("dead-units", visible=False)
async def dead_units(t):
    params, x, labels = draw(t, 6, 3, 4, 3)
    params["b1"] = np.array([-100.0, 1.0, -100.0, 0.5])
    await agrees(t, params, x, labels)


@check("finite-differences", visible=False)
async def finite_differences(t):
    params, x, labels = draw(t, 4, 2, 3, 3)
    before = x @ params["w1"] + params["b1"]
    # Away from ReLU's kink, where no quotient means anything.
    params["b1"] = params["b1"] + np.where(np.abs(before).min(axis=0) < 1e-3, 0.01, 0.0)
    _, gradients = await returned(t, params, x, labels)
    expected = numeric_vjp(
        lambda *values: engine(dict(zip(NAMES, values)), x, labels)[0], tuple(params[name] for name in NAMES)
    )
    for name, numeric in zip(NAMES, expected):
        t.equal(gradients[name], numeric, rtol=1e-5, atol=1e-8, name=f"gradient of {name}")


@check("generalises", visible=False)
async def generalises(t):
    turn = float(t.rng.uniform(0.0, 6.0))
    x, labels = spiral(80, 3, turn, t.rng)
    # Shuffled, and other names for the arms: the order of the rows must tell nothing.
    order, names = t.rng.permutation(len(x)), t.rng.permutation(3)
    params = await trained(t, x[order], names[labels[order]], 3, 1)
    fresh, truth = spiral(50, 3, turn, t.rng)
    got = accuracy(params, fresh, names[truth])
    t.true(got >= 0.9, got=got, expected="≥ 0.9")


@check("other-classes", visible=False)
async def other_classes(t):
    classes = 2 if t.rng.uniform() < 0.5 else 4
    x, labels = spiral(50, classes, float(t.rng.uniform(0.0, 6.0)), t.rng)
    got = accuracy(await trained(t, x, labels, classes), x, labels)
    t.true(got >= 0.9, got=got, expected="≥ 0.9")


@check("reproducible", visible=False)
async def reproducible(t):
    x, labels = spiral(20, 2, 0.0, t.rng)
    first = await trained(t, x, labels, 2, 5)
    t.unchanged("x", "labels", "classes")
    t.equal(await trained(t, x, labels, 2, 5), first, rtol=0.0, atol=0.0, name="params")


@check("random", visible=False)
async def random(t):
    for _ in range(5):
        count, inputs, hidden, classes = (int(n) for n in t.rng.integers(1, 9, size=4))
        await agrees(t, *draw(t, count, inputs, hidden, classes))
