"""Arithmetic, comparisons and functions of each element, with their operators and in-place twins."""

import builtins

import numpy as np

from danlu.tape import arithmetic as ar
from danlu.tape import elementwise as el
from danlu.tape import index, record
from ._base import (
    aligned,
    cast,
    expect_tensor,
    floats,
    given_out,
    into,
    mismatch,
    number_of,
    with_number,
    wrap,
)
from ._comparisons import bitwise_and, bitwise_not, bitwise_or, bitwise_xor, eq, ge, gt, isnan, le, lt, ne
from ._comparisons import bitwise_left_shift, bitwise_right_shift
from ._dtypes import default
from ._methods import METHODS, both, method, operator, plain_pair, two
from ._tensor import Tensor


def _scaled(other, alpha):
    return other if alpha == 1 else mul(other, alpha) if isinstance(other, Tensor) else other * alpha


@both
def add(input, other, *, alpha=1, out=None):
    a, b = aligned(input, _scaled(other, alpha))
    if not isinstance(a, Tensor):
        a, b = b, a
    return given_out(two(ar.add, a, b), out)


@both
def sub(input, other, *, alpha=1, out=None):
    a, b = aligned(input, _scaled(other, alpha))
    if not isinstance(a, Tensor):
        return ar.rsub(b, a)
    if a._a._h & 3 == 0:
        raise NotImplementedError(
            "Subtraction, the `-` operator, with two bool tensors is not supported. Use the `^` or `logical_xor()` "
            "operator instead."
        )
    return given_out(two(ar.sub, a, b), out)


@both
def mul(input, other, *, out=None):
    a, b = aligned(input, other)
    if not isinstance(a, Tensor):
        a, b = b, a
    return given_out(two(ar.mul, a, b), out)


def _by(a, b):
    """A quotient of floats."""
    if isinstance(a, Tensor):
        a = floats(a)
    if isinstance(b, Tensor):
        b = floats(b)
    if not isinstance(a, Tensor):
        return ar.rdiv(b, float(a))
    return two(ar.div, a, b if isinstance(b, Tensor) else float(b))


@both
def div(input, other, *, rounding_mode=None, out=None):
    if rounding_mode == "floor":
        return floor_divide(input, other)
    a, b = aligned(input, other)
    if rounding_mode == "trunc":
        made = trunc(_by(a, b))
        whole = all(isinstance(x, int) or isinstance(x, Tensor) and x._a._h & 3 == 1 for x in (a, b))
        return cast(made, 1) if whole else made
    if rounding_mode is not None:
        raise RuntimeError(
            f"div expected rounding_mode to be one of None, 'trunc', or 'floor' but found '{rounding_mode}'"
        )
    return given_out(_by(a, b), out)


@both
def floor_divide(input, other):
    a, b = aligned(input, other)
    whole = isinstance(a, int) or isinstance(a, Tensor) and a._a._h & 3 < 2
    if whole and (b == 0 if not isinstance(b, Tensor) else b._a._h & 3 < 2 and not b._a.all()):
        raise RuntimeError("ZeroDivisionError")
    return plain_pair("floor_divide", a, b)


@both
def remainder(input, other):
    a, b = aligned(input, other)
    if not isinstance(a, Tensor):
        return plain_pair("remainder", a, b)
    return two(ar.remainder, a, b)


@both
def fmod(input, other):
    return plain_pair("fmod", *aligned(input, other))


@both
def pow(input, exponent, *, out=None):
    a, b = aligned(input, exponent)
    if not isinstance(a, Tensor):
        return ar.rpow(floats(b) if isinstance(a, float) else b, a) if b._a._h & 3 > 1 else plain_pair("power", a, b)
    if a._a._h & 3 < 2:
        if isinstance(b, int) and b < 0:
            raise RuntimeError("Integers to negative integer powers are not allowed.")
        return plain_pair("power", a, b)
    if isinstance(b, builtins.float) and b.is_integer() and builtins.abs(b) < 1 << 30:
        b = int(b)
    return given_out(two(ar.pow, a, b), out)




@method
def float_power(input, exponent):
    a = cast(input, 3) if isinstance(input, Tensor) else float(input)
    return pow(a, cast(exponent, 3) if isinstance(exponent, Tensor) else float(exponent))



