"""Adds arrays of those shapes and looks at the result."""

import numpy as np


def broadcast_shape(*shapes):
    total = np.zeros(())
    for shape in shapes:
        total = total + np.zeros(shape)
    return total.shape


def summed_axes(shape, result):
    if broadcast_shape(shape, result) != tuple(result):
        raise ValueError(f"{shape} doesn't broadcast to {result}")
    offset = len(result) - len(shape)
    return tuple(i for i in range(len(result)) if i < offset or shape[i - offset] != result[i])
