import numpy as np

from danlu import ops
from danlu.judge import check, numeric_vjp

CLOSE = {"rtol": 1e-9, "atol": 1e-10}
NAMES = ("dx", "dwq", "dwk", "dwv", "dwo")


def reference(heads, kv_heads):
    """The engine's tape: the shared heads are picked by index, once for every query head."""

    def attention(x, wq, wk, wv, wo):
        samples, steps, _ = x.shape
        size = wq.shape[1] // heads

        def split(a, count):
            return ops.permute(ops.reshape(a, (samples, steps, count, size)), (0, 2, 1, 3))

        shared = np.array([head // (heads // kv_heads) for head in range(heads)], dtype=np.float64)
        q = split(ops.matmul(x, wq), heads)
        k = ops.index_select(split(ops.matmul(x, wk), kv_heads), 1, shared)
        v = ops.index_select(split(ops.matmul(x, wv), kv_heads), 1, shared)
        scores = ops.mul(ops.matmul(q, ops.permute(k, (0, 1, 3, 2))), size**-0.5)
        mask = np.where(np.triu(np.ones((steps, steps)), 1) > 0.0, -np.inf, 0.0)
        out = ops.matmul(ops.softmax(ops.add(scores, mask), -1), v)
        return ops.matmul(ops.reshape(ops.permute(out, (0, 2, 1, 3)), (samples, steps, heads * size)), wo)

    return attention


def draw(t, samples, steps, width, heads, kv_heads, size):
    """x and the four weights."""
    shapes = [(width, heads * size), (width, kv_heads * size), (width, kv_heads * size), (heads * size, width)]
    return [t.rng.normal(size=(samples, steps, width)), *(t.rng.normal(size=s) / s[0] ** 0.5 for s in shapes)]


async def forward_agrees(t, arrays, heads, kv_heads, **tolerance):
    y = ops.vjp(reference(heads, kv_heads), *arrays)[0]
    t.equal(await t.call("gqa", *arrays, heads, kv_heads), y, name="y", **(tolerance or CLOSE))
    return y


async def five(t, dy, arrays, heads, kv_heads):
    gradients = await t.call("gqa_backward", dy, *arrays, heads, kv_heads)
    t.true(isinstance(gradients, (tuple, list)) and len(gradients) == 5, got=gradients, expected=NAMES)
    return gradients


async def backward_agrees(t, arrays, heads, kv_heads):
    y, pull = ops.vjp(reference(heads, kv_heads), *arrays)
    dy = t.rng.normal(size=y.shape)
    for name, got, expected in zip(NAMES, await five(t, dy, arrays, heads, kv_heads), pull(dy)):
        t.equal(got, expected, name=name, **CLOSE)


@check("hand-example", visible=True)
async def hand_example(t):
    x = np.array([[[1.0, 0.0], [0.0, 1.0]]])
    wq = np.array([[9.0, 9.0], [0.0, 1.0]])
    wk = np.array([[0.0], [np.log(3.0)]])
    wv = np.array([[4.0], [8.0]])
    # Step 1: head 0 weighs 1/2, 1/2 and head 1 weighs 1/4, 3/4, both of the values 4 and 8.
    expected = np.array([[[4.0, 4.0], [6.0, 7.0]]])
    t.equal(await t.call("gqa", x, wq, wk, wv, np.eye(2), 2, 1), expected, name="y", **CLOSE)


@check("mha", visible=True)
async def mha(t):
    for heads, size in [(1, 4), (4, 4), (3, 2)]:
        await forward_agrees(t, draw(t, 2, 4, heads * size, heads, heads, size), heads, heads)


@check("groups", visible=True)
async def groups(t):
    for heads, kv_heads in [(4, 2), (6, 3), (6, 2)]:
        await forward_agrees(t, draw(t, 2, 4, heads * 2, heads, kv_heads, 2), heads, kv_heads)


@check("mqa", visible=True)
async def mqa(t):
    await forward_agrees(t, draw(t, 2, 5, 6, 3, 1, 2), 3, 1)


@check("wide-heads", visible=True)
async def wide_heads(t):
    await forward_agrees(t, draw(t, 2, 3, 5, 4, 2, 3), 4, 2)
    await forward_agrees(t, draw(t, 1, 4, 12, 2, 1, 3), 2, 1)


@check("gradients", visible=True)
async def gradients(t):
    await backward_agrees(t, draw(t, 2, 4, 6, 3, 3, 2), 3, 3)
    await backward_agrees(t, draw(t, 2, 4, 8, 4, 2, 2), 4, 2)


@check("pool-heads", visible=True)
async def pool_heads(t):
    w = np.array([[1.0, 2.0, 3.0, 4.0, 50.0, 60.0, 70.0, 80.0]])
    t.equal(await t.call("pool_heads", w, 4, 2), np.array([[2.0, 3.0, 60.0, 70.0]]), **CLOSE)
    w = t.rng.normal(size=(3, 12))
    for kv_heads in (6, 3, 2, 1):
        group = 6 // kv_heads
        parts = [
            np.mean([w[:, 2 * h : 2 * h + 2] for h in range(g * group, (g + 1) * group)], axis=0)
            for g in range(kv_heads)
        ]
        t.equal(await t.call("pool_heads", w, 6, kv_heads), np.concatenate(parts, axis=1), **CLOSE)


@check("inputs-unchanged", visible=True)
async def inputs_unchanged(t):
    arrays = draw(t, 1, 3, 4, 2, 1, 2)
    await t.call("gqa", *arrays, 2, 1)
    t.unchanged("x", "wq", "wk", "wv", "wo")
    await five(t, t.rng.normal(size=(1, 3, 4)), arrays, 2, 1)
    t.unchanged("dy", "x", "wq", "wk", "wv", "wo")
    await t.call("pool_heads", arrays[1], 2, 1)
    t.unchanged("w")


@check("repeated-heads", visible=False)
async def repeated_heads(t):
    # An MHA whose key and value heads are equal within each group is the GQA that its pooling gives.
    x, wq, wk, wv, wo = draw(t, 2, 4, 6, 6, 2, 3)
    twins = [np.concatenate([w[:, 3 * (h // 3) : 3 * (h // 3) + 3] for h in range(6)], axis=1) for w in (wk, wv)]
    whole = await forward_agrees(t, [x, wq, *twins, wo], 6, 6)
    pooled = [await t.call("pool_heads", twin, 6, 2) for twin in twins]
    t.equal(pooled, [wk, wv], name="pooled weights", **CLOSE)
    t.equal(await t.call("gqa", x, wq, *pooled, wo, 6, 2), whole, name="y", **CLOSE)


@check("no-leak", visible=False)
async def no_leak(t):
    x, *weights = draw(t, 1, 6, 4, 4, 2, 2)
    before = t.like(await t.call("gqa", x, *weights, 4, 2), x, name="y")
    for step in (1, 3, 5):
        other = x.copy()
        other[:, step:] = t.rng.normal(size=(1, 6 - step, 4)) * 100.0
        after = t.like(await t.call("gqa", other, *weights, 4, 2), x, name="y")
        # Not bit for bit: a matrix product of other rows may be cut into tiles differently.
        t.equal(after[:, :step], before[:, :step], rtol=1e-12, atol=1e-12, name=f"y[:, :{step}]")


@check("uneven", visible=False)
async def uneven(t):
    x, wq, wk, wv, wo = draw(t, 1, 2, 12, 6, 4, 2)
    await t.raises(ValueError, "gqa", x, wq, wk, wv, wo, 6, 4)
    await t.raises(ValueError, "pool_heads", wq, 6, 4)


@check("large-scores", visible=False)
async def large_scores(t):
    x, *weights = draw(t, 1, 5, 4, 2, 1, 2)
    await forward_agrees(t, [x * 60.0, *weights], 2, 1, rtol=1e-6, atol=1e-6)


@check("smallest", visible=False)
async def smallest(t):
    for samples, steps, width, heads, kv_heads, size in [(1, 1, 1, 1, 1, 1), (1, 1, 3, 2, 1, 1), (3, 2, 1, 1, 1, 4)]:
        arrays = draw(t, samples, steps, width, heads, kv_heads, size)
        await forward_agrees(t, arrays, heads, kv_heads)
        await backward_agrees(t, arrays, heads, kv_heads)
    arrays = draw(t, 0, 3, 4, 2, 1, 2)
    t.equal(await t.call("gqa", *arrays, 2, 1), arrays[0], name="y")


@check("views", visible=False)
async def views(t):
    x, *weights = draw(t, 2, 4, 6, 6, 3, 2)
    turned = [w.T.copy().T for w in weights]
    x = np.transpose(np.transpose(x, (1, 2, 0)).copy(), (2, 0, 1))
    await forward_agrees(t, [x, *turned], 6, 3)
    await backward_agrees(t, [x, *turned], 6, 3)


@check("float32", visible=False)
async def float32(t):
    arrays = [a.astype(np.float32) for a in draw(t, 2, 4, 6, 4, 2, 2)]
    y, pull = ops.vjp(reference(4, 2), *arrays)
    dy = t.rng.normal(size=y.shape).astype(np.float32)
    loose = {"rtol": 1e-3, "atol": 1e-4}
    t.equal(await t.call("gqa", *arrays, 4, 2), y.astype(np.float32), name="y", **loose)
    for name, got, expected in zip(NAMES, await five(t, dy, arrays, 4, 2), pull(dy)):
        t.equal(got, expected.astype(np.float32), name=name, **loose)
    t.equal(str((await t.call("pool_heads", arrays[1], 4, 2)).dtype), "float32", name="dtype of the pooled weights")


@check("finite-differences", visible=False)
async def finite_differences(t):
    arrays = draw(t, 1, 3, 2, 2, 1, 2)
    dy = t.rng.normal(size=(1, 3, 2))
    expected = numeric_vjp(lambda *a: ops.vjp(reference(2, 1), *a)[0], arrays, dy)
    for name, got, numeric in zip(NAMES, await five(t, dy, arrays, 2, 1), expected):
        t.equal(got, numeric, rtol=1e-6, atol=1e-7, name=name)


@check("random", visible=False)
async def random(t):
    for _ in range(2):
        samples, steps, width, kv_heads, group, size = (int(n) for n in t.rng.integers(1, 5, size=6))
        arrays = draw(t, samples, steps + 1, width, kv_heads * group, kv_heads, size)
        await forward_agrees(t, arrays, kv_heads * group, kv_heads)
        await backward_agrees(t, arrays, kv_heads * group, kv_heads)
