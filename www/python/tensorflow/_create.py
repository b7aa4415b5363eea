"""Tensors from nothing: constants, zeros, ranges."""

import numpy as np

from . import _dtypes
from ._core import as_tensor, labelled, made, to_numpy
from ._dtypes import as_dtype
from ._shape_ops import numbers, reshape


def constant(value, dtype=None, shape=None, name="Const"):
    x = as_tensor(value, dtype)
    if shape is None:
        return x if x._a.base is None else made(x._a.copy(), x._label)
    shape = numbers(shape) if shape != () else ()
    if x._a.size == 1 and int(np.prod(shape)) != 1:
        return labelled(made(np.full(shape, x._a.reshape(-1)[0], dtype=x._a.dtype)), x.dtype)
    if x._a.size != int(np.prod(shape)):
        raise TypeError(f"Eager execution of tf.constant with unsupported shape. Tensor {value} (converted from {value}) has {x._a.size} elements, but got `shape` {shape} with {int(np.prod(shape))} elements).")
    return reshape(x, shape)


def convert_to_tensor(value, dtype=None, dtype_hint=None, name=None):
    return as_tensor(value, dtype)


def _filled(shape, value, dtype):
    label = as_dtype(dtype)
    return labelled(made(np.full(numbers(shape) if shape != () and shape != [] else (), value, dtype=label._storage)), label)


def zeros(shape, dtype=_dtypes.float32, name=None, layout=None):
    return _filled(shape, 0, dtype)


def ones(shape, dtype=_dtypes.float32, name=None, layout=None):
    return _filled(shape, 1, dtype)


def fill(dims, value, name=None, layout=None):
    x = as_tensor(value)
    return _filled(dims, x._a.item(), x.dtype)


def zeros_like(input, dtype=None, name=None, layout=None):
    x = as_tensor(input)
    return _filled(tuple(x._a.shape), 0, dtype or x.dtype)


def ones_like(input, dtype=None, name=None, layout=None):
    x = as_tensor(input)
    return _filled(tuple(x._a.shape), 1, dtype or x.dtype)


def eye(num_rows, num_columns=None, batch_shape=None, dtype=_dtypes.float32, name=None):
    label = as_dtype(dtype)
    array = np.eye(num_rows, num_columns).astype(label._storage)
    if batch_shape is not None:
        array = np.broadcast_to(array, (*numbers(batch_shape), *array.shape)).copy()
    return labelled(made(array), label)


def range(start, limit=None, delta=1, dtype=None, name="range"):
    start, limit, delta = (None if n is None else to_numpy(n).item() for n in (start, limit, delta))
    if limit is None:
        start, limit = 0, start
    if dtype is None:
        dtype = _dtypes.float32 if any(isinstance(n, float) for n in (start, limit, delta)) else _dtypes.int32
    label = as_dtype(dtype)
    return labelled(made(np.arange(start, limit, delta).astype(label._storage)), label)


def linspace(start, stop, num, name=None, axis=0):
    a, b = as_tensor(start), as_tensor(stop)
    label = a.dtype if a.dtype.is_floating else _dtypes.float64
    return labelled(made(np.linspace(a._a.item(), b._a.item(), int(num)).astype(label._storage)), label)


def identity(input, name=None):
    x = as_tensor(input)
    y = made(x._a, x._label)
    y._edge, y._requires = x._edge, x._requires
    if x._requires and x._edge is None:
        from ._math import add

        return add(x, 0)
    return y


def meshgrid(*args, indexing="xy", **kwargs):
    return [made(np.asarray(a).copy(), as_tensor(args[0])._label) for a in np.meshgrid(*(to_numpy(a) for a in args), indexing=indexing)]


def sequence_mask(lengths, maxlen=None, dtype=_dtypes.bool, name=None):
    n = np.asarray(to_numpy(lengths))
    rows = np.arange(int(n.max()) if maxlen is None else int(maxlen)) < n[..., None]
    label = as_dtype(dtype)
    return labelled(made(rows.astype(label._storage)), label)


def is_tensor(x):
    from ._core import Tensor

    return isinstance(x, Tensor) or hasattr(type(x), "_read")


