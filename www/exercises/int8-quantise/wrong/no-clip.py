"""Trusts that two roundings stay within the codes."""

import numpy as np


def safe(scale):
    return np.where(scale > 0, scale, 1.0)


def quantise(x, axis=None):
    others = None if axis is None else tuple(a for a in range(x.ndim) if a != axis % x.ndim)
    largest = np.max(np.abs(x), axis=others, keepdims=axis is not None, initial=0.0)
    scale = safe(largest / 127)
    codes = np.clip(np.round(x / scale), -127, 127).astype(np.int64)
    return codes, float(scale) if axis is None else scale


def dequantise(codes, scale):
    return codes * scale


def quantise_affine(x):
    low = float(np.min(x, initial=0.0))
    high = float(np.max(x, initial=0.0))
    scale = float(safe((high - low) / 255))
    zero_point = int(round(-128 - low / scale))
    codes = np.round(x / scale) + zero_point
    return codes.astype(np.int64), scale, zero_point


def dequantise_affine(codes, scale, zero_point):
    return (codes - zero_point) * scale
