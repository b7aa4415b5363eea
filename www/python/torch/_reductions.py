"""Sums, means, extremes and their kin; sorting, counting and accumulating."""

import builtins

import numpy as np

from danlu.tape import index, reduce, shape

from ._base import axes_of, axis_of, cast, floats, given_out, raw, wrap
from ._dtypes import DTYPES, code_of
from ._methods import METHODS, both, method
from ._results import pair_type
from ._tensor import Tensor

max_, min_ = builtins.max, builtins.min


def _typed(input, dtype):
    return input if dtype is None else cast(input, code_of(dtype))


def _need_floats(name, input):
    if input._a._h & 3 < 2:
        kind = DTYPES[input._a._h & 3]
        legacy = {"torch.int64": "Long", "torch.bool": "Bool"}[repr(kind)]
        raise NotImplementedError(
            f"{name}(): could not infer output dtype. Input dtype must be either a floating point or complex dtype. "
            f"Got: {legacy}"
        )
    return input


@method
def sum(input, dim=None, keepdim=False, *, dtype=None, axis=None, out=None):
    input = _typed(input, dtype)
    if input._a._h & 3 == 0:
        input = cast(input, 1)
    return given_out(reduce.sum(input, axes_of(dim if axis is None else axis, input.ndim), keepdim), out)


@method
def mean(input, dim=None, keepdim=False, *, dtype=None, axis=None):
    input = _need_floats("mean", _typed(input, dtype))
    return reduce.mean(input, axes_of(dim if axis is None else axis, input.ndim), keepdim)


@method
def nansum(input, dim=None, keepdim=False):
    return sum(index.masked_fill(input, wrap(np.isnan(input._a)), 0.0), dim, keepdim)


@method
def nanmean(input, dim=None, keepdim=False):
    known = ~wrap(np.isnan(input._a))
    return nansum(input, dim, keepdim) / sum(known, dim, keepdim)


@method
def prod(input, dim=None, keepdim=False, *, dtype=None):
    input = _typed(input, dtype)
    if input._a._h & 3 == 0:
        input = cast(input, 1)
    return reduce.prod(input, axes_of(dim, input.ndim), keepdim)


def _correction(unbiased, correction):
    if correction is not None:
        return correction
    return 0 if unbiased is False else 1


def _spread(name, function):
    def spread(input, dim=None, unbiased=None, keepdim=False, *, correction=None, axis=None):
        if isinstance(dim, bool):
            dim, unbiased = None, dim
        _need_floats(name, input)
        axes, off = axes_of(dim if axis is None else axis, input.ndim), _correction(unbiased, correction)
        if reduce.count(input._a.shape, axes) <= off:
            import warnings

            warnings.warn(
                f"{name}(): degrees of freedom is <= 0. Correction should be strictly less than the reduction factor (input "
                "numel divided by output numel).",
                UserWarning,
                stacklevel=2,
            )
        return function(input, axes, keepdim, off)

    spread.__name__ = name
    return method(spread)


var, std = _spread("var", reduce.var), _spread("std", reduce.std)


def var_mean(input, dim=None, unbiased=None, keepdim=False, *, correction=None):
    return var(input, dim, unbiased, keepdim, correction=correction), mean(input, dim, keepdim)


def std_mean(input, dim=None, unbiased=None, keepdim=False, *, correction=None):
    return std(input, dim, unbiased, keepdim, correction=correction), mean(input, dim, keepdim)


def _need_some(name, input, dim):
    if dim is None and input._a.size == 0:
        raise RuntimeError(
            f"{name}(): Expected reduction dim to be specified for input.numel() == 0. Specify the reduction dim with "
            "the 'dim' argument."
        )


@method
def amax(input, dim=(), keepdim=False):
    return reduce.amax(input, axes_of(dim, input.ndim), keepdim)


@method
def amin(input, dim=(), keepdim=False):
    return reduce.amin(input, axes_of(dim, input.ndim), keepdim)


