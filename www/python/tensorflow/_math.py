"""Arithmetic, comparisons and functions of each element, in TensorFlow's names and dtypes."""

import numpy as np
from danlu.tape import arithmetic as _a
from danlu.tape import elementwise as _e
from danlu.tape import index as _index
from danlu.tape._value import constant
from numpy._bridge import BINARY

from . import _dtypes
from ._core import Tensor, as_tensor, labelled, made, to_numpy
from ._dtypes import as_dtype
from .errors import InvalidArgumentError

_CODE = {"bool": 0, "float32": 2, "float64": 3}


def cast(x, dtype, name=None):
    """x in another dtype; a gradient passes between floats."""
    x = as_tensor(x)
    label = as_dtype(dtype)
    before = x.dtype
    if before is label:
        return x
    code = _CODE.get(label.name, 1)
    y = x if x._a._h & 3 == code else _index.cast(x, code)
    if y is x:
        y = made(x._a)
        y._edge, y._requires = x._edge, x._requires
    if label.name in ("uint8", "int8", "int16", "int32"):
        bits = label.size * 8
        span = 1 << bits
        array = y._a
        wrapped = array % span if label.name == "uint8" else (array + span // 2) % span - span // 2
        y = made(np.asarray(wrapped))
    return labelled(y, label)


def floating(x):
    """x as a tensor of floats: whole numbers and bools become float32."""
    x = as_tensor(x)
    return x if x._a._h & 2 else cast(x, _dtypes.float32)


_KERNELS = {"add": "AddV2", "subtract": "Sub", "multiply": "Mul", "divide": "RealDiv", "pow": "Pow", "maximum": "Maximum",
            "minimum": "Minimum", "floordiv": "FloorDiv", "mod": "FloorMod", "less": "Less", "less_equal": "LessEqual",
            "greater": "Greater", "greater_equal": "GreaterEqual", "equal": "Equal", "not_equal": "NotEqual",
            "squared_difference": "SquaredDifference"}  # fmt: skip
_SPOKEN = {"float32": "float", "float64": "double"}


def operands(a, b, name):
    """Both as tensors of one dtype; a Python number or a list takes the other's."""
    ta, tb = _has_dtype(a), _has_dtype(b)
    if ta and not tb:
        a = as_tensor(a)
        b = _like(b, a)
    elif tb and not ta:
        b = as_tensor(b)
        a = _like(a, b)
    else:
        a, b = as_tensor(a), as_tensor(b)
    if a.dtype is not b.dtype and a.dtype != b.dtype:
        if not ta and not tb:
            return (a, cast(b, a.dtype)) if a.dtype.is_floating else (cast(a, b.dtype), b)
        op = _KERNELS.get(name, name)
        x, y = (_SPOKEN.get(t.dtype.name, t.dtype.name) for t in (a, b))
        raise InvalidArgumentError(
            f"cannot compute {op} as input #1(zero-based) was expected to be a {x} tensor but is a {y} tensor [Op:{op}] name: "
        )
    return a, b


def _has_dtype(x):
    return isinstance(x, (Tensor, np.ndarray, np.generic)) or hasattr(type(x), "_read")


def _like(value, other):
    if isinstance(value, (list, tuple)):
        return as_tensor(value, other.dtype)
    return as_tensor(value, like=other)


def fit(a, b, name):
    """Errs, as TensorFlow does, where the shapes of two tensors don't broadcast."""
    x, y = a._a.shape, b._a.shape
    if x == y:
        return
    for n, m in zip(reversed(x), reversed(y)):
        if n != m and n != 1 and m != 1:
            op = _KERNELS.get(name, name)
            raise InvalidArgumentError(
                f"{{{{function_node __wrapped__{op}_device_/job:localhost/replica:0/task:0/device:CPU:0}}}} Incompatible "
                f"shapes: {_listed(x)} vs. {_listed(y)} [Op:{op}] name: "
            )


def _listed(shape):
    return "[" + ",".join(map(str, shape)) + "]"


def _arithmetic(name, function):
    def op(x, y, name=None):
        a, b = operands(x, y, public)
        fit(a, b, public)
        return labelled(function(a, b), a.dtype)

    public = name
    op.__name__ = op.__qualname__ = name
    return op


add = _arithmetic("add", _a.add)
subtract = _arithmetic("subtract", _a.sub)
multiply = _arithmetic("multiply", _a.mul)
pow = _arithmetic("pow", _a.pow)
mod = floormod = _arithmetic("mod", _a.remainder)


def _choice(name, function, numpy_function):
    known = _arithmetic(name, function)

    def op(x, y, name=None):
        a, b = operands(x, y, public)
        if a._a._h & 2:
            return known(a, b)
        fit(a, b, public)
        return labelled(made(np.asarray(numpy_function(a._a, b._a))), a.dtype)

    public = name
    op.__name__ = op.__qualname__ = name
    return op


maximum, minimum = _choice("maximum", _a.maximum, np.maximum), _choice("minimum", _a.minimum, np.minimum)


def divide(x, y, name=None):
    """x / y; whole numbers give float64, as in TensorFlow."""
    a, b = operands(x, y, "divide")
    if not a._a._h & 2:
        a, b = cast(a, _dtypes.float64), cast(b, _dtypes.float64)
    fit(a, b, "divide")
    return _a.div(a, b)


truediv = divide


def divide_no_nan(x, y, name=None):
    a, b = operands(x, y, "divide")
    zero = b._a == 0
    safe = _index.where(_as_mask(zero), as_tensor(np.ones(b._a.shape), b.dtype), b)
    return _index.where(_as_mask(np.broadcast_to(zero, np.broadcast_shapes(a._a.shape, b._a.shape)).copy()),
                        as_tensor(np.zeros(np.broadcast_shapes(a._a.shape, b._a.shape)), a.dtype), _a.div(a, safe))  # fmt: skip


def floordiv(x, y, name=None):
    a, b = operands(x, y, "floordiv")
    fit(a, b, "floordiv")
    if a._a._h & 2:
        return _e.floor(_a.div(a, b))
    return labelled(made(np.asarray(a._a // b._a)), a.dtype)


def squared_difference(x, y, name=None):
    a, b = operands(x, y, "squared_difference")
    fit(a, b, "squared_difference")
    d = _a.sub(a, b)
    return _a.mul(d, d)


def negative(x, name=None):
    x = as_tensor(x)
    return labelled(_a.neg(x), x.dtype)


def add_n(inputs, name=None):
    total = as_tensor(inputs[0])
    for x in inputs[1:]:
        total = add(total, x)
    return total


# ── comparisons and logic ──────────────────────────────────────────────────────────────────────


def _as_mask(array):
    return constant(np.asarray(array), Tensor)


def _comparison(name, numpy_name):
    code = BINARY[numpy_name]

    def op(x, y, name=None):
        a, b = operands(x, y, public)
        fit(a, b, public)
        return constant(_a.pair(code, a, b), Tensor)

    public = name
    op.__name__ = op.__qualname__ = name
    return op


less, less_equal = _comparison("less", "less"), _comparison("less_equal", "less_equal")
greater, greater_equal = _comparison("greater", "greater"), _comparison("greater_equal", "greater_equal")
equal, not_equal = _comparison("equal", "equal"), _comparison("not_equal", "not_equal")


def _logic(name, function):
    def op(x, y, name=None):
        return made(np.asarray(function(_truths(x), _truths(y))))

    op.__name__ = op.__qualname__ = name
    return op


def _truths(x):
    x = as_tensor(x)
    if x.dtype.name != "bool":
        raise InvalidArgumentError(f"a logical operation takes bool tensors, got {x.dtype.name}: cast it with tf.cast(x, tf.bool)")
    return x._a


logical_and, logical_or = _logic("logical_and", np.logical_and), _logic("logical_or", np.logical_or)
logical_xor = _logic("logical_xor", np.logical_xor)


def logical_not(x, name=None):
    return made(np.asarray(np.logical_not(_truths(x))))


# ── functions of each element ──────────────────────────────────────────────────────────────────


def _elementwise(name, function):
    def op(x, name=None):
        return function(floating(x))

    op.__name__ = op.__qualname__ = name
    return op


for _name, _own in (
    ("exp", "exp"), ("expm1", "expm1"), ("sqrt", "sqrt"), ("sin", "sin"), ("cos", "cos"), ("tan", "tan"),
    ("tanh", "tanh"), ("sinh", "sinh"), ("cosh", "cosh"), ("asin", "asin"), ("acos", "acos"), ("atan", "atan"),
    ("asinh", "asinh"), ("acosh", "acosh"), ("atanh", "atanh"), ("floor", "floor"), ("ceil", "ceil"), ("rsqrt", "rsqrt"),
    ("log1p", "log1p"), ("log2", "log2"), ("log10", "log10"), ("trunc", "trunc"),
):  # fmt: skip
    globals()[_name] = _elementwise(_name, getattr(_e, _own))
log, sigmoid = _elementwise("log", _e.log), _elementwise("sigmoid", _e.sigmoid)


def _of_any(name, function, numpy_function):
    """Of floats by the tape, of whole numbers as they are."""

    def op(x, name=None):
        x = as_tensor(x)
        if x._a._h & 2:
            return function(x)
        return labelled(made(np.asarray(numpy_function(x._a))), x.dtype)

    op.__name__ = op.__qualname__ = name
    return op


abs = _of_any("abs", _e.abs, np.abs)
sign = _of_any("sign", _e.sign, np.sign)
round = _of_any("round", _e.round, np.round)
square = _of_any("square", lambda x: _a.mul(x, x), np.square)


def reciprocal(x, name=None):
    return _a.reciprocal(floating(x))


def clip_by_value(t, clip_value_min, clip_value_max, name=None):
    x = as_tensor(t)
    if not x._a._h & 2:
        return labelled(made(np.asarray(np.clip(x._a, to_numpy(clip_value_min), to_numpy(clip_value_max)))), x.dtype)
    bounds = [float(to_numpy(b)) if np.ndim(to_numpy(b)) == 0 else b for b in (clip_value_min, clip_value_max)]
    if all(isinstance(b, float) for b in bounds):
        return _e.clip(x, *bounds)
    return minimum(maximum(x, bounds[0]), bounds[1])


def where(condition, x=None, y=None, name=None):
    """x where the condition holds, else y; the places where it holds, without x and y."""
    mask = to_numpy(condition)
    if x is None and y is None:
        return made(np.asarray(np.argwhere(mask)))
    a, b = operands(x, y, "where")
    if a._a._h & 2:
        shape = np.broadcast_shapes(np.shape(mask), a._a.shape, b._a.shape)
        full = np.broadcast_to(np.asarray(mask), shape).copy() if np.shape(mask) != shape else np.asarray(mask)
        return _index.where(_as_mask(full.astype(bool) if full._h & 3 else full), a, b)
    return labelled(made(np.asarray(np.where(mask, a._a, b._a))), a.dtype)


def is_nan(x):
    return made(np.asarray(np.isnan(to_numpy(x))))


def is_inf(x):
    return made(np.asarray(np.isinf(to_numpy(x))))


def is_finite(x):
    return made(np.asarray(np.isfinite(to_numpy(x))))


