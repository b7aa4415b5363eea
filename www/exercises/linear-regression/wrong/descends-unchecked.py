"""Looks at the shape of y in the closed form only."""

import numpy as np


def checked(x, y):
    if y.shape != (len(x),):
        raise ValueError(f"y has shape {y.shape}, expected ({len(x)},)")


def fit_closed(x, y, l2=0.0):
    checked(x, y)
    n, features = x.shape
    x_mean, y_mean = x.mean(axis=0), y.mean()
    rows, targets = x - x_mean, y - y_mean
    if l2 > 0:
        rows = np.concatenate([rows, np.sqrt(n * l2) * np.eye(features)])
        targets = np.concatenate([targets, np.zeros(features)])
    w = np.linalg.lstsq(rows, targets, rcond=None)[0]
    return w, y_mean - x_mean @ w


def fit_descent(x, y, lr, steps, l2=0.0):
    n, features = x.shape
    w, b = np.zeros(features), 0.0
    for _ in range(steps):
        residual = x @ w + b - y
        dw = 2 * (x.T @ residual) / n + 2 * l2 * w
        db = 2 * residual.mean()
        w = w - lr * dw
        b = b - lr * db
    return w, b
