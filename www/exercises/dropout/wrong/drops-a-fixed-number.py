"""Drops exactly the share of entries, so that they aren't independent."""

import numpy as np


class Dropout:
    def __init__(self, rate, rng):
        if not 0 <= rate < 1:
            raise ValueError(f"rate must be at least 0 and below 1, got {rate}")
        self.rate, self.rng = rate, rng
        self.kept = None

    def forward(self, x, training):
        if not training:
            self.kept = None
            return x
        n = x.size
        self.kept = (self.rng.permutation(n) >= int(self.rate * n)).reshape(x.shape)
        return self._masked(x)

    def backward(self, dy):
        return dy if self.kept is None else self._masked(dy)

    def _masked(self, a):
        return np.where(self.kept, a / (1 - self.rate), 0)
