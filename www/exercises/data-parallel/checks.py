import numpy as np

from danlu.judge import check

CLOSE = {"rtol": 1e-9, "atol": 1e-11}


def gradient(params, x, y):
    """The mean squared error's gradient for a linear model of one output."""
    if len(x) == 0:
        raise ValueError("gradient of an empty shard")
    w, b = params
    off = x @ w + b - y
    return [2.0 * (x.T @ off) / len(x), np.asarray(2.0 * off.mean()).reshape(1)]


def one_worker(params, x, y, lr):
    return [p - lr * g for p, g in zip(params, gradient(params, x, y))]


def cuts_of(count, workers):
    small, extra = divmod(count, workers)
    sizes = [small + (worker < extra) for worker in range(workers)]
    return [(sum(sizes[:worker]), sum(sizes[: worker + 1])) for worker in range(workers)]


def draw(t, count, width=3):
    params = [t.rng.normal(size=width), t.rng.normal(size=1)]
    return params, t.rng.normal(size=(count, width)), t.rng.normal(size=count)


def copies(params, workers):
    return [[p.copy() for p in params] for _ in range(workers)]


async def step(t, replicas, x, y, lr, function=gradient):
    lent = t.lend(function)
    moved = await t.call("sync_step", replicas, x, y, lent, lr)
    t.true(isinstance(moved, (list, tuple)) and len(moved) == len(replicas), got=moved)
    return moved, lent.calls


async def agrees(t, count, workers, lr=0.1):
    params, x, y = draw(t, count)
    moved, _ = await step(t, copies(params, workers), x, y, lr)
    expected = one_worker(params, x, y, lr)
    for worker, got in enumerate(moved):
        t.equal(got, expected, name=f"replica {worker}", **CLOSE)


@check("shards", visible=True)
async def shards(t):
    for count, workers in [(10, 4), (8, 4), (7, 1), (5, 5), (9, 2), (11, 3)]:
        t.equal(await t.call("shards", count, workers), cuts_of(count, workers), name=f"shards({count}, {workers})")


@check("hand-example", visible=True)
async def hand_example(t):
    x, y = np.array([[1.0], [2.0], [3.0]]), np.array([2.0, 4.0, 9.0])
    # From zeros: worker 0 finds -2 (1·2 + 2·4) / 2 = -10 and -6, worker 1 -54 and -18.
    params = [np.zeros(1), np.zeros(1)]
    moved, _ = await step(t, copies(params, 2), x, y, 0.03)
    for worker in range(2):
        t.equal(moved[worker], [np.array([0.74]), np.array([0.3])], name=f"replica {worker}", **CLOSE)


@check("equals-one-worker", visible=True)
async def equals_one_worker(t):
    for count, workers in [(8, 2), (12, 4), (5, 1), (7, 3)]:
        await agrees(t, count, workers)


@check("weighted-mean", visible=True)
async def weighted_mean(t):
    parts = [[t.rng.normal(size=(2, 3)), t.rng.normal(size=4)] for _ in range(3)]
    counts = [5, 1, 2]
    expected = [sum(c * part[i] for c, part in zip(counts, parts)) / 8.0 for i in range(2)]
    t.equal(await t.call("all_reduce_mean", parts, counts), expected, name="mean", **CLOSE)
    t.equal(await t.call("all_reduce_mean", parts[:1], [7]), parts[0], name="mean of one", **CLOSE)


@check("own-shard", visible=True)
async def own_shard(t):
    params, x, y = draw(t, 7)
    # Replicas that have drifted apart: each must be asked about its own, and keep its distance.
    replicas = [[p + worker for p in params] for worker in range(3)]
    moved, calls = await step(t, replicas, x, y, 0.1)
    t.equal(len(calls), 3, name="calls of gradient")
    asked = sorted(calls, key=lambda call: float(call[0][0][1][0]))
    shares = []
    for worker, ((got, seen_x, seen_y), _) in enumerate(asked):
        start, stop = cuts_of(7, 3)[worker]
        t.equal(got, replicas[worker], name=f"parameters of worker {worker}")
        t.equal(seen_x, x[start:stop], name=f"x of worker {worker}")
        t.equal(seen_y, y[start:stop], name=f"y of worker {worker}")
        shares.append([g * (stop - start) / 7.0 for g in gradient(replicas[worker], x[start:stop], y[start:stop])])
    for worker in range(3):
        expected = [p - 0.1 * sum(share[i] for share in shares) for i, p in enumerate(replicas[worker])]
        t.equal(moved[worker], expected, name=f"replica {worker}", **CLOSE)


