"""Subtracts the mean instead of the maximum: one large entry among small ones still overflows."""

import numpy as np


def softmax(x, axis=-1):
    x = np.asarray(x)
    top = x.mean(axis=axis, keepdims=True)
    top = np.where(top == -np.inf, 0, top)
    e = np.exp(x - top)
    total = e.sum(axis=axis, keepdims=True)
    return e / np.where(total == 0, 1, total)
