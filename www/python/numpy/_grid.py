"""Grids of coordinates: meshgrid, indices, mgrid, ogrid, ix_, padding."""

from ._convert import asarray
from ._create import arange, linspace, zeros
from ._shape import broadcast_to, concatenate, stack


def meshgrid(*xi, copy=True, sparse=False, indexing="xy"):
    if indexing not in ("xy", "ij"):
        raise ValueError("Valid values for `indexing` are 'xy' and 'ij'.")
    vectors = [asarray(x).ravel() for x in xi]
    n = len(vectors)
    spots = list(range(n))
    if indexing == "xy" and n > 1:
        spots[0], spots[1] = 1, 0
    grids = [v.reshape((1,) * spot + (-1,) + (1,) * (n - spot - 1)) for v, spot in zip(vectors, spots)]
    if sparse:
        return tuple(grids)
    shape = [0] * n
    for v, spot in zip(vectors, spots):
        shape[spot] = v.size
    full = [broadcast_to(g, shape) for g in grids]
    return tuple(g.copy() if copy else g for g in full)


def indices(dimensions, dtype=int, sparse=False):
    dimensions = tuple(dimensions)
    grids = [
        arange(n, dtype=dtype).reshape((1,) * x + (-1,) + (1,) * (len(dimensions) - x - 1))
        for x, n in enumerate(dimensions)
    ]
    if sparse:
        return tuple(grids)
    if not grids:
        return zeros((0,), dtype)
    return stack([broadcast_to(g, dimensions) for g in grids])


def _axis_of(key):
    start = 0 if key.start is None else key.start
    if isinstance(key.step, complex):
        return linspace(start, key.stop, int(abs(key.step)))
    return arange(start, key.stop, 1 if key.step is None else key.step)


class _Grid:
    def __init__(self, sparse):
        self._sparse = sparse

    def __getitem__(self, key):
        if isinstance(key, slice):
            return _axis_of(key)
        grids = meshgrid(*map(_axis_of, key), sparse=self._sparse, indexing="ij")
        return grids if self._sparse else stack(grids)


mgrid, ogrid = _Grid(False), _Grid(True)


def ix_(*args):
    made = []
    for x, values in enumerate(args):
        values = asarray(values, dtype=int) if not len(values) else asarray(values)
        if values.ndim != 1:
            raise ValueError("Cross index must be 1 dimensional")
        if values.dtype.kind == "b":
            (values,) = values.nonzero()
        made.append(values.reshape((1,) * x + (-1,) + (1,) * (len(args) - x - 1)))
    return tuple(made)


class _Joiner:
    """np.r_ and np.c_."""

    def __init__(self, columns):
        self._columns = columns

    def __getitem__(self, key):
        parts = [_axis_of(k) if isinstance(k, slice) else asarray(k) for k in (key if isinstance(key, tuple) else (key,))]
        if not self._columns:
            return concatenate([p if p.ndim else p.reshape(1) for p in parts])
        return concatenate([p.reshape(-1, 1) if p.ndim < 2 else p for p in parts], -1)


r_, c_ = _Joiner(False), _Joiner(True)


class _Key:
    """np.s_ and np.index_exp: a key as an object."""

    def __init__(self, as_tuple):
        self._as_tuple = as_tuple

    def __getitem__(self, key):
        return (key,) if self._as_tuple and not isinstance(key, tuple) else key


s_, index_exp = _Key(False), _Key(True)


def _widths(pad_width, ndim):
    """Pairs of (before, after), one an axis."""
    if isinstance(pad_width, dict):
        pairs = [(0, 0)] * ndim
        for axis, width in pad_width.items():
            pairs[axis] = (width, width) if isinstance(width, int) else tuple(width)
        return pairs
    w = asarray(pad_width)
    if w.dtype.kind != "i":
        raise TypeError("`pad_width` must be of integral type.")
    if w.ndim == 1 and w.size == 2 or w.shape == (1, 2):
        w = broadcast_to(w.reshape(1, 2), (ndim, 2))
    elif w.ndim == 2 and w.shape[1] == 1:
        w = broadcast_to(w, (ndim, 2))
    else:
        try:
            w = broadcast_to(w, (ndim, 2))
        except ValueError:
            raise ValueError(
                f"operands could not be broadcast together with remapped shapes [original->remapped]: "
                f"{str(w.shape).replace(' ', '')}  and requested shape ({ndim},2)"
            ) from None
    if (w < 0).any():
        raise ValueError("index can't contain negative values")
    return [tuple(pair) for pair in w.tolist()]


