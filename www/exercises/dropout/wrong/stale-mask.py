"""Keeps the mask of an earlier training pass through an inference pass."""

import numpy as np


class Dropout:
    def __init__(self, rate, rng):
        if not 0 <= rate < 1:
            raise ValueError(f"rate must be at least 0 and below 1, got {rate}")
        self.rate, self.rng = rate, rng
        self.kept = None

    def forward(self, x, training):
        if not training:
            return x
        self.kept = self.rng.random(x.shape) >= self.rate
        return self._masked(x)

    def backward(self, dy):
        return dy if self.kept is None else self._masked(dy)

    def _masked(self, a):
        return np.where(self.kept, a / (1 - self.rate), 0)
