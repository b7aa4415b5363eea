"""A generator as __iter__: the order is drawn at the first batch, not when the pass begins."""

import numpy as np


class Batches:
    def __init__(self, x, y, batch_size, seed, shuffle=True, drop_last=False):
        if len(x) != len(y):
            raise ValueError(f"{len(x)} samples, {len(y)} targets")
        if batch_size < 1:
            raise ValueError(f"batch_size must be at least 1, got {batch_size}")
        self.x, self.y, self.batch_size = x, y, batch_size
        self.shuffle, self.drop_last = shuffle, drop_last
        self.rng = np.random.default_rng(seed)

    def __len__(self):
        whole, rest = divmod(len(self.x), self.batch_size)
        return whole + (rest > 0 and not self.drop_last)

    def __iter__(self):
        count = len(self.x)
        order = self.rng.permutation(count) if self.shuffle else np.arange(count)
        for b in range(len(self)):
            rows = order[b * self.batch_size:(b + 1) * self.batch_size]
            yield self.x[rows], self.y[rows]

    def _epoch(self, order):
        for b in range(len(self)):
            rows = order[b * self.batch_size:(b + 1) * self.batch_size]
            yield self.x[rows], self.y[rows]
