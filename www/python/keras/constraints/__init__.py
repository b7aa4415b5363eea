"""Limits on weights, kept after each step."""

import numpy as np

from .._registry import Described, lookup

__all__ = ["Constraint", "MaxNorm", "NonNeg", "UnitNorm", "MinMaxNorm", "max_norm", "non_neg", "unit_norm", "min_max_norm", "get"]
_TINY = 1e-7


class Constraint(Described):
    def __call__(self, w):
        return w

    def _array(self, w):
        from tensorflow._core import to_numpy

        return to_numpy(w)

    def _norm(self, w, axis):
        return np.sqrt(np.sum(np.square(w), axis=axis, keepdims=True))


class MaxNorm(Constraint):
    def __init__(self, max_value=2, axis=0):
        self.max_value, self.axis = max_value, axis

    def __call__(self, w):
        w = self._array(w)
        norm = self._norm(w, self.axis)
        return w * (np.clip(norm, 0, self.max_value) / (_TINY + norm))

    def get_config(self):
        return {"max_value": self.max_value, "axis": self.axis}


class NonNeg(Constraint):
    def __call__(self, w):
        return np.maximum(self._array(w), 0)


class UnitNorm(Constraint):
    def __init__(self, axis=0):
        self.axis = axis

    def __call__(self, w):
        w = self._array(w)
        return w / (_TINY + self._norm(w, self.axis))

    def get_config(self):
        return {"axis": self.axis}


class MinMaxNorm(Constraint):
    def __init__(self, min_value=0.0, max_value=1.0, rate=1.0, axis=0):
        self.min_value, self.max_value, self.rate, self.axis = min_value, max_value, rate, axis

    def __call__(self, w):
        w = self._array(w)
        norm = self._norm(w, self.axis)
        wanted = self.rate * np.clip(norm, self.min_value, self.max_value) + (1 - self.rate) * norm
        return w * (wanted / (_TINY + norm))

    def get_config(self):
        return {"min_value": self.min_value, "max_value": self.max_value, "rate": self.rate, "axis": self.axis}


max_norm, non_neg, unit_norm, min_max_norm = MaxNorm, NonNeg, UnitNorm, MinMaxNorm
_TABLE = {name: thing for name, thing in list(globals().items()) if isinstance(thing, type) and thing is not Described}


def get(identifier):
    return lookup(identifier, _TABLE, "constraint", Constraint)