def rsub(input, other, *, alpha=1):
    return sub(other, _scaled(input, alpha))


@both
def neg(input, *, out=None):
    return given_out(ar.neg(input), out)


@both
def positive(input):
    return input


def _extreme(name, function):
    def extreme(input, other):
        expect_tensor(name, "other", other, 2)
        a, b = aligned(input, other)
        return two(function, a, b)

    extreme.__name__ = name
    return method(extreme)


maximum, minimum = _extreme("maximum", ar.maximum), _extreme("minimum", ar.minimum)
fmax, fmin = _extreme("fmax", ar.maximum), _extreme("fmin", ar.minimum)


def _float_pair(name, numpy_name):
    def function(input, other):
        a, b = aligned(input, other)
        return plain_pair(numpy_name, floats(a), floats(b))

    function.__name__ = name
    return both(function)


copysign, nextafter = _float_pair("copysign", "copysign"), _float_pair("nextafter", "nextafter")
heaviside = _float_pair("heaviside", "heaviside")


@method
def hypot(input, other):
    a, b = aligned(input, other)
    return sqrt(a * a + b * b)


def _atan2_rule(node, dy, a, b):
    below = ar.add(ar.mul(a, a), ar.mul(b, b))
    return (
        ar.unbroadcast(ar.div(ar.mul(dy, b), below), a._a.shape),
        ar.unbroadcast(ar.neg(ar.div(ar.mul(dy, a), below)), b._a.shape),
    )


@both
def atan2(input, other):
    a, b = aligned(input, other)
    a, b = floats(a), floats(b)
    return record("Atan2Backward0", plain_pair("arctan2", a, b)._a, (a, b), _atan2_rule, (a, b))


arctan2 = atan2


@method
def logaddexp(input, other):
    a, b = aligned(input, other)
    top = maximum(a, b).detach()
    return log(exp(a - top) + exp(b - top)) + top


def _of_floats(name, function, doc=None):
    def wrapped(input, *, out=None):
        expect_tensor(name, "input", input)
        return given_out(function(floats(input)), out)

    wrapped.__name__ = wrapped.__qualname__ = name
    wrapped.__doc__ = doc or function.__doc__
    return both(wrapped)


for _name in (
    "exp exp2 expm1 log log2 log10 log1p sqrt rsqrt sin cos tan sinh cosh tanh asin acos atan asinh acosh atanh sigmoid"
).split():
    globals()[_name] = _of_floats(_name, getattr(el, _name))
reciprocal = _of_floats("reciprocal", ar.reciprocal)
arcsin, arccos, arctan = both(globals()["asin"], "arcsin"), both(globals()["acos"], "arccos"), both(globals()["atan"], "arctan")
exp, log, sqrt, sin, cos, tanh, sigmoid = (globals()[n] for n in "exp log sqrt sin cos tanh sigmoid".split())
exp2, expm1, log2, log10, log1p, rsqrt, tan, sinh, cosh, asin, acos, atan, asinh, acosh, atanh = (
    globals()[n] for n in "exp2 expm1 log2 log10 log1p rsqrt tan sinh cosh asin acos atan asinh acosh atanh".split()
)


def _kept(name, function):
    """A function that leaves integers as they are."""

    def wrapped(input, *, out=None):
        expect_tensor(name, "input", input)
        return given_out(input if input._a._h & 3 < 2 else function(input), out)

    wrapped.__name__ = name
    return both(wrapped)


floor, ceil, trunc = _kept("floor", el.floor), _kept("ceil", el.ceil), _kept("trunc", el.trunc)
fix = both(trunc, "fix")


@both
def round(input, *, decimals=0):
    if input._a._h & 3 < 2:
        return input
    return el.round(input) if not decimals else el.round(input * 10.0**decimals) / 10.0**decimals


@both
def frac(input):
    return input - trunc(input)


@both
def abs(input, *, out=None):
    return given_out(el.abs(input), out)


absolute = both(abs, "absolute")


@both
def sign(input):
    return el.sign(input)


sgn = both(sign, "sgn")


@both
def square(input):
    return pow(input, 2)


@both
def relu(input):
    return el.relu(input)


