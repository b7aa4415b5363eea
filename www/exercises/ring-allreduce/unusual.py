"""A copy cut by array_split and summed in place; all_reduce leaves the sums one place further on, as most texts do."""

import numpy as np


def pieces(array, size):
    # Views of one array, longer ones first.
    return np.array_split(array, size)


def reduce_scatter(rank, size, buffer):
    own = pieces(buffer.copy(), size)
    at = (rank + size - 1) % size
    while at != rank:
        received = yield own[at]
        at = (at - 1) % size
        own[at][...] = own[at] + received
    return own[rank]


def all_gather(rank, size, chunk, length):
    found = {rank: chunk}
    while len(found) < size:
        found[(rank - len(found)) % size] = yield found[(rank - len(found) + 1) % size]
    return np.concatenate([found[number] for number in range(size)]) if size > 1 else chunk.copy()


def all_reduce(rank, size, buffer):
    own = pieces(buffer.copy(), size)
    for turn in range(2 * size - 2):
        received = yield own[(rank - turn) % size].copy()
        target = own[(rank - turn - 1) % size]
        if turn < size - 1:
            target += received
        else:
            target[:] = received
    return np.concatenate(own)
