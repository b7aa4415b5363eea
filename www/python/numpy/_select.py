"""Choosing elements: where, nonzero, take, clip, place, diagonals."""

from pyodide.ffi import JsException

from . import _engine
from ._array import KIND, ndarray, new_scalar, view, wrap
from ._convert import asarray
from ._bridge import give, translated
from ._reduce import normalize_axis


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
    return take_along_axis(stack(choices), a[None], 0)[0]


def select(condlist, choicelist, default=0):
    if len(condlist) != len(choicelist):
        raise ValueError("list of cases must be same length as list of conditions")
    made = default
    for condition, choice in zip(reversed(condlist), reversed(choicelist)):
        made = where(condition, choice, made)
    return made


def piecewise(x, condlist, funclist):
    x = asarray(x)
    made = x * 0
    functions = list(funclist)
    conditions = [asarray(c) for c in condlist]
    if len(functions) == len(conditions) + 1:
        rest = ~conditions[0]
        for c in conditions[1:]:
            rest = rest & ~c
        conditions.append(rest)
    for condition, function in zip(conditions, functions):
        made[condition] = function(x[condition]) if callable(function) else function
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


putmask = place


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
    from ._shape import concatenate

    a = asarray(arr)
    if axis is None:
        a, axis = a.ravel(), 0
    axis = normalize_axis(axis, a.ndim)
    if not isinstance(obj, int):
        places = sorted(enumerate(asarray(obj).tolist()), key=lambda pair: pair[1])
        values = asarray(values)
        for shift, (at, place_) in enumerate(places):
            value = values if values.ndim < 1 else values[at % len(values)]
            a = insert(a, place_ + shift, value, axis)
        return a
    lead = (slice(None),) * axis
    values = asarray(values)
    shape = list(a.shape)
    shape[axis] = 1 if values.ndim < a.ndim or values.shape[axis] == 1 else values.shape[axis]
    if values.ndim == 1 and a.ndim == 1:
        shape[axis] = len(values)
    elif values.ndim and values.ndim == a.ndim - 1:
        values = values.reshape(values.shape[:axis] + (1,) + values.shape[axis:])
    middle = broadcast_like(values, tuple(shape)).astype(a.dtype)
    return concatenate((a[(*lead, slice(None, obj))], middle, a[(*lead, slice(obj, None))]), axis)


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
    if a.ndim != 2:
        raise NotImplementedError("fill_diagonal here takes matrices")
    steps = _steps(a)
    diagonal_view = _strided(a, [min(a.shape)], [steps[0] + steps[1]])
    diagonal_view[...] = val


def tril_indices(n, k=0, m=None):
    from ._create import tri

    return nonzero(tri(n, m, k, dtype=bool))


def triu_indices(n, k=0, m=None):
    from ._create import tri

    return nonzero(~tri(n, m, k - 1, dtype=bool))


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
