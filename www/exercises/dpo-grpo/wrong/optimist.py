"""Takes the larger of the two."""

import numpy as np


def margin(chosen, rejected, ref_chosen, ref_rejected, beta):
    return beta * ((chosen - ref_chosen) - (rejected - ref_rejected))


def dpo_loss(chosen, rejected, ref_chosen, ref_rejected, beta):
    m = margin(chosen, rejected, ref_chosen, ref_rejected, beta)
    return float(np.mean(np.maximum(-m, 0) + np.log1p(np.exp(-np.abs(m)))))


def dpo_backward(chosen, rejected, ref_chosen, ref_rejected, beta):
    m = margin(chosen, rejected, ref_chosen, ref_rejected, beta)
    e = np.exp(-np.abs(m))
    wrong = np.where(m > 0, e, 1) / (1 + e)
    dchosen = -beta * wrong / len(m)
    return dchosen, -dchosen


def advantages(rewards):
    rewards = np.asarray(rewards)
    gap = rewards - rewards.mean(axis=1, keepdims=True)
    equal = rewards.max(axis=1, keepdims=True) == rewards.min(axis=1, keepdims=True)
    spread = rewards.std(axis=1, keepdims=True)
    return np.where(equal, 0, gap) / np.where(equal, 1, spread)


def cleaned(mask, *arrays):
    return [np.where(mask, a, 0) for a in arrays]


def token_weights(mask, dtype):
    lengths = mask.sum(axis=1, keepdims=True)
    return (mask / np.maximum(lengths, 1) / len(mask)).astype(dtype)


def grpo_loss(logp, old, ref, mask, advantage, clip, beta):
    logp, old, ref = cleaned(mask, logp, old, ref)
    ratio = np.exp(logp - old)
    a = advantage[:, None]
    surrogate = np.maximum(ratio * a, np.clip(ratio, 1 - clip, 1 + clip) * a)
    kl = np.exp(ref - logp) - (ref - logp) - 1
    return float(-((surrogate - beta * kl) * token_weights(mask, logp.dtype)).sum())


def grpo_backward(logp, old, ref, mask, advantage, clip, beta):
    logp, old, ref = cleaned(mask, logp, old, ref)
    ratio = np.exp(logp - old)
    a = advantage[:, None]
    held = ((a > 0) & (ratio > 1 + clip)) | ((a < 0) & (ratio < 1 - clip))
    slope = np.where(held, 0, ratio * a) - beta * (1 - np.exp(ref - logp))
    return -slope * token_weights(mask, logp.dtype)
