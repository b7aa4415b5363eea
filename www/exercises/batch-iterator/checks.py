import numpy as np

from danlu.judge import check


def data(count):
    """Samples that tell their number, and targets that belong to them."""
    return np.arange(count * 3.0).reshape(count, 3), np.arange(count) * 10


async def loader(t, x, y, size, seed=None, **options):
    seed = int(t.rng.integers(0, 10**6)) if seed is None else seed
    return await t.make("Batches", x, y, size, seed, **options)


async def epoch(t, batches):
    """The batches of one epoch, once they are known to be pairs that belong together."""
    found = await batches.items()
    for pair in found:
        t.true(isinstance(pair, (tuple, list)) and len(pair) == 2, got=pair, expected=("x", "y"))
        x, y = pair
        t.true(isinstance(x, np.ndarray) and isinstance(y, np.ndarray), got=pair)
        t.equal(y, (x[:, 0] / 3.0).astype(np.int64) * 10, name="y of the batch")
    return found


def numbers(found):
    return [n // 10 for _, y in found for n in y.tolist()]


@check("each-once", visible=True)
async def each_once(t):
    batches = await loader(t, *data(20), 5)
    for _ in range(3):
        found = await epoch(t, batches)
        t.equal([len(y) for _, y in found], [5, 5, 5, 5], name="sizes")
        t.equal(sorted(numbers(found)), list(range(20)), name="samples")


@check("short-last", visible=True)
async def short_last(t):
    found = await epoch(t, await loader(t, *data(11), 4))
    t.equal([len(y) for _, y in found], [4, 4, 3], name="sizes")
    t.equal(sorted(numbers(found)), list(range(11)), name="samples")


@check("drop-last", visible=True)
async def drop_last(t):
    found = await epoch(t, await loader(t, *data(11), 4, drop_last=True))
    t.equal([len(y) for _, y in found], [4, 4], name="sizes")
    t.equal(len(set(numbers(found))), 8, name="different samples")
    found = await epoch(t, await loader(t, *data(8), 4, drop_last=True))
    t.equal([len(y) for _, y in found], [4, 4], name="sizes")


@check("length", visible=True)
async def length(t):
    for count, size in [(20, 5), (11, 4), (3, 8), (1, 1), (0, 4)]:
        for drop in (False, True):
            batches = await loader(t, *data(count), size, drop_last=drop)
            expected = count // size if drop else -(-count // size)
            t.equal(await t.call("builtins.len", batches), expected, name=f"len of {count} by {size}")
            t.equal(len(await epoch(t, batches)), expected, name=f"batches of {count} by {size}")


@check("seeded", visible=True)
async def seeded(t):
    x, y = data(30)
    first, second, other = [await loader(t, x, y, 7, seed) for seed in (3, 3, 4)]
    for number in range(3):
        a, b, c = [numbers(await epoch(t, batches)) for batches in (first, second, other)]
        t.equal(b, a, name=f"order in epoch {number}")
        t.true(c != a, got=c)


@check("new-order", visible=True)
async def new_order(t):
    batches = await loader(t, *data(30), 10)
    orders = [tuple(numbers(await epoch(t, batches))) for _ in range(4)]
    t.true(len(set(orders)) == 4, got=orders)
    t.true(tuple(range(30)) not in orders, got=orders)


@check("unshuffled", visible=True)
async def unshuffled(t):
    batches = await loader(t, *data(10), 4, shuffle=False)
    for _ in range(2):
        t.equal(numbers(await epoch(t, batches)), list(range(10)), name="order")


@check("data-unchanged", visible=False)
async def data_unchanged(t):
    values, targets = data(9)
    x, y = await t.make("numpy.array", values), await t.make("numpy.array", targets)
    for mixed in (True, False):
        batches = await t.make("Batches", x, y, 4, 1, shuffle=mixed)
        for pair in await batches.parts():
            for place, fill in ((0, -1.0), (1, -1)):
                part = await t.make("operator.getitem", pair, place)
                await t.call("numpy.copyto", part, fill)
        t.equal(await t.call("numpy.array", x), values, name="x")
        t.equal(await t.call("numpy.array", y), targets, name="y")


@check("own-generator", visible=False)
async def own_generator(t):
    x, y = data(25)
    await t.call("numpy.random.seed", 1)
    expected = await t.call("numpy.random.random", 3)
    await t.call("numpy.random.seed", 1)
    first = numbers(await epoch(t, await loader(t, x, y, 6, 8)))
    t.equal(await t.call("numpy.random.random", 3), expected, rtol=0.0, atol=0.0, name="numpy.random afterwards")
    t.equal(numbers(await epoch(t, await loader(t, x, y, 6, 8))), first, name="order")


@check("interleaved", visible=False)
async def interleaved(t):
    batches = await loader(t, *data(12), 4)
    one, two = await t.make("builtins.iter", batches), await t.make("builtins.iter", batches)
    seen = {0: [], 1: []}
    for _ in range(3):
        for place, iterator in enumerate((one, two)):
            x, y = await t.call("builtins.next", iterator)
            seen[place] += [n // 10 for n in y.tolist()]
    for order in seen.values():
        t.equal(sorted(order), list(range(12)), name="samples")
    await t.raises(StopIteration, "builtins.next", one)


@check("broken-off", visible=False)
async def broken_off(t):
    x, y = data(12)
    # Broken off after a batch, and before the first one.
    for taken in (1, 0):
        batches, same = await loader(t, x, y, 5, 2), await loader(t, x, y, 5, 2)
        begun = await t.make("builtins.iter", batches)
        if taken:
            await t.call("builtins.next", begun)
        first, found = numbers(await epoch(t, same)), numbers(await epoch(t, batches))
        t.equal(sorted(found), list(range(12)), name="samples")
        t.equal(found, numbers(await epoch(t, same)), name="order of the second epoch")
        if not taken:
            t.equal(numbers(await begun.items()), first, name="order of the first epoch")


@check("uniform", visible=False)
async def uniform(t):
    x, y = data(4)
    # In one batch, and in batches of one: shuffling within a buffer of some batches isn't enough.
    for size in (4, 1):
        counts = np.zeros((4, 4))
        batches = await loader(t, x, y, size)
        for _ in range(300):
            for place, number in enumerate(numbers(await batches.items())):
                counts[place, number] += 1
        # 75 expected with a standard deviation of 7.5.
        t.true(bool((np.abs(counts - 75.0) < 45.0).all()), got=counts, expected="75 ± 45")


@check("shapes", visible=False)
async def shapes(t):
    x, y = t.rng.normal(size=(7, 2, 3, 1)).astype(np.float32), t.rng.normal(size=(7, 2))
    found = await (await loader(t, x, y, 3, shuffle=False)).items()
    t.equal(np.concatenate([a for a, _ in found]), x, name="x")
    t.equal(np.concatenate([b for _, b in found]), y, name="y")
    found = await (await loader(t, x, y, 100)).items()
    t.true([len(b) for _, b in found] == [7], got=[len(b) for _, b in found])


@check("bad-arguments", visible=False)
async def bad_arguments(t):
    x, y = data(6)
    await t.raises(ValueError, "Batches", x, y[:5], 2, 0)
    for size in (0, -3):
        await t.raises(ValueError, "Batches", x, y, size, 0)
