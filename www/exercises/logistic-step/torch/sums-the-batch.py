"""The gradient is summed over the batch, not averaged."""

import torch


def logistic_step(x, y, w, b, lr, pos_weight=1.0):
    n = len(x)
    z = x @ w + b
    y = y.to(z.dtype)
    small = torch.exp(-z.abs())
    tail = torch.log1p(small)
    if_one = (-z).clamp(min=0) + tail
    if_zero = z.clamp(min=0) + tail
    loss = (pos_weight * y * if_one + (1 - y) * if_zero).mean()

    p = torch.where(z >= 0, 1, small) / (1 + small)
    dz = (pos_weight * y * (p - 1) + (1 - y) * p)
    return loss, w - lr * (x.T @ dz), b - lr * dz.sum()
