"""Divides by the batch size here, although the loss has done so already."""

import numpy as np


def dense_backward(dy, x, w):
    rows_x, rows_dy = x.reshape(-1, w.shape[0]), dy.reshape(-1, w.shape[1])
    dx = dy @ w.T
    dw = rows_x.T @ rows_dy / max(len(rows_x), 1)
    db = rows_dy.sum(axis=0)
    return dx, dw, db