@both
def logit(input, eps=None):
    if eps is not None:
        input = clamp(input, eps, 1 - eps)
    return log(input / (1 - input))


@both
def deg2rad(input):
    return floats(input) * (np.pi / 180)


@both
def rad2deg(input):
    return floats(input) * (180 / np.pi)


def _number_or_none(bound):
    return None if bound is None else number_of(bound)


@both
def clamp(input, min=None, max=None, *, out=None):
    if min is None and max is None:
        raise RuntimeError("torch.clamp: At least one of 'min' or 'max' must not be None")
    if isinstance(min, Tensor) or isinstance(max, Tensor):
        made = input
        for bound, function in ((min, maximum), (max, minimum)):
            if bound is not None:
                made = function(made, bound if isinstance(bound, Tensor) else wrap(np.asarray(bound)))
        return made
    low, high = _number_or_none(min), _number_or_none(max)
    for bound in (low, high):
        if bound is not None:
            input = with_number(input, bound)
    return given_out(el.clip(input, low, high, False), out)


clip = both(clamp, "clip")


@both
def clamp_min(input, min):
    return clamp(input, min)


@both
def clamp_max(input, max):
    return clamp(input, max=max)


@both
def lerp(input, end, weight):
    return input + (end - input) * weight


@both
def addcmul(input, tensor1, tensor2, *, value=1):
    return input + tensor1 * tensor2 * value


@both
def addcdiv(input, tensor1, tensor2, *, value=1):
    return input + tensor1 / tensor2 * value


@both
def nan_to_num(input, nan=0.0, posinf=None, neginf=None):
    if input._a._h & 3 < 2:
        return input
    info = np.finfo(input._a.dtype)
    made = index.masked_fill(input, isnan(input), nan)
    made = index.masked_fill(made, made == float("inf"), float(info.max) if posinf is None else posinf)
    return index.masked_fill(made, made == float("-inf"), float(info.min) if neginf is None else neginf)


def where(condition, input=None, other=None, *, out=None):
    if input is None and other is None:
        from ._indexing import nonzero

        return nonzero(condition, as_tuple=True)
    if not isinstance(input, Tensor) and not isinstance(other, Tensor):
        both_whole = isinstance(input, int) and isinstance(other, int)
        input = wrap(np.asarray(input, np.int64 if both_whole else ("float32", "float64")[default.code - 2]))
    a, b = aligned(input, other)
    like = a if isinstance(a, Tensor) else b
    a, b = (
        x if isinstance(x, Tensor) else wrap(np.asarray(x, like._a.dtype))
        for x in (a, b)
    )
    if condition._a._h & 3:
        raise RuntimeError(f"where expected condition to be a boolean tensor, but got a tensor with dtype {condition.dtype}")
    try:
        return index.where(condition, a, b)
    except ValueError:
        raise mismatch(condition, a) or mismatch(condition, b) or mismatch(a, b) from None


METHODS["where"] = lambda self, condition, other: where(condition, self, other)
multiply, divide, true_divide, subtract, negative = mul, div, div, sub, neg
for _name in "multiply divide true_divide subtract negative".split():
    both(globals()[_name], _name)


for _python, _function, _sign in (
    ("add", add, "+"), ("sub", sub, "-"), ("mul", mul, "*"), ("truediv", div, "/"), ("floordiv", floor_divide, "//"),
    ("mod", remainder, "%"), ("pow", pow, "** or pow()"), ("and", bitwise_and, "&"), ("or", bitwise_or, "|"),
    ("xor", bitwise_xor, "^"), ("lshift", bitwise_left_shift, "<<"), ("rshift", bitwise_right_shift, ">>"),
):  # fmt: skip
    setattr(Tensor, f"__{_python}__", operator(_function))
    setattr(Tensor, f"__r{_python}__", operator(_function, True, _sign))
    setattr(Tensor, f"__i{_python}__", lambda self, other, f=_function: into(self, f(self, other)))
for _python, _function in (("eq", eq), ("ne", ne), ("lt", lt), ("le", le), ("gt", gt), ("ge", ge)):
    setattr(Tensor, f"__{_python}__", operator(_function))
Tensor.__neg__, Tensor.__abs__, Tensor.__pos__, Tensor.__invert__ = neg, abs, positive, bitwise_not