@method
def aminmax(input, *, dim=None, keepdim=False):
    return pair_type("aminmax", "min", "max")(amin(input, () if dim is None else dim, keepdim),
                                              amax(input, () if dim is None else dim, keepdim))  # fmt: skip


def _places(input, axis, largest):
    """The index of the extreme along an axis, kept as one of size 1; NaN is the extreme of all."""
    if not input.ndim:
        return np.zeros((), np.int64)
    function = np.argmax if largest else np.argmin
    return np.expand_dims(np.asarray(function(input._a, axis)), axis)


def _picked(name, input, places, axis, keepdim):
    """(values, indices) of the places along an axis."""
    values = index.gather(input, axis, places)
    if values._edge and values is not input:
        values._edge[0].name = name
    indices = wrap(places)
    if not keepdim and input.ndim:
        values, indices = shape.squeeze(values, (axis,)), shape.squeeze(indices, (axis,))
        if values._edge:
            values._edge[0].name = name
    return values, indices


def _extreme(name, largest, whole):
    label = name.capitalize() + "Backward0"
    answer = pair_type(name, "values", "indices")

    def extreme(input, dim=None, keepdim=False, *, axis=None, out=None):
        dim = dim if axis is None else axis
        if dim is None:
            _need_some(name, input, dim)
            made = whole(input, None, False)
            if made._edge:
                made._edge[0].name = name.capitalize() + "Backward1"
            return made
        if isinstance(dim, Tensor):
            from ._pointwise import maximum, minimum

            return (maximum if largest else minimum)(input, dim)
        at = axis_of(dim, input.ndim)
        return answer(*_picked(label, input, _places(input, at, largest), at, keepdim))

    extreme.__name__ = name
    return method(extreme)


max, min = _extreme("max", True, reduce.amax), _extreme("min", False, reduce.amin)


def _argument(name, largest):
    def argument(input, dim=None, keepdim=False):
        if dim is None:
            _need_some(name, input, dim)
            flat = np.argmax(input._a) if largest else np.argmin(input._a)
            made = np.asarray(flat, np.int64)
            return wrap(made.reshape((1,) * input.ndim) if keepdim else made)
        at = axis_of(dim, input.ndim)
        places = _places(input, at, largest)
        return wrap(places if keepdim or not input.ndim else places.squeeze(at))

    argument.__name__ = name
    return method(argument)


argmax, argmin = _argument("argmax", True), _argument("argmin", False)


def _truth(name, function):
    def truth(input, dim=None, keepdim=False):
        axes = axes_of(dim, input.ndim)
        return wrap(np.asarray(function(input._a, axis=axes, keepdims=keepdim)))

    truth.__name__ = name
    return method(truth)


any, all = _truth("any", np.any), _truth("all", np.all)


@method
def count_nonzero(input, dim=None):
    return wrap(np.asarray(np.count_nonzero(input._a, axis=axes_of(dim, input.ndim)), np.int64))


@method
def logsumexp(input, dim, keepdim=False):
    return reduce.logsumexp(floats(input), axes_of(dim, input.ndim), keepdim)


def _accumulated(name, function):
    def accumulate(input, dim, *, dtype=None):
        input = _typed(input, dtype)
        if input._a._h & 3 == 0:
            input = cast(input, 1)
        at = axis_of(dim, input.ndim)
        return function(input, at) if input.ndim else input

    accumulate.__name__ = name
    return both(accumulate)


cumsum, cumprod = _accumulated("cumsum", reduce.cumsum), _accumulated("cumprod", reduce.cumprod)


def _running(name, largest):
    answer = pair_type(name, "values", "indices")

    def running(input, dim):
        at = axis_of(dim, input.ndim)
        rows = np.moveaxis(input._a, at, -1)
        places = np.zeros(rows.shape, np.int64)
        flat, found = rows.reshape(-1, rows.shape[-1]).tolist(), places.reshape(-1, rows.shape[-1])
        for i, row in enumerate(flat):
            best = 0
            for j, value in enumerate(row):
                if value >= row[best] if largest else value <= row[best]:
                    best = j
                found[i, j] = best
        places = np.moveaxis(found.reshape(rows.shape), -1, at)
        return answer(index.gather(input, at, places), wrap(places.copy()))

    running.__name__ = name
    return method(running)


