import numpy as np

from danlu import ops
from danlu.judge import check, numeric_vjp

CLOSE = {"rtol": 1e-9, "atol": 1e-11}
NAMES = ("dq", "dk", "dv")


def attention(q, k, v):
    """The engine's tape: scores, mask, softmax, sum."""
    steps, width = q.shape[-2:]
    leading = len(q.shape) - 2
    swapped = ops.permute(k, (*range(leading), leading + 1, leading))
    scores = ops.mul(ops.matmul(q, swapped), width**-0.5)
    mask = np.where(np.triu(np.ones((steps, steps)), 1) > 0.0, -np.inf, 0.0)
    return ops.matmul(ops.softmax(ops.add(scores, mask), -1), v)


def draw(t, leading, steps, width, value_width):
    """q, k, v and a random dy."""
    return (
        t.rng.normal(size=(*leading, steps, width)),
        t.rng.normal(size=(*leading, steps, width)),
        t.rng.normal(size=(*leading, steps, value_width)),
        t.rng.normal(size=(*leading, steps, value_width)),
    )


async def three(t, dy, q, k, v):
    gradients = await t.call("causal_attention_backward", dy, q, k, v)
    t.true(isinstance(gradients, (tuple, list)) and len(gradients) == 3, got=gradients, expected=NAMES)
    return gradients


async def agrees(t, q, k, v, dy):
    y, pull = ops.vjp(attention, q, k, v)
    t.equal(await t.call("causal_attention", q, k, v), y, name="y", **CLOSE)
    for name, got, expected in zip(NAMES, await three(t, dy, q, k, v), pull(dy)):
        t.equal(got, expected, name=name, **CLOSE)


@check("hand-example", visible=True)
async def hand_example(t):
    q = np.array([[9.0], [0.0], [1.0]])
    k = np.array([[0.0], [0.0], [np.log(2.0)]])
    v = np.array([[4.0, 0.0], [0.0, 8.0], [2.0, 2.0]])
    # Row 0 sees only itself; row 1 weighs 1/2, 1/2; row 2 weighs 1/4, 1/4, 1/2.
    expected = np.array([[4.0, 0.0], [2.0, 4.0], [2.0, 3.0]])
    t.equal(await t.call("causal_attention", q, k, v), expected, name="y", **CLOSE)


@check("values", visible=True)
async def values(t):
    q, k, v, _ = draw(t, (), 5, 4, 3)
    t.equal(await t.call("causal_attention", q, k, v), ops.vjp(attention, q, k, v)[0], name="y", **CLOSE)


@check("no-leak", visible=True)
async def no_leak(t):
    q, k, v, _ = draw(t, (), 6, 4, 3)
    before = await t.call("causal_attention", q, k, v)
    t.equal(before, ops.vjp(attention, q, k, v)[0], name="y", **CLOSE)
    for step in (1, 3, 5):
        other_k, other_v = k.copy(), v.copy()
        other_k[step:], other_v[step:] = t.rng.normal(size=(6 - step, 4)), t.rng.normal(size=(6 - step, 3)) * 100.0
        after = await t.call("causal_attention", q, other_k, other_v)
        t.equal(after[:step], before[:step], rtol=0.0, atol=0.0, name=f"y[:{step}]")


@check("gradients", visible=True)
async def gradients(t):
    q, k, v, dy = draw(t, (), 5, 4, 3)
    _, pull = ops.vjp(attention, q, k, v)
    for name, got, expected in zip(NAMES, await three(t, dy, q, k, v), pull(dy)):
        t.equal(got, expected, name=name, **CLOSE)


@check("leading-axes", visible=True)
async def leading_axes(t):
    for leading in [(2,), (2, 3), (4, 4)]:
        await agrees(t, *draw(t, leading, 4, 4, 4))


@check("inputs-unchanged", visible=True)
async def inputs_unchanged(t):
    q, k, v, dy = draw(t, (), 3, 3, 3)
    await t.call("causal_attention", q, k, v)
    t.unchanged("q", "k", "v")
    await three(t, dy, q, k, v)
    t.unchanged("dy", "q", "k", "v")


@check("future-dominates", visible=False)
async def future_dominates(t):
    q, k, v, dy = draw(t, (2,), 4, 3, 2)
    q, k = np.abs(q) + 1.0, np.abs(k)
    # Later keys score thousands more: shared maxima and masks after the softmax underflow.
    k += np.arange(4.0)[:, None] * 1000.0
    await agrees(t, q, k, v, dy)


@check("very-negative-scores", visible=False)
async def very_negative_scores(t):
    q = np.ones((3, 1))
    k = np.array([[-1e12], [-1e12], [0.0]])
    v = np.array([[1.0], [3.0], [50.0]])
    t.equal(await t.call("causal_attention", q, k, v), np.array([[1.0], [2.0], [50.0]]), name="y", **CLOSE)


@check("gradient-no-leak", visible=False)
async def gradient_no_leak(t):
    q, k, v, _ = draw(t, (), 5, 3, 2)
    for step in range(5):
        dy = np.zeros((5, 2))
        dy[step] = t.rng.normal(size=2)
        dq, dk, dv = await three(t, dy, q, k, v)
        _, pull = ops.vjp(attention, q, k, v)
        for name, got, expected in zip(NAMES, (dq, dk, dv), pull(dy)):
            t.equal(got, expected, name=name, **CLOSE)
        for name, got in (("dk", dk), ("dv", dv)):
            t.equal(got[step + 1 :], np.zeros(got[step + 1 :].shape), rtol=0.0, atol=0.0, name=f"{name}[{step + 1}:]")


@check("smallest", visible=False)
async def smallest(t):
    for steps, width, value_width in [(1, 3, 2), (4, 1, 1), (1, 1, 1)]:
        await agrees(t, *draw(t, (), steps, width, value_width))
    none = np.zeros((0, 3, 2))
    t.equal(await t.call("causal_attention", none, none, none), none, name="y")
    for name, got in zip(NAMES, await three(t, none, none, none, none)):
        t.equal(got, none, name=name)


@check("float32", visible=False)
async def float32(t):
    q, k, v, dy = (a.astype(np.float32) for a in draw(t, (2,), 5, 4, 3))
    y, pull = ops.vjp(attention, q, k, v)
    loose = {"rtol": 1e-4, "atol": 1e-5}
    t.equal(await t.call("causal_attention", q, k, v), y.astype(np.float32), name="y", **loose)
    for name, got, expected in zip(NAMES, await three(t, dy, q, k, v), pull(dy)):
        t.equal(got, expected.astype(np.float32), name=name, **loose)


@check("finite-differences", visible=False)
async def finite_differences(t):
    q, k, v, dy = draw(t, (), 4, 3, 2)
    expected = numeric_vjp(lambda q, k, v: ops.vjp(attention, q, k, v)[0], (q, k, v), dy)
    for name, got, numeric in zip(NAMES, await three(t, dy, q, k, v), expected):
        t.equal(got, numeric, rtol=1e-6, atol=1e-7, name=name)


@check("random", visible=False)
async def random(t):
    for _ in range(4):
        leading = tuple(int(n) for n in t.rng.integers(1, 4, size=int(t.rng.integers(0, 3))))
        steps, width, value_width = (int(n) for n in t.rng.integers(1, 8, size=3))
        await agrees(t, *draw(t, leading, steps, width, value_width))
