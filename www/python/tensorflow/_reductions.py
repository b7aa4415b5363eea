"""Sums, means and their like over axes."""

import numpy as np
from danlu.tape import reduce as _r

from . import _dtypes
from ._core import as_tensor, labelled, made, to_numpy
from ._math import cast, floating
from .errors import InvalidArgumentError


def axes_of(x, axis):
    """The axes as a tuple without negatives, or None for all."""
    if axis is None:
        return None
    ndim = x._a.ndim
    given = to_numpy(axis) if not isinstance(axis, (int, list, tuple)) else axis
    given = [int(given)] if not isinstance(given, (list, tuple, np.ndarray)) or np.ndim(given) == 0 else [int(a) for a in given]
    for a in given:
        if not -ndim <= a < ndim:
            raise InvalidArgumentError(
                f"Invalid reduction dimension ({a} for input with {ndim} dimension(s)) [Op:Sum]"
            )
    return tuple(sorted({a % ndim for a in given}))


def _reduction(name, function, numpy_function):
    def op(input_tensor, axis=None, keepdims=False, name=None):
        x = as_tensor(input_tensor)
        axes = axes_of(x, axis)
        if x._a._h & 2:
            return function(x, axes, keepdims)
        if not x._a._h & 3:
            raise InvalidArgumentError(f"{public} takes numbers, got a bool tensor: cast it with tf.cast(x, tf.float32)")
        return labelled(made(np.asarray(numpy_function(x._a, axis=axes, keepdims=keepdims))), x.dtype)

    public = name
    op.__name__ = op.__qualname__ = name
    return op


reduce_sum = _reduction("reduce_sum", _r.sum, np.sum)
reduce_prod = _reduction("reduce_prod", _r.prod, np.prod)
reduce_max = _reduction("reduce_max", _r.amax, np.max)
reduce_min = _reduction("reduce_min", _r.amin, np.min)


def reduce_mean(input_tensor, axis=None, keepdims=False, name=None):
    """The mean; of whole numbers a whole number, as in TensorFlow."""
    x = as_tensor(input_tensor)
    axes = axes_of(x, axis)
    if x._a._h & 2:
        return _r.mean(x, axes, keepdims)
    total = np.asarray(np.sum(x._a, axis=axes, keepdims=keepdims))
    count = _r.count(x._a.shape, axes)
    return labelled(made(np.asarray(np.trunc(total / max(count, 1)).astype(np.int64))), x.dtype)


def reduce_variance(input_tensor, axis=None, keepdims=False, name=None):
    x = floating(input_tensor)
    return _r.var(x, axes_of(x, axis), keepdims, 0)


def reduce_std(input_tensor, axis=None, keepdims=False, name=None):
    x = floating(input_tensor)
    return _r.std(x, axes_of(x, axis), keepdims, 0)


def reduce_logsumexp(input_tensor, axis=None, keepdims=False, name=None):
    x = floating(input_tensor)
    return _r.logsumexp(x, axes_of(x, axis), keepdims)


def reduce_euclidean_norm(input_tensor, axis=None, keepdims=False, name=None):
    from ._math import sqrt, square

    return sqrt(reduce_sum(square(floating(input_tensor)), axis, keepdims))


def _truth(name, function):
    def op(input_tensor, axis=None, keepdims=False, name=None):
        x = as_tensor(input_tensor)
        return made(np.asarray(function(x._a, axis=axes_of(x, axis), keepdims=keepdims)))

    op.__name__ = op.__qualname__ = name
    return op


reduce_any, reduce_all = _truth("reduce_any", np.any), _truth("reduce_all", np.all)


def _place(name, function):
    def op(input, axis=None, output_type=_dtypes.int64, name=None):
        x = as_tensor(input)
        return cast(made(np.asarray(function(x._a, axis=0 if axis is None else int(axis)))), output_type)

    op.__name__ = op.__qualname__ = name
    return op


argmax, argmin = _place("argmax", np.argmax), _place("argmin", np.argmin)


def cumsum(x, axis=0, exclusive=False, reverse=False, name=None):
    from ._shape_ops import reverse as turned

    x = as_tensor(x)
    at = axis % x._a.ndim
    x = turned(x, [at]) if reverse else x
    if x._a._h & 2:
        y = _r.cumsum(x, at)
        y = y - x if exclusive else y
    else:
        array = np.cumsum(x._a, axis=at)
        y = labelled(made(array - x._a if exclusive else array), x.dtype)
    return turned(y, [at]) if reverse else y


def cumprod(x, axis=0, exclusive=False, reverse=False, name=None):
    if exclusive or reverse:
        raise NotImplementedError("exclusive and reverse of tf.math.cumprod are not in this TensorFlow; nearest here: tf.math.cumprod")
    x = as_tensor(x)
    if x._a._h & 2:
        return _r.cumprod(x, axis % x._a.ndim)
    return labelled(made(np.cumprod(x._a, axis=axis)), x.dtype)


def count_nonzero(input, axis=None, keepdims=None, dtype=_dtypes.int64, name=None):
    x = as_tensor(input)
    return cast(made(np.asarray(np.sum(x._a != 0, axis=axes_of(x, axis), keepdims=bool(keepdims)))), dtype)


def moments(x, axes, shift=None, keepdims=False, name=None):
    """(mean, variance) over the axes."""
    x = floating(x)
    axes = axes_of(x, axes)
    return _r.mean(x, axes, keepdims), _r.var(x, axes, keepdims, 0)
