"""Reductions over axes: sums, means, extremes and their kin."""

import operator

from pyodide.ffi import JsException

from . import _bridge, _engine
from ._array import LARGE, ndarray, not_a_number, result, wrap
from ._convert import asarray
from ._bridge import REDUCE, translated
from ._scalars import scalar
from .exceptions import AxisError

_reduce, _reduce_all = _engine.reduce, _engine.reduce_all

# The dtype code of each reduction's answer, by that of its array.
_ANSWERS = {
    "add": (1, 1, 2, 3), "multiply": (1, 1, 2, 3), "maximum": (0, 1, 2, 3), "minimum": (0, 1, 2, 3),
    "logical_or": (0, 0, 0, 0), "logical_and": (0, 0, 0, 0),
    "mean": (3, 3, 2, 3), "var": (3, 3, 2, 3), "std": (3, 3, 2, 3),
}  # fmt: skip
_ENCOUNTERED = {"add": "reduce", "multiply": "reduce", "mean": "reduce", "var": "reduce", "std": "reduce"}


def normalize_axis(axis, ndim, prefix=None):
    axis = operator.index(axis)
    if not -ndim <= axis < ndim:
        raise AxisError(axis, ndim, prefix)
    return axis + ndim if axis < 0 else axis


def axes_mask(axis, ndim):
    """Axes as a set of bits."""
    if axis is None:
        return 0xFFFFFFFF
    if type(axis) is int:
        if not -ndim <= axis < ndim:
            raise AxisError(axis, ndim)
        return 1 << (axis + ndim if axis < 0 else axis)
    mask = 0
    for one in axis if isinstance(axis, (tuple, list)) else (axis,):
        bit = 1 << normalize_axis(one, ndim)
        if mask & bit:
            raise ValueError("duplicate value in 'axis'")
        mask |= bit
    return mask


def reduced(name, a, axis=None, dtype=None, out=None, keepdims=False, ddof=0, initial=None, where=True):
    """One reduction in all its spellings."""
    a = asarray(a)
    if dtype is not None:
        a = a.astype(dtype, copy=False)
    if where is not True:
        if name in ("mean", "var", "std"):
            return _moments(name, a, axis, out, keepdims, ddof, where)
        a = _masked(name, a, where)
    code = REDUCE[name]
    if initial is not None and name in ("maximum", "minimum") and a.size == 0:
        # Nothing to compare with it, whichever axis is the empty one; a sum has the same shape.
        made = _filled(sum(a, axis, keepdims=keepdims), initial, a.dtype)
        if out is not None:
            out[...] = made
            return out
        return made
    h = a._h
    try:
        if axis is None and not keepdims and out is None:
            value = _reduce_all(code, h, ddof)
            answer = _ANSWERS[name][h & 3]
            if answer == 1 and not (type(value) is int and -LARGE < value < LARGE):
                made = result(_reduce(code, h, 0xFFFFFFFF, False, ddof), name)
            else:
                if value - value != 0:
                    if value != value:
                        value = not_a_number()
                    _nonfinite(name)
                made = scalar(answer, value)
        else:
            made = result(_reduce(code, h, axes_mask(axis, h >> 2 & 31), bool(keepdims), ddof),
                          _ENCOUNTERED.get(name, name))  # fmt: skip
    except JsException as error:
        raise translated(error) from None
    if initial is not None:
        from . import _ufunc

        made = getattr(_ufunc, name)(made, initial)
    if out is not None:
        out[...] = made
        return out
    return made


def _filled(like, value, dtype):
    from ._create import full

    return full(asarray(like).shape, value, dtype)[()]


def _nonfinite(name):
    kinds = _engine.warnings()
    if kinds:
        _bridge.complain(kinds, _ENCOUNTERED.get(name, name))


def _masked(name, a, where):
    """The array with what does not count replaced by what changes nothing."""
    from ._select import where as choose

    neutral = {"add": 0, "multiply": 1, "logical_or": False, "logical_and": True,
               "maximum": float("-inf"), "minimum": float("inf")}[name]  # fmt: skip
    if a.dtype.kind == "i" and name in ("maximum", "minimum"):
        neutral = -(2**63) if name == "maximum" else 2**63 - 1
    return choose(where, a, neutral)


