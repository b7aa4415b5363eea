"""The closed form by the pseudo-inverse of an augmented matrix; the descent on one vector that holds w and b."""

import numpy as np


def fit_closed(x, y, l2=0.0):
    if y.ndim != 1 or len(y) != len(x):
        raise ValueError(f"y: {y.shape}, x: {x.shape}")
    n, features = x.shape
    shift = x[0]
    design = np.concatenate([x - shift, np.ones((n, 1))], axis=1)
    # The bias's column of the penalty is zero.
    penalty = np.sqrt(n * l2) * np.eye(features, features + 1)
    design = np.concatenate([design, penalty])
    theta = np.linalg.pinv(design) @ np.concatenate([y, np.zeros(features)])
    return theta[:-1], float(theta[-1] - shift @ theta[:-1])


def fit_descent(x, y, lr, steps, l2=0.0):
    if y.ndim != 1 or len(y) != len(x):
        raise ValueError(f"y: {y.shape}, x: {x.shape}")
    n, features = x.shape
    design = np.concatenate([x, np.ones((n, 1))], axis=1)
    decay = np.concatenate([np.full(features, 2 * l2), np.zeros(1)])
    hessian, pull = 2 * design.T @ design / n, 2 * design.T @ y / n
    theta = np.zeros(features + 1)
    for _ in range(steps):
        theta = theta - lr * (hessian @ theta - pull + decay * theta)
    return theta[:-1], float(theta[-1])
