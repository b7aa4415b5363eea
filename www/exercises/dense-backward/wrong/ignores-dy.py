"""Differentiates the layer alone and forgets what arrives from above."""

import numpy as np


def dense_backward(dy, x, w):
    ones = np.ones_like(dy)
    rows_x, rows_ones = x.reshape(-1, w.shape[0]), ones.reshape(-1, w.shape[1])
    return ones @ w.T, rows_x.T @ rows_ones, rows_ones.sum(axis=0)
