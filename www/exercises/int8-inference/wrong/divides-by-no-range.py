"""Divides by a range of 0 where a tensor is 0 throughout."""

import math

import numpy as np


def fixed_point(multiplier):
    mantissa, exponent = math.frexp(multiplier)
    m0, s = round(mantissa * 2**31), 31 - exponent
    if m0 == 2**31:
        m0, s = 2**30, s - 1
    return m0, s


def requantise(acc, m0, s, zero):
    half = 1 << (s - 1)
    return np.clip(((acc * m0 + half) >> s) + zero, -128, 127)


def quantise_dense(w, b, x_scale, x_zero, y_scale):
    largest = np.abs(w).max(axis=0)
    w_scale = np.where(largest > 0, largest / 127, 1.0)
    weights = np.clip(np.round(w / w_scale), -127, 127).astype(np.int64)
    bias = np.round(b / (x_scale * w_scale)).astype(np.int64) - x_zero * weights.sum(axis=0)
    pairs = [fixed_point(m) for m in (x_scale * w_scale / y_scale).tolist()]
    return {
        "weights": weights,
        "bias": bias,
        "m0": np.array([m0 for m0, _ in pairs]),
        "s": np.array([s for _, s in pairs]),
    }


def int8_dense(x, layer, y_zero):
    acc = x @ layer["weights"] + layer["bias"]
    return requantise(acc, layer["m0"], layer["s"], y_zero)


def affine(x):
    low, high = min(float(x.min()), 0.0), max(float(x.max()), 0.0)
    scale = (high - low) / 255
    return scale, round(-128 - low / scale)


def quantise(x, scale, zero):
    return np.clip(np.round(x / scale) + zero, -128, 127).astype(np.int64)


def quantise_network(layers, calibration):
    x = calibration
    entry = (x_scale, x_zero) = affine(x)
    steps = []
    for place, (w, b) in enumerate(layers):
        x = x @ w + b
        if place < len(layers) - 1:
            x = np.maximum(x, 0)
        y_scale, y_zero = affine(x)
        steps.append((quantise_dense(w, b, x_scale, x_zero, y_scale), y_zero))
        x_scale, x_zero = y_scale, y_zero
    return {"entry": entry, "steps": steps, "exit": (x_scale, x_zero)}


def int8_network(x, network):
    codes = quantise(x, *network["entry"])
    for layer, y_zero in network["steps"]:
        codes = int8_dense(codes, layer, y_zero)
    scale, zero = network["exit"]
    return (codes - zero) * scale
