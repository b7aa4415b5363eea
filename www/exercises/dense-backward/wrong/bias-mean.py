"""Means the bias gradient over the batch instead of summing it."""

import numpy as np


def dense_backward(dy, x, w):
    rows_x, rows_dy = x.reshape(-1, w.shape[0]), dy.reshape(-1, w.shape[1])
    return dy @ w.T, rows_x.T @ rows_dy, rows_dy.mean(axis=0)
