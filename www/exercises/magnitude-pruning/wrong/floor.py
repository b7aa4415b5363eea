"""Cuts the number off instead of rounding it."""

import numpy as np


def magnitude_mask(w, sparsity):
    if not 0 <= sparsity <= 1:
        raise ValueError(f"sparsity must lie in [0, 1], got {sparsity}")
    ranked = np.argsort(np.abs(w).ravel(), kind="stable")
    mask = np.ones(w.size, dtype=bool)
    mask[ranked[: int(sparsity * w.size)]] = False
    return mask.reshape(w.shape)


def global_masks(weights, sparsity):
    mask = magnitude_mask(np.concatenate([w.ravel() for w in weights]), sparsity)
    ends = np.cumsum([w.size for w in weights]).tolist()
    return [mask[end - w.size : end].reshape(w.shape) for w, end in zip(weights, ends)]


def masked_step(w, mask, dw, velocity, lr, momentum=0.9):
    velocity = (momentum * velocity + dw) * mask
    return (w - lr * velocity) * mask, velocity


def sparsity_at(step, begin, end, final):
    progress = min(max((step - begin) / (end - begin), 0.0), 1.0)
    return final * (1 - (1 - progress) ** 3)
