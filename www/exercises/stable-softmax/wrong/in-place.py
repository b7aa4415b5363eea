"""`-=` saves an array and writes into the caller's."""

import numpy as np


def softmax(x, axis=-1):
    x = np.asarray(x)
    if x.dtype not in (np.float32, np.float64):
        x = x.astype(np.float64)
    top = x.max(axis=axis, keepdims=True)
    x -= np.where(top == -np.inf, 0, top)
    e = np.exp(x)
    total = e.sum(axis=axis, keepdims=True)
    return e / np.where(total == 0, 1, total)
