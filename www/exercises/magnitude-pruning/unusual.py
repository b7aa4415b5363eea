"""Takes the smallest weight away, one after another, until enough are gone."""

import numpy as np


def global_masks(weights, sparsity):
    if sparsity < 0 or sparsity > 1:
        raise ValueError("sparsity is a share")
    queue = [(abs(value), layer, place) for layer, w in enumerate(weights) for place, value in enumerate(w.ravel().tolist())]
    kept = [[True] * w.size for w in weights]
    for _, layer, place in sorted(queue)[: round(sparsity * len(queue))]:
        kept[layer][place] = False
    return [np.array(flags, dtype=bool).reshape(w.shape) for flags, w in zip(kept, weights)]


def magnitude_mask(w, sparsity):
    return global_masks([w], sparsity)[0]


def masked_step(w, mask, dw, velocity, lr, momentum=0.9):
    moved, speed = np.zeros(w.shape, dtype=w.dtype), np.zeros(w.shape, dtype=w.dtype)
    speed[mask] = momentum * velocity[mask] + dw[mask]
    moved[mask] = w[mask] - lr * speed[mask]
    return moved, speed


def sparsity_at(step, begin, end, final):
    left = min(max((end - step) / (end - begin), 0.0), 1.0)
    return final - final * left * left * left
