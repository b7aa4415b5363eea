"""Asks for half of the tolerance it is given."""

import numpy as np


def check_gradient(f, gradient, x, step=1e-5, tolerance=1e-6):
    x = np.array(x, dtype=np.float64)
    claimed = np.asarray(gradient(x.copy()), dtype=np.float64)
    if claimed.shape != x.shape:
        raise ValueError(f"the gradient has shape {claimed.shape}, x has {x.shape}")
    if x.size == 0:
        return True, 0.0, ()

    measured = np.zeros(x.shape)
    for where in np.ndindex(*x.shape):
        h = step * max(1.0, abs(float(x[where])))
        above, below = x.copy(), x.copy()
        above[where] += h
        below[where] -= h
        measured[where] = (f(above) - f(below)) / (above[where] - below[where])

    difference = np.abs(claimed - measured)
    if np.isnan(difference).any():
        worst = np.isnan(difference).argmax()
        error = np.inf
    else:
        worst = difference.argmax()
        scale = max(np.abs(claimed).max(), np.abs(measured).max())
        error = difference.max() / scale if scale > 0 else 0.0
    place = tuple(int(i) for i in np.unravel_index(int(worst), x.shape))
    return bool(error < tolerance / 2), float(error), place
