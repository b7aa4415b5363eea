import numpy as np

from danlu import ops
from danlu.judge import check, numeric_vjp

CLOSE = {"rtol": 1e-9, "atol": 1e-11}
DPO = ("chosen", "rejected", "ref_chosen", "ref_rejected", "beta")
GRPO = ("logp", "old", "ref", "mask", "advantage", "clip", "beta")


def dpo(ref_chosen, ref_rejected, beta):
    """On the engine's tape: −log σ(m) is the log-softmax of two logits, m and 0."""

    def loss(chosen, rejected):
        m = ops.mul(ops.sub(ops.sub(chosen, ref_chosen), ops.sub(rejected, ref_rejected)), beta)
        pair = ops.stack([m, np.zeros(len(ref_chosen))], 1)
        return ops.neg(ops.mean(ops.mul(ops.log_softmax(pair, 1), np.array([2.0, 0.0]))))

    return loss


def grpo(old, ref, mask, advantage, clip, beta):
    """On the engine's tape; the smaller of a and b is a − relu(a − b)."""
    old, ref = np.where(mask, old, 0.0), np.where(mask, ref, 0.0)
    counts = mask.sum(axis=1)
    weights = np.zeros(mask.shape)
    for n, count in enumerate(counts.tolist()):
        weights[n] = mask[n] / (count * len(mask)) if count else 0.0
    a = advantage[:, None] * np.ones(mask.shape)

    def loss(logp):
        # A masked entry is multiplied by 0, so it must be a number first; the judge's own inputs are.
        ratio = ops.exp(ops.sub(logp, old))
        free, held = ops.mul(ratio, a), ops.mul(ops.clip(ratio, 1.0 - clip, 1.0 + clip), a)
        gain = ops.sub(free, ops.relu(ops.sub(free, held)))
        gap = ops.sub(ref, logp)
        kl = ops.sub(ops.sub(ops.exp(gap), gap), 1.0)
        return ops.neg(ops.sum(ops.mul(ops.sub(gain, ops.mul(kl, beta)), weights)))

    return loss


async def loss_of(t, name, *args):
    got = await t.call(name, *args)
    t.true(isinstance(got, (float, np.floating)), got=got, expected="a float")
    return float(got)


async def dpo_agrees(t, chosen, rejected, ref_chosen, ref_rejected, beta, **tolerance):
    tolerance = tolerance or CLOSE
    y, pull = ops.vjp(dpo(ref_chosen, ref_rejected, beta), chosen, rejected)
    args = (chosen, rejected, ref_chosen, ref_rejected, beta)
    t.equal(await loss_of(t, "dpo_loss", *args), float(y), name="loss", **tolerance)
    gradients = await t.call("dpo_backward", *args)
    t.equal(gradients, [g.astype(chosen.dtype) for g in pull(np.array(1.0))], name="gradients", **tolerance)


async def grpo_agrees(t, logp, old, ref, mask, advantage, clip=0.2, beta=0.05, **tolerance):
    tolerance = tolerance or CLOSE
    y, pull = ops.vjp(grpo(old, ref, mask, advantage, clip, beta), np.where(mask, logp, 0.0))
    args = (logp, old, ref, mask, advantage, clip, beta)
    t.equal(await loss_of(t, "grpo_loss", *args), float(y), name="loss", **tolerance)
    expected = np.where(mask, pull(np.array(1.0))[0], 0.0).astype(logp.dtype)
    t.equal(await t.call("grpo_backward", *args), expected, name="dlogp", **tolerance)


def draw_pairs(t, count, size=2.0):
    return [-30.0 + t.rng.normal(size=count) * size for _ in range(4)]


def draw_tokens(t, samples, steps, drift=0.3):
    """Token log-probabilities of the policy, of the one that sampled and of the reference; a mask; advantages."""
    old = -np.abs(t.rng.normal(size=(samples, steps))) - 0.1
    logp, ref = (old + t.rng.normal(size=old.shape) * drift for _ in range(2))
    lengths = t.rng.integers(1, steps + 1, size=samples)
    mask = np.arange(steps)[None, :] < lengths[:, None]
    return logp, old, ref, mask, t.rng.normal(size=samples)


@check("dpo-hand-example", visible=True)
async def dpo_hand_example(t):
    args = (np.array([-5.0 + np.log(3.0)]), np.array([-7.0]), np.array([-5.0]), np.array([-7.0]))
    # The margin is log 3, so the model prefers the right answer with 3/4.
    t.equal(await loss_of(t, "dpo_loss", *args, 1.0), float(-np.log(0.75)), name="loss", **CLOSE)
    got = await t.call("dpo_backward", *args, 1.0)
    t.equal(got, [np.array([-0.25]), np.array([0.25])], name="gradients", **CLOSE)


