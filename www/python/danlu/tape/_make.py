"""Raw arrays for the rules."""

from numpy import _engine
from numpy._bridge import give

from ._value import plain


def full(shape, value, code):
    """An array of one value; `code` is the dtype's, 0 bool, 1 int64, 2 float32, 3 float64."""
    if not shape:
        return plain(_engine.scalar(value, code))
    give(shape)
    made = plain(_engine.full(value, code))
    made._shape = tuple(shape)
    return made


def cast(array, code, copy=False):
    """An array in another dtype."""
    if array._h & 3 == code and not copy:
        return array
    return plain(_engine.cast(array._h, code, copy))
