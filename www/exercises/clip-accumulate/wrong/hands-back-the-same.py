"""Returns the very arrays it was given where nothing has to be clipped."""

import numpy as np


def clip_by_global_norm(grads, max_norm):
    if not all(np.isfinite(g).all() for g in grads):
        raise ValueError("a gradient is infinite or NaN")
    largest = max((float(np.abs(g).max()) for g in grads if g.size), default=0.0)
    if largest == 0:
        return [g.copy() for g in grads], 0.0
    total = sum(float(((g.astype(np.float64) / largest) ** 2).sum()) for g in grads)
    norm = largest * total**0.5
    scale = min(1.0, max_norm / norm)
    return (list(grads) if scale == 1 else [g * scale for g in grads]), norm


class Accumulator:
    def __init__(self):
        self.sums, self.count = None, 0

    def add(self, grads, count):
        weighted = [g * count for g in grads]
        if self.sums is None:
            self.sums = weighted
        else:
            self.sums = [s + w for s, w in zip(self.sums, weighted)]
        self.count += count

    def take(self):
        if self.count == 0:
            raise ValueError("nothing was accumulated")
        means = [s / self.count for s in self.sums]
        self.sums, self.count = None, 0
        return means
