"""A spiral and a float network that solves it. `from given import spiral, spiral_net` works in the editor."""

import numpy as np


def spiral(count, rng):
    """`count` points of each of three arms: x (3 · count, 2), labels (3 · count,)."""
    radius = rng.uniform(0.1, 1.0, size=3 * count)
    labels = np.repeat(np.arange(3), count)
    angle = 4.0 * radius + labels * (2 * np.pi / 3) + 0.2 * rng.normal(size=3 * count)
    return np.stack([radius * np.cos(angle), radius * np.sin(angle)], axis=1), labels


def spiral_net(x, labels, rng):
    """[(w, b), (w, b)]: 48 random features under a ReLU, and a second layer fitted by ridge regression."""
    w, b = rng.normal(size=(2, 48)) * 3.0, rng.normal(size=48)
    h = np.maximum(x @ w + b, 0)
    h = np.concatenate([h, np.ones((len(x), 1))], axis=1)
    fitted = np.linalg.solve(h.T @ h + np.eye(49), h.T @ np.eye(3)[labels])
    return [(w, b), (fitted[:-1], fitted[-1])]


def float_network(x, layers):
    for w, b in layers[:-1]:
        x = np.maximum(x @ w + b, 0)
    w, b = layers[-1]
    return x @ w + b
