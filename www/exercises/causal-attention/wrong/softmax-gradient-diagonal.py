"""Takes only the diagonal of the softmax's Jacobian."""

import numpy as np


def swapped(a):
    return np.swapaxes(a, -1, -2)


def attention_weights(q, k):
    scores = q @ swapped(k) * q.shape[-1] ** -0.5
    steps = q.shape[-2]
    future = np.triu(np.ones((steps, steps), dtype=bool), 1)
    scores = np.where(future, -np.inf, scores)
    e = np.exp(scores - scores.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)


def causal_attention(q, k, v):
    return attention_weights(q, k) @ v


def causal_attention_backward(dy, q, k, v):
    p = attention_weights(q, k)
    dv = swapped(p) @ dy
    dp = dy @ swapped(v)
    ds = p * (1 - p) * dp
    ds = ds * q.shape[-1] ** -0.5
    return ds @ k, swapped(ds) @ q, dv