@check("dpo", visible=True)
async def dpo_values(t):
    for beta in (0.1, 1.0, 3.0):
        await dpo_agrees(t, *draw_pairs(t, 5), beta)


@check("advantages", visible=True)
async def advantages(t):
    t.equal(await t.call("advantages", np.array([[1.0, 0.0, 0.0, 1.0], [3.0, 3.0, 3.0, 7.0]])),
            np.array([[1.0, -1.0, -1.0, 1.0], [-(3.0**-0.5)] * 3 + [3.0**0.5]]), **CLOSE)  # fmt: skip
    rewards = t.rng.normal(size=(3, 6)) * np.array([[1.0], [50.0], [0.01]])
    expected = np.array([(row - row.mean()) / np.sqrt(((row - row.mean()) ** 2).mean()) for row in rewards])
    t.equal(await t.call("advantages", rewards), expected, **CLOSE)


@check("grpo-on-policy", visible=True)
async def grpo_on_policy(t):
    _, old, ref, mask, advantage = draw_tokens(t, 4, 5)
    await grpo_agrees(t, old, old, ref, mask, advantage, beta=0.0)


@check("clipping", visible=True)
async def clipping(t):
    # Ratios of 1.5 and 0.5, each with a good and a bad answer: two of the four are held.
    old, mask = np.full((4, 1), -2.0), np.ones((4, 1), dtype=bool)
    logp = old + np.log(np.array([[1.5], [1.5], [0.5], [0.5]]))
    advantage = np.array([1.0, -1.0, 1.0, -1.0])
    args = (logp, old, old, mask, advantage, 0.2, 0.0)
    t.equal(await loss_of(t, "grpo_loss", *args), -(1.2 - 1.5 + 0.5 - 0.8) / 4.0, name="loss", **CLOSE)
    got = await t.call("grpo_backward", *args)
    t.equal(got, np.array([[0.0], [0.375], [-0.125], [0.0]]), name="dlogp", **CLOSE)


@check("kl", visible=True)
async def kl(t):
    logp, old, ref, mask, _ = draw_tokens(t, 3, 4)
    await grpo_agrees(t, logp, old, ref, mask, np.zeros(3), beta=1.0)
    t.equal(await loss_of(t, "grpo_loss", ref, old, ref, mask, np.zeros(3), 0.2, 1.0), 0.0, name="loss at the reference", atol=1e-12)


@check("grpo", visible=True)
async def grpo_values(t):
    await grpo_agrees(t, *draw_tokens(t, 5, 6))
    await grpo_agrees(t, *draw_tokens(t, 4, 3), clip=0.1, beta=0.5)


@check("equal-rewards", visible=True)
async def equal_rewards(t):
    # Sums of 0.1 and 0.7 round, so that their mean is not quite one of them.
    for value, count in [(0.1, 3), (0.7, 6), (0.1, 7), (1.0, 4), (-0.3, 10)]:
        rewards = np.full((2, count), value)
        rewards[1, 0] += 1.0
        got = t.like(await t.call("advantages", rewards), rewards, name="advantages")
        t.equal(got[0], np.zeros(count), rtol=0.0, atol=0.0, name="advantages")
    logp, old, ref, mask, _ = draw_tokens(t, 3, 4)
    got = await t.call("grpo_backward", logp, old, ref, mask, np.zeros(3), 0.2, 0.0)
    t.equal(got, np.zeros((3, 4)), rtol=0.0, atol=0.0, name="dlogp")


@check("inputs-unchanged", visible=True)
async def inputs_unchanged(t):
    pairs = (*draw_pairs(t, 3), 0.5)
    for name in ("dpo_loss", "dpo_backward"):
        await t.call(name, *pairs)
        t.unchanged(*DPO)
    tokens = (*draw_tokens(t, 3, 4), 0.2, 0.1)
    for name in ("grpo_loss", "grpo_backward"):
        await t.call(name, *tokens)
        t.unchanged(*GRPO)
    await t.call("advantages", t.rng.normal(size=(2, 3)))
    t.unchanged("rewards")


@check("wide-margins", visible=False)
async def wide_margins(t):
    chosen, rejected = np.array([0.0, -2000.0, -800.0]), np.array([-3000.0, 0.0, -800.0])
    zero = np.zeros(3)
    await dpo_agrees(t, chosen, rejected, zero, zero, 1.0)
    await dpo_agrees(t, chosen, rejected, zero, zero, 0.01)


