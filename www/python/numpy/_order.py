"""Sorting, searching, sets, counting."""

from pyodide.ffi import JsException

from . import _engine
from ._array import ndarray, result, wrap
from ._convert import asarray
from ._bridge import translated
from ._reduce import normalize_axis


def _no_fields(order):
    if order is not None:
        raise ValueError("Cannot specify order when the array has no fields.")


def sort(a, axis=-1, kind=None, order=None, *, stable=None):
    a = asarray(a)
    _no_fields(order)
    if axis is None:
        a, axis = a.ravel(), 0
    return wrap(_engine.sort(a._h, normalize_axis(axis, a.ndim)))


def _sort_method(self, axis=-1, kind=None, order=None, *, stable=None):
    _no_fields(order)
    self[...] = sort(self, axis)


def argsort(a, axis=-1, kind=None, order=None, *, stable=None):
    a = asarray(a)
    _no_fields(order)
    if axis is None:
        a, axis = a.ravel(), 0
    return wrap(_engine.argsort(a._h, normalize_axis(axis, a.ndim)))


def partition(a, kth, axis=-1, kind="introselect"):
    return sort(a, axis)


def argpartition(a, kth, axis=-1, kind="introselect"):
    return argsort(a, axis)


def lexsort(keys, axis=-1):
    """The order that sorts by the last key, equals by the one before it, and so on."""
    from ._select import take_along_axis

    keys = [asarray(key) for key in keys]
    order = argsort(keys[0], axis)
    for key in keys[1:]:
        order = take_along_axis(order, argsort(take_along_axis(key, order, axis), axis), axis)
    return order


def searchsorted(a, v, side="left", sorter=None):
    if side not in ("left", "right"):
        raise ValueError(f"search side must be 'left' or 'right' (got {side!r})")
    a, v = asarray(a), asarray(v)
    if sorter is not None:
        a = a[sorter]
    try:
        return result(_engine.searchsorted(a._h, v._h, side == "right"), "searchsorted")
    except JsException as error:
        raise translated(error) from None


def digitize(x, bins, right=False):
    bins = asarray(bins)
    if len(bins) > 1 and bins[0] > bins[-1]:
        return len(bins) - searchsorted(bins[::-1], x, "right" if right else "left")
    return searchsorted(bins, x, "left" if right else "right")


def unique(ar, return_index=False, return_inverse=False, return_counts=False, axis=None, *, equal_nan=True, sorted=True):
    """The different elements in order, and where they stood."""
    from ._create import ones
    from ._reduce import cumsum
    from ._select import flatnonzero
    from ._shape import append

    a = asarray(ar)
    if axis is not None:
        return _unique_slices(a, normalize_axis(axis, a.ndim), return_index, return_inverse, return_counts)
    flat = a.ravel()
    order = argsort(flat)
    ordered = flat[order]
    new = ones(flat.size, dtype=bool)
    if flat.size > 1:
        new[1:] = ordered[1:] != ordered[:-1]
        if equal_nan and a.dtype.kind == "f":
            new[1:] &= (ordered[1:] == ordered[1:]) | (ordered[:-1] == ordered[:-1])
    return _answers(ordered[new], order, new, a.shape, return_index, return_inverse, return_counts,
                    cumsum, flatnonzero, append)  # fmt: skip


def _answers(values, order, new, shape, index, inverse, counts, cumsum, flatnonzero, append):
    answers = [values]
    if index:
        answers.append(order[new])
    if inverse:
        from ._create import empty

        back = empty(order.shape, int)
        back[order] = cumsum(new) - 1
        answers.append(back.reshape(shape))
    if counts:
        starts = append(flatnonzero(new), order.size)
        answers.append(starts[1:] - starts[:-1])
    return answers[0] if len(answers) == 1 else tuple(answers)


