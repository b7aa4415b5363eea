"""Shapes: reshape, transpose, axes, joining, splitting, repeating."""

import operator

from pyodide.ffi import JsException

from . import _engine
from ._array import ndarray, view, wrap
from ._convert import asarray, lies_turned
from ._create import as_shape
from ._bridge import give, translated
from ._reduce import normalize_axis


def is_view_reshape(a, shape):
    give(shape)
    return _engine.reshape_is_view(a._h)


def _reshape(a, shape):
    give(shape)
    try:
        made = view(a, _engine.reshape(a._h))
    except JsException as error:
        raise translated(error) from None
    if not _engine.shares_storage(made._h, a._h):
        del made._owner
    return made


def _reshape_method(self, *shape, order="C", copy=None):
    if len(shape) == 1:
        shape = shape[0]
    shape = as_shape(shape)
    if order == "F" or order == "A" and not _engine.is_contiguous(self._h) and lies_turned(self):
        return _reshape(self.T, shape[::-1]).T
    return _reshape(self, shape)


def reshape(a, shape, order="C", *, copy=None):
    return asarray(a).reshape(shape, order=order)


def _in_order(a, order):
    """The array with its axes as `order` reads them: by C, by Fortran, or as they lie in memory."""
    if order == "F":
        return a.T
    if order in ("A", "K") and not _engine.is_contiguous(a._h):
        if lies_turned(a):
            return a.T
        if order == "K":
            steps = [abs(_engine.stride(a._h, axis)) for axis in range(a.ndim)]
            return a.transpose(sorted(range(a.ndim), key=lambda axis: -steps[axis]))
    return a


def ravel(a, order="C"):
    return _reshape(_in_order(asarray(a), order), (-1,))


def _flatten(self, order="C"):
    made = _in_order(self, order).copy("C").reshape(-1)
    if hasattr(made, "_owner"):
        del made._owner
    return made


def _permuted(a, axes):
    give(axes)
    try:
        return view(a, _engine.permute(a._h))
    except JsException as error:
        raise translated(error) from None


def transpose(a, axes=None):
    a = asarray(a)
    if axes is None:
        return a.T
    axes = as_shape(axes)
    if len(axes) != a.ndim:
        raise ValueError("axes don't match array")
    return _permuted(a, [normalize_axis(axis, a.ndim) for axis in axes])


def _transpose_method(self, *axes):
    if not axes or axes == (None,):
        return self.T
    return transpose(self, axes[0] if len(axes) == 1 and not isinstance(axes[0], int) else axes)


def swapaxes(a, axis1, axis2):
    a = asarray(a)
    one, two = normalize_axis(axis1, a.ndim, "axis1"), normalize_axis(axis2, a.ndim, "axis2")
    axes = list(range(a.ndim))
    axes[one], axes[two] = two, one
    return _permuted(a, axes)


def moveaxis(a, source, destination):
    a = asarray(a)
    as_tuple = lambda axes: axes if isinstance(axes, (tuple, list)) else (axes,)  # noqa: E731
    source = [normalize_axis(axis, a.ndim) for axis in as_tuple(source)]
    destination = [normalize_axis(axis, a.ndim) for axis in as_tuple(destination)]
    if len(source) != len(destination):
        raise ValueError("`source` and `destination` arguments must have the same number of elements")
    order = [axis for axis in range(a.ndim) if axis not in source]
    for to, axis in sorted(zip(destination, source)):
        order.insert(to, axis)
    return _permuted(a, order)


def rollaxis(a, axis, start=0):
    axis = normalize_axis(axis, a.ndim)
    start = start + a.ndim if start < 0 else start
    return moveaxis(a, axis, start - 1 if axis < start else start)


def squeeze(a, axis=None):
    a = asarray(a)
    if axis is None:
        return _reshape(a, tuple(n for n in a.shape if n != 1))
    gone = {normalize_axis(x, a.ndim) for x in (axis if isinstance(axis, tuple) else (axis,))}
    if any(a.shape[x] != 1 for x in gone):
        raise ValueError("cannot select an axis to squeeze out which has size not equal to one")
    return _reshape(a, tuple(n for x, n in enumerate(a.shape) if x not in gone))


def expand_dims(a, axis):
    a = asarray(a)
    axes = axis if isinstance(axis, (tuple, list)) else (axis,)
    ndim = a.ndim + len(axes)
    axes = {normalize_axis(x, ndim) for x in axes}
    if len(axes) < ndim - a.ndim:
        raise ValueError("repeated axis")
    return a[tuple(None if x in axes else slice(None) for x in range(ndim))]


