"""Draws standard numbers and scales them; fans by counting which weights meet in one output."""

import math

import numpy as np


def fans(shape):
    *patch, inputs, outputs = shape
    for size in patch:
        inputs, outputs = inputs * size, outputs * size
    return [inputs, outputs]


def init(shape, scheme, rng):
    inputs, outputs = fans(shape)
    scales = {"zeros": 0.0, "xavier": math.sqrt(2 / (inputs + outputs)), "he": math.sqrt(2 / inputs)}
    family, *kind = scheme.split("_")
    if family not in scales or kind not in ([], ["normal"], ["uniform"]) or bool(kind) == (family == "zeros"):
        raise ValueError(scheme)
    unit = rng.standard_normal(shape) if kind != ["uniform"] else math.sqrt(12) * (rng.random(shape) - 0.5)
    return scales[family] * unit


def activation_stds(x, weights, activation):
    out = []
    for w in weights:
        x = np.einsum("ni,io->no", x, w)
        if activation == "relu":
            x = np.where(x > 0, x, 0.0)
        elif activation == "tanh":
            x = np.tanh(x)
        out.append(float(np.sqrt((x**2).mean() - x.mean() ** 2)))
    return out
