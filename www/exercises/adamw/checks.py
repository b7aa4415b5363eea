import numpy as np

from danlu.judge import check

CLOSE = {"rtol": 1e-9, "atol": 1e-12}
SHAPES = {"dense.w": (4, 3), "dense.b": (3,), "norm.gain": (4,), "conv.w": (2, 2, 1, 2)}


def draw(t, shapes=SHAPES):
    return {name: t.rng.normal(size=shape) for name, shape in shapes.items()}


def reference(params, all_grads, lr, decay, decoupled, betas=(0.9, 0.999), eps=1e-8):
    """The parameters after each step."""
    params, path = dict(params), []
    moments = {name: (0, 0.0 * p, 0.0 * p) for name, p in params.items()}
    for grads in all_grads:
        for name, g in grads.items():
            p, rate = params[name], decay * (params[name].ndim > 1)
            g = g if decoupled else g + rate * p
            t, m, v = moments[name]
            t, m, v = t + 1, betas[0] * m + (1 - betas[0]) * g, betas[1] * v + (1 - betas[1]) * g * g
            moments[name] = t, m, v
            move = m / (1 - betas[0] ** t) / (np.sqrt(v / (1 - betas[1] ** t)) + eps)
            params[name] = p - lr * move - (lr * rate * p if decoupled else 0.0)
        path.append(dict(params))
    return path


async def follow(t, params, all_grads, lr, decay, decoupled, **options):
    optimiser = await t.make("AdamW", lr, weight_decay=decay, decoupled=decoupled, **options)
    path = reference(params, all_grads, lr, decay, decoupled, **options)
    for number, (grads, expected) in enumerate(zip(all_grads, path), 1):
        params = await optimiser.call("step", params, grads)
        t.equal(params, expected, name=f"params after step {number}", **CLOSE)


@check("decoupled", visible=True)
async def decoupled(t):
    await follow(t, draw(t), [draw(t) for _ in range(5)], 0.05, 0.2, True)
    # As it is made without settings.
    params, grads = draw(t), draw(t)
    optimiser = await t.make("AdamW")
    t.equal(await optimiser.call("step", params, grads), reference(params, [grads], 0.001, 0.01, True)[0], name="params", **CLOSE)


@check("l2", visible=True)
async def l2(t):
    await follow(t, draw(t), [draw(t) for _ in range(5)], 0.05, 0.2, False)


@check("zero-gradient", visible=True)
async def zero_gradient(t):
    params = {"w": np.array([[1.0, 100.0]])}
    grads = {"w": np.zeros((1, 2))}
    optimiser = await t.make("AdamW", 0.1, weight_decay=0.5)
    got = await optimiser.call("step", params, grads)
    t.equal(got, {"w": np.array([[0.95, 95.0]])}, name="AdamW", **CLOSE)
    optimiser = await t.make("AdamW", 0.1, weight_decay=0.5, decoupled=False)
    got = await optimiser.call("step", params, grads)
    t.equal(got, {"w": np.array([[0.9, 99.9]])}, name="L2", rtol=1e-6)


@check("biases", visible=True)
async def biases(t):
    shapes = {"dense.b": (3,), "norm.gain": (4,), "scale": ()}
    params, grads = ({n: np.asarray(a) for n, a in draw(t, shapes).items()} for _ in range(2))
    for way in (True, False):
        got = {}
        for decay in (0.0, 10.0):
            optimiser = await t.make("AdamW", 0.1, weight_decay=decay, decoupled=way)
            got[decay] = await optimiser.call("step", params, grads)
        t.equal(got[10.0], got[0.0], name="params", **CLOSE)
    t.equal(got[0.0], reference(params, [grads], 0.1, 0.0, True)[0], name="params", **CLOSE)


@check("inputs-unchanged", visible=True)
async def inputs_unchanged(t):
    for way in (True, False):
        optimiser = await t.make("AdamW", 0.1, weight_decay=0.5, decoupled=way)
        for _ in range(2):
            await optimiser.call("step", draw(t), draw(t))
            t.unchanged("params", "grads")


@check("no-decay", visible=True)
async def no_decay(t):
    params, grads = draw(t), [draw(t) for _ in range(3)]
    await follow(t, params, grads, 0.1, 0.0, True)
    await follow(t, params, grads, 0.1, 0.0, False)


@check("missing-gradient", visible=False)
async def missing_gradient(t):
    params, grads = draw(t), [draw(t) for _ in range(4)]
    del grads[0]["dense.w"], grads[2]["dense.w"], grads[2]["conv.w"]
    for way in (True, False):
        await follow(t, params, grads, 0.1, 0.3, way)


@check("gradient-size", visible=False)
async def gradient_size(t):
    params = draw(t)
    base = draw(t)
    for scale in (1e-3, 1.0, 1e3):
        grads = [{name: scale * g for name, g in base.items()}] * 3
        await follow(t, params, grads, 0.05, 0.4, True)
        await follow(t, params, grads, 0.05, 0.4, False)


@check("lr-changes", visible=False)
async def lr_changes(t):
    params, grads = draw(t), draw(t)
    optimiser = await t.make("AdamW", 0.5, weight_decay=0.3)
    await optimiser.set("lr", 0.0)
    t.equal(await optimiser.call("step", params, grads), params, name="params", **CLOSE)
    optimiser = await t.make("AdamW", 0.5, weight_decay=0.3)
    await optimiser.set("lr", 0.01)
    got = await optimiser.call("step", params, grads)
    t.equal(got, reference(params, [grads], 0.01, 0.3, True)[0], name="params", **CLOSE)


@check("two-optimisers", visible=False)
async def two_optimisers(t):
    params, grads = draw(t), [draw(t) for _ in range(3)]
    await follow(t, params, grads, 0.1, 0.1, True)
    await follow(t, params, grads, 0.1, 0.1, True)


@check("float32", visible=False)
async def float32(t):
    params, grads = ({n: a.astype(np.float32) for n, a in draw(t).items()} for _ in range(2))
    for way in (True, False):
        optimiser = await t.make("AdamW", 0.1, weight_decay=0.3, decoupled=way)
        got = await optimiser.call("step", params, grads)
        expected = {n: a.astype(np.float32) for n, a in reference(params, [grads], 0.1, 0.3, way)[0].items()}
        t.equal(got, expected, rtol=1e-4, atol=1e-5, name="params")


@check("random", visible=False)
async def random(t):
    for way in (True, False, True, False):
        betas = (float(t.rng.uniform(0, 0.95)), float(t.rng.uniform(0.5, 0.999)))
        lr, decay = float(t.rng.uniform(0.001, 0.3)), float(t.rng.uniform(0.0, 1.0))
        await follow(t, draw(t), [draw(t) for _ in range(4)], lr, decay, way, betas=betas, eps=1e-6)
