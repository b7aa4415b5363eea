"""What a learner hands over (lists, arrays, tensors, ranges, scalars) as Python's own numbers."""

import math
import numbers

import numpy as np

NAN = math.nan


def as_array(values):
    """A NumPy array of anything that holds numbers; a tensor gives its own."""
    if isinstance(values, np.ndarray):
        return values
    if hasattr(values, "numpy") and not isinstance(values, (list, tuple)):
        return np.asarray(values.numpy())
    if hasattr(values, "values") and not callable(values.values):
        return np.asarray(values.values)
    if isinstance(values, (list, tuple)) and any(v is None for v in values):
        values = [NAN if v is None else v for v in values]
    if not isinstance(values, (list, tuple, numbers.Number)) and hasattr(values, "__iter__"):
        values = list(values)
    return np.asarray(values)


def floats(values):
    """A flat list of floats."""
    if isinstance(values, (list, tuple, range)):
        try:
            return [float(v) for v in values]
        except (TypeError, ValueError):
            pass
    elif isinstance(values, numbers.Number):
        return [float(values)]
    array = as_array(values)
    return [float(v) for v in array.reshape(-1).tolist()]


def rows(values):
    """A rectangle of numbers as a list of lists of floats."""
    array = as_array(values)
    if array.ndim != 2:
        raise TypeError(f"Input must be 2D, not {array.ndim}D: its shape is {array.shape}")
    return [[float(v) for v in row] for row in array.tolist()]


def is_sequence(values):
    return not isinstance(values, (str, bytes, numbers.Number)) and (
        hasattr(values, "__len__") and getattr(values, "ndim", 1) != 0 or hasattr(values, "__next__")
    )


def holds_text(values):
    """Whether these are names of categories: 'a', or ['a', 'b']."""
    if isinstance(values, str):
        return True
    if isinstance(values, (list, tuple)) or hasattr(values, "keys"):
        return any(isinstance(v, str) for v in values)
    return False


def all_finite(values):
    """Whether a list of floats holds neither NaN nor infinity: its sum would carry them."""
    total = sum(values)
    return total - total == 0


def finite(values):
    return [v for v in values if math.isfinite(v)]


def extent(values):
    """(least, most) of the finite ones, or None."""
    kept = finite(values)
    return (min(kept), max(kept)) if kept else None


def spread(value, n, what="value"):
    """One value for each of n: itself n times, or the n that were given."""
    if is_sequence(value):
        given = floats(value)
        if len(given) == 1:
            return given * n
        if len(given) != n:
            raise ValueError(f"{what} must be one value or {n} of them, not {len(given)}")
        return given
    return [float(value)] * n