def _moments(name, a, axis, out, keepdims, ddof, where):
    """Means and variances of the elements that a mask names."""
    from ._shape import broadcast_to

    where = broadcast_to(asarray(where), a.shape)
    count = asarray(sum(where, axis, keepdims=True))
    mean = asarray(sum(a, axis, keepdims=True, where=where)) / count
    if name == "mean":
        made = mean
    else:
        gap = a - mean
        made = asarray(sum(gap * gap, axis, keepdims=True, where=where)) / (count - ddof)
        made = made**0.5 if name == "std" else made
    if not keepdims:
        from ._shape import squeeze

        axes = tuple(range(a.ndim)) if axis is None else axis if isinstance(axis, tuple) else (axis,)
        made = squeeze(made, axes)[()]
    if out is not None:
        out[...] = made
        return out
    return made


def sum(a, axis=None, dtype=None, out=None, keepdims=False, initial=None, where=True):
    return reduced("add", a, axis, dtype, out, keepdims, 0, initial, where)


def prod(a, axis=None, dtype=None, out=None, keepdims=False, initial=None, where=True):
    return reduced("multiply", a, axis, dtype, out, keepdims, 0, initial, where)


def max(a, axis=None, out=None, keepdims=False, initial=None, where=True):
    return reduced("maximum", a, axis, None, out, keepdims, 0, initial, where)


def min(a, axis=None, out=None, keepdims=False, initial=None, where=True):
    return reduced("minimum", a, axis, None, out, keepdims, 0, initial, where)


amax, amin = max, min


def any(a, axis=None, out=None, keepdims=False, *, where=True):
    return reduced("logical_or", a, axis, None, out, keepdims, 0, None, where)


def all(a, axis=None, out=None, keepdims=False, *, where=True):
    return reduced("logical_and", a, axis, None, out, keepdims, 0, None, where)


def _empty_warning(a, axis, name, ddof=0):
    import warnings

    a = asarray(a)
    n = a.size if axis is None else 1
    if axis is not None:
        for one in axis if isinstance(axis, tuple) else (axis,):
            n *= a.shape[one]
    if n - ddof <= 0:
        text = "Mean of empty slice" if name == "mean" else "Degrees of freedom <= 0 for slice"
        warnings.warn(text, RuntimeWarning, stacklevel=_bridge._depth() - 1)


def mean(a, axis=None, dtype=None, out=None, keepdims=False, *, where=True):
    a = asarray(a)
    if not a.size:
        _empty_warning(a, axis, "mean")
        made = reduced("mean", a, axis, dtype, out, keepdims)
        _bridge.complain(4, "divide" if asarray(made).ndim else "scalar divide")
        return made
    return reduced("mean", a, axis, dtype, out, keepdims, 0, None, where)


def var(a, axis=None, dtype=None, out=None, ddof=0, keepdims=False, *, where=True, mean=None, correction=None):
    ddof = ddof if correction is None else correction
    _empty_warning(a, axis, "var", ddof)
    return reduced("var", a, axis, dtype, out, keepdims, ddof, None, where)


def std(a, axis=None, dtype=None, out=None, ddof=0, keepdims=False, *, where=True, mean=None, correction=None):
    ddof = ddof if correction is None else correction
    _empty_warning(a, axis, "std", ddof)
    return reduced("std", a, axis, dtype, out, keepdims, ddof, None, where)


def ptp(a, axis=None, out=None, keepdims=False):
    return max(a, axis, out, keepdims) - min(a, axis, None, keepdims)


def count_nonzero(a, axis=None, *, keepdims=False):
    n = sum(asarray(a).astype(bool), axis=axis, keepdims=keepdims)
    return n


def _extreme(a, axis, out, keepdims, largest):
    a = asarray(a)
    try:
        if axis is None:
            made = scalar(1, _engine.arg_all(a._h, largest))
            if keepdims:
                made = asarray(made).reshape((1,) * a.ndim)
        else:
            axis = normalize_axis(axis, a.ndim)
            made = result(_engine.arg(a._h, axis, largest), "argmax")
            if keepdims:
                made = asarray(made).reshape(a.shape[:axis] + (1,) + a.shape[axis + 1 :])
    except JsException as error:
        raise translated(error) from None
    if out is not None:
        out[...] = made
        return out
    return made


def argmax(a, axis=None, out=None, *, keepdims=False):
    return _extreme(a, axis, out, keepdims, True)


def argmin(a, axis=None, out=None, *, keepdims=False):
    return _extreme(a, axis, out, keepdims, False)


