"""Sample by sample in plain floats, as an online learner would, with the gradients summed up before the step."""

import math

import numpy as np


def softplus(z):
    return z + math.log1p(math.exp(-z)) if z > 0 else math.log1p(math.exp(z))


def logistic_step(x, y, w, b, lr, pos_weight=1.0):
    losses, dw, db = [], [0.0] * len(w), 0.0
    weights = w.tolist()
    for row, target in zip(x.tolist(), y.tolist()):
        z = math.fsum(u * v for u, v in zip(row, weights)) + float(b)
        positive, negative = pos_weight * target, 1.0 - target
        losses.append(positive * softplus(-z) + negative * softplus(z))
        # The slope of softplus(z) is σ(z); tanh keeps it from overflowing.
        p = 0.5 + 0.5 * math.tanh(z / 2)
        pull = negative * p - positive * (0.5 - 0.5 * math.tanh(z / 2))
        dw = [d + pull * u for d, u in zip(dw, row)]
        db += pull
    n = len(losses)
    loss = w.dtype.type(math.fsum(losses) / n)
    return loss, w - np.array([lr * d / n for d in dw], dtype=w.dtype), b - w.dtype.type(lr * db / n)
