import numpy as np


class Batches:
    def __init__(self, x, y, batch_size, seed, shuffle=True, drop_last=False):
        # x: (N, ...)   y: (N, ...)
        raise NotImplementedError

    def __len__(self):
        # The number of batches in an epoch.
        raise NotImplementedError

    def __iter__(self):
        # One epoch: yields pairs (x of the batch, y of the batch).
        raise NotImplementedError