cummax, cummin = _running("cummax", True), _running("cummin", False)


@method
def diff(input, n=1, dim=-1):
    at = axis_of(dim, input.ndim)
    for _ in range(n):
        size = input._a.shape[at]
        input = shape.narrow(input, at, 1, size - 1) - shape.narrow(input, at, 0, size - 1)
    return input


# ── order ──────────────────────────────────────────────────────────────────────────────────────


def _order(input, at, descending):
    a = input._a
    if not descending:
        return np.argsort(a, at, kind="stable")
    # Reversed twice, so that equal elements keep their order.
    n = a.shape[at]
    return n - 1 - np.flip(np.argsort(np.flip(a, at), at, kind="stable"), at)


@method
def sort(input, dim=-1, descending=False, stable=False):
    answer = pair_type("sort", "values", "indices")
    if not input.ndim:
        return answer(input, wrap(np.zeros((), np.int64)))
    at = axis_of(dim, input.ndim)
    places = _order(input, at, descending)
    values = index.gather(input, at, places)
    if values._edge:
        values._edge[0].name = "SortBackward0"
    return answer(values, wrap(places))


@method
def argsort(input, dim=-1, descending=False, stable=False):
    return sort(input, dim, descending)[1]


msort = method(lambda input: sort(input, 0)[0], "msort")


@method
def topk(input, k, dim=-1, largest=True, sorted=True):
    at = axis_of(dim, input.ndim)
    size = input._a.shape[at] if input.ndim else 1
    if not 0 <= k <= size:
        raise RuntimeError("selected index k out of range")
    places = shape.narrow(wrap(_order(input, at, largest)), at, 0, k)._a.copy()
    values = index.gather(input, at, places)
    if values._edge:
        values._edge[0].name = "TopkBackward0"
    return pair_type("topk", "values", "indices")(values, wrap(places))


@method
def kthvalue(input, k, dim=-1, keepdim=False):
    at = axis_of(dim, input.ndim)
    places = shape.narrow(wrap(_order(input, at, False)), at, k - 1, 1)._a.copy()
    return pair_type("kthvalue", "values", "indices")(*_picked("KthvalueBackward0", input, places, at, keepdim))


