"""Sets the logits it removes to 0."""

import numpy as np


def probabilities(logits, temperature=1.0, top_k=None, top_p=None):
    if temperature < 0:
        raise ValueError(f"temperature must not be negative, got {temperature}")
    if top_k is not None and top_k < 1:
        raise ValueError(f"top_k must be at least 1, got {top_k}")
    if top_p is not None and not 0 < top_p <= 1:
        raise ValueError(f"top_p must lie in (0, 1], got {top_p}")
    if temperature == 0:
        temperature, top_k = 1.0, 1
    logits = np.asarray(logits, dtype=np.float64)
    order = np.argsort(-logits, axis=-1, kind="stable")
    ranked = np.take_along_axis(logits, order, axis=-1)
    if top_k is not None:
        ranked[..., top_k:] = 0.0
    e = np.exp((ranked - ranked.max(axis=-1, keepdims=True)) / temperature)
    p = e / e.sum(axis=-1, keepdims=True)
    if top_p is not None:
        p = np.where(np.cumsum(p, axis=-1) - p < top_p, p, 0.0)
        p = p / p.sum(axis=-1, keepdims=True)
    out = np.zeros(logits.shape)
    np.put_along_axis(out, order, p, axis=-1)
    return out


def sample(logits, rng, temperature=1.0, top_k=None, top_p=None):
    p = probabilities(logits, temperature, top_k, top_p)
    return int(rng.choice(len(p), p=p))
