"""Skips tiles of the future, and masks nothing within the tile on the diagonal."""

import numpy as np


def partial(q, k, v, allowed):
    scores = np.where(allowed, q @ k.T * q.shape[1] ** -0.5, -np.inf)
    m = scores.max(axis=1, initial=-np.inf)
    e = np.exp(scores - np.where(m == -np.inf, 0, m)[:, None])
    return m, e.sum(axis=1), e @ v


def merge(a, b):
    m = np.maximum(a[0], b[0])
    top = np.where(m == -np.inf, 0, m)
    shrink_a, shrink_b = np.exp(a[0] - top), np.exp(b[0] - top)
    s = a[1] * shrink_a + b[1] * shrink_b
    o = a[2] * shrink_a[:, None] + b[2] * shrink_b[:, None]
    return m, s, o


def finish(state):
    _, s, o = state
    return o / np.where(s == 0, 1, s)[:, None]


def tiled_attention(q, k, v, block, window=None):
    steps = len(q)
    y = np.zeros(v.shape, dtype=v.dtype)
    for top in range(0, steps, block):
        bottom = min(top + block, steps)
        first = 0 if window is None else max(0, top - window + 1)
        state = None
        for left in range(first // block * block, bottom, block):
            right = min(left + block, steps)
            behind = np.arange(top, bottom)[:, None] - np.arange(left, right)
            allowed = behind > -block
            if window is not None:
                allowed &= behind < window
            tile = partial(q[top:bottom], k[left:right], v[left:right], allowed)
            state = tile if state is None else merge(state, tile)
        y[top:bottom] = finish(state)
    return y
