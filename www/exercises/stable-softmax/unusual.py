"""One pass per row with a running maximum, as streaming attention does it."""

import math

import numpy as np


def softmax(x, axis=-1):
    x = np.asarray(x)
    y = np.zeros(x.shape, dtype=x.dtype if x.dtype in (np.float32, np.float64) else np.float64)
    # Both are views, so writing to `rows` fills `y`.
    entries, rows = np.moveaxis(x, axis, -1), np.moveaxis(y, axis, -1)
    for where in np.ndindex(*entries.shape[:-1]):
        top, total = -math.inf, 0.0
        for value in entries[where].tolist():
            if value == -math.inf:
                continue
            if value > top:
                total *= math.exp(top - value)
                top = value
            total += math.exp(value - top)
        for k, value in enumerate(entries[where].tolist()):
            if value != -math.inf:
                rows[where + (k,)] = math.exp(value - top) / total
    return y
