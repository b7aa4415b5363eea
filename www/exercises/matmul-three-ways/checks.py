import numpy as np

from danlu.judge import check

CLOSE = {"rtol": 1e-10, "atol": 1e-12}
ARRAYS = ("matmul_dot", "matmul_einsum")


def plain(a, b):
    """Rows of exact sums."""
    columns = len(b[0]) if b else 0
    return [[sum(row[j] * b[j][k] for j in range(len(b))) for k in range(columns)] for row in a]


def rows(t, count, length, low=-9, high=10):
    return t.rng.integers(low, high, size=(count, length)).tolist()


async def both(t, a, b):
    for function in ARRAYS:
        t.equal(await t.call(function, a, b), a @ b, name=function, **CLOSE)


@check("loops", visible=True)
async def loops(t):
    got = await t.call("matmul_loops", [[1, 2, 3], [4, 5, 6]], [[1, 0], [0, 1], [2, 2]])
    t.equal(got, [[7, 8], [16, 17]])
    a, b = rows(t, 3, 4), rows(t, 4, 2)
    t.equal(await t.call("matmul_loops", a, b), plain(a, b))


@check("matrices", visible=True)
async def matrices(t):
    await both(t, t.rng.normal(size=(3, 5)), t.rng.normal(size=(5, 2)))


@check("agree", visible=True)
async def agree(t):
    a, b = t.rng.normal(size=(4, 3)), t.rng.normal(size=(3, 4))
    t.equal(await t.call("matmul_loops", a.tolist(), b.tolist()), (a @ b).tolist(), name="matmul_loops", **CLOSE)
    await both(t, a, b)


@check("batched", visible=True)
async def batched(t):
    # As many matrices as rows, where the wrong axes have the right lengths.
    await both(t, t.rng.normal(size=(3, 3, 4)), t.rng.normal(size=(3, 4, 3)))
    await both(t, t.rng.normal(size=(2, 3, 2, 4)), t.rng.normal(size=(2, 3, 4, 5)))


@check("broadcast", visible=True)
async def broadcast(t):
    for left, right in [((6, 2, 3), (3, 4)), ((2, 3), (5, 3, 2)), ((4, 1, 2, 3), (5, 3, 2))]:
        a, b = t.rng.normal(size=left), t.rng.normal(size=right)
        t.equal(await t.call("matmul_einsum", a, b), a @ b, name=f"{left} @ {right}", **CLOSE)


@check("mismatch", visible=True)
async def mismatch(t):
    await t.raises(ValueError, "matmul_loops", rows(t, 2, 3), rows(t, 2, 3))
    for function in ARRAYS:
        await t.raises(ValueError, function, t.rng.normal(size=(2, 3)), t.rng.normal(size=(2, 3)))


@check("exact", visible=False)
async def exact(t):
    a = [[10**30 + k for k in row] for row in rows(t, 2, 3)]
    b = [[10**25 - k for k in row] for row in rows(t, 3, 2)]
    t.true(await t.call("matmul_loops", a, b) in (plain(a, b), [tuple(r) for r in plain(a, b)]), expected=plain(a, b))
    t.equal(await t.call("matmul_loops", [[0.5, 2.0]], [[4.0], [0.25]]), [[2.5]])


@check("inner-one", visible=False)
async def inner_one(t):
    for left, right in [((2, 1), (3, 4)), ((2, 3), (1, 4)), ((5, 2, 1), (5, 3, 4))]:
        for function in ARRAYS:
            await t.raises(ValueError, function, np.ones(left), np.ones(right))
    await t.raises(ValueError, "matmul_loops", [[1]], [[1, 2], [3, 4]])
    await t.raises(ValueError, "matmul_loops", [[1, 2], [3, 4]], [[1, 2]])


@check("empty", visible=False)
async def empty(t):
    for left, right in [((0, 3), (3, 2)), ((2, 0), (0, 3)), ((0, 2, 3), (0, 3, 2))]:
        await both(t, np.ones(left), np.ones(right))
    t.equal(await t.call("matmul_loops", [], [[1, 2]]), [])
    t.true(len(await t.call("matmul_loops", [[], []], [])) == 2)


@check("smallest", visible=False)
async def smallest(t):
    for i, j, k in [(1, 1, 1), (1, 7, 1), (5, 1, 3)]:
        a, b = rows(t, i, j), rows(t, j, k)
        t.equal(await t.call("matmul_loops", a, b), plain(a, b))
        await both(t, np.array(a, dtype=np.float64), np.array(b, dtype=np.float64))


@check("types", visible=False)
async def types(t):
    a, b = t.rng.normal(size=(2, 3, 4)).astype(np.float32), t.rng.normal(size=(2, 4, 2)).astype(np.float32)
    for function in ARRAYS:
        t.equal(await t.call(function, a, b), a @ b, rtol=1e-4, atol=1e-5)
    a, b = np.array(rows(t, 3, 4)), np.array(rows(t, 4, 2))
    for function in ARRAYS:
        t.equal(await t.call(function, a, b), a @ b)


@check("inputs-unchanged", visible=False)
async def inputs_unchanged(t):
    await t.call("matmul_loops", rows(t, 3, 3), rows(t, 3, 3))
    t.unchanged("a", "b")
    for function in ARRAYS:
        await t.call(function, t.rng.normal(size=(3, 3)), t.rng.normal(size=(3, 3)))
        t.unchanged("a", "b")


@check("random", visible=False)
async def random(t):
    for _ in range(5):
        i, j, k = (int(n) for n in t.rng.integers(1, 8, size=3))
        a, b = rows(t, i, j), rows(t, j, k)
        t.equal(await t.call("matmul_loops", a, b), plain(a, b))
        leading = tuple(int(n) for n in t.rng.integers(1, 4, size=int(t.rng.integers(0, 3))))
        await both(t, t.rng.normal(size=leading + (i, j)), t.rng.normal(size=leading + (j, k)))
