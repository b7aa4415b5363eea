"""What the functions share: operands of one dtype, axes, writes in place."""

import operator

import numpy as np

from danlu import tape
from danlu.tape import constant, index

from ._dtypes import KINDS, default
from ._tensor import Tensor

_NUMBERS = (int, float, bool)


def wrap(array):
    """A tensor around a numpy array, without a copy."""
    return constant(array, Tensor)


def raw(x):
    """A numpy array of a tensor, a list or a number, for what is not differentiated."""
    return x._a if isinstance(x, Tensor) else np.asarray(x)


def cast(t, code):
    """A tensor in the dtype of a code, history kept; the same where it is that already."""
    return index.cast(t, code)


def number_of(value):
    """A Python number of a number of numpy's; None for anything else."""
    kind = type(value)
    if kind is float or kind is int or kind is bool:
        return value
    if isinstance(value, np.generic):
        return value.item()
    return value if isinstance(value, _NUMBERS) else None


def is_number(value):
    return type(value) in _NUMBERS or number_of(value) is not None


def expect_tensor(function, argument, value, position=1):
    if not isinstance(value, Tensor):
        raise TypeError(
            f"{function}(): argument '{argument}' (position {position}) must be Tensor, not {type(value).__name__}"
        )
    return value


def promoted(a, b):
    """The dtype code of two tensors: the higher kind's, and of equal kinds the larger one's, but that
    a tensor with axes keeps its own beside one without of the same kind."""
    x, y = a._a._h, b._a._h
    p, q = x & 3, y & 3
    kind_p, kind_q = min(p, 2), min(q, 2)
    if kind_p != kind_q:
        return p if kind_p > kind_q else q
    if bool(x & 124) != bool(y & 124):
        return p if x & 124 else q
    return max(p, q)


def with_number(a, value):
    """A tensor in a dtype that the number beside it does not change any more."""
    code = a._a._h & 3
    kind = type(value)
    if kind is float and code < 2:
        return cast(a, default.code)
    if kind is int and code == 0:
        return cast(a, 1)
    return a


def aligned(a, b):
    """Two operands in one dtype; either may be a number, which stays one."""
    if isinstance(a, Tensor):
        if isinstance(b, Tensor):
            if (a._a._h ^ b._a._h) & 3:
                code = promoted(a, b)
                return cast(a, code), cast(b, code)
            return a, b
        value = number_of(b)
        if value is None:
            return a, _refuse(b)
        return with_number(a, value), value
    value = number_of(a)
    if value is None:
        return _refuse(a), b
    return value, with_number(b, value)


def _refuse(value):
    if isinstance(value, np.ndarray):
        return wrap(value)
    raise TypeError(f"unsupported operand: a Tensor or a number was expected, not {type(value).__name__}")


def floats(t):
    """A tensor of floats, integers becoming the default dtype."""
    return t if t._a._h & 3 > 1 else cast(t, default.code)


def axis_of(dim, ndim):
    """An axis counted from the front."""
    if not isinstance(dim, int):
        dim = operator.index(dim)
    reach = ndim or 1
    if not -reach <= dim < reach:
        raise IndexError(
            f"Dimension out of range (expected to be in range of [{-reach}, {reach - 1}], but got {dim})"
        )
    return dim + reach if dim < 0 else dim


def axes_of(dim, ndim):
    """None, or a tuple of axes counted from the front."""
    if dim is None or dim == () or dim == []:
        return None
    if isinstance(dim, (tuple, list)):
        axes = tuple([axis_of(d, ndim) for d in dim])
        for i, axis in enumerate(axes):
            if axis in axes[:i]:
                raise RuntimeError(f"dim {axis} appears multiple times in the list of dims")
    else:
        axes = (axis_of(dim, ndim),)
    return axes if ndim else None


def sizes_of(sizes):
    """Sizes given one by one or as one sequence."""
    if len(sizes) == 1 and not isinstance(sizes[0], int) and not isinstance(sizes[0], Tensor):
        if sizes[0] is None:
            raise TypeError("sizes must be integers, not None")
        if hasattr(sizes[0], "__iter__"):
            sizes = sizes[0]
    return tuple([n if type(n) is int else operator.index(n) for n in sizes])


def mismatch(a, b):
    """What PyTorch says of shapes that do not broadcast."""
    x, y = a._a.shape, b._a.shape
    for back in range(1, min(len(x), len(y)) + 1):
        if x[-back] != y[-back] and 1 not in (x[-back], y[-back]):
            return RuntimeError(
                f"The size of tensor a ({x[-back]}) must match the size of tensor b ({y[-back]}) at non-singleton "
                f"dimension {max(len(x), len(y)) - back}"
            )
    return None


def check_writable(t):
    """Errs where a write in place would lose a gradient."""
    if tape.state.on and t._requires:
        if t._edge is None:
            raise RuntimeError("a leaf Variable that requires grad is being used in an in-place operation.")
    if tape.state.on and t._base is not None and t._base._requires and t._base._edge is None:
        raise RuntimeError(
            "a view of a leaf Variable that requires grad is being used in an in-place operation."
        )


def into(t, made):
    """Writes the result of t op ... into t, with its history."""
    check_writable(t)
    x, y = t._a, made._a
    if min(y._h & 3, 2) > min(x._h & 3, 2):
        raise RuntimeError(
            f"result type {KINDS[y._h & 3]} can't be cast to the desired output type {KINDS[x._h & 3]}"
        )
    if x.shape != y.shape:
        raise RuntimeError(
            f"output with shape {list(x.shape)} doesn't match the broadcast shape {list(y.shape)}"
        )
    if (x._h ^ y._h) & 3:
        made = cast(made, x._h & 3)
    if x._h != y._h:
        tape.assign(t, made)
    return t


def given_out(made, out):
    """The result, or the tensor of out= with it written there."""
    if out is None:
        return made
    if out._a.shape != made._a.shape:
        out._a = np.zeros(made._a.shape, out._a.dtype)
    tape.write(out, made._a)
    return out


