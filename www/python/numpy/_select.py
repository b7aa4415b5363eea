"""Choosing elements: where, nonzero, take, clip, place, diagonals."""

from pyodide.ffi import JsException

from . import _engine
from ._array import KIND, ndarray, new_scalar, view, wrap
from ._convert import asarray
from ._bridge import give, translated
from ._reduce import normalize_axis
from ._scalars import bool_


def nonzero(a):
    """The places of the elements that are not zero, an index array an axis."""
    a = asarray(a)
    if a.ndim == 0:
        raise ValueError("Calling nonzero on 0d arrays is not allowed. Use np.atleast_1d(scalar).nonzero() instead.")
    rows = wrap(_engine.nonzero(a._h))
    return tuple(rows[axis].copy() for axis in range(a.ndim))


def where(condition, x=None, y=None, /):
    if x is None and y is None:
        return nonzero(condition)
    if x is None or y is None:
        raise ValueError("either both or neither of x and y should be given")
    weak = [1 if type(v) is int else 2 if type(v) is float else 0 for v in (x, y)]
    if all(weak):
        weak = [0, 0]
    c = asarray(condition)
    x, y = (wrap(new_scalar(v)) if type(v) in KIND else asarray(v) for v in (x, y))
    try:
        return wrap(_engine.choose(c._h, x._h, y._h, weak[0] | weak[1] << 2))
    except JsException as error:
        raise translated(error) from None


def flatnonzero(a):
    return nonzero(asarray(a).ravel())[0]


def argwhere(a):
    a = asarray(a)
    return wrap(_engine.nonzero(a._h)).T


def copyto(dst, src, casting="same_kind", where=True):
    from ._dtypes import can_cast

    src = asarray(src)
    if not can_cast(src.dtype, dst.dtype, casting) and src.ndim:
        raise TypeError(
            f"Cannot cast array data from {src.dtype!r} to {dst.dtype!r} according to the rule '{casting}'"
        )
    if where is True:
        dst[...] = src
        return
    mask = asarray(where)
    if mask.shape != dst.shape:
        from ._shape import broadcast_to

        mask = broadcast_to(mask, dst.shape)
    dst[mask] = broadcast_like(src, dst.shape)[mask]


def broadcast_like(a, shape):
    from ._shape import broadcast_to

    return a if a.shape == shape else broadcast_to(a, shape)


def clip(a, a_min=None, a_max=None, out=None, *, min=None, max=None):
    from ._ufunc import maximum, minimum

    low = a_min if min is None else min
    high = a_max if max is None else max
    a = asarray(a)
    made = a
    if low is not None:
        made = maximum(made, low)
    if high is not None:
        made = minimum(made, high)
    if made is a:
        made = a.copy()
    if out is not None:
        out[...] = made
        return out
    return made


def take(a, indices, axis=None, out=None, mode="raise"):
    a = asarray(a)
    if axis is None:
        a, axis = a.ravel(), 0
    indices = asarray(indices)
    n = a.shape[axis]
    if mode == "wrap":
        indices = indices % n
    elif mode == "clip":
        indices = clip(indices, 0, n - 1)
    made = a[(*(slice(None),) * normalize_axis(axis, a.ndim), indices if indices.ndim else int(indices))]
    if out is not None:
        out[...] = made
        return out
    return made


def put(a, ind, v, mode="raise"):
    from ._shape import resize

    flat = a.reshape(-1)
    ind = asarray(ind)
    if mode == "clip":
        ind = clip(ind, 0, a.size - 1)
    elif mode == "wrap":
        ind = ind % a.size
    flat[ind.ravel()] = resize(v, ind.size)
    if not _engine.shares_storage(flat._h, a._h):
        a[...] = flat.reshape(a.shape)


def _lanes(a, indices, axis):
    """Index arrays that reach `indices` along one axis and each its own place along the others."""
    from ._create import arange

    axis = normalize_axis(axis, a.ndim)
    key = []
    for x, n in enumerate(a.shape):
        if x == axis:
            key.append(indices)
        else:
            key.append(arange(n).reshape((1,) * x + (-1,) + (1,) * (a.ndim - x - 1)))
    return tuple(key)


def take_along_axis(arr, indices, axis=-1):
    a, indices = asarray(arr), asarray(indices)
    if axis is None:
        return a.ravel()[indices]
    if indices.ndim != a.ndim:
        raise ValueError("`indices` and `arr` must have the same number of dimensions")
    return a[_lanes(a, indices, axis)]


def put_along_axis(arr, indices, values, axis):
    if axis is None:
        put(arr, indices, values)
        return
    arr[_lanes(arr, asarray(indices), axis)] = values


