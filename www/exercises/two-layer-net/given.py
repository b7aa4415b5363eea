"""The data that `train` must learn: arms of a spiral, one class each. `from given import spiral` works in the editor."""

import numpy as np


def spiral(count, classes, turn, rng):
    """`count` points on each of `classes` arms, turned by `turn`: x (count * classes, 2), labels (count * classes,)."""
    radius = np.tile(np.linspace(0.05, 1.0, count), classes)
    labels = np.repeat(np.arange(classes), count)
    angle = turn + 4.0 * radius + labels * (2 * np.pi / classes) + 0.2 * rng.normal(size=count * classes)
    return np.stack([radius * np.cos(angle), radius * np.sin(angle)], axis=1), labels
