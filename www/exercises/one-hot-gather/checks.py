import numpy as np

from danlu import ops
from danlu.judge import check

CLOSE = {"rtol": 1e-10, "atol": 1e-12}


def engine_grad(dy, tokens, rows):
    """The tape's gradient of reading rows of a table, in float64."""
    table, columns = np.zeros((rows, dy.shape[-1])), dy.shape[-1]
    _, pull = ops.vjp(lambda w: ops.index_select(w, 0, tokens.ravel()), table)
    return pull(dy.reshape(tokens.size, columns))[0]


@check("one-hot", visible=True)
async def one_hot(t):
    expected = np.array([[0.0, 0.0, 1.0], [1.0, 0.0, 0.0], [0.0, 0.0, 1.0]])
    t.equal(await t.call("one_hot", np.array([2, 0, 2]), 3), expected)


@check("pick", visible=True)
async def pick(t):
    # Square: taking columns instead would give a matrix of the right length.
    x, labels = t.rng.normal(size=(5, 5)), t.rng.integers(0, 5, size=5)
    expected = np.array([x[n, k] for n, k in enumerate(labels.tolist())])
    t.equal(await t.call("pick", x, labels), expected, **CLOSE)


@check("embedding", visible=True)
async def embedding(t):
    tokens = t.rng.permutation(6)[:4]
    dy = t.rng.normal(size=(4, 3))
    t.equal(await t.call("embedding_grad", dy, tokens, 6), engine_grad(dy, tokens, 6), **CLOSE)


@check("repeated", visible=True)
async def repeated(t):
    tokens = np.array([1, 1, 0, 1])
    dy = np.array([[1.0, 10.0], [2.0, 20.0], [3.0, 30.0], [4.0, 40.0]])
    expected = np.array([[3.0, 30.0], [7.0, 70.0], [0.0, 0.0]])
    t.equal(await t.call("embedding_grad", dy, tokens, 3), expected, **CLOSE)


@check("out-of-range", visible=True)
async def out_of_range(t):
    for bad in (-1, 4, -4):
        labels = np.array([0, bad, 3])
        await t.raises(IndexError, "one_hot", labels, 4)
        await t.raises(IndexError, "pick", t.rng.normal(size=(3, 4)), labels)
        await t.raises(IndexError, "embedding_grad", t.rng.normal(size=(3, 2)), labels, 4)


@check("inputs-unchanged", visible=True)
async def inputs_unchanged(t):
    labels = np.array([1, 0, 1])
    await t.call("one_hot", labels, 2)
    t.unchanged("labels")
    await t.call("pick", t.rng.normal(size=(3, 2)), labels)
    t.unchanged("x", "labels")
    await t.call("embedding_grad", t.rng.normal(size=(3, 2)), labels, 2)
    t.unchanged("dy", "tokens")


@check("any-rank", visible=False)
async def any_rank(t):
    for shape in [(), (1,), (3, 3), (2, 1, 3)]:
        labels = np.asarray(t.rng.integers(0, 3, size=shape))
        hot = np.zeros(shape + (3,))
        x, dy = t.rng.normal(size=shape + (3,)), t.rng.normal(size=shape + (4,))
        picked = np.zeros(shape)
        for where in np.ndindex(*shape):
            hot[where + (int(labels[where]),)] = 1.0
            picked[where] = x[where + (int(labels[where]),)]
        t.equal(await t.call("one_hot", labels, 3), hot, name="one_hot")
        t.equal(await t.call("pick", x, labels), picked, name="pick", **CLOSE)
        got = await t.call("embedding_grad", dy, labels, 3)
        t.equal(got, engine_grad(dy, labels, 3), name="embedding_grad", **CLOSE)


@check("edges", visible=False)
async def edges(t):
    labels = np.array([0, 6, 0])
    t.equal(await t.call("one_hot", labels, 7), np.array([[1.0, 0, 0, 0, 0, 0, 0], [0, 0, 0, 0, 0, 0, 1.0], [1.0, 0, 0, 0, 0, 0, 0]]))
    labels, dy = np.array([1, 2]), t.rng.normal(size=(2, 3))
    t.equal(await t.call("embedding_grad", dy, labels, 9), engine_grad(dy, labels, 9), **CLOSE)
    t.equal(await t.call("one_hot", np.array([0, 0]), 1), np.ones((2, 1)))


@check("infinite", visible=False)
async def infinite(t):
    x = np.array([[-np.inf, 1.5, np.inf], [2.5, -np.inf, np.inf], [np.inf, np.inf, -np.inf]])
    t.equal(await t.call("pick", x, np.array([1, 0, 2])), np.array([1.5, 2.5, -np.inf]), **CLOSE)


@check("empty", visible=False)
async def empty(t):
    none = np.zeros((0,), dtype=np.int64)
    t.equal(await t.call("one_hot", none, 4), np.zeros((0, 4)))
    t.equal(await t.call("pick", np.zeros((0, 4)), none), np.zeros(0))
    t.equal(await t.call("embedding_grad", np.zeros((0, 3)), none, 5), np.zeros((5, 3)))


@check("types", visible=False)
async def types(t):
    labels = np.array([1, 0, 1, 1])
    x = t.rng.normal(size=(4, 2)).astype(np.float32)
    t.equal(await t.call("pick", x, labels), x[np.arange(4), labels])
    t.equal(await t.call("pick", np.arange(8).reshape(4, 2), labels), np.array([1, 2, 5, 7]))
    got = await t.call("embedding_grad", x, labels, 3)
    t.equal(got, engine_grad(x.astype(np.float64), labels, 3).astype(np.float32), rtol=1e-5, atol=1e-6)


@check("random", visible=False)
async def random(t):
    for _ in range(5):
        count, classes, columns = (int(n) for n in t.rng.integers(1, 9, size=3))
        labels = t.rng.integers(0, classes, size=count)
        x, dy = t.rng.normal(size=(count, classes)), t.rng.normal(size=(count, columns))
        hot, _ = ops.vjp(lambda z: ops.one_hot(labels, classes), np.zeros(1))
        t.equal(await t.call("one_hot", labels, classes), hot, name="one_hot")
        picked, _ = ops.vjp(lambda z: ops.gather(z, 1, labels[:, None]), x)
        t.equal(await t.call("pick", x, labels), picked[:, 0], name="pick", **CLOSE)
        got = await t.call("embedding_grad", dy, labels, classes)
        t.equal(got, engine_grad(dy, labels, classes), name="embedding_grad", **CLOSE)