def broadcast_to(array, shape, subok=False):
    a = asarray(array)
    give(as_shape(shape))
    try:
        return view(a, _engine.broadcast_to(a._h))
    except JsException as error:
        raise translated(error) from None


def broadcast_shapes(*shapes):
    out = []
    for shape in (as_shape(s) for s in shapes):
        pad = len(shape) - len(out)
        out = [1] * pad + out if pad > 0 else out
        for at in range(1, len(shape) + 1):
            n, m = shape[-at], out[-at]
            if n != m and 1 not in (n, m):
                raise ValueError(
                    "shape mismatch: objects cannot be broadcast to a single shape.  Mismatch is between "
                    f"arg 0 with shape {as_shape(shapes[0])} and arg {len(shapes) - 1} with shape {shape}."
                )
            out[-at] = n if m == 1 else m
    return tuple(out)


def broadcast_arrays(*args, subok=False):
    arrays = [asarray(a) for a in args]
    shape = broadcast_shapes(*(a.shape for a in arrays))
    return tuple(broadcast_to(a, shape) for a in arrays)


def concatenate(arrays, axis=0, out=None, *, dtype=None, casting="same_kind"):
    arrays = [asarray(a) for a in arrays]
    if not arrays:
        raise ValueError("need at least one array to concatenate")
    if axis is None:
        arrays, axis = [a.ravel() for a in arrays], 0
    if arrays[0].ndim == 0:
        raise ValueError("zero-dimensional arrays cannot be concatenated")
    axis = normalize_axis(axis, arrays[0].ndim)
    give([a._h for a in arrays])
    try:
        made = wrap(_engine.concatenate(axis))
    except JsException as error:
        raise translated(error) from None
    if dtype is not None:
        made = made.astype(dtype)
    if out is not None:
        out[...] = made
        return out
    return made


concat = concatenate


def stack(arrays, axis=0, out=None, *, dtype=None, casting="same_kind"):
    arrays = [asarray(a) for a in arrays]
    if not arrays:
        raise ValueError("need at least one array to stack")
    if len({a.shape for a in arrays}) > 1:
        raise ValueError("all input arrays must have the same shape")
    axis = normalize_axis(axis, arrays[0].ndim + 1)
    return concatenate([expand_dims(a, axis) for a in arrays], axis, out, dtype=dtype)


def atleast_1d(*arrays):
    made = [a if a.ndim else a.reshape(1) for a in map(asarray, arrays)]
    return made[0] if len(made) == 1 else tuple(made)


def atleast_2d(*arrays):
    made = [a if a.ndim > 1 else a.reshape((1, -1)) for a in map(asarray, arrays)]
    return made[0] if len(made) == 1 else tuple(made)


def atleast_3d(*arrays):
    made = []
    for a in map(asarray, arrays):
        made.append(a.reshape((1, -1, 1)) if a.ndim < 2 else a[:, :, None] if a.ndim == 2 else a)
    return made[0] if len(made) == 1 else tuple(made)


def vstack(tup, *, dtype=None, casting="same_kind"):
    return concatenate([atleast_2d(a) for a in tup], 0, dtype=dtype)


row_stack = vstack


def hstack(tup, *, dtype=None, casting="same_kind"):
    arrays = [atleast_1d(a) for a in tup]
    return concatenate(arrays, 0 if arrays and arrays[0].ndim == 1 else 1, dtype=dtype)


def dstack(tup):
    return concatenate([atleast_3d(a) for a in tup], 2)


def column_stack(tup):
    return concatenate([asarray(a).reshape(-1, 1) if asarray(a).ndim < 2 else asarray(a) for a in tup], 1)


def block(arrays):
    if not isinstance(arrays, list) or not isinstance(arrays[0], list):
        return hstack(arrays)
    rows = [concatenate([atleast_2d(asarray(part)) for part in row], -1) for row in arrays]
    return concatenate(rows, -2)


def array_split(ary, indices_or_sections, axis=0):
    a = asarray(ary)
    n = a.shape[axis]
    if isinstance(indices_or_sections, int):
        parts = operator.index(indices_or_sections)
        if parts <= 0:
            raise ValueError("number sections must be larger than 0.")
        each, more = divmod(n, parts)
        ends = [0]
        for i in range(parts):
            ends.append(ends[-1] + each + (i < more))
    else:
        ends = [0, *map(int, indices_or_sections), n]
    lead = (slice(None),) * normalize_axis(axis, a.ndim)
    return [a[(*lead, slice(start, stop))] for start, stop in zip(ends, ends[1:])]


