"""Clips the probability to [1e-7, 1 - 1e-7], so the loss stops at 16."""

import numpy as np


def logistic_step(x, y, w, b, lr, pos_weight=1.0):
    n = len(x)
    z = x @ w + b
    y = y.astype(z.dtype)
    small = np.exp(-np.abs(z))
    tail = np.log1p(small)
    if_one = np.maximum(-z, 0) + tail
    if_zero = np.maximum(z, 0) + tail
    q = np.clip(np.where(z >= 0, 1, small) / (1 + small), 1e-7, 1 - 1e-7)
    loss = -(pos_weight * y * np.log(q) + (1 - y) * np.log(1 - q)).mean()

    p = np.where(z >= 0, 1, small) / (1 + small)
    dz = (pos_weight * y * (p - 1) + (1 - y) * p) / n
    return loss, w - lr * (x.T @ dz), b - lr * dz.sum()