def _unique_slices(a, axis, index, inverse, counts):
    from ._convert import array
    from ._shape import moveaxis

    rows = moveaxis(a, axis, 0)
    keys = [tuple(row.ravel().tolist()) for row in rows]
    different = sorted(set(keys))
    first = array([keys.index(key) for key in different], int)
    answers = [moveaxis(rows[first], 0, axis)]
    if index:
        answers.append(first)
    if inverse:
        answers.append(array([different.index(key) for key in keys], int))
    if counts:
        answers.append(array([keys.count(key) for key in different], int))
    return answers[0] if len(answers) == 1 else tuple(answers)


def union1d(ar1, ar2):
    from ._shape import append

    return unique(append(ar1, ar2))


def intersect1d(ar1, ar2, assume_unique=False, return_indices=False):
    """What both hold, in order; where it first stands in each when asked for."""
    from ._select import isin

    one, first = unique(ar1, return_index=True)
    inside = isin(one, ar2)
    if not return_indices:
        return one[inside]
    two, second = unique(ar2, return_index=True)
    return one[inside], first[inside], second[isin(two, one)]


def setdiff1d(ar1, ar2, assume_unique=False):
    from ._select import isin

    one = unique(ar1)
    return one[~isin(one, ar2)]


def setxor1d(ar1, ar2):
    return setdiff1d(union1d(ar1, ar2), intersect1d(ar1, ar2))


def bincount(x, weights=None, minlength=0):
    """How often each number occurs, or the sum of its weights."""
    from ._create import zeros
    from ._ufunc import add

    x = asarray(x)
    if x.ndim != 1:
        raise ValueError("object too deep for desired array" if x.ndim > 1 else "object of too small depth for desired array")
    if x.dtype.kind == "f":
        raise TypeError("Cannot cast array data from dtype('float64') to dtype('int64') according to the rule 'safe'")
    if x.size and x.min() < 0:
        raise ValueError("'list' argument must have no negative elements")
    n = max(int(x.max()) + 1 if x.size else 0, minlength)
    made = zeros(n, int if weights is None else float)
    add.at(made, x.astype(int), 1 if weights is None else asarray(weights))
    return made


def histogram_bin_edges(a, bins=10, range=None, weights=None):
    from ._create import linspace

    a = asarray(a)
    if not isinstance(bins, int):
        return asarray(bins)
    low, high = range if range is not None else (a.min(), a.max()) if a.size else (0.0, 1.0)
    if low == high:
        low, high = low - 0.5, high + 0.5
    return linspace(low, high, bins + 1)


def histogram(a, bins=10, range=None, density=None, weights=None):
    from ._create import zeros
    from ._ufunc import add

    a = asarray(a).ravel()
    edges = histogram_bin_edges(a, bins, range)
    inside = (a >= edges[0]) & (a <= edges[-1])
    places = searchsorted(edges, a[inside], "right") - 1
    places = places - (places == len(edges) - 1)
    counts = zeros(len(edges) - 1, int if weights is None else float)
    add.at(counts, places, 1 if weights is None else asarray(weights).ravel()[inside])
    if density:
        return counts / (edges[1:] - edges[:-1]) / counts.sum(), edges
    return counts, edges


def diff(a, n=1, axis=-1, prepend=None, append=None):
    from ._shape import concatenate

    a = asarray(a)
    axis = normalize_axis(axis, a.ndim)
    parts = [asarray(p) for p in (prepend, a, append) if p is not None]
    if len(parts) > 1:
        shape = list(a.shape)
        shape[axis] = 1
        parts = [p if p.ndim else p + asarray(0).reshape((1,) * a.ndim).repeat(1, 0) for p in parts]
        a = concatenate(parts, axis)
    lead = (slice(None),) * axis
    for _ in range(n):
        after, before = a[(*lead, slice(1, None))], a[(*lead, slice(None, -1))]
        a = after != before if a.dtype.kind == "b" else after - before
    return a


def ediff1d(ary, to_end=None, to_begin=None):
    from ._shape import concatenate

    made = diff(asarray(ary).ravel())
    parts = [asarray(to_begin).ravel()] if to_begin is not None else []
    parts.append(made)
    if to_end is not None:
        parts.append(asarray(to_end).ravel())
    return concatenate(parts).astype(made.dtype) if len(parts) > 1 else made


