import numpy as np

from danlu import ops
from danlu.judge import check, shape_of


def draw(t, count, features, noise=0.5):
    x = t.rng.normal(size=(count, features))
    w, b = t.rng.normal(size=features), float(t.rng.normal())
    return x, x @ w + b + noise * t.rng.normal(size=count)


def gradients(x, y, w, b, l2=0.0):
    """The tape's gradients of mean((xw + b - y)²) + l2 · |w|², in float64."""

    def loss(w, b):
        residual = ops.sub(ops.add(ops.matmul(x, ops.reshape(w, (-1, 1))), b), y[:, None])
        return ops.add(ops.mean(ops.mul(residual, residual)), ops.mul(ops.sum(ops.mul(w, w)), l2))

    return ops.vjp(loss, w, np.array([b]))[1](np.array(1.0))


async def two(t, function, *args):
    """w and b, once they are known to be two things of the right kinds."""
    answer = await t.call(function, *args)
    t.true(isinstance(answer, (tuple, list)) and len(answer) == 2, got=answer, expected=("w", "b"))
    w, b = answer
    t.true(shape_of(w) == (args[0].shape[1],), got=shape_of(w), expected=(args[0].shape[1],))
    t.true(shape_of(b) == (), got=shape_of(b), expected=())
    return w, float(b)


async def is_best(t, x, y, l2=0.0):
    """At the minimum of a convex function its gradient is zero."""
    w, b = await two(t, "fit_closed", x, y, l2)
    dw, db = gradients(x, y, w, b, l2)
    t.equal(dw, np.zeros(len(w)), atol=1e-8, name="dL/dw")
    t.equal(db, np.zeros(1), atol=1e-8, name="dL/db")
    return w, b


@check("recovers", visible=True)
async def recovers(t):
    x = np.array([[0.0, 0.0], [1.0, 0.0], [0.0, 1.0], [2.0, 3.0]])
    w, b = await two(t, "fit_closed", x, x @ np.array([2.0, -1.0]) + 5.0)
    t.equal(w, np.array([2.0, -1.0]), rtol=1e-9, name="w")
    t.equal(b, 5.0, rtol=1e-9, name="b")


@check("closed", visible=True)
async def closed(t):
    await is_best(t, *draw(t, 20, 3))


@check("trajectory", visible=True)
async def trajectory(t):
    x, y = draw(t, 12, 3)
    w, b = np.zeros(3), 0.0
    for step in range(1, 6):
        dw, db = gradients(x, y, w, b)
        w, b = w - 0.1 * dw, b - 0.1 * float(db[0])
        if step in (1, 5):
            got_w, got_b = await two(t, "fit_descent", x, y, 0.1, step)
            t.equal(got_w, w, rtol=1e-9, atol=1e-12, name=f"w after {step}")
            t.equal(got_b, b, rtol=1e-9, atol=1e-12, name=f"b after {step}")


@check("agree", visible=True)
async def agree(t):
    x, y = draw(t, 60, 3)
    w, b = await two(t, "fit_closed", x, y)
    got_w, got_b = await two(t, "fit_descent", x, y, 0.15, 1500)
    t.equal(got_w, w, rtol=1e-6, atol=1e-8, name="w")
    t.equal(got_b, b, rtol=1e-6, atol=1e-8, name="b")


@check("ridge", visible=True)
async def ridge(t):
    x, y = draw(t, 30, 3)
    y = y + 40.0
    for l2 in (0.1, 3.0):
        w, b = await is_best(t, x, y, l2)
        got_w, got_b = await two(t, "fit_descent", x, y, 0.04, 2500, l2)
        t.equal(got_w, w, rtol=1e-6, atol=1e-8, name="w")
        t.equal(got_b, b, rtol=1e-6, atol=1e-8, name="b")


@check("column-target", visible=True)
async def column_target(t):
    x, y = draw(t, 6, 2)
    for bad in (y[:, None], y[None, :], y[:-1]):
        await t.raises(ValueError, "fit_closed", x, bad)
        await t.raises(ValueError, "fit_descent", x, bad, 0.1, 3)
    # As many samples as features, where a matrix of residuals fits everywhere.
    x, y = draw(t, 3, 3)
    await t.raises(ValueError, "fit_closed", x, y[:, None])
    await t.raises(ValueError, "fit_descent", x, y[:, None], 0.1, 3)


@check("inputs-unchanged", visible=True)
async def inputs_unchanged(t):
    x, y = draw(t, 8, 2)
    await t.call("fit_closed", x, y, 0.1)
    t.unchanged("x", "y")
    await t.call("fit_descent", x, y, 0.1, 3, 0.1)
    t.unchanged("x", "y")


@check("dependent", visible=False)
async def dependent(t):
    x, y = draw(t, 20, 2)
    # Any minimiser will do: there are infinitely many.
    await is_best(t, np.concatenate([x, x[:, :1], x.sum(axis=1, keepdims=True)], axis=1), y)
    await is_best(t, *draw(t, 4, 7))
    await is_best(t, np.concatenate([x, np.full((20, 1), 3.0)], axis=1), y)


@check("far-from-zero", visible=False)
async def far_from_zero(t):
    x = t.rng.normal(size=(40, 2)) + 1e6
    truth = t.rng.normal(size=2)
    y = (x - 1e6) @ truth + 7.0
    w, b = await two(t, "fit_closed", x, y)
    t.equal(w, truth, rtol=1e-6, atol=1e-7, name="w")
    t.equal(x @ w + b, y, rtol=1e-5, atol=1e-5, name="x @ w + b")


@check("smallest", visible=False)
async def smallest(t):
    w, b = await two(t, "fit_descent", *draw(t, 5, 3), 0.1, 0)
    t.equal(w, np.zeros(3), name="w")
    t.equal(b, 0.0, name="b")
    x, y = draw(t, 1, 1)
    w, b = await two(t, "fit_closed", x, y)
    t.equal(x @ w + b, y, rtol=1e-9, atol=1e-9, name="x @ w + b")
    await is_best(t, *draw(t, 9, 1))


@check("diverges", visible=False)
async def diverges(t):
    x, y = draw(t, 20, 2)
    before = float((y**2).mean())
    w, b = await two(t, "fit_descent", x * 10.0, y, 0.5, 6)
    after = float(((x * 10.0 @ w + b - y) ** 2).mean())
    t.true(after > 100.0 * before, got=after, expected=before)


@check("random", visible=False)
async def random(t):
    for _ in range(4):
        features = int(t.rng.integers(1, 6))
        x, y = draw(t, features + int(t.rng.integers(2, 20)), features)
        l2 = float(t.rng.uniform(0.01, 2.0))
        await is_best(t, x, y, l2)
        lr = float(t.rng.uniform(0.01, 0.1))
        w, b = np.zeros(features), 0.0
        for _ in range(7):
            dw, db = gradients(x, y, w, b, l2)
            w, b = w - lr * dw, b - lr * float(db[0])
        got_w, got_b = await two(t, "fit_descent", x, y, lr, 7, l2)
        t.equal(got_w, w, rtol=1e-9, atol=1e-11, name="w")
        t.equal(got_b, b, rtol=1e-9, atol=1e-11, name="b")
