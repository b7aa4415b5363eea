"""Writes dx over x to save memory; whoever still needs x gets dx."""

import numpy as np


def dense_backward(dy, x, w):
    rows_x, rows_dy = x.reshape(-1, w.shape[0]), dy.reshape(-1, w.shape[1])
    dw = rows_x.T @ rows_dy
    db = rows_dy.sum(axis=0)
    x[...] = dy @ w.T
    return x, dw, db