def choose(a, choices, out=None, mode="raise"):
    from ._shape import broadcast_arrays, stack

    a, *choices = broadcast_arrays(a, *choices)
    if mode == "clip":
        a = clip(a, 0, len(choices) - 1)
    elif mode == "wrap":
        a = a % len(choices)
    elif ((a < 0) | (a >= len(choices))).any():
        raise ValueError("invalid entry in choice array")
    made = take_along_axis(stack(choices), a[None], 0)[0]
    if out is not None:
        out[...] = made
        return out
    return made


def select(condlist, choicelist, default=0):
    if len(condlist) != len(choicelist):
        raise ValueError("list of cases must be same length as list of conditions")
    made = default
    for condition, choice in zip(reversed(condlist), reversed(choicelist)):
        made = where(condition, choice, made)
    return made


def piecewise(x, condlist, funclist, *args, **kw):
    x = asarray(x)
    functions = list(funclist)
    if isinstance(condlist, (bool, bool_)) or not isinstance(condlist[0], (list, tuple, ndarray)) and x.ndim:
        condlist = [condlist]
    conditions = [asarray(c) for c in condlist]
    if not x.ndim:
        return asarray(piecewise(x.reshape(1), [c.reshape(1) for c in conditions], functions))[0:1].reshape(())
    made = x * 0
    if len(functions) == len(conditions) + 1:
        rest = ~conditions[0]
        for c in conditions[1:]:
            rest = rest & ~c
        conditions.append(rest)
    for condition, function in zip(conditions, functions):
        made[condition] = function(x[condition], *args, **kw) if callable(function) else function
    return made


def compress(condition, a, axis=None):
    condition = asarray(condition)
    if axis is None:
        return asarray(a).ravel()[flatnonzero(condition)]
    return take(a, flatnonzero(condition), axis)


def extract(condition, arr):
    return asarray(arr).ravel()[asarray(condition).ravel().astype(bool)]


def place(arr, mask, vals):
    from ._shape import resize

    mask = asarray(mask).astype(bool)
    n = int(mask.sum())
    if n:
        arr[mask] = resize(vals, n)


def putmask(a, mask, values):
    """Where the mask holds, the element of `values` that stands at the same place, again and again."""
    from ._shape import resize

    mask = asarray(mask).astype(bool)
    a[mask] = resize(values, a.shape)[mask]


def delete(arr, obj, axis=None):
    from ._create import ones

    a = asarray(arr)
    if axis is None:
        a, axis = a.ravel(), 0
    axis = normalize_axis(axis, a.ndim)
    keep = ones(a.shape[axis], dtype=bool)
    keep[obj if isinstance(obj, (int, slice)) else asarray(obj)] = False
    return a[(*(slice(None),) * axis, keep)]


def insert(arr, obj, values, axis=None):
    """The array with `values` before the places `obj` of one axis."""
    from ._create import arange, ones, zeros
    from ._order import argsort
    from ._shape import moveaxis

    a = asarray(arr)
    if axis is None:
        a, axis = a.ravel(), 0
    axis = normalize_axis(axis, a.ndim)
    n, lead = a.shape[axis], (slice(None),) * axis
    places = arange(*obj.indices(n)) if isinstance(obj, slice) else asarray(obj)
    if places.dtype.kind == "b":
        places = flatnonzero(places)
    places = places.astype(int)
    for at in places.ravel().tolist():
        if not -n <= at <= n:
            raise IndexError(f"index {at} is out of bounds for axis {axis} with size {n}")
    places = where(places < 0, places + n, places)
    values = asarray(values, dtype=a.dtype)
    if places.size == 1:
        if values.ndim < a.ndim:
            values = values.reshape((1,) * (a.ndim - values.ndim) + values.shape)
        if not places.ndim:
            values = moveaxis(values, 0, axis)
        places = places.ravel() + arange(values.shape[axis])
    else:
        order = argsort(places)
        places[order] = places[order] + arange(places.size)
    shape = list(a.shape)
    shape[axis] += places.size
    old = ones(shape[axis], dtype=bool)
    old[places] = False
    made = zeros(shape, a.dtype)
    made[(*lead, places)] = values
    made[(*lead, old)] = a
    return made


