"""Arrays from nothing: zeros, ranges, grids, identity."""

import math
import operator

from pyodide.ffi import JsException

from . import _bridge, _engine
from ._array import KIND, ndarray, wrap
from ._convert import array, asarray
from ._dtypes import as_dtype, refusal
from ._bridge import give, translated
from ._scalars import bool_


def as_shape(shape):
    """A shape as a tuple of ints, from a number, a sequence or an array."""
    if type(shape) is tuple:
        return tuple([n if type(n) is int else operator.index(n) for n in shape])
    if isinstance(shape, (list, ndarray)):
        return tuple(operator.index(n) for n in shape)
    return (operator.index(shape),)


def _filled(shape, value, code):
    give(as_shape(shape))
    try:
        return wrap(_engine.full(value, code))
    except JsException as error:
        raise translated(error) from None


def _turned(make, shape, order):
    """What `make` gives of a shape, its memory in the order that was asked for."""
    if order == "F" and isinstance(shape, (tuple, list, ndarray)) and len(shape) > 1:
        made = make(as_shape(shape)[::-1]).T
        del made._owner
        return made
    if order not in ("C", "F", "K", "A", None):
        raise ValueError(f"order must be one of 'C', 'F', 'A', or 'K' (got '{order}')")
    return make(shape)


def zeros(shape, dtype=float, order="C", *, like=None):
    if order != "C":
        return _turned(lambda shape: zeros(shape, dtype), shape, order)
    give(as_shape(shape))
    try:
        return wrap(_engine.zeros(as_dtype(dtype).code))
    except JsException as error:
        raise translated(error) from None


def empty(shape, dtype=float, order="C", *, like=None):
    return zeros(shape, dtype, order)


def ones(shape, dtype=None, order="C", *, like=None):
    return _turned(lambda shape: _filled(shape, 1, as_dtype(dtype).code), shape, order)


def full(shape, fill_value, dtype=None, order="C", *, like=None):
    if order == "F":
        return _turned(lambda shape: full(shape, fill_value, dtype), shape, order)
    if type(fill_value) in KIND and type(fill_value) is not bool_ and abs(fill_value) < 1 << 53:
        kind = KIND[type(fill_value)]
        code = as_dtype(dtype).code if dtype is not None else 1 if kind == 4 else 3 if kind == 5 else kind
        return _filled(shape, fill_value, code)
    value = asarray(fill_value)
    made = zeros(shape, value.dtype if dtype is None else dtype)
    made[...] = value
    return made


def _like(a, dtype, shape):
    a = asarray(a)
    return a.shape if shape is None else shape, a.dtype if dtype is None else dtype


def zeros_like(a, dtype=None, order="K", subok=True, shape=None):
    return zeros(*_like(a, dtype, shape))


def empty_like(prototype, dtype=None, order="K", subok=True, shape=None):
    return zeros(*_like(prototype, dtype, shape))


def ones_like(a, dtype=None, order="K", subok=True, shape=None):
    shape, dtype = _like(a, dtype, shape)
    return ones(shape, dtype)


def full_like(a, fill_value, dtype=None, order="K", subok=True, shape=None):
    shape, dtype = _like(a, dtype, shape)
    return full(shape, fill_value, dtype)


def arange(start, stop=None, step=None, dtype=None, *, like=None):
    """Numbers from `start` up to but without `stop`."""
    if stop is None:
        start, stop = 0, start
    if step is None:
        step = 1
    if dtype is None:
        dtype = array([start, stop, step]).dtype
    if step == 0:
        raise ZeroDivisionError("division by zero")
    count = max(math.ceil((stop - start) / step), 0)
    code = as_dtype(dtype).code
    if code == 0:
        return array(list(range(start, stop, step)), bool)
    if code == 1:
        # As NumPy fills a range: by the difference of its first two values, once these are ints.
        start, step = int(start), int(start + step) - int(start)
    return wrap(_engine.arange(float(start), float(step), count, code))


