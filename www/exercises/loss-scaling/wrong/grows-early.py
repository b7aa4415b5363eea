"""Grows after a thousand good steps where nothing is said."""

import numpy as np


def half(x):
    x = np.asarray(x)
    _, exponent = np.frexp(x)
    spacing = np.asarray(2.0 ** (np.maximum(exponent - 1, -14) - 10), dtype=x.dtype)
    y = np.round(x / spacing) * spacing
    y = np.where(np.abs(y) > 65504, np.copysign(np.inf, y), y)
    return np.asarray(y, dtype=x.dtype)


class LossScaler:
    def __init__(self, scale=65536.0, growth=2.0, backoff=0.5, interval=1000):
        self.scale = scale
        self._growth, self._backoff, self._interval = growth, backoff, interval
        self._good = 0

    def step(self, master, gradients, lr):
        if not all(np.isfinite(g).all() for g in gradients):
            self.scale *= self._backoff
            self._good = 0
            return [p.copy() for p in master], False
        moved = [p - lr * (g / self.scale) for p, g in zip(master, gradients)]
        self._good += 1
        if self._good == self._interval:
            self.scale *= self._growth
            self._good = 0
        return moved, True
