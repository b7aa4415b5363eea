import numpy as np

from danlu import ops
from danlu.judge import check

CLOSE = {"rtol": 1e-9, "atol": 1e-10}
PARTS = ("m", "s", "o")


def full(q, k, v, window=None):
    """The engine's softmax over the whole matrix."""
    behind = np.arange(len(q))[:, None] - np.arange(len(q))
    seen = (behind >= 0) & (behind < (len(q) if window is None else window))
    scores = np.where(seen, q @ k.T / np.sqrt(q.shape[1]), -np.inf)
    return ops.softmax(scores, -1).value @ v


def state_of(scores, v):
    """m, s and o by their definitions, row by row."""
    m, s, o = [], [], []
    for row in scores:
        top = max(row.tolist(), default=-np.inf)
        e = np.zeros(len(row)) if top == -np.inf else np.exp(row - top)
        m.append(top)
        s.append(float(e.sum()))
        o.append(e @ v)
    return np.array(m), np.array(s), np.array(o).reshape(len(scores), v.shape[1])


def draw(t, steps, width, value_width):
    return t.rng.normal(size=(steps, width)), t.rng.normal(size=(steps, width)), t.rng.normal(size=(steps, value_width))


def same_state(t, got, expected, **tolerance):
    t.true(isinstance(got, (tuple, list)) and len(got) == 3, got=got, expected=PARTS)
    for name, have, want in zip(PARTS, got, expected):
        t.equal(have, want, name=name, **(tolerance or CLOSE))


async def tiled_agrees(t, q, k, v, block, window=None):
    got = await t.call("tiled_attention", q, k, v, block, *([] if window is None else [window]))
    t.equal(got, full(q, k, v, window), name="y", **CLOSE)


@check("hand-example", visible=True)
async def hand_example(t):
    q, k = np.array([[1.0]]), np.log(np.array([[1.0], [2.0]]))
    first = await t.call("partial", q, k, np.array([[4.0], [1.0]]), np.ones((1, 2), dtype=bool))
    same_state(t, first, (np.log(np.array([2.0])), np.array([1.5]), np.array([[3.0]])))
    second = (np.log(np.array([4.0])), np.array([1.0]), np.array([[8.0]]))
    both = await t.call("merge", first, second)
    same_state(t, both, (np.log(np.array([4.0])), np.array([1.75]), np.array([[9.5]])))
    # The weights are 1, 2 and 4 of 7.
    t.equal(await t.call("finish", both), np.array([[38.0 / 7.0]]), name="y", **CLOSE)


@check("partial", visible=True)
async def partial(t):
    q, k, v = t.rng.normal(size=(3, 4)), t.rng.normal(size=(5, 4)), t.rng.normal(size=(5, 2))
    allowed = t.rng.uniform(size=(3, 5)) < 0.6
    allowed[:, 2] = True
    scores = np.where(allowed, q @ k.T / 2.0, -np.inf)
    same_state(t, await t.call("partial", q, k, v, allowed), state_of(scores, v))


@check("merge", visible=True)
async def merge(t):
    # States that no keys are there for: what is merged are three numbers a row.
    scores, v = t.rng.normal(size=(4, 9)) * 3.0, t.rng.normal(size=(9, 3))
    a, b = state_of(scores[:, :5], v[:5]), state_of(scores[:, 5:], v[5:])
    same_state(t, await t.call("merge", a, b), state_of(scores, v))
    same_state(t, await t.call("merge", b, a), state_of(scores, v))


@check("finish", visible=True)
async def finish(t):
    scores, v = t.rng.normal(size=(4, 6)), t.rng.normal(size=(6, 3))
    y = await t.call("finish", state_of(scores, v))
    t.equal(y, ops.softmax(scores, -1).value @ v, name="y", **CLOSE)


@check("equals-causal", visible=True)
async def equals_causal(t):
    await tiled_agrees(t, *draw(t, 8, 4, 3), 4)
    await tiled_agrees(t, *draw(t, 12, 3, 2), 2)


@check("any-block", visible=True)
async def any_block(t):
    q, k, v = draw(t, 7, 3, 2)
    for block in (1, 2, 3, 5, 7, 50):
        await tiled_agrees(t, q, k, v, block)


@check("window", visible=True)
async def window(t):
    q, k, v = draw(t, 11, 3, 2)
    for block, reach in [(4, 4), (4, 3), (3, 5), (2, 1), (5, 8), (1, 2)]:
        await tiled_agrees(t, q, k, v, block, reach)


@check("inputs-unchanged", visible=True)
async def inputs_unchanged(t):
    q, k, v = draw(t, 5, 3, 2)
    await t.call("tiled_attention", q, k, v, 2)
    t.unchanged("q", "k", "v", "block")
    state = await t.call("partial", q, k, v, np.tri(5, dtype=bool))
    t.unchanged("q", "k", "v", "allowed")
    await t.call("merge", state, state_of(t.rng.normal(size=(5, 3)), t.rng.normal(size=(3, 2))))
    t.unchanged("a", "b")
    await t.call("finish", state)
    t.unchanged("state")


