"""Sample by sample and token by token in plain Python; gradients are written from the derivative of each branch."""

import math

import numpy as np


def sigmoid(x):
    return 1.0 / (1.0 + math.exp(-x)) if x >= 0 else math.exp(x) / (1.0 + math.exp(x))


def margins(*arrays):
    return [(c - rc) - (r - rr) for c, r, rc, rr in zip(*(a.tolist() for a in arrays))]


def dpo_loss(chosen, rejected, ref_chosen, ref_rejected, beta):
    found = [float(np.logaddexp(0.0, -beta * m)) for m in margins(chosen, rejected, ref_chosen, ref_rejected)]
    return sum(found) / len(found)


def dpo_backward(chosen, rejected, ref_chosen, ref_rejected, beta):
    found = margins(chosen, rejected, ref_chosen, ref_rejected)
    push = np.array([beta * sigmoid(-beta * m) / len(found) for m in found], dtype=chosen.dtype)
    return -push, push


def advantages(rewards):
    rows = []
    for row in np.asarray(rewards).tolist():
        if len(set(row)) == 1:
            rows.append([0.0] * len(row))
            continue
        mean = sum(row) / len(row)
        spread = math.sqrt(sum((r - mean) ** 2 for r in row) / len(row))
        rows.append([(r - mean) / spread for r in row])
    dtype = rewards.dtype if rewards.dtype == np.float32 else np.float64
    return np.array(rows, dtype=dtype).reshape(rewards.shape)


def tokens(logp, old, ref, mask, advantage):
    """For each token that counts: where, how much it weighs, its three log-probabilities, its advantage."""
    for n in range(len(mask)):
        where = [t for t in range(mask.shape[1]) if mask[n, t]]
        for t in where:
            yield (n, t), 1.0 / (len(where) * len(mask)), float(logp[n, t]), float(old[n, t]), float(ref[n, t]), float(advantage[n])


def grpo_loss(logp, old, ref, mask, advantage, clip, beta):
    total = 0.0
    for _, weight, new, before, base, a in tokens(logp, old, ref, mask, advantage):
        ratio = math.exp(new - before)
        bound = 1.0 + clip if a > 0 else 1.0 - clip
        gain = a * (min(ratio, bound) if a > 0 else max(ratio, bound))
        total -= weight * (gain - beta * (math.expm1(base - new) - (base - new)))
    return total


def grpo_backward(logp, old, ref, mask, advantage, clip, beta):
    dlogp = np.zeros(logp.shape, dtype=logp.dtype)
    for where, weight, new, before, base, a in tokens(logp, old, ref, mask, advantage):
        ratio = math.exp(new - before)
        free = ratio <= 1.0 + clip if a > 0 else ratio >= 1.0 - clip
        dlogp[where] = -weight * ((ratio * a if free else 0.0) + beta * math.expm1(base - new))
    return dlogp
