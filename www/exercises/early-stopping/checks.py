import numpy as np

from danlu.judge import check


def expected_run(metrics, patience, min_delta=0.0, mode="min"):
    """For each epoch up to the stop: whether to stop, the best metric and its epoch."""
    best = epoch_of_best = None
    waited, path = 0, []
    for epoch, metric in enumerate(metrics):
        gain = None if best is None else (best - metric if mode == "min" else metric - best)
        if metric == metric and (gain is None or gain > min_delta):
            best, epoch_of_best, waited = metric, epoch, 0
        else:
            waited += 1
        path.append((waited >= patience, best, epoch_of_best))
        if path[-1][0]:
            break
    return path


async def follow(t, metrics, patience, min_delta=0.0, mode="min"):
    """Runs it through the metrics, with weights that tell their epoch."""
    stopping = await t.make("EarlyStopping", patience, min_delta=min_delta, mode=mode)
    path = expected_run(metrics, patience, min_delta, mode)
    for epoch, (stop, best, epoch_of_best) in enumerate(path):
        got = await stopping.call("update", float(metrics[epoch]), [np.full((2, 2), float(epoch)), np.array([epoch + 0.5])])
        t.true(bool(got) == stop, got=got, expected=stop)
        if best is not None:
            t.equal(await stopping.get("best"), float(best), name=f"best after epoch {epoch}")
            t.equal(await stopping.get("best_epoch"), epoch_of_best, name=f"best_epoch after epoch {epoch}")
    if best is not None:
        expected = [np.full((2, 2), float(epoch_of_best)), np.array([epoch_of_best + 0.5])]
        t.equal(await stopping.call("restore"), expected, name="restored weights")
    return stopping


@check("stops", visible=True)
async def stops(t):
    await follow(t, [1.0, 0.8, 0.9, 0.85, 0.95, 0.5], 3)
    await follow(t, [1.0, 0.9, 0.95], 1)


@check("counts-anew", visible=True)
async def counts_anew(t):
    await follow(t, [1.0, 1.1, 1.2, 0.9, 1.0, 1.1, 0.8, 0.9, 0.9, 0.9], 3)


@check("restores-best", visible=True)
async def restores_best(t):
    await follow(t, [0.9, 0.3, 0.6, 0.5, 0.4], 3)


@check("keeps-a-copy", visible=True)
async def keeps_a_copy(t):
    stopping = await t.make("EarlyStopping", 5)
    first, second = await t.make("numpy.zeros", 3), await t.make("numpy.zeros", (2, 2))
    for metric, value in ((1.0, 1.0), (0.2, 2.0), (0.5, 3.0), (0.7, 4.0)):
        await t.call("numpy.copyto", first, np.full(3, value))
        await t.call("numpy.copyto", second, np.full((2, 2), -value))
        await stopping.call("update", metric, [first, second])
    t.equal(await stopping.call("restore"), [np.full(3, 2.0), np.full((2, 2), -2.0)], name="restored weights")


@check("maximise", visible=True)
async def maximise(t):
    await follow(t, [0.5, 0.7, 0.6, 0.9, 0.8, 0.85, 0.9], 3, mode="max")
    await follow(t, [-3.0, -2.0, -5.0, -4.0], 2, mode="max")


@check("min-delta", visible=True)
async def min_delta(t):
    await follow(t, [1.0, 0.95, 0.92, 0.88, 0.86, 0.85, 0.84], 3, min_delta=0.1)
    await follow(t, [0.5, 0.53, 0.62, 0.65, 0.66, 0.7], 3, min_delta=0.1, mode="max")


@check("slow-progress", visible=False)
async def slow_progress(t):
    await follow(t, [1.0 - 0.04 * k for k in range(12)], 3, min_delta=0.1)
    await follow(t, [1.0 - 0.01 * k for k in range(12)], 5, min_delta=0.1)


@check("ties", visible=False)
async def ties(t):
    await follow(t, [0.5, 0.5, 0.5, 0.5], 2)
    await follow(t, [0.5, 0.7, 0.5, 0.6], 3, mode="max")


@check("against-the-best", visible=False)
async def against_the_best(t):
    await follow(t, [0.2, 0.9, 0.8, 0.7, 0.6, 0.5], 4)


@check("any-gain-counts", visible=False)
async def any_gain_counts(t):
    # Without min_delta and mode the least fall is one.
    stopping = await t.make("EarlyStopping", 2)
    for metric in (0.5, 0.5 - 1e-6, 0.5 - 2e-6, 0.5 - 3e-6):
        got = await stopping.call("update", metric, [np.array([metric])])
        t.true(not got, got=got, expected=False)
        t.equal(await stopping.get("best"), metric, rtol=0.0, atol=0.0, name="best")


@check("not-a-number", visible=False)
async def not_a_number(t):
    await follow(t, [0.5, np.nan, np.nan, 0.1], 2)
    await follow(t, [np.nan, 0.5, np.nan, 0.4, 0.6, 0.7], 2)
    stopping = await t.make("EarlyStopping", 2)
    for expected in (False, True):
        got = await stopping.call("update", float("nan"), [np.zeros(2)])
        t.true(bool(got) == expected, got=got, expected=expected)
    await t.raises(ValueError, stopping.method("restore"))


@check("own-copies", visible=False)
async def own_copies(t):
    stopping, other = await t.make("EarlyStopping", 3), await t.make("EarlyStopping", 3)
    await stopping.call("update", 0.5, [np.ones(3)])
    await other.call("update", 0.9, [np.zeros(3)])
    restored = await stopping.make("restore")
    await t.call("numpy.copyto", await t.make("operator.getitem", restored, 0), np.full(3, 9.0))
    t.equal(await stopping.call("restore"), [np.ones(3)], name="restored weights")
    t.equal(await other.call("restore"), [np.zeros(3)], name="the other's weights")


@check("inputs-unchanged", visible=False)
async def inputs_unchanged(t):
    stopping = await t.make("EarlyStopping", 3)
    for metric in (0.5, 0.9, 0.1):
        await stopping.call("update", metric, [t.rng.normal(size=3), t.rng.normal(size=(2, 2))])
        t.unchanged("metric", "weights")


@check("bad-settings", visible=False)
async def bad_settings(t):
    for patience, mode in ((0, "min"), (-1, "min"), (3, "best")):
        await t.raises(ValueError, "EarlyStopping", patience, mode=mode)
    stopping = await t.make("EarlyStopping", 3)
    await t.raises(ValueError, stopping.method("restore"))


@check("random", visible=False)
async def random(t):
    for _ in range(4):
        metrics = np.round(np.cumsum(t.rng.normal(size=15)) * 0.3 - 0.05 * np.arange(15), 2).tolist()
        patience, delta = int(t.rng.integers(1, 5)), float(t.rng.uniform(0.001, 0.4))
        await follow(t, metrics, patience, delta, "min" if t.rng.uniform() < 0.5 else "max")
