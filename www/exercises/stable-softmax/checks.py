import numpy as np

from danlu import ops
from danlu.judge import check

CLOSE = {"rtol": 1e-10, "atol": 1e-12}


def reference(x, axis=-1):
    """The definition in float64, with zeros for a row that is masked throughout."""
    x = np.asarray(x, dtype=np.float64)
    top = x.max(axis=axis, keepdims=True)
    e = np.exp(x - np.where(top == -np.inf, 0.0, top))
    total = e.sum(axis=axis, keepdims=True)
    return e / np.where(total == 0.0, 1.0, total)


@check("values", visible=True)
async def values(t):
    x = t.rng.normal(size=(4, 7))
    t.equal(await t.call("softmax", x), reference(x), **CLOSE)


@check("large-values", visible=True)
async def large_values(t):
    x = np.array([[1000.0, 999.0, -1000.0], [-1000.0, -1001.0, -1000.5], [1000.0, 1000.0, 1000.0], [-1000.0, 1000.0, -1000.0]])
    t.equal(await t.call("softmax", x), reference(x), **CLOSE)


@check("axis", visible=True)
async def axis(t):
    x = t.rng.normal(size=(4, 4))
    t.equal(await t.call("softmax", x, axis=0), reference(x, 0), **CLOSE)
    x = t.rng.normal(size=(2, 5, 3))
    t.equal(await t.call("softmax", x, axis=1), reference(x, 1), **CLOSE)


@check("fully-masked-row", visible=True)
async def fully_masked_row(t):
    x = t.rng.normal(size=(3, 5))
    x[0, 2:] = -np.inf
    x[1, :] = -np.inf
    y = await t.call("softmax", x)
    t.equal(y, reference(x), **CLOSE)
    # Close to zero is not masked: no probability may leak through the tolerance.
    t.equal(y[x == -np.inf], np.zeros(8), rtol=0.0, atol=0.0)


@check("float32", visible=True)
async def float32(t):
    x = t.rng.normal(size=(3, 6)).astype(np.float32)
    expected = reference(x).astype(np.float32)
    t.equal(await t.call("softmax", x), expected, rtol=1e-5, atol=1e-7)


@check("input-unchanged", visible=True)
async def input_unchanged(t):
    x = t.rng.normal(size=(3, 4))
    x[1, :] = -np.inf
    await t.call("softmax", x)
    t.unchanged("x")


@check("rows-far-apart", visible=False)
async def rows_far_apart(t):
    x = t.rng.normal(size=(2, 6))
    x[0] += 1000.0
    x[1] -= 1000.0
    t.equal(await t.call("softmax", x), reference(x), **CLOSE)


@check("any-rank", visible=False)
async def any_rank(t):
    for shape in [(5,), (1, 1), (2, 3, 4), (2, 1, 3, 4)]:
        x = t.rng.normal(size=shape)
        t.equal(await t.call("softmax", x), reference(x), **CLOSE)


@check("integers", visible=False)
async def integers(t):
    x = t.rng.integers(-5, 6, size=(3, 4))
    t.equal(await t.call("softmax", x), reference(x), **CLOSE)


@check("shift", visible=False)
async def shift(t):
    x = t.rng.normal(size=(3, 8))
    y = t.like(await t.call("softmax", x), x, name="y")
    shifted = await t.call("softmax", x + np.array([[700.0], [-700.0], [0.5]]))
    # Adding 700 itself costs about 1e-13 of each entry.
    t.equal(shifted, y, rtol=1e-9, atol=1e-12)


@check("random", visible=False)
async def random(t):
    x = t.rng.normal(size=(3, 9)) * 50.0
    y, _ = ops.vjp(ops.softmax, x)
    t.equal(await t.call("softmax", x), y, **CLOSE)
    for _ in range(5):
        rank = int(t.rng.integers(1, 5))
        shape = tuple(int(n) for n in t.rng.integers(1, 6, size=rank))
        along = int(t.rng.integers(-rank, rank))
        x = t.rng.normal(size=shape) * 50.0
        x[t.rng.uniform(size=shape) < 0.3] = -np.inf
        t.equal(await t.call("softmax", x, axis=along), reference(x, along), **CLOSE)
