"""Comparisons, logic and bits: what has no gradient."""

import builtins

import numpy as np

from danlu.tape import arithmetic as ar
from danlu.tape._value import called
from numpy import _engine
from numpy._bridge import BINARY, UNARY

from ._base import aligned, wrap
from ._dtypes import default
from ._methods import METHODS, both, method, plain_pair, two
from ._tensor import Tensor

bool = builtins.bool


def _compared(name, numpy_name, short):
    code = BINARY[numpy_name]

    def compare(input, other):
        a, b = aligned(input, other)
        if not isinstance(a, Tensor):
            return wrap(ar.with_number(code, b, a, True))
        if not isinstance(b, Tensor):
            return wrap(ar.with_number(code, a, b))
        return wrap(two(lambda x, y: ar.pair(code, x, y), a, b))

    compare.__name__ = name
    METHODS[short] = compare
    return both(compare)


eq, ne = _compared("eq", "equal", "equal_"), _compared("ne", "not_equal", "not_equal")
lt, le = _compared("lt", "less", "less"), _compared("le", "less_equal", "less_equal")
gt, ge = _compared("gt", "greater", "greater"), _compared("ge", "greater_equal", "greater_equal")
del METHODS["equal_"]
not_equal, less, less_equal, greater, greater_equal = ne, lt, le, gt, ge


@method
def equal(input, other):
    """Whether both have one shape and equal elements."""
    return input._a.shape == other._a.shape and bool((input._a == other._a).all())


def _logical(name, numpy_name):
    def function(input, other):
        return wrap(two(lambda x, y: ar.pair(BINARY[numpy_name], x, y), input, other))

    function.__name__ = name
    return both(function)


logical_and, logical_or = _logical("logical_and", "logical_and"), _logical("logical_or", "logical_or")
logical_xor = _logical("logical_xor", "logical_xor")


def _bits(name, numpy_name):
    def function(input, other):
        a, b = aligned(input, other)
        if any(isinstance(x, builtins.float) or isinstance(x, Tensor) and x._a._h & 3 > 1 for x in (a, b)):
            kind = "Float" if default.code == 2 else "Double"
            raise NotImplementedError(f'"{name}_cpu" not implemented for \'{kind}\'')
        return plain_pair(numpy_name, a, b)

    function.__name__ = name
    return both(function)


bitwise_and, bitwise_or = _bits("bitwise_and", "bitwise_and"), _bits("bitwise_or", "bitwise_or")
bitwise_xor = _bits("bitwise_xor", "bitwise_xor")
bitwise_left_shift, bitwise_right_shift = _bits("bitwise_left_shift", "left_shift"), _bits("bitwise_right_shift", "right_shift")
gcd, lcm = _bits("gcd", "gcd"), _bits("lcm", "lcm")


def _question(name, numpy_name):
    def function(input):
        return wrap(called(_engine.unary, UNARY[numpy_name], input._a._h))

    function.__name__ = name
    return method(function)


isnan, isinf, isfinite = _question("isnan", "isnan"), _question("isinf", "isinf"), _question("isfinite", "isfinite")
signbit = _question("signbit", "signbit")
logical_not, bitwise_not = both(_question("logical_not", "logical_not")), both(_question("bitwise_not", "invert"))


@method
def isclose(input, other, rtol=1e-5, atol=1e-8, equal_nan=False):
    return wrap(np.asarray(np.isclose(input._a, other._a, rtol, atol, equal_nan)))


@method
def allclose(input, other, rtol=1e-5, atol=1e-8, equal_nan=False):
    return bool(isclose(input, other, rtol, atol, equal_nan)._a.all())