@check("reference-cancels", visible=False)
async def reference_cancels(t):
    # What both models find equally unlikely says nothing about the preference.
    chosen, rejected, ref_chosen, ref_rejected = draw_pairs(t, 4)
    long = np.array([-100.0, -500.0, 0.0, -3.0])
    base = float(ops.vjp(dpo(ref_chosen, ref_rejected, 0.3), chosen, rejected)[0])
    got = await loss_of(t, "dpo_loss", chosen + long, rejected, ref_chosen + long, ref_rejected, 0.3)
    t.equal(got, base, name="loss", rtol=1e-9, atol=1e-9)
    got = await loss_of(t, "dpo_loss", ref_chosen, ref_rejected, ref_chosen, ref_rejected, 0.3)
    t.equal(got, float(np.log(2.0)), name="loss at the reference", **CLOSE)


@check("padding", visible=False)
async def padding(t):
    logp, old, ref, mask, advantage = draw_tokens(t, 4, 6)
    mask[:, 4:] = False
    for fill in (-np.inf, np.nan, 800.0):
        filled = [np.where(mask, a, fill) for a in (logp, old, ref)]
        await grpo_agrees(t, *filled, mask, advantage)
    # A hole in the middle: the answer of a tool isn't the model's.
    mask[1, :] = [True, False, True, False, True, True]
    logp, old, ref, _, _ = draw_tokens(t, 4, 6)
    await grpo_agrees(t, logp, old, ref, mask, advantage)


@check("empty-answer", visible=False)
async def empty_answer(t):
    logp, old, ref, mask, advantage = draw_tokens(t, 4, 3)
    mask[2] = False
    await grpo_agrees(t, logp, old, ref, mask, advantage)


@check("lengths", visible=False)
async def lengths(t):
    logp, old, ref, mask, advantage = draw_tokens(t, 3, 9)
    mask = np.arange(9)[None, :] < np.array([[1], [9], [4]])
    await grpo_agrees(t, logp, old, ref, mask, advantage)


@check("smallest", visible=False)
async def smallest(t):
    await dpo_agrees(t, *draw_pairs(t, 1), 0.2)
    await grpo_agrees(t, *draw_tokens(t, 1, 1))
    t.equal(await t.call("advantages", np.array([[4.0], [-1.0]])), np.zeros((2, 1)), name="advantages of one answer each")
    rewards = t.rng.integers(0, 2, size=(3, 5))
    rewards[:, 0], rewards[:, 1] = 0, 1
    expected = np.array([(row - row.mean()) / np.sqrt(((row - row.mean()) ** 2).mean()) for row in rewards])
    t.equal(await t.call("advantages", rewards), expected, name="advantages of whole numbers", **CLOSE)


@check("float32", visible=False)
async def float32(t):
    loose = {"rtol": 1e-4, "atol": 1e-5}
    await dpo_agrees(t, *(a.astype(np.float32) for a in draw_pairs(t, 4)), 0.5, **loose)
    logp, old, ref, mask, advantage = draw_tokens(t, 3, 4)
    logp, old, ref, advantage = (a.astype(np.float32) for a in (logp, old, ref, advantage))
    await grpo_agrees(t, logp, old, ref, mask, advantage, **loose)
    rewards = t.rng.normal(size=(2, 3)).astype(np.float32)
    t.like(await t.call("advantages", rewards), rewards, name="advantages")


@check("finite-differences", visible=False)
async def finite_differences(t):
    chosen, rejected, ref_chosen, ref_rejected = draw_pairs(t, 3)
    expected = numeric_vjp(lambda c, r: ops.vjp(dpo(ref_chosen, ref_rejected, 0.7), c, r)[0], (chosen, rejected))
    got = await t.call("dpo_backward", chosen, rejected, ref_chosen, ref_rejected, 0.7)
    t.equal(got, expected, name="gradients", rtol=1e-5, atol=1e-7)
    logp, old, ref, mask, advantage = draw_tokens(t, 3, 3)
    # Away from the kinks, where no difference means anything.
    near = np.abs(np.abs(np.exp(logp - old) - 1.0) - 0.2) < 1e-3
    logp = np.where(near, old, logp)
    (expected,) = numeric_vjp(lambda x: ops.vjp(grpo(old, ref, mask, advantage, 0.2, 0.3), x)[0], (logp,))
    got = await t.call("grpo_backward", logp, old, ref, mask, advantage, 0.2, 0.3)
    t.equal(got, expected, name="dlogp", rtol=1e-5, atol=1e-7)


@check("random", visible=False)
async def random(t):
    for _ in range(2):
        samples, steps = (int(n) for n in t.rng.integers(1, 7, size=2))
        await dpo_agrees(t, *draw_pairs(t, samples, 10.0), float(t.rng.uniform(0.01, 2.0)))
        logp, old, ref, mask, advantage = draw_tokens(t, samples, steps, 0.6)
        # Transposed views, as a (T, N) rollout buffer gives them.
        logp, old, mask = logp.T.copy().T, old.T.copy().T, mask.T.copy().T
        await grpo_agrees(t, logp, old, ref, mask, advantage, float(t.rng.uniform(0.05, 0.5)), float(t.rng.uniform()))
