"""Number by number in plain Python; Python's round is half to even as well."""

import numpy as np


def encoded(value, scale, zero, low, high):
    return min(max(round(value / scale) + zero, low), high)


def quantise(x, axis=None):
    if axis is not None:
        channels = np.moveaxis(x, axis, 0)
        codes, scale = np.zeros(channels.shape, dtype=np.int64), np.ones((len(channels),) + (1,) * (x.ndim - 1))
        for c in range(len(channels)):
            codes[c], scale[c] = quantise(channels[c])
        return np.moveaxis(codes, 0, axis), np.moveaxis(scale, 0, axis)
    values = x.ravel().tolist()
    largest = max([abs(value) for value in values], default=0.0)
    scale = largest / 127 if largest > 0 else 1.0
    codes = [encoded(value, scale, 0, -127, 127) for value in values]
    return np.array(codes, dtype=np.int64).reshape(x.shape), scale


def dequantise(codes, scale):
    return scale * np.asarray(codes)


def quantise_affine(x):
    values = x.ravel().tolist()
    low, high = min(values + [0.0]), max(values + [0.0])
    scale = (high - low) / 255 if high > low else 1.0
    zero = encoded(low, -scale, -128, -128, 127)
    codes = [encoded(value, scale, zero, -128, 127) for value in values]
    return np.array(codes, dtype=np.int64).reshape(x.shape), scale, zero


def dequantise_affine(codes, scale, zero_point):
    return codes * scale - zero_point * scale
