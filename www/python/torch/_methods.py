"""The tables of methods that the files of functions fill, and what binary functions share."""

import functools

import numpy as np

from danlu.tape import arithmetic as ar
from numpy._bridge import BINARY

from ._base import into, is_number, mismatch, wrap
from ._tensor import Tensor

METHODS, IN_PLACE = {}, {}


def method(function, name=None):
    """Makes a function a method too, and, in place, the method of that name with an underscore."""
    name = name or function.__name__
    METHODS[name] = function
    return function


def both(function, name=None):
    name = name or function.__name__
    METHODS[name] = IN_PLACE[name + "_"] = function
    return function


def numpy_words(function):
    """The function, which also takes numpy's words: axis for dim, keepdims for keepdim."""

    @functools.wraps(function)
    def renamed(*args, **kwargs):
        if kwargs:
            if "axis" in kwargs:
                kwargs["dim"] = kwargs.pop("axis")
            if "keepdims" in kwargs:
                kwargs["keepdim"] = kwargs.pop("keepdims")
        return function(*args, **kwargs)

    return renamed


def two(function, a, b):
    try:
        return function(a, b)
    except ValueError:
        error = mismatch(a, b) if isinstance(a, Tensor) and isinstance(b, Tensor) else None
        if error is None:
            raise
        raise error from None


def plain_pair(name, a, b):
    """The raw result of a binary function that has no gradient here."""
    code = BINARY[name]
    if not isinstance(a, Tensor):
        return wrap(ar.with_number(code, b, a, True))
    if not isinstance(b, Tensor):
        return wrap(ar.with_number(code, a, b))
    return wrap(two(lambda x, y: ar.pair(code, x, y), a, b))


def operator(function, swapped=False, sign=""):
    if swapped:
        def operate(self, other):
            if isinstance(other, Tensor) or is_number(other):
                return function(other, self)
            if isinstance(other, np.ndarray):
                raise TypeError(f"unsupported operand type(s) for {sign}: 'numpy.ndarray' and 'Tensor'")
            return NotImplemented
    else:
        def operate(self, other):
            if isinstance(other, Tensor) or is_number(other):
                return function(self, other)
            return function(self, wrap(other)) if isinstance(other, np.ndarray) else NotImplemented

    return operate


def fill_in_place(name, function):
    """The method `name` that writes the result of `function` into its tensor."""

    def in_place(self, *args, **kwargs):
        return into(self, function(self, *args, **kwargs))

    in_place.__name__ = name
    return in_place
