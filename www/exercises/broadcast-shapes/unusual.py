"""Reads the shapes from the right with zip_longest, and asks each column of lengths what it agrees on."""

from itertools import zip_longest


def broadcast_shape(*shapes):
    lengths = []
    for column in zip_longest(*(tuple(reversed(shape)) for shape in shapes), fillvalue=1):
        others = sorted(set(column) - {1})
        if len(others) > 1:
            raise ValueError("lengths " + " and ".join(map(str, others)) + f" meet at axis {-1 - len(lengths)}")
        lengths.append(others[0] if others else 1)
    return lengths[::-1]


def summed_axes(shape, result):
    padded = [None] * (len(result) - len(shape)) + list(shape)
    if len(padded) != len(result) or list(broadcast_shape(shape, result)) != list(result):
        raise ValueError(f"no way from {shape} to {result}")
    return [axis for axis, (before, after) in enumerate(zip(padded, result)) if before != after]