@check("inputs-unchanged", visible=True)
async def inputs_unchanged(t):
    params, x, y = draw(t, 5)
    await step(t, copies(params, 2), x, y, 0.1)
    t.unchanged("replicas", "x", "y")
    parts = [[t.rng.normal(size=3)] for _ in range(2)]
    await t.call("all_reduce_mean", parts, [2, 2])
    t.unchanged("gradients", "counts")


@check("idle-workers", visible=False)
async def idle_workers(t):
    for count, workers in [(2, 5), (1, 3)]:
        t.equal(await t.call("shards", count, workers), cuts_of(count, workers), name=f"shards({count}, {workers})")
        await agrees(t, count, workers)
    parts = [None, [t.rng.normal(size=3)], None]
    t.equal(await t.call("all_reduce_mean", parts, [0, 4, 0]), parts[1], name="mean", **CLOSE)


@check("many-steps", visible=False)
async def many_steps(t):
    params, _, _ = draw(t, 1)
    replicas = copies(params, 3)
    for _ in range(12):
        _, x, y = draw(t, int(t.rng.integers(2, 12)))
        replicas, _ = await step(t, replicas, x, y, 0.05)
        params = one_worker(params, x, y, 0.05)
        for worker in range(1, 3):
            t.equal(replicas[worker], replicas[0], rtol=0.0, atol=0.0, name=f"replica {worker}")
    t.equal(replicas[0], params, name="replica 0", rtol=1e-8, atol=1e-9)


@check("separate-replicas", visible=False)
async def separate_replicas(t):
    params, x, y = draw(t, 6)
    moved = await t.make("sync_step", copies(params, 2), x, y, t.lend(gradient), 0.1)
    before = await t.call("operator.getitem", moved, 1)
    first = await t.make("operator.getitem", moved, 0)
    for place in range(2):
        await t.call("numpy.copyto", await t.make("operator.getitem", first, place), 77.0)
    t.equal(await t.call("operator.getitem", moved, 1), before, rtol=0.0, atol=0.0, name="replica 1")


@check("non-contiguous", visible=False)
async def non_contiguous(t):
    def pulled(params, x, y):
        return [np.asarray(x).mean(axis=0) + y.mean() + 0.0 * params[0]]

    x, y = t.rng.normal(size=(2, 3, 7)).T, t.rng.normal(size=(1, 7)).T
    start = t.rng.normal(size=(3, 2))
    moved, _ = await step(t, copies([start], 4), x, y, 0.5, pulled)
    for worker in range(4):
        t.equal(moved[worker], [start - 0.5 * pulled([start], x, y)[0]], name=f"replica {worker}", **CLOSE)


@check("float32", visible=False)
async def float32(t):
    params, x, y = draw(t, 7)
    params, x, y = [p.astype(np.float32) for p in params], x.astype(np.float32), y.astype(np.float32)

    def narrow(params, x, y):
        return [g.astype(np.float32) for g in gradient(params, x, y)]

    moved, _ = await step(t, copies(params, 3), x, y, 0.1, narrow)
    expected = [p - 0.1 * g for p, g in zip(params, narrow(params, x, y))]
    for worker in range(3):
        t.equal(moved[worker], expected, rtol=1e-4, atol=1e-5, name=f"replica {worker}")


@check("random", visible=False)
async def random(t):
    for _ in range(5):
        await agrees(t, int(t.rng.integers(1, 20)), int(t.rng.integers(1, 7)), 0.2)
