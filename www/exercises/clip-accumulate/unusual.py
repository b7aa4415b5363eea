"""Joins all gradients into one vector for the norm, and keeps a running mean instead of a sum."""

import math

import numpy as np


def clip_by_global_norm(grads, max_norm):
    flat = [v for g in grads for v in g.ravel().tolist()]
    if not all(math.isfinite(v) for v in flat):
        raise ValueError("not finite")
    norm = math.hypot(*flat) if flat else 0.0
    if norm <= max_norm:
        return tuple(np.array(g) for g in grads), norm
    return tuple(g / norm * max_norm for g in grads), norm


class Accumulator:
    def __init__(self):
        self.seen = 0
        self.mean = []

    def add(self, grads, count):
        if count == 0:
            return
        if not self.seen:
            self.mean = [np.array(g) for g in grads]
        self.seen += count
        share = count / self.seen
        self.mean = [m + share * (g - m) for m, g in zip(self.mean, grads)]

    def take(self):
        if not self.seen:
            raise ValueError("empty")
        mean, self.mean, self.seen = self.mean, [], 0
        return mean