@check("long-sequence", visible=False)
async def long_sequence(t):
    # 24 000² scores take 4.6 GB, and this Python's memory ends at 4.3. The window keeps the time small.
    steps, reach = 24_000 + int(t.rng.integers(0, 50)), 5
    q, k, v = draw(t, steps, 2, 1)
    padded_k, padded_v = (np.concatenate([np.zeros((reach - 1, a.shape[1])), a]) for a in (k, v))
    scores = np.full((steps, reach), -np.inf)
    for place in range(reach):
        at = slice(place, place + steps)
        column = (q * padded_k[at]).sum(axis=1) / np.sqrt(2.0)
        scores[:, place] = np.where(np.arange(steps) + place >= reach - 1, column, -np.inf)
    p = np.exp(scores - scores.max(axis=1)[:, None])
    y = sum(p[:, place] * padded_v[place : place + steps, 0] for place in range(reach)) / p.sum(axis=1)
    got = await t.call("tiled_attention", q, k, v, 80, reach)
    t.equal(got, y[:, None], name="y", **CLOSE)


@check("nothing-allowed", visible=False)
async def nothing_allowed(t):
    q, k, v = t.rng.normal(size=(3, 2)), t.rng.normal(size=(4, 2)), t.rng.normal(size=(4, 2))
    allowed = np.ones((3, 4), dtype=bool)
    allowed[1] = False
    scores = np.where(allowed, q @ k.T / np.sqrt(2.0), -np.inf)
    got = await t.call("partial", q, k, v, allowed)
    same_state(t, got, state_of(scores, v))
    y = await t.call("finish", state_of(scores, v))
    t.equal(y, np.where(allowed[:, :1], ops.softmax(q @ k.T / np.sqrt(2.0), -1).value @ v, 0.0), name="y", **CLOSE)
    none = np.zeros((0, 2))
    got = await t.call("partial", q, none, none, np.zeros((3, 0), dtype=bool))
    same_state(t, got, (np.full(3, -np.inf), np.zeros(3), np.zeros((3, 2))))


@check("merge-with-nothing", visible=False)
async def merge_with_nothing(t):
    empty = (np.full(3, -np.inf), np.zeros(3), np.zeros((3, 2)))
    state = state_of(t.rng.normal(size=(3, 4)), t.rng.normal(size=(4, 2)))
    for a, b, expected in [(state, empty, state), (empty, state, state), (empty, empty, empty)]:
        same_state(t, await t.call("merge", a, b), expected)


@check("rising-maximum", visible=False)
async def rising_maximum(t):
    # Each later key scores higher: whatever was gathered before has to shrink every time, and the other way round.
    q, v = np.abs(t.rng.normal(size=(9, 1))) + 0.5, t.rng.normal(size=(9, 2))
    for k in (np.arange(9.0)[:, None], -np.arange(9.0)[:, None]):
        await tiled_agrees(t, q, k, v, 2)


@check("far-apart", visible=False)
async def far_apart(t):
    scores, v = t.rng.normal(size=(4, 6)), t.rng.normal(size=(6, 2))
    scores[:, 3:] += np.array([5000.0, -5000.0, 0.0, 900.0])[:, None]
    a, b = state_of(scores[:, :3], v[:3]), state_of(scores[:, 3:], v[3:])
    same_state(t, await t.call("merge", a, b), state_of(scores, v), rtol=1e-8, atol=1e-9)
    q, k, v = draw(t, 6, 2, 2)
    await tiled_agrees(t, q * 1000.0, k * 10.0, v, 2)


@check("order-is-free", visible=False)
async def order_is_free(t):
    scores, v = t.rng.normal(size=(3, 12)) * 4.0, t.rng.normal(size=(12, 2))
    parts = [state_of(scores[:, i : i + 3], v[i : i + 3]) for i in (0, 3, 6, 9)]
    pairs = [await t.call("merge", parts[3], parts[1]), await t.call("merge", parts[2], parts[0])]
    same_state(t, await t.call("merge", *pairs), state_of(scores, v))


@check("smallest", visible=False)
async def smallest(t):
    for steps, width, value_width in [(1, 1, 1), (1, 3, 2), (5, 1, 1)]:
        await tiled_agrees(t, *draw(t, steps, width, value_width), 3)
    none = np.zeros((0, 2))
    t.equal(await t.call("tiled_attention", none, none, none, 4), none, name="y")
    q, k, v = draw(t, 5, 2, 2)
    t.equal(await t.call("tiled_attention", q, k, v, 2, 1), v, name="y where the window is 1", **CLOSE)
    t.equal(await t.call("tiled_attention", q, k, v, 2, 99), full(q, k, v), name="y where the window is 99", **CLOSE)


@check("float32", visible=False)
async def float32(t):
    q, k, v = (a.astype(np.float32) for a in draw(t, 9, 4, 3))
    exact = [a.astype(np.float64) for a in (q, k, v)]
    loose = {"rtol": 1e-4, "atol": 1e-5}
    t.equal(await t.call("tiled_attention", q, k, v, 4), full(*exact).astype(np.float32), name="y", **loose)
    state = state_of(exact[0] @ exact[1].T / 2.0, exact[2])
    narrow = tuple(part.astype(np.float32) for part in state)
    same_state(t, await t.call("partial", q, k, v, np.ones((9, 9), dtype=bool)), narrow, **loose)
    same_state(t, await t.call("merge", narrow, narrow), (narrow[0], 2 * narrow[1], 2 * narrow[2]), **loose)


@check("random", visible=False)
async def random(t):
    for _ in range(4):
        steps, width, value_width, block, reach = (int(n) for n in t.rng.integers(1, 14, size=5))
        q, k, v = draw(t, steps, width, value_width)
        # Transposed views, as a head cut out of a larger array is.
        q, k = q.T.copy().T, k.T.copy().T
        await tiled_agrees(t, q, k, v, block)
        await tiled_agrees(t, q, k, v, block, reach)