@method
def median(input, dim=None, keepdim=False):
    """The lower of the two in the middle."""
    if dim is None:
        flat = shape.reshape(input, (input._a.size,))
        return kthvalue(flat, (input._a.size + 1) // 2, 0)[0]
    size = input._a.shape[axis_of(dim, input.ndim)]
    return pair_type("median", "values", "indices")(*kthvalue(input, (size + 1) // 2, dim, keepdim))


@method
def mode(input, dim=-1, keepdim=False):
    at = axis_of(dim, input.ndim)
    rows = np.moveaxis(input._a, at, -1)
    found = []
    for row in rows.reshape(-1, rows.shape[-1]).tolist():
        counts = {}
        for value in row:
            counts[value] = counts.get(value, 0) + 1
        best = max_(counts.values())
        value = min_(v for v, n in counts.items() if n == best)
        found.append(len(row) - 1 - row[::-1].index(value))
    places = np.moveaxis(np.array(found, np.int64).reshape((*rows.shape[:-1], 1)), -1, at)
    return pair_type("mode", "values", "indices")(*_picked("ModeBackward0", input, places, at, keepdim))


@method
def quantile(input, q, dim=None, keepdim=False, *, interpolation="linear"):
    q = raw(q).astype(input._a.dtype)
    return wrap(np.asarray(np.quantile(input._a, q, axis=dim, keepdims=keepdim), input._a.dtype))


@method
def unique(input, sorted=True, return_inverse=False, return_counts=False, dim=None):
    got = np.unique(input._a, return_inverse=return_inverse, return_counts=return_counts, axis=dim)
    if not isinstance(got, tuple):
        return wrap(got)
    return tuple([wrap(part) for part in got])


@method
def unique_consecutive(input, return_inverse=False, return_counts=False, dim=None):
    flat = input._a.ravel().tolist()
    kept, inverse, counts = [], [], []
    for value in flat:
        if not kept or value != kept[-1]:
            kept.append(value)
            counts.append(0)
        counts[-1] += 1
        inverse.append(len(kept) - 1)
    answers = [wrap(np.array(kept, input._a.dtype))]
    if return_inverse:
        answers.append(wrap(np.array(inverse, np.int64).reshape(input._a.shape)))
    if return_counts:
        answers.append(wrap(np.array(counts, np.int64)))
    return answers[0] if len(answers) == 1 else tuple(answers)


@method
def bincount(input, weights=None, minlength=0):
    made = np.bincount(input._a, None if weights is None else weights._a, minlength)
    return wrap(made)


@method
def histc(input, bins=100, min=0, max=0):
    low, high = (float(input._a.min()), float(input._a.max())) if min == max == 0 else (min, max)
    return wrap(np.histogram(input._a, bins, (low, high))[0].astype(input._a.dtype))


def searchsorted(sorted_sequence, values, *, right=False, side=None):
    found = np.searchsorted(sorted_sequence._a, raw(values), "right" if right else side or "left")
    return wrap(np.asarray(found, np.int64))


bucketize = method(lambda input, boundaries, *, right=False: searchsorted(boundaries, input, right=right), "bucketize")


@method
def isin(elements, test_elements):
    return wrap(np.asarray(np.isin(raw(elements), raw(test_elements))))


# ── norms ──────────────────────────────────────────────────────────────────────────────────────


@method
def norm(input, p="fro", dim=None, keepdim=False, dtype=None):
    return vector_norm(_typed(input, dtype), 2 if p in ("fro", None) else p, dim, keepdim)


def vector_norm(x, ord=2, dim=None, keepdim=False, *, dtype=None):
    x = floats(_typed(x, dtype))
    axes = axes_of(dim, x.ndim)
    if ord == float("inf"):
        return reduce.amax(x.abs(), axes, keepdim)
    if ord == float("-inf"):
        return reduce.amin(x.abs(), axes, keepdim)
    if ord == 0:
        return reduce.sum(cast(x != 0, x._a._h & 3), axes, keepdim)
    if ord == 1:
        return reduce.sum(x.abs(), axes, keepdim)
    if ord == 2:
        return _euclid(x, axes, keepdim)
    return (x.abs() ** ord).sum(axes, keepdim) ** (1.0 / ord)


def _norm_rule(node, dy, y, x, axes, keep):
    from danlu.tape import arithmetic as ar

    if not keep:
        kept = reduce.kept_shape(x._a.shape, axes)
        dy, y = shape.reshape(dy, kept), shape.reshape(y, kept)
    # Where the norm is 0 its slope is taken as 0.
    flat = wrap(np.asarray(y._a == 0))
    return ar.mul(x, index.masked_fill(ar.div(dy, index.masked_fill(y, flat, 1.0)), flat, 0.0))


def _euclid(x, axes, keepdim):
    from danlu.tape import record, recording

    with recording(False):
        made = reduce.sum(x * x, axes, keepdim).sqrt()
    return record("LinalgVectorNormBackward0", made._a, (x,), _norm_rule, (x, axes, keepdim), True)


@method
def renorm(input, p, dim, maxnorm):
    axes = tuple([i for i in range(input.ndim) if i != axis_of(dim, input.ndim)])
    norms = vector_norm(input, p, axes, True)
    return input * (maxnorm / (norms + 1e-7)).clamp(max=1.0)


METHODS["argwhere"] = lambda self: wrap(np.argwhere(self._a))