def linspace(start, stop, num=50, endpoint=True, retstep=False, dtype=None, axis=0):
    """`num` numbers evenly from `start` to `stop`."""
    num = operator.index(num)
    if num < 0:
        raise ValueError(f"Number of samples, {num}, must be non-negative.")
    start, stop = asarray(start) * 1.0, asarray(stop) * 1.0
    parts = num - 1 if endpoint else num
    span = asarray(stop - start)
    places = arange(0, num, dtype=float).reshape((-1,) + (1,) * span.ndim)
    if parts > 0:
        step = span / parts
        values = places * step + start
    else:
        step = float("nan")
        values = places * span + start
    if endpoint and num > 1:
        values[-1, ...] = stop
    if axis:
        from ._shape import moveaxis

        values = moveaxis(values, 0, axis)
    if dtype is not None and as_dtype(dtype).code < 2:
        from ._ufunc import floor

        values = floor(values)
    values = values if dtype is None else values.astype(dtype)
    return (values, step) if retstep else values


def logspace(start, stop, num=50, endpoint=True, base=10.0, dtype=None, axis=0):
    exponents = asarray(linspace(start, stop, num, endpoint, axis=axis))
    if asarray(base).ndim:
        from ._shape import expand_dims

        start, stop = asarray(start), asarray(stop)
        exponents = asarray(linspace(start + asarray(base) * 0, stop + asarray(base) * 0, num, endpoint, axis=axis))
        base = expand_dims(base, axis)
    values = asarray(base) ** exponents
    return values if dtype is None else values.astype(dtype)


def geomspace(start, stop, num=50, endpoint=True, dtype=None, axis=0):
    from ._ufunc import log10

    if isinstance(start, complex) or isinstance(stop, complex):
        raise refusal("complex")
    if asarray(start == 0).any() or asarray(stop == 0).any():
        raise ValueError("Geometric sequence cannot include zero")
    sign = -1.0 if start < 0 and stop < 0 else 1.0
    values = sign * logspace(log10(start * sign), log10(stop * sign), num, endpoint, 10.0)
    if num > 0:
        values[0] = start
        if num > 1 and endpoint:
            values[-1] = stop
    return values if dtype is None else values.astype(dtype)


def eye(N, M=None, k=0, dtype=float, order="C", *, like=None):
    M = N if M is None else M
    made = zeros((N, M), dtype)
    if -N < k < M:
        rows = slice(max(-k, 0), min(N, M - k))
        flat = made.reshape(-1)
        first = rows.start * M + rows.start + k
        flat[first : (rows.stop - 1) * M + rows.stop + k : M + 1] = 1
    return made


def identity(n, dtype=None, *, like=None):
    return eye(n, dtype=float if dtype is None else dtype)


def tri(N, M=None, k=0, dtype=float, *, like=None):
    M = N if M is None else M
    return (arange(N).reshape(-1, 1) >= arange(-k, M - k)).astype(dtype)


def tril(m, k=0):
    from ._select import where

    m = asarray(m)
    return where(tri(*m.shape[-2:], k=k, dtype=bool), m, zeros(1, m.dtype))


def triu(m, k=0):
    from ._select import where

    m = asarray(m)
    return where(tri(*m.shape[-2:], k=k - 1, dtype=bool), zeros(1, m.dtype), m)


def diag(v, k=0):
    """A matrix with the vector on its diagonal, or a matrix's diagonal."""
    v = asarray(v)
    if v.ndim == 1:
        n = v.shape[0] + abs(k)
        made = zeros((n, n), v.dtype)
        places = arange(v.shape[0])
        made[places + max(-k, 0), places + max(k, 0)] = v
        return made
    if v.ndim == 2:
        return v.diagonal(k).copy()
    raise ValueError("Input must be 1- or 2-d.")


def diagflat(v, k=0):
    return diag(asarray(v).ravel(), k)


def fromfunction(function, shape, *, dtype=float, **kwargs):
    from ._grid import indices

    return function(*indices(shape, dtype=dtype), **kwargs)


def fromiter(iter, dtype, count=-1, *, like=None):
    values = list(iter) if count < 0 else [value for value, _ in zip(iter, range(count))]
    return array(values, dtype)


def copy(a, order="K", subok=False):
    return array(a, order=order)


def vander(x, N=None, increasing=False):
    x = asarray(x)
    N = len(x) if N is None else N
    powers = x[:, None] ** arange(N)
    return powers if increasing else powers[:, ::-1]