def split(ary, indices_or_sections, axis=0):
    a = asarray(ary)
    if isinstance(indices_or_sections, int) and a.shape[axis] % indices_or_sections:
        raise ValueError("array split does not result in an equal division")
    return array_split(a, indices_or_sections, axis)


def vsplit(ary, parts):
    return split(ary, parts, 0)


def hsplit(ary, parts):
    return split(ary, parts, 0 if asarray(ary).ndim == 1 else 1)


def dsplit(ary, parts):
    return split(ary, parts, 2)


def unstack(x, *, axis=0):
    return tuple(moveaxis(x, axis, 0))


def repeat(a, repeats, axis=None):
    from ._create import arange

    a = asarray(a)
    if axis is None:
        a, axis = a.ravel(), 0
    axis = normalize_axis(axis, a.ndim)
    n = a.shape[axis]
    counts = asarray(repeats)
    if counts.size == 1:
        times = int(counts.ravel()[0])
        index = broadcast_to(arange(n)[:, None], (n, times)).reshape(-1)
    else:
        if counts.shape != (n,):
            raise ValueError(f"operands could not be broadcast together with shape ({n},) {counts.shape}")
        index = asarray([i for i, times in enumerate(counts.tolist()) for _ in range(times)], dtype=int)
    return a[(*(slice(None),) * axis, index)]


def tile(A, reps):
    a = asarray(A)
    reps = as_shape(reps)
    ndim = max(a.ndim, len(reps))
    shape = (1,) * (ndim - a.ndim) + a.shape
    reps = (1,) * (ndim - len(reps)) + reps
    spread = a.reshape([x for n in shape for x in (1, n)])
    full = broadcast_to(spread, [x for n, r in zip(shape, reps) for x in (r, n)])
    return full.copy().reshape([n * r for n, r in zip(shape, reps)])


def flip(m, axis=None):
    m = asarray(m)
    axes = range(m.ndim) if axis is None else axis if isinstance(axis, tuple) else (axis,)
    axes = {normalize_axis(x, m.ndim) for x in axes}
    return m[tuple(slice(None, None, -1 if x in axes else None) for x in range(m.ndim))]


def flipud(m):
    return flip(m, 0)


def fliplr(m):
    return flip(m, 1)


def rot90(m, k=1, axes=(0, 1)):
    k %= 4
    if k == 0:
        return m[...]
    if k == 2:
        return flip(flip(m, axes[0]), axes[1])
    if k == 1:
        return swapaxes(flip(m, axes[1]), *axes)
    return flip(swapaxes(m, *axes), axes[1])


def roll(a, shift, axis=None):
    a = asarray(a)
    if axis is None:
        return roll(a.ravel(), shift, 0).reshape(a.shape)
    shifts = shift if isinstance(shift, (tuple, list)) else (shift,)
    axes = axis if isinstance(axis, (tuple, list)) else (axis,)
    if len(shifts) == 1:
        shifts = shifts * len(axes)
    for by, x in zip(shifts, axes * len(shifts) if len(axes) == 1 else axes):
        x = normalize_axis(x, a.ndim)
        n = a.shape[x]
        at = n - by % n if n else 0
        lead = (slice(None),) * x
        a = concatenate((a[(*lead, slice(at, None))], a[(*lead, slice(None, at))]), x)
    return a if axes else a.copy()


def append(arr, values, axis=None):
    if axis is None:
        return concatenate((asarray(arr).ravel(), asarray(values).ravel()))
    return concatenate((arr, values), axis)


def resize(a, new_shape):
    a = asarray(a).ravel()
    shape = as_shape(new_shape)
    n = 1
    for size in shape:
        n *= size
    if not a.size:
        from ._create import zeros

        return zeros(shape, a.dtype)
    return tile(a, -(-n // a.size))[:n].reshape(shape)


def size(a, axis=None):
    a = asarray(a)
    if isinstance(axis, tuple):
        n = 1
        for x in axis:
            n *= a.shape[normalize_axis(x, a.ndim)]
        return n
    return a.size if axis is None else a.shape[axis]


def ndim(a):
    return asarray(a).ndim


def shape(a):
    return asarray(a).shape


ndarray.reshape, ndarray.flatten, ndarray.transpose = _reshape_method, _flatten, _transpose_method
for _name in ("ravel", "swapaxes", "squeeze", "repeat"):
    setattr(ndarray, _name, globals()[_name])
