import numpy as np

from danlu import ops
from danlu.judge import check, numeric_vjp

CLOSE = {"rtol": 1e-9, "atol": 1e-11}


def draw(t, count, features, scale=1.0):
    x = t.rng.normal(size=(count, features)) * scale
    y = t.rng.integers(0, 2, size=count)
    return x, y, t.rng.normal(size=features), float(t.rng.normal())


def plain_loss(x, y, w, b, pos_weight=1.0):
    z = x @ w + b
    return (pos_weight * y * np.logaddexp(0.0, -z) + (1.0 - y) * np.logaddexp(0.0, z)).mean()


def reference(x, y, w, b, lr, pos_weight=1.0):
    """Loss, w and b after the step, from the tape's softplus in float64."""
    x, y = x.astype(np.float64), y.astype(np.float64)

    def loss(w, b):
        z = ops.add(ops.reshape(ops.matmul(x, ops.reshape(w, (-1, 1))), (-1,)), b)
        ones = ops.mul(ops.softplus(ops.neg(z)), pos_weight * y)
        return ops.mean(ops.add(ones, ops.mul(ops.softplus(z), 1.0 - y)))

    value, pull = ops.vjp(loss, w.astype(np.float64), np.array([float(b)]))
    dw, db = pull(np.array(1.0))
    return float(value), w - lr * dw, float(b) - lr * float(db[0])


async def step(t, *args):
    answer = await t.call("logistic_step", *args)
    t.true(isinstance(answer, (tuple, list)) and len(answer) == 3, got=answer, expected=("loss", "w", "b"))
    return answer


async def agrees(t, *args):
    for name, got, expected in zip(("loss", "w", "b"), await step(t, *args), reference(*args)):
        t.equal(got, expected, name=name, **CLOSE)


@check("hand-example", visible=True)
async def hand_example(t):
    x, y = np.array([[2.0, 0.0], [0.0, 4.0]]), np.array([1, 0])
    loss, w, b = await step(t, x, y, np.zeros(2), 0.0, 1.0)
    t.equal(loss, float(np.log(2.0)), name="loss", **CLOSE)
    t.equal(w, np.array([0.5, -1.0]), name="w", **CLOSE)
    t.equal(b, 0.0, name="b", **CLOSE)


@check("loss", visible=True)
async def loss(t):
    args = draw(t, 6, 3)
    got, _, _ = await step(t, *args, 0.5)
    t.equal(got, float(plain_loss(*args)), name="loss", **CLOSE)


@check("update", visible=True)
async def update(t):
    await agrees(t, *draw(t, 8, 3), 0.3)
    await agrees(t, *draw(t, 5, 2), 2.0)


@check("pos-weight", visible=True)
async def pos_weight(t):
    await agrees(t, *draw(t, 9, 3), 0.3, 4.0)
    await agrees(t, *draw(t, 9, 3), 0.3, 0.25)


@check("large-margins", visible=True)
async def large_margins(t):
    x = np.array([[1000.0], [-1000.0], [1000.0], [-800.0]])
    await agrees(t, x, np.array([1, 1, 0, 0]), np.array([1.0]), 0.0, 0.01)
    await agrees(t, x, np.array([0, 1, 0, 1]), np.array([1.0]), 0.5, 0.01)


@check("inputs-unchanged", visible=True)
async def inputs_unchanged(t):
    x, y, w, b = draw(t, 5, 3)
    await step(t, x, y.astype(np.float64), w, b, 0.1, 2.0)
    t.unchanged("x", "y", "w", "b", "lr", "pos_weight")


@check("label-kinds", visible=False)
async def label_kinds(t):
    x, y, w, b = draw(t, 7, 3)
    await agrees(t, x, y.astype(bool), w, b, 0.2)
    await agrees(t, x, y.astype(np.float64), w, b, 0.2)
    await agrees(t, x, t.rng.uniform(size=7), w, b, 0.2, 3.0)


@check("one-class", visible=False)
async def one_class(t):
    x, _, w, b = draw(t, 5, 2)
    await agrees(t, x, np.ones(5, dtype=np.int64), w, b, 0.2, 3.0)
    await agrees(t, x, np.zeros(5, dtype=np.int64), w, b, 0.2, 3.0)


@check("shapes", visible=False)
async def shapes(t):
    await agrees(t, *draw(t, 4, 4), 0.2)
    await agrees(t, *draw(t, 1, 3), 0.2)
    await agrees(t, *draw(t, 5, 1), 0.2)


@check("tiny-loss", visible=False)
async def tiny_loss(t):
    got, _, _ = await step(t, np.array([[40.0]]), np.array([1]), np.array([1.0]), 0.0, 0.1)
    t.equal(got, float(np.log1p(np.exp(-40.0))), rtol=1e-6, atol=0.0, name="loss")


@check("float32", visible=False)
async def float32(t):
    x, y, w, b = draw(t, 6, 3)
    x, w = x.astype(np.float32), w.astype(np.float32)
    _, got, _ = await step(t, x, y, w, b, 0.1)
    t.equal(got, reference(x, y, w, b, 0.1)[1].astype(np.float32), rtol=1e-5, atol=1e-6, name="w")


@check("finite-differences", visible=False)
async def finite_differences(t):
    x, y, w, b = draw(t, 6, 3)
    for weight in (1.0, 2.5):
        dw, db = numeric_vjp(lambda w, b: plain_loss(x, y, w, b, weight), (w, np.array(b)))
        _, got_w, got_b = await step(t, x, y, w, b, 1.0, weight)
        t.equal(w - got_w, dw, rtol=1e-6, atol=1e-8, name="dL/dw")
        t.equal(b - float(got_b), float(db), rtol=1e-6, atol=1e-8, name="dL/db")


@check("learns", visible=False)
async def learns(t):
    x = t.rng.normal(size=(40, 2))
    x = x + np.where(x[:, :1] > 0, 1.0, -1.0) * np.array([1.0, 0.0])
    y = (x[:, 0] > 0).astype(np.int64)
    w, b, losses = np.zeros(2), 0.0, []
    for _ in range(25):
        loss, w, b = await step(t, x, y, w, b, 0.5)
        losses.append(t.number(loss, name="loss"))
    t.true(all(after < before for before, after in zip(losses, losses[1:])), got=losses)
    t.true(losses[-1] < 0.35 * losses[0], got=losses[-1], expected=0.35 * losses[0])


@check("random", visible=False)
async def random(t):
    for _ in range(5):
        count, features = (int(n) for n in t.rng.integers(1, 10, size=2))
        rate, weight = float(t.rng.uniform(0.01, 2.0)), float(t.rng.uniform(0.1, 5.0))
        await agrees(t, *draw(t, count, features, 5.0), rate, weight)
