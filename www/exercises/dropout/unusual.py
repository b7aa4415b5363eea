"""Keeps the places that fall, and sets them to zero in a copy."""

import numpy as np


class Dropout:
    def __init__(self, rate, rng):
        if rate < 0 or rate >= 1:
            raise ValueError(rate)
        self.keep, self.rng, self.fallen = 1 - rate, rng, None

    def apply(self, a):
        out = a.copy()
        if self.fallen is not None:
            out = (out / self.keep).ravel()
            out[self.fallen] = 0
            out = out.reshape(a.shape)
        return out

    def forward(self, x, training):
        self.fallen = None
        if training:
            self.fallen = np.flatnonzero(self.rng.uniform(0, 1, size=x.size) > self.keep)
        return self.apply(x)

    def backward(self, dy):
        return self.apply(dy)
