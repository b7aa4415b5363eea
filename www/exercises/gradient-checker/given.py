"""Functions with gradients that are right, and with gradients that are wrong, to try your checker on."""

import numpy as np


def square(x):
    return float((x**2).sum())


def square_right(x):
    return 2 * x


def square_wrong(x):
    # The factor 2 is missing.
    return 1 * x


def wave(x):
    return float(np.sin(3 * x).sum())


def wave_right(x):
    return 3 * np.cos(3 * x)


def wave_wrong(x):
    # The sign is turned.
    return -3 * np.cos(3 * x)


def log_sum_exp(x):
    top = x.max()
    return float(top + np.log(np.exp(x - top).sum()))


def log_sum_exp_right(x):
    e = np.exp(x - x.max())
    return e / e.sum()


def log_sum_exp_wrong(x):
    # Not divided by the sum.
    return np.exp(x - x.max())


def length(x):
    return float(np.sqrt((x**2).sum()))


def length_right(x):
    return x / np.sqrt((x**2).sum())


def length_wrong(x):
    # Right up to 1 %.
    return 1.01 * x / np.sqrt((x**2).sum())


def weighted(x):
    return float((np.arange(x.size).reshape(x.shape) * x**3).sum())


def weighted_right(x):
    return 3 * np.arange(x.size).reshape(x.shape) * x**2


def weighted_wrong(x):
    # Right everywhere but in the last entry.
    slope = weighted_right(x).ravel()
    slope[-1] = 0.0
    return slope.reshape(x.shape)
