"""Builds each step's rotation as a D × D matrix and multiplies: wasteful, and the picture in the paper."""

import math

import numpy as np


def rotation(position, width, base, halves):
    matrix = np.zeros((width, width))
    for i in range(width // 2):
        a, b = (i, i + width // 2) if halves else (2 * i, 2 * i + 1)
        angle = position / base ** (2 * i / width)
        matrix[a, a] = matrix[b, b] = math.cos(angle)
        matrix[a, b], matrix[b, a] = -math.sin(angle), math.sin(angle)
    return matrix


def rope(x, positions, base=10000.0, halves=False):
    if x.shape[-1] % 2 == 1:
        raise ValueError("D must be even")
    y = np.zeros(x.shape)
    for t, position in enumerate(np.asarray(positions).tolist()):
        y[..., t, :] = x[..., t, :] @ rotation(position, x.shape[-1], base, halves).T
    return y.astype(x.dtype)
