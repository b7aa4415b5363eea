"""Packs each number into two bytes and unpacks it; the scaler keeps a history and looks at its tail."""

import math
import struct

import numpy as np


def one(value):
    try:
        return struct.unpack("<e", struct.pack("<e", value))[0]
    except OverflowError:
        return math.copysign(math.inf, value)


def half(x):
    return np.array([one(value) for value in x.ravel().tolist()], dtype=x.dtype).reshape(x.shape)


class LossScaler:
    def __init__(self, scale=65536.0, growth=2.0, backoff=0.5, interval=2000):
        self.scale, self.factors, self.interval = scale, (backoff, growth), interval
        self.history = []

    def step(self, master, gradients, lr):
        values = [value for g in gradients for value in g.ravel().tolist()]
        good = all(map(math.isfinite, values))
        # A copy of everything either way: the caller's arrays stay his.
        moved = [np.array(p) for p in master]
        if good:
            for p, g in zip(moved, gradients):
                p -= (g * (lr / self.scale)).astype(p.dtype)
        self.history.append(good)
        if not good:
            self.history, self.scale = [], self.scale * self.factors[0]
        elif len(self.history) >= self.interval:
            self.history, self.scale = [], self.scale * self.factors[1]
        return moved, good
