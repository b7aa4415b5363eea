"""One table of scalar functions and slopes in plain floats, applied entry by entry."""

import math

import numpy as np


def logistic(z):
    return 0.5 * (1.0 + math.tanh(0.5 * z)) if z > -30 else math.exp(z)


def gelu_share(z):
    return 0.5 * (1.0 + math.tanh(math.sqrt(2.0 / math.pi) * (z + 0.044715 * z * z * z)))


def gelu_slope(z):
    share = gelu_share(z)
    inner = math.sqrt(2.0 / math.pi) * (1.0 + 0.134145 * z * z)
    return share + 2.0 * z * share * (1.0 - share) * inner


# name: (y of z, dy/dz of z)
TABLE = {
    "relu": (lambda z: z if z > 0 else 0.0, lambda z: 1.0 if z > 0 else 0.0),
    "leaky_relu": (lambda z: z if z > 0 else z / 100.0, lambda z: 1.0 if z > 0 else 0.01),
    "sigmoid": (logistic, lambda z: logistic(z) * logistic(-z)),
    "tanh": (math.tanh, lambda z: 1.0 - math.tanh(z) ** 2),
    "silu": (lambda z: z * logistic(z), lambda z: logistic(z) * (1.0 + z * logistic(-z))),
    "softplus": (lambda z: z if z > 40 else math.log1p(math.exp(z)), logistic),
    "gelu": (lambda z: z * gelu_share(z), gelu_slope),
}


def apply(name, which, x):
    if name not in TABLE:
        raise ValueError(name)
    values = [TABLE[name][which](z) for z in x.ravel().tolist()]
    return np.array(values, dtype=x.dtype).reshape(x.shape)


def activate(name, x):
    return apply(name, 0, x)


def activate_backward(name, x, dy):
    return apply(name, 1, x) * dy