def gradient(f, *varargs, axis=None, edge_order=1):
    """Central differences inside, one-sided at the ends."""
    from ._create import empty

    f = asarray(f) * 1.0
    axes = range(f.ndim) if axis is None else axis if isinstance(axis, tuple) else (axis,)
    steps = list(varargs) or [1.0]
    steps = steps * len(tuple(axes)) if len(steps) == 1 else steps
    made = []
    for x, h in zip(axes, steps):
        lead = (slice(None),) * normalize_axis(x, f.ndim)
        at = lambda key, lead=lead: (*lead, key)  # noqa: E731
        out = empty(f.shape, f.dtype)
        if asarray(h).ndim:
            h = diff(asarray(h)).reshape((-1,) + (1,) * (f.ndim - len(lead) - 1))
            left, right = h[:-1], h[1:]
            a, b, c = -right / (left * (left + right)), (right - left) / (left * right), left / (right * (left + right))
            out[at(slice(1, -1))] = a * f[at(slice(None, -2))] + b * f[at(slice(1, -1))] + c * f[at(slice(2, None))]
            first, last = h[0], h[-1]
        else:
            out[at(slice(1, -1))] = (f[at(slice(2, None))] - f[at(slice(None, -2))]) / (2.0 * h)
            first = last = h
        if f.shape[len(lead)] < edge_order + 1:
            raise ValueError(
                "Shape of array too small to calculate a numerical gradient, at least (edge_order + 1) elements are required."
            )
        out[at(0)] = (f[at(1)] - f[at(0)]) / first
        out[at(-1)] = (f[at(-1)] - f[at(-2)]) / last
        if edge_order == 2:
            # A parabola through the last three points.
            even = not asarray(h).ndim
            for end, d1, d2, sign in (
                ((0, 1, 2), first, h if even else h[1], 1),
                ((-1, -2, -3), last, h if even else h[-2], -1),
            ):
                weights = (-(2 * d1 + d2) / (d1 * (d1 + d2)), (d1 + d2) / (d1 * d2), -d1 / (d2 * (d1 + d2)))
                out[at(end[0])] = sign * (
                    weights[0] * f[at(end[0])] + weights[1] * f[at(end[1])] + weights[2] * f[at(end[2])]
                )
        made.append(out)
    return made[0] if len(made) == 1 else tuple(made)


def trim_zeros(filt, trim="fb"):
    """A vector without the zeros at its ends."""
    from ._select import flatnonzero

    if asarray(filt).ndim != 1:
        raise NotImplementedError("np.trim_zeros here takes vectors")
    places = flatnonzero(filt)
    first, last = (int(places[0]), int(places[-1]) + 1) if places.size else (0, 0)
    return filt[first if "f" in trim.lower() else 0 : last if "b" in trim.lower() else len(filt)]


def histogram2d(x, y, bins=10, range=None, density=None, weights=None):
    """How many points fall into each cell of a grid, and its edges."""
    from ._create import zeros
    from ._ufunc import add

    x, y = asarray(x) * 1.0, asarray(y) * 1.0
    pair = bins if isinstance(bins, (list, tuple)) and len(bins) == 2 else (bins, bins)
    limits = range if range is not None else (None, None)
    edges = [histogram_bin_edges(v, b, r) for v, b, r in zip((x, y), pair, limits)]
    inside, places = True, []
    for v, e in zip((x, y), edges):
        inside = inside & (v >= e[0]) & (v <= e[-1])
        at = searchsorted(e, v, "right") - 1
        places.append(at - (at == len(e) - 1))
    counts = zeros((len(edges[0]) - 1, len(edges[1]) - 1))
    add.at(counts, tuple(at[inside] for at in places), 1.0 if weights is None else asarray(weights)[inside])
    if density:
        counts /= counts.sum() * diff(edges[0])[:, None] * diff(edges[1])
    return counts, *edges


ndarray.sort, ndarray.argsort, ndarray.searchsorted = _sort_method, argsort, searchsorted
