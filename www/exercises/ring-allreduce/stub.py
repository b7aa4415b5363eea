import numpy as np


def reduce_scatter(rank, size, buffer):
    # A generator: `received = yield message` sends to the right and waits for the left.
    # buffer: (n,)  →  returns chunk number `rank` of the sum over all workers
    raise NotImplementedError


def all_gather(rank, size, chunk, length):
    # chunk number `rank` of an array of that length  →  returns the whole array: (length,)
    raise NotImplementedError


def all_reduce(rank, size, buffer):
    # buffer: (n,)  →  returns the sum over all workers: (n,)
    raise NotImplementedError
