import numpy as np

from danlu.judge import check

CLOSE = {"rtol": 1e-9, "atol": 1e-10}
NAMES = ["ant", "bee", "cat", "dog", "elk", "fox"]


def reference(train, train_names, numbers, names):
    """What (numbers, names) become after fitting on the training split."""
    fill = np.zeros(train.shape[1])
    for i in range(train.shape[1]):
        known = np.sort(train[:, i][~np.isnan(train[:, i])])
        if len(known):
            fill[i] = (known[(len(known) - 1) // 2] + known[len(known) // 2]) / 2
    filled = np.where(np.isnan(train), fill, train)
    mean, scale = filled.mean(axis=0), filled.std(axis=0)
    scale = np.where(filled.max(axis=0) == filled.min(axis=0), 1.0, scale)
    classes = sorted(set(train_names))
    hot = np.array([[float(name == k) for k in classes] for name in names]).reshape(len(names), len(classes))
    return np.concatenate([(np.where(np.isnan(numbers), fill, numbers) - mean) / scale, hot], axis=1)


def draw(t, count, columns, missing=0.2, names=3):
    numbers = t.rng.normal(size=(count, columns)) * t.rng.uniform(0.1, 50.0, size=columns) + 10.0
    numbers[t.rng.uniform(size=numbers.shape) < missing] = np.nan
    return numbers, [NAMES[k] for k in t.rng.integers(0, names, size=count).tolist()]


async def fitted(t, numbers, names):
    preprocessor = await t.make("Preprocessor")
    # fit may return itself, as in scikit-learn, or nothing.
    await preprocessor.make("fit", numbers, names)
    return preprocessor


@check("training-split", visible=True)
async def training_split(t):
    numbers = np.array([[1.0, 10.0], [np.nan, 20.0], [3.0, 60.0], [8.0, np.nan]])
    names = ["cat", "ant", "cat", "dog"]
    p = await fitted(t, numbers, names)
    t.equal(await p.call("transform", numbers, names), reference(numbers, names, numbers, names), **CLOSE)


@check("no-leakage", visible=True)
async def no_leakage(t):
    train, test = draw(t, 12, 3), draw(t, 7, 3)
    p = await fitted(t, *train)
    # Shifted: statistics of its own would show at once.
    numbers = test[0] * 3.0 + 100.0
    t.equal(await p.call("transform", numbers, test[1]), reference(*train, numbers, test[1]), **CLOSE)


@check("row-by-row", visible=True)
async def row_by_row(t):
    train, (numbers, names) = draw(t, 10, 2), draw(t, 5, 2)
    p = await fitted(t, *train)
    expected = reference(*train, numbers, names)
    for n in range(5):
        got = await p.call("transform", numbers[n : n + 1], names[n : n + 1])
        t.equal(got, expected[n : n + 1], name=f"row {n}", **CLOSE)


@check("unseen-class", visible=True)
async def unseen_class(t):
    train = t.rng.normal(size=(4, 1)), ["bee", "dog", "bee", "dog"]
    p = await fitted(t, *train)
    names = ["cat", "dog", "zebra", ""]
    numbers = t.rng.normal(size=(4, 1))
    t.equal(await p.call("transform", numbers, names), reference(*train, numbers, names), **CLOSE)


@check("constant-column", visible=True)
async def constant_column(t):
    numbers = np.concatenate([t.rng.normal(size=(5, 1)), np.full((5, 1), 7.0)], axis=1)
    names = ["ant"] * 5
    p = await fitted(t, numbers, names)
    t.equal(await p.call("transform", numbers, names), reference(numbers, names, numbers, names), **CLOSE)


@check("inputs-unchanged", visible=True)
async def inputs_unchanged(t):
    numbers, names = draw(t, 8, 2, missing=0.4)
    p = await t.make("Preprocessor")
    await p.make("fit", numbers, names)
    t.unchanged("numbers", "categories")
    await p.call("transform", numbers, names)
    t.unchanged("numbers", "categories")


@check("rounded-constant", visible=False)
async def rounded_constant(t):
    # The mean of seven 0.1 is not 0.1, and their standard deviation is not 0.
    for value, count in ((0.1, 7), (1e6 + 0.1, 11), (0.3, 13)):
        numbers, names = np.full((count, 1), value), ["ant"] * count
        p = await fitted(t, numbers, names)
        got = await p.call("transform", np.array([[value], [value + 2.0]]), ["ant", "ant"])
        t.equal(got, np.array([[0.0, 1.0], [2.0, 1.0]]), rtol=1e-9, atol=1e-8)
    # Small is not constant: a column in very large units is standardised as any other.
    numbers = np.array([[1e-12], [3e-12]])
    p = await fitted(t, numbers, ["ant", "ant"])
    t.equal(await p.call("transform", numbers, ["ant", "ant"]), np.array([[-1.0, 1.0], [1.0, 1.0]]), rtol=1e-9)


@check("median", visible=False)
async def median(t):
    for values in ([1.0, 2.0, np.nan, 1000.0], [1.0, 2.0, 4.0, np.nan, 1e5]):
        numbers, names = np.array(values)[:, None], ["ant"] * len(values)
        p = await fitted(t, numbers, names)
        got = await p.call("transform", numbers, names)
        t.equal(got, reference(numbers, names, numbers, names), **CLOSE)


@check("all-missing", visible=False)
async def all_missing(t):
    numbers = np.array([[np.nan, 1.0], [np.nan, 2.0], [np.nan, 4.0]])
    p = await fitted(t, numbers, ["ant"] * 3)
    later = np.array([[5.0, np.nan], [np.nan, 1.0]])
    got = await p.call("transform", later, ["ant"] * 2)
    t.equal(got, reference(numbers, ["ant"] * 3, later, ["ant"] * 2), **CLOSE)


@check("class-order", visible=False)
async def class_order(t):
    names = ["fox", "ant", "elk", "fox", "bee"]
    numbers = t.rng.normal(size=(5, 1))
    for order in ([0, 1, 2, 3, 4], [4, 3, 2, 1, 0]):
        train = numbers[order], [names[k] for k in order]
        p = await fitted(t, *train)
        t.equal(await p.call("transform", numbers, names), reference(*train, numbers, names), **CLOSE)


@check("refit", visible=False)
async def refit(t):
    first, second = draw(t, 9, 2, names=6), draw(t, 6, 2, names=2)
    p, other = await fitted(t, *first), await fitted(t, *first)
    await p.make("fit", second[0] + 50.0, second[1])
    t.equal(await p.call("transform", *second), reference(second[0] + 50.0, second[1], *second), **CLOSE)
    t.equal(await other.call("transform", *second), reference(*first, *second), **CLOSE)


@check("transform-is-pure", visible=False)
async def transform_is_pure(t):
    train, test = draw(t, 9, 2), draw(t, 4, 2, names=6)
    p = await fitted(t, *train)
    expected = reference(*train, *test)
    t.equal(await p.call("transform", *test), expected, **CLOSE)
    await p.call("transform", train[0] * 100.0, ["zebra"] * 9)
    t.equal(await p.call("transform", *test), expected, **CLOSE)


@check("random", visible=False)
async def random(t):
    for _ in range(4):
        columns, share = int(t.rng.integers(1, 5)), float(t.rng.uniform(0.0, 0.7))
        train = draw(t, int(t.rng.integers(1, 20)), columns, share, names=4)
        test = draw(t, int(t.rng.integers(1, 9)), columns, share, names=6)
        p = await fitted(t, *train)
        t.equal(await p.call("transform", *test), reference(*train, *test), **CLOSE)
