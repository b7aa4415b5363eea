import numpy as np

from danlu.judge import check

CLOSE = {"rtol": 1e-10, "atol": 1e-12}
SHAPES = [(3, 2), (2,), (2, 2, 2)]


def draw(t, shapes=SHAPES):
    return [t.rng.normal(size=shape) for shape in shapes]


def reference(params, all_grads, lrs, momentum=0.0, nesterov=False):
    """The parameters after each step, PyTorch's way."""
    params, velocities, path = list(params), [0.0 * p for p in params], []
    for grads, lr in zip(all_grads, lrs):
        for i, g in enumerate(grads):
            velocities[i] = momentum * velocities[i] + g
            params[i] = params[i] - lr * (g + momentum * velocities[i] if nesterov else velocities[i])
        path.append(list(params))
    return path


async def follow(t, optimiser, params, all_grads, path):
    for number, (grads, expected) in enumerate(zip(all_grads, path), 1):
        params = await optimiser.call("step", params, grads)
        t.equal(params, expected, name=f"params after step {number}", **CLOSE)
    return params


@check("plain", visible=True)
async def plain(t):
    params, grads = draw(t), [draw(t) for _ in range(3)]
    optimiser = await t.make("SGD", 0.1)
    await follow(t, optimiser, params, grads, reference(params, grads, [0.1] * 3))


@check("momentum", visible=True)
async def momentum(t):
    params, grads = draw(t), [draw(t) for _ in range(5)]
    optimiser = await t.make("SGD", 0.1, momentum=0.9)
    await follow(t, optimiser, params, grads, reference(params, grads, [0.1] * 5, 0.9))


@check("nesterov", visible=True)
async def nesterov(t):
    params, grads = draw(t), [draw(t) for _ in range(5)]
    optimiser = await t.make("SGD", 0.05, momentum=0.8, nesterov=True)
    await follow(t, optimiser, params, grads, reference(params, grads, [0.05] * 5, 0.8, True))


@check("hand-example", visible=True)
async def hand_example(t):
    optimiser = await t.make("SGD", 0.1, 0.5)
    params = [np.array([0.0])]
    for expected in (-0.1, -0.25, -0.425):
        params = await optimiser.call("step", params, [np.array([1.0])])
        t.equal(params, [np.array([expected])], name="params", **CLOSE)


@check("inputs-unchanged", visible=True)
async def inputs_unchanged(t):
    for options in ({}, {"momentum": 0.9}, {"momentum": 0.9, "nesterov": True}):
        optimiser = await t.make("SGD", 0.1, **options)
        for _ in range(2):
            await optimiser.call("step", draw(t), draw(t))
            t.unchanged("params", "grads")


@check("nesterov-needs-momentum", visible=True)
async def nesterov_needs_momentum(t):
    await t.raises(ValueError, "SGD", 0.1, nesterov=True)
    await t.raises(ValueError, "SGD", 0.1, 0.0, True)


@check("lr-changes", visible=False)
async def lr_changes(t):
    params, grads, rates = draw(t), [draw(t) for _ in range(4)], [0.1, 0.1, 0.01, 0.0]
    for options in ({"momentum": 0.9}, {"momentum": 0.9, "nesterov": True}):
        optimiser, now = await t.make("SGD", 0.1, **options), params
        path = reference(params, grads, rates, **options)
        for number in range(4):
            await optimiser.set("lr", rates[number])
            now = await optimiser.call("step", now, grads[number])
            t.equal(now, path[number], name=f"params after step {number + 1}", **CLOSE)


@check("several-parameters", visible=False)
async def several_parameters(t):
    shapes = [(2, 2), (2, 2), (2, 2)]
    params, grads = draw(t, shapes), [draw(t, shapes) for _ in range(4)]
    optimiser = await t.make("SGD", 0.1, momentum=0.9)
    await follow(t, optimiser, params, grads, reference(params, grads, [0.1] * 4, 0.9))


@check("two-optimisers", visible=False)
async def two_optimisers(t):
    params, grads = draw(t), [draw(t) for _ in range(3)]
    first = await t.make("SGD", 0.1, momentum=0.9)
    await follow(t, first, params, grads, reference(params, grads, [0.1] * 3, 0.9))
    second = await t.make("SGD", 0.2, momentum=0.9)
    await follow(t, second, params, grads, reference(params, grads, [0.2] * 3, 0.9))


@check("reused-gradient", visible=False)
async def reused_gradient(t):
    shapes = [(3,)]
    params, grads = draw(t, shapes), [draw(t, shapes) for _ in range(3)]
    path = reference(params, grads, [0.1] * 3, 0.9)
    optimiser, buffer, now = await t.make("SGD", 0.1, momentum=0.9), await t.make("numpy.zeros", 3), params
    for number in range(3):
        # One buffer for the gradients of every step, as training loops have it.
        await t.call("numpy.copyto", buffer, grads[number][0])
        now = await optimiser.call("step", now, [buffer])
        t.equal(now, path[number], name=f"params after step {number + 1}", **CLOSE)


@check("types", visible=False)
async def types(t):
    params, grads = [p.astype(np.float32) for p in draw(t)], [[g.astype(np.float32) for g in draw(t)] for _ in range(3)]
    optimiser, path = await t.make("SGD", 0.1, 0.9, True), reference(params, grads, [0.1] * 3, 0.9, True)
    for number in range(3):
        params = await optimiser.call("step", params, grads[number])
        expected = [p.astype(np.float32) for p in path[number]]
        t.equal(params, expected, rtol=1e-5, atol=1e-6, name=f"params after step {number + 1}")
    optimiser = await t.make("SGD", 0.5, 0.5)
    got = await optimiser.call("step", [np.array(3.0)], [np.array(2.0)])
    t.equal(got, [np.array(2.0)], **CLOSE)


@check("narrow-valley", visible=False)
async def narrow_valley(t):
    slopes, ends = np.array([1.0, 100.0]), []
    for options in ({}, {"momentum": 0.8}):
        optimiser, params = await t.make("SGD", 0.015, **options), [np.array([1.0, 1.0])]
        for _ in range(80):
            params = t.like(await optimiser.call("step", params, [slopes * params[0]]), params, name="params")
        ends.append(float((slopes * params[0] ** 2).sum()))
    t.true(ends[1] < 1e-3 * ends[0], got=ends)


@check("random", visible=False)
async def random(t):
    for _ in range(4):
        shapes = [tuple(int(n) for n in t.rng.integers(1, 4, size=int(t.rng.integers(1, 4)))) for _ in range(3)]
        params, grads = draw(t, shapes), [draw(t, shapes) for _ in range(6)]
        lr, mu, ahead = float(t.rng.uniform(0.01, 1.0)), float(t.rng.uniform(0.1, 0.99)), bool(t.rng.uniform() < 0.5)
        optimiser = await t.make("SGD", lr, momentum=mu, nesterov=ahead)
        await follow(t, optimiser, params, grads, reference(params, grads, [lr] * 6, mu, ahead))