def _running(name, a, axis, dtype, out):
    a = asarray(a)
    if dtype is not None:
        a = a.astype(dtype, copy=False)
    if axis is None:
        a, axis = a.ravel(), 0
    made = wrap(_engine.accumulate(REDUCE[name], a._h, normalize_axis(axis, a.ndim)))
    if out is not None:
        out[...] = made
        return out
    return made


def cumsum(a, axis=None, dtype=None, out=None):
    return _running("add", a, axis, dtype, out)


def cumprod(a, axis=None, dtype=None, out=None):
    return _running("multiply", a, axis, dtype, out)


def _without_nan(a, fill):
    from ._select import where
    from ._ufunc import isnan

    a = asarray(a)
    return a if a.dtype.kind != "f" else where(isnan(a), asarray(fill, dtype=a.dtype), a)


def nansum(a, axis=None, dtype=None, out=None, keepdims=False):
    return sum(_without_nan(a, 0.0), axis, dtype, out, keepdims)


def nanprod(a, axis=None, dtype=None, out=None, keepdims=False):
    return prod(_without_nan(a, 1.0), axis, dtype, out, keepdims)


def nanmax(a, axis=None, out=None, keepdims=False):
    return max(_without_nan(a, float("-inf")), axis, out, keepdims)


def nanmin(a, axis=None, out=None, keepdims=False):
    return min(_without_nan(a, float("inf")), axis, out, keepdims)


def nanargmax(a, axis=None):
    return argmax(_without_nan(a, float("-inf")), axis)


def nanargmin(a, axis=None):
    return argmin(_without_nan(a, float("inf")), axis)


def nanmean(a, axis=None, dtype=None, out=None, keepdims=False):
    from ._ufunc import isnan

    a = asarray(a)
    count = sum(~isnan(a), axis, keepdims=keepdims)
    return sum(_without_nan(a, 0.0), axis, dtype, out, keepdims) / count


def nanvar(a, axis=None, dtype=None, out=None, ddof=0, keepdims=False):
    from ._ufunc import isnan

    a = asarray(a)
    gap = _without_nan(a - nanmean(a, axis, keepdims=True), 0.0)
    return sum(gap * gap, axis, dtype, out, keepdims) / (sum(~isnan(a), axis, keepdims=keepdims) - ddof)


def nanstd(a, axis=None, dtype=None, out=None, ddof=0, keepdims=False):
    return nanvar(a, axis, dtype, out, ddof, keepdims) ** 0.5


def average(a, axis=None, weights=None, returned=False, *, keepdims=False):
    a = asarray(a)
    if weights is None:
        made = mean(a, axis, keepdims=keepdims)
        return (made, made * 0 + a.size / asarray(made).size) if returned else made
    weights = asarray(weights)
    if weights.shape != a.shape:
        if axis is None:
            raise TypeError("Axis must be specified when shapes of a and weights differ.")
        axes = [normalize_axis(x, a.ndim) for x in (axis if isinstance(axis, tuple) else (axis,))]
        if weights.shape != tuple(a.shape[x] for x in axes):
            raise ValueError("Shape of weights must be consistent with shape of a along specified axis.")
        order = [axes.index(x) for x in sorted(axes)]
        shape = [n if x in axes else 1 for x, n in enumerate(a.shape)]
        weights = weights.transpose(order).reshape(shape) + a * 0.0
    total = sum(weights, axis, keepdims=keepdims)
    made = sum(a * weights, axis, keepdims=keepdims) / total
    return (made, total) if returned else made


