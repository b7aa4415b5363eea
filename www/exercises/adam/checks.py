import numpy as np

from danlu.judge import check

CLOSE = {"rtol": 1e-9, "atol": 1e-12}
SHAPES = [(3, 2), (2,), (2, 1, 2)]


def draw(t, shapes=SHAPES):
    return [t.rng.normal(size=shape) for shape in shapes]


def reference(params, all_grads, lrs, betas=(0.9, 0.999), eps=1e-8):
    """The parameters after each step, from Algorithm 1 of the paper."""
    params, path = list(params), []
    moments = [(0, 0.0 * p, 0.0 * p) for p in params]
    for grads, lr in zip(all_grads, lrs):
        for i, g in enumerate(grads):
            if g is None:
                continue
            t, m, v = moments[i]
            t, m, v = t + 1, betas[0] * m + (1 - betas[0]) * g, betas[1] * v + (1 - betas[1]) * g * g
            moments[i] = t, m, v
            params[i] = params[i] - lr * (m / (1 - betas[0] ** t)) / (np.sqrt(v / (1 - betas[1] ** t)) + eps)
        path.append(list(params))
    return path


async def follow(t, optimiser, params, all_grads, path):
    for number, (grads, expected) in enumerate(zip(all_grads, path), 1):
        params = await optimiser.call("step", params, grads)
        t.equal(params, expected, name=f"params after step {number}", **CLOSE)


@check("first-step", visible=True)
async def first_step(t):
    optimiser = await t.make("Adam", 0.1)
    got = await optimiser.call("step", [np.array([1.0, 1.0, 1.0])], [np.array([5.0, -0.001, 2000.0])])
    t.equal(got, [np.array([0.9, 1.1, 0.9])], rtol=1e-5)


@check("trajectory", visible=True)
async def trajectory(t):
    params, grads = draw(t), [draw(t) for _ in range(6)]
    optimiser = await t.make("Adam", 0.01)
    await follow(t, optimiser, params, grads, reference(params, grads, [0.01] * 6))
    await follow(t, await t.make("Adam"), params, grads, reference(params, grads, [0.001] * 6))


@check("settings", visible=True)
async def settings(t):
    params, grads = draw(t), [draw(t) for _ in range(5)]
    optimiser = await t.make("Adam", 0.05, betas=(0.5, 0.8), eps=0.1)
    await follow(t, optimiser, params, grads, reference(params, grads, [0.05] * 5, (0.5, 0.8), 0.1))


@check("zero-gradient", visible=True)
async def zero_gradient(t):
    params = draw(t, [(4,)])
    grads = [[np.array([0.0, 1.0, 0.0, -2.0])], [np.array([0.0, 0.0, 3.0, 1.0])]]
    optimiser = await t.make("Adam", 0.1)
    await follow(t, optimiser, params, grads, reference(params, grads, [0.1] * 2))


@check("inputs-unchanged", visible=True)
async def inputs_unchanged(t):
    optimiser = await t.make("Adam", 0.1)
    for _ in range(3):
        await optimiser.call("step", draw(t), draw(t))
        t.unchanged("params", "grads")


@check("missing-gradient", visible=True)
async def missing_gradient(t):
    params, grads = draw(t), [draw(t) for _ in range(6)]
    grads = [[None if (n, i) in {(0, 1), (1, 1), (2, 0), (3, 1), (3, 2)} else g for i, g in enumerate(gs)]
             for n, gs in enumerate(grads)]
    optimiser = await t.make("Adam", 0.01)
    await follow(t, optimiser, params, grads, reference(params, grads, [0.01] * 6))


@check("tiny-gradients", visible=False)
async def tiny_gradients(t):
    params, grads = draw(t, [(3,)]), [[g * 1e-8 for g in draw(t, [(3,)])] for _ in range(4)]
    optimiser = await t.make("Adam", 1.0)
    await follow(t, optimiser, params, grads, reference(params, grads, [1.0] * 4))


@check("scale-free", visible=False)
async def scale_free(t):
    params, grads = draw(t, [(3,)]), [draw(t, [(3,)]) for _ in range(5)]
    ends = []
    for scale in (1.0, 1e6):
        optimiser, now = await t.make("Adam", 0.1), params
        for g in grads:
            now = t.like(await optimiser.call("step", now, [scale * g[0]]), params, name="params")
        ends.append(now)
    t.equal(ends[1], ends[0], rtol=1e-4, atol=1e-5)


@check("late-steps", visible=False)
async def late_steps(t):
    params, grads = draw(t, [(2,)]), [draw(t, [(2,)]) for _ in range(60)]
    optimiser, now = await t.make("Adam", 0.02, (0.9, 0.95)), params
    path = reference(params, grads, [0.02] * 60, (0.9, 0.95))
    for g in grads:
        now = await optimiser.call("step", now, g)
    t.equal(now, path[-1], name="params after step 60", rtol=1e-8, atol=1e-10)


@check("lr-and-state", visible=False)
async def lr_and_state(t):
    params, grads, rates = draw(t), [draw(t) for _ in range(4)], [0.1, 0.02, 0.0, 0.3]
    for _ in range(2):
        optimiser, now = await t.make("Adam", 1.0), params
        path = reference(params, grads, rates)
        for number in range(4):
            await optimiser.set("lr", rates[number])
            now = await optimiser.call("step", now, grads[number])
            t.equal(now, path[number], name=f"params after step {number + 1}", **CLOSE)


@check("reused-gradient", visible=False)
async def reused_gradient(t):
    params, grads = draw(t, [(3,)]), [draw(t, [(3,)]) for _ in range(3)]
    path = reference(params, grads, [0.1] * 3)
    optimiser, buffer, now = await t.make("Adam", 0.1), await t.make("numpy.zeros", 3), params
    for number in range(3):
        await t.call("numpy.copyto", buffer, grads[number][0])
        now = await optimiser.call("step", now, [buffer])
        t.equal(now, path[number], name=f"params after step {number + 1}", **CLOSE)


@check("float32", visible=False)
async def float32(t):
    params, grads = [p.astype(np.float32) for p in draw(t)], [[g.astype(np.float32) for g in draw(t)] for _ in range(3)]
    optimiser, path = await t.make("Adam", 0.01), reference(params, grads, [0.01] * 3)
    for number in range(3):
        params = await optimiser.call("step", params, grads[number])
        expected = [p.astype(np.float32) for p in path[number]]
        t.equal(params, expected, rtol=1e-4, atol=1e-5, name=f"params after step {number + 1}")


@check("random", visible=False)
async def random(t):
    for _ in range(4):
        shapes = [tuple(int(n) for n in t.rng.integers(1, 4, size=int(t.rng.integers(0, 4)))) for _ in range(3)]
        params = [np.asarray(p) for p in draw(t, shapes)]
        grads = [[np.asarray(g) for g in draw(t, shapes)] for _ in range(5)]
        lr, betas = float(t.rng.uniform(0.001, 0.5)), (float(t.rng.uniform(0, 0.95)), float(t.rng.uniform(0.5, 0.999)))
        optimiser = await t.make("Adam", lr, betas, 1e-6)
        await follow(t, optimiser, params, grads, reference(params, grads, [lr] * 5, betas, 1e-6))