def pad(array, pad_width, mode="constant", *, constant_values=0, stat_length=None, end_values=0, reflect_type="even",
        **kwargs):  # fmt: skip
    """The array with borders around it."""
    a = asarray(array)
    pairs = _widths(pad_width, a.ndim)
    if callable(mode):
        from ._iterate import ndindex

        made = pad(a, pairs)
        for x, pair in enumerate(pairs):
            lanes = made.swapaxes(x, -1)
            for key in ndindex(lanes.shape[:-1]):
                lane = lanes[key].copy()
                changed = mode(lane, pair, x, kwargs)
                lanes[key] = lane if changed is None else changed
        return made
    if kwargs:
        raise ValueError(f"unsupported keyword arguments for mode '{mode}': {set(kwargs)}")
    if mode in ("constant", "empty"):
        made = zeros([n + before + after for n, (before, after) in zip(a.shape, pairs)], a.dtype)
        values = broadcast_to(asarray(constant_values), (a.ndim, 2)).tolist() if a.ndim else []
        if mode == "constant" and not (type(constant_values) is int and constant_values == 0):
            for x, (before, after) in enumerate(pairs):
                lead = (slice(None),) * x
                made[(*lead, slice(None, before))] = values[x][0]
                made[(*lead, slice(made.shape[x] - after, None))] = values[x][1]
        made[tuple(slice(before, before + n) for n, (before, _) in zip(a.shape, pairs))] = a
        return made
    if mode in ("linear_ramp", "maximum", "minimum", "mean", "median"):
        return _pad_by_values(a, pairs, mode, end_values, stat_length)
    if mode not in ("edge", "reflect", "symmetric", "wrap"):
        raise ValueError(f"mode '{mode}' is not supported")
    if reflect_type == "odd" and mode in ("reflect", "symmetric"):
        for x, (before, after) in enumerate(pairs):
            a = _pad_odd(a, x, before, after, mode == "symmetric")
        return a
    for x, (before, after) in enumerate(pairs):
        if before or after:
            a = a[(*(slice(None),) * x, asarray(_sources(a.shape[x], before, after, mode), dtype=int))]
    return a if a is not array else a.copy()


def _pad_by_values(a, pairs, mode, end_values, stat_length):
    """Borders that a rule fills: a ramp to an end, or what an edge's values have in common."""
    from . import _reduce
    from ._compare import round

    ends = broadcast_to(asarray(end_values), (a.ndim, 2)).tolist()
    lengths = [(None, None)] * a.ndim if stat_length is None else _widths(stat_length, a.ndim)
    rule = {"maximum": "max", "minimum": "min"}.get(mode, mode)
    for x, (before, after) in enumerate(pairs):
        lead, n, parts = (slice(None),) * x, a.shape[x], [a]
        for side, width in ((0, before), (1, after)):
            if not width:
                continue
            if mode == "linear_ramp":
                edge = a[(*lead, slice(0, 1) if side == 0 else slice(-1, None))]
                ramp = linspace(ends[x][side], edge, width, endpoint=False, axis=x).reshape(
                    a.shape[:x] + (width,) + a.shape[x + 1 :]
                )
                ramp = ramp if side == 0 else ramp[(*lead, slice(None, None, -1))]
            else:
                length = lengths[x][side]
                near = slice(None) if length is None else slice(0, length) if side == 0 else slice(max(n - length, 0), None)
                value = asarray(getattr(_reduce, rule)(a[(*lead, near)], axis=x, keepdims=True))
                if a.dtype.kind == "i":
                    value = round(value)
                ramp = broadcast_to(value, a.shape[:x] + (width,) + a.shape[x + 1 :])
            parts.insert(0 if side == 0 else len(parts), ramp.astype(a.dtype))
        a = concatenate(parts, x)
    return a


def _pad_odd(a, x, before, after, edge):
    """Mirrored at the edge's value too: twice that value less the mirrored one."""
    lead = (slice(None),) * x
    while before or after:
        n = a.shape[x]
        most = n if edge else n - 1
        if most == 0:
            raise ValueError("odd reflection needs two elements along the axis")
        left, right, parts = min(before, most), min(after, most), [a]
        skip = 0 if edge else 1
        if left:
            mirrored = a[(*lead, slice(skip, skip + left))][(*lead, slice(None, None, -1))]
            parts.insert(0, 2 * a[(*lead, slice(0, 1))] - mirrored)
        if right:
            mirrored = a[(*lead, slice(n - skip - right, n - skip))][(*lead, slice(None, None, -1))]
            parts.append(2 * a[(*lead, slice(-1, None))] - mirrored)
        a = concatenate(parts, x)
        before, after = before - left, after - right
    return a


def _sources(n, before, after, mode):
    """Which element each place of a padded axis repeats."""
    if n == 0:
        raise ValueError("can't extend empty axis 0 using modes other than 'constant' or 'empty'")
    places = range(-before, n + after)
    if mode == "edge":
        return [min(max(i, 0), n - 1) for i in places]
    if mode == "wrap":
        return [i % n for i in places]
    if mode == "symmetric":
        return [i % (2 * n) if i % (2 * n) < n else 2 * n - 1 - i % (2 * n) for i in places]
    if n == 1:
        return [0 for _ in places]
    period = 2 * n - 2
    return [i % period if i % period < n else period - i % period for i in places]