def quantile(a, q, axis=None, out=None, overwrite_input=False, method="linear", keepdims=False):
    """Values below which a fraction `q` of the elements lies, between neighbours linearly."""
    if method != "linear":
        raise NotImplementedError(f"quantile here has the method 'linear', not {method!r}")
    from ._order import sort
    from ._select import where as choose
    from ._shape import expand_dims, stack

    if overwrite_input and isinstance(a, ndarray):
        if axis is None:
            a.flat = sort(a, None)
        elif not isinstance(axis, tuple):
            a.sort(axis)
    a, q = asarray(a) * 1.0, asarray(q)
    ndim = a.ndim
    if isinstance(axis, tuple):
        axes = [normalize_axis(x, ndim) for x in axis]
        rest = [x for x in range(ndim) if x not in axes]
        shape = [a.shape[x] for x in rest]
        made = asarray(quantile(a.transpose([*rest, *axes]).reshape([*shape, -1]), q, -1))
        if keepdims:
            made = made.reshape(q.shape + tuple(1 if x in axes else n for x, n in enumerate(a.shape)))
        return _given_out(made[()], out)
    whole = axis is None
    flat = a.ravel() if whole else a
    axis = 0 if whole else normalize_axis(axis, ndim)
    ordered = sort(flat, axis).swapaxes(0, axis)
    n = len(ordered)
    # NaN sorts last; where there is one, it is the answer.
    spoiled = ordered[-1] != ordered[-1] if n else False
    spoils = n and asarray(spoiled).any()
    rows = []
    for each in q.ravel().tolist():
        if not 0 <= each <= 1:
            raise ValueError("Quantiles must be in the range [0, 1]")
        place = each * (n - 1)
        below = int(place)
        above = below + 1 if below + 1 < n else below
        part = place - below
        low, high = ordered[below], ordered[above]
        gap = high - low
        row = low + gap * part if part < 0.5 else high - gap * (1 - part)
        if spoils:
            row = choose(spoiled, ordered[-1], row)
        row = asarray(row)
        if not whole and row.ndim:
            row = expand_dims(row, 0).swapaxes(0, axis)
            row = row if keepdims else row.reshape(tuple(m for i, m in enumerate(row.shape) if i != axis))
        elif keepdims:
            row = row.reshape((1,) * ndim)
        rows.append(row)
    return _given_out(rows[0][()] if q.ndim == 0 else stack(rows).reshape(q.shape + rows[0].shape), out)


def _given_out(made, out):
    if out is None:
        return made
    out[...] = made
    return out


def percentile(a, q, axis=None, out=None, overwrite_input=False, method="linear", keepdims=False):
    if not ((asarray(q) >= 0) & (asarray(q) <= 100)).all():
        raise ValueError("Percentiles must be in the range [0, 100]")
    return quantile(a, asarray(q) / 100, axis, out, overwrite_input, method, keepdims)


def median(a, axis=None, out=None, overwrite_input=False, keepdims=False):
    return quantile(a, 0.5, axis, out, overwrite_input, keepdims=keepdims)


def nanquantile(a, q, axis=None, out=None, overwrite_input=False, method="linear", keepdims=False):
    """Quantiles of what is not NaN."""
    from ._iterate import apply_along_axis
    from ._shape import moveaxis

    a, q = asarray(a) * 1.0, asarray(q)

    def of(row):
        row = row[row == row]
        return quantile(row, q, method=method) if row.size else q * float("nan")

    if axis is None:
        made = asarray(of(a.ravel()))
        if keepdims:
            made = made.reshape(q.shape + (1,) * a.ndim)
        return _given_out(made[()], out)
    if isinstance(axis, tuple):
        axes = [normalize_axis(x, a.ndim) for x in axis]
        rest = [x for x in range(a.ndim) if x not in axes]
        flat = a.transpose([*rest, *axes]).reshape([*(a.shape[x] for x in rest), -1])
        made = asarray(nanquantile(flat, q, -1, method=method))
        if keepdims:
            made = made.reshape(q.shape + tuple(1 if x in axes else n for x, n in enumerate(a.shape)))
        return _given_out(made[()], out)
    axis = normalize_axis(axis, a.ndim)
    made = asarray(apply_along_axis(of, axis, a))
    if keepdims and not q.ndim:
        made = made.reshape(a.shape[:axis] + (1,) + a.shape[axis + 1 :])
    elif q.ndim:
        made = moveaxis(made, axis, 0)
        if keepdims:
            made = made.reshape(q.shape + a.shape[:axis] + (1,) + a.shape[axis + 1 :])
    return _given_out(made[()], out)


def nanpercentile(a, q, axis=None, out=None, overwrite_input=False, method="linear", keepdims=False):
    return nanquantile(a, asarray(q) / 100, axis, out, overwrite_input, method, keepdims)


def nanmedian(a, axis=None, out=None, overwrite_input=False, keepdims=False):
    return nanquantile(a, 0.5, axis, out, overwrite_input, keepdims=keepdims)


def nancumsum(a, axis=None, dtype=None, out=None):
    return cumsum(_without_nan(a, 0.0), axis, dtype, out)


def nancumprod(a, axis=None, dtype=None, out=None):
    return cumprod(_without_nan(a, 1.0), axis, dtype, out)


for _name in ("sum", "prod", "max", "min", "any", "all", "mean", "var", "std", "argmax", "argmin", "cumsum", "cumprod"):
    setattr(ndarray, _name, globals()[_name])
