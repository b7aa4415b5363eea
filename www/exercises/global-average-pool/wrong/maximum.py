"""Takes the maximum over positions."""

import numpy as np


def global_average_pool(x, keepdims=False):
    return x.max(axis=(1, 2), keepdims=keepdims)


def global_average_pool_backward(dy, x):
    n, h, w, c = x.shape
    share = dy.reshape(n, 1, 1, c) / (h * w)
    return share * np.ones_like(x)


def class_maps(x, w, b):
    return x @ w + b
