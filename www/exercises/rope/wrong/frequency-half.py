"""Counts the 2 of the exponent twice."""

import numpy as np


def rope(x, positions, base=10000.0, halves=False):
    width = x.shape[-1]
    if width % 2 == 1:
        raise ValueError(f"rope turns pairs: D must be even, got {width}")
    frequencies = base ** (-2 * np.arange(0, width, 2) / width)
    angles = np.asarray(positions, dtype=np.float64)[:, None] * frequencies
    cos, sin = np.cos(angles).astype(x.dtype), np.sin(angles).astype(x.dtype)
    if halves:
        first, second = x[..., : width // 2], x[..., width // 2 :]
    else:
        first, second = x[..., 0::2], x[..., 1::2]
    turned = [first * cos - second * sin, first * sin + second * cos]
    if halves:
        return np.concatenate(turned, axis=-1)
    return np.stack(turned, axis=-1).reshape(x.shape)
