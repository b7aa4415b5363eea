"""Takes a scheme that it does not know for He's."""

import numpy as np


def fans(shape):
    if len(shape) < 2:
        raise ValueError(f"a weight has two or more axes, got {shape}")
    area = int(np.prod(shape[:-2]))
    return area * shape[-2], area * shape[-1]


def init(shape, scheme, rng):
    fan_in, fan_out = fans(shape)
    if scheme == "zeros":
        return np.zeros(shape)
    family, _, kind = scheme.partition("_")
    if family == "xavier":
        variance = 2 / (fan_in + fan_out)
    else:
        variance = 2 / fan_in
    if kind == "normal":
        return rng.normal(0.0, np.sqrt(variance), size=shape)
    if kind == "uniform":
        limit = np.sqrt(3 * variance)
        return rng.uniform(-limit, limit, size=shape)
    raise ValueError(f"unknown scheme {scheme!r}")


def activation_stds(x, weights, activation):
    functions = {"linear": lambda z: z, "relu": lambda z: np.maximum(z, 0), "tanh": np.tanh}
    stds = []
    for w in weights:
        x = functions[activation](x @ w)
        stds.append(float(x.std()))
    return stds