def as_strided(x, shape=None, strides=None, subok=False, writeable=True):
    """A view of any layout inside the array's memory; strides are in bytes."""
    x = asarray(x)
    shape = x.shape if shape is None else tuple(shape)
    strides = x.strides if strides is None else tuple(strides)
    item = x.itemsize
    return _strided(x, shape, [step // item for step in strides], 0, writeable)


def _strided(x, shape, steps, shift=0, writeable=True):
    give([*shape, *steps])
    try:
        made = view(x, _engine.as_strided(x._h, shift))
    except JsException as error:
        raise translated(error) from None
    if not writeable:
        _engine.set_read_only(made._h, True)
    return made


def _steps(x):
    return [_engine.stride(x._h, axis) for axis in range(x.ndim)]


def diagonal(a, offset=0, axis1=0, axis2=1):
    """The diagonal of two axes, as a read-only view that goes last."""
    a = asarray(a)
    one, two = normalize_axis(axis1, a.ndim), normalize_axis(axis2, a.ndim)
    steps = _steps(a)
    rows, columns = a.shape[one], a.shape[two]
    n = min(rows + min(offset, 0), columns - max(offset, 0))
    others = [x for x in range(a.ndim) if x not in (one, two)]
    shift = steps[two] * offset if offset > 0 else -steps[one] * offset
    shape = [a.shape[x] for x in others] + [max(n, 0)]
    return _strided(a, shape, [steps[x] for x in others] + [steps[one] + steps[two]], shift if n > 0 else 0, False)


def trace(a, offset=0, axis1=0, axis2=1, dtype=None, out=None):
    return diagonal(a, offset, axis1, axis2).sum(-1, dtype, out)


def fill_diagonal(a, val, wrap=False):
    """Writes `val` along the main diagonal, in place."""
    from ._shape import resize

    if a.ndim < 2:
        raise ValueError("array must be at least 2-d")
    if a.ndim > 2 and len(set(a.shape)) > 1:
        raise ValueError("All dimensions of input must be of equal length")
    steps, n = _steps(a), min(a.shape)
    if wrap and a.ndim == 2 and a.shape[0] > a.shape[1] + 1 and _engine.is_contiguous(a._h):
        # The next diagonal begins one row below the end of the last.
        n = -(-a.size // (a.shape[1] + 1))
    diagonal_view = _strided(a, [n], [sum(steps)])
    diagonal_view[...] = val if asarray(val).ndim == 0 else resize(val, n)


def tril_indices(n, k=0, m=None):
    from ._create import tri

    return nonzero(tri(n, m, k, dtype=bool))


def triu_indices(n, k=0, m=None):
    from ._create import tri

    return nonzero(~tri(n, m, k - 1, dtype=bool))


def tril_indices_from(arr, k=0):
    return tril_indices(arr.shape[-2], k, arr.shape[-1])


def triu_indices_from(arr, k=0):
    return triu_indices(arr.shape[-2], k, arr.shape[-1])


def diag_indices_from(arr):
    if arr.ndim < 2:
        raise ValueError("input array must be at least 2-d")
    if len(set(arr.shape)) > 1:
        raise ValueError("All dimensions of input must be of equal length")
    return diag_indices(arr.shape[0], arr.ndim)


def unravel_index(indices, shape, order="C"):
    """The places along each axis of flat places."""
    from ._create import as_shape

    shape, flat = as_shape(shape), asarray(indices)
    if flat.dtype.kind != "i":
        raise TypeError("only int indices permitted")
    size = 1
    for n in shape:
        size *= n
    wrong = flat[(flat < 0) | (flat >= size)].ravel()
    if wrong.size:
        raise ValueError(f"index {wrong[0]} is out of bounds for array with size {size}")
    made = []
    for n in reversed(shape) if order == "C" else shape:
        made.append(flat % n)
        flat = flat // n
    return tuple(made[::-1] if order == "C" else made)


def ravel_multi_index(multi_index, dims, mode="raise", order="C"):
    """The flat places of places along each axis."""
    modes = mode if isinstance(mode, tuple) else (mode,) * len(dims)
    made = 0
    axes = list(zip(multi_index, dims, modes))
    for index, n, how in axes if order == "C" else reversed(axes):
        index = asarray(index)
        if how == "wrap":
            index = index % n
        elif how == "clip":
            index = clip(index, 0, n - 1)
        elif ((index < 0) | (index >= n)).any():
            raise ValueError("invalid entry in coordinates array")
        made = made * n + index
    return made


def diag_indices(n, ndim=2):
    from ._create import arange

    return (arange(n),) * ndim


def fill(self, value):
    self[...] = value


def isin(element, test_elements, assume_unique=False, invert=False):
    from ._order import searchsorted, sort

    a, known = asarray(element), sort(asarray(test_elements).ravel())
    if not known.size:
        found = a != a
    else:
        found = known[clip(searchsorted(known, a), 0, known.size - 1)] == a
    return ~found if invert else found


ndarray.nonzero, ndarray.clip, ndarray.take, ndarray.put, ndarray.fill = nonzero, clip, take, put, fill
ndarray.diagonal, ndarray.trace, ndarray.choose = diagonal, trace, choose
ndarray.compress = lambda self, condition, axis=None: compress(condition, self, axis)
