"""Five-point differences over plain lists, with the entries walked by a flat index."""

import math

import numpy as np


def check_gradient(f, gradient, x, step=1e-5, tolerance=1e-6):
    shape = x.shape
    flat = [float(v) for v in x.ravel().tolist()]

    def at(i, move):
        moved = flat[:i] + [flat[i] + move] + flat[i + 1:]
        return f(np.array(moved).reshape(shape))

    claimed = gradient(np.array(flat).reshape(shape))
    if np.shape(claimed) != shape:
        raise ValueError(f"{np.shape(claimed)} for {shape}")
    claimed = [float(v) for v in np.asarray(claimed).ravel().tolist()]
    measured = []
    for i, value in enumerate(flat):
        h = step * max(1.0, abs(value)) * 20
        near, far = at(i, h) - at(i, -h), at(i, 2 * h) - at(i, -2 * h)
        measured.append((8 * near - far) / (12 * h))
    gaps = [abs(c - m) for c, m in zip(claimed, measured)]
    gaps = [math.inf if math.isnan(g) else g for g in gaps]
    if not gaps:
        return True, 0.0, ()
    worst = max(range(len(gaps)), key=gaps.__getitem__)
    scale = max(map(abs, claimed + measured))
    error = gaps[worst] if gaps[worst] in (0.0, math.inf) else gaps[worst] / scale
    index = []
    rest = worst
    for size in reversed(shape):
        rest, i = divmod(rest, size)
        index.insert(0, i)
    return error <= tolerance, error, tuple(index)
