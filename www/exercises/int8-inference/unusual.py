"""Python's whole numbers throughout, a sample and an output at a time; the network is a list of closures."""

from fractions import Fraction

import numpy as np


def fixed_point(multiplier):
    s = 0
    exact = Fraction(multiplier)
    while exact * 2**s < 2**30:
        s += 1
    while exact * 2**s >= 2**31:
        s -= 1
    m0 = round(exact * 2**s)
    return (m0, s) if m0 < 2**31 else (m0 // 2, s - 1)


def one(acc, m0, s, zero):
    return max(-128, min(127, (2 * acc * m0 + 2**s) // 2 ** (s + 1) + zero))


def requantise(acc, m0, s, zero):
    rows = [[one(a, m, k, zero) for a, m, k in zip(row, m0.tolist(), s.tolist())] for row in acc.tolist()]
    return np.array(rows, dtype=np.int64).reshape(acc.shape)


def quantise_dense(w, b, x_scale, x_zero, y_scale):
    columns, bias, m0, s = [], [], [], []
    for column, offset in zip(w.T.tolist(), b.tolist()):
        scale = max((abs(value) for value in column), default=0.0) / 127 or 1.0
        codes = [round(value / scale) for value in column]
        columns.append(codes)
        bias.append(round(offset / (x_scale * scale)) - x_zero * sum(codes))
        pair = fixed_point(x_scale * scale / y_scale)
        m0.append(pair[0])
        s.append(pair[1])
    weights = np.array(columns, dtype=np.int64).reshape(w.shape[1], w.shape[0]).T
    return {"weights": weights, "bias": np.array(bias), "m0": np.array(m0), "s": np.array(s)}


def int8_dense(x, layer, y_zero):
    acc = np.einsum("ni,io->no", x, layer["weights"]) + layer["bias"][None, :]
    return requantise(acc, layer["m0"], layer["s"], y_zero)


def range_of(x):
    values = [0.0, *x.ravel().tolist()]
    scale = (max(values) - min(values)) / 255 or 1.0
    return scale, round(-128 - min(values) / scale)


def quantise_network(layers, calibration):
    ranges, x = [range_of(calibration)], calibration
    for place, (w, b) in enumerate(layers):
        x = x @ w + b
        x = np.where(x > 0, x, 0.0) if place + 1 < len(layers) else x
        ranges.append(range_of(x))
    network = [lambda x: np.clip(np.round(x / ranges[0][0]) + ranges[0][1], -128, 127).astype(np.int64)]
    for (w, b), (x_scale, x_zero), (y_scale, y_zero) in zip(layers, ranges, ranges[1:]):
        layer = quantise_dense(w, b, x_scale, x_zero, y_scale)
        network.append(lambda x, layer=layer, y_zero=y_zero: int8_dense(x, layer, y_zero))
    network.append(lambda codes: (codes - ranges[-1][1]) * ranges[-1][0])
    return network


def int8_network(x, network):
    for step in network:
        x = step(x)
    return x
