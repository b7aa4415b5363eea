"""The penalty is not multiplied by N, though the loss is a mean."""

import torch


def checked(x, y):
    if y.shape != (len(x),):
        raise ValueError(f"y has shape {tuple(y.shape)}, expected ({len(x)},)")


def fit_closed(x, y, l2=0.0):
    checked(x, y)
    n, features = x.shape
    x_mean, y_mean = x.mean(dim=0), y.mean()
    rows, targets = x - x_mean, y - y_mean
    if l2 > 0:
        rows = torch.cat([rows, l2**0.5 * torch.eye(features, dtype=x.dtype)])
        targets = torch.cat([targets, torch.zeros(features, dtype=y.dtype)])
    # pinv divides by no singular value that is as good as 0.
    w = torch.linalg.pinv(rows) @ targets
    return w, y_mean - x_mean @ w


def fit_descent(x, y, lr, steps, l2=0.0):
    checked(x, y)
    n, features = x.shape
    w, b = torch.zeros(features, dtype=x.dtype), torch.zeros((), dtype=x.dtype)
    for _ in range(steps):
        residual = x @ w + b - y
        dw = 2 * (x.T @ residual) / n + 2 * l2 * w
        db = 2 * residual.mean()
        w = w - lr * dw
        b = b - lr * db
    return w, b
