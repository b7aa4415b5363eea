"""a[key] and a[key] = value: how a Python key reaches the engine."""

import operator

from pyodide.ffi import JsException

from . import _engine
from ._array import KIND, LARGE, ndarray, new_scalar, not_a_number, plain, result, view, wrap
from ._bridge import translated
from ._scalars import bool_, float64, int64, scalar

_GET = (None, _engine.get1, _engine.get2, _engine.get3, _engine.get4)
_SET = (None, _engine.set1, _engine.set2, _engine.set3, _engine.set4)
_get1, _get2, _set1, _set2 = _engine.get1, _engine.get2, _engine.set1, _engine.set2
_row, _slice, _get_item, _set_item = _engine.row, _engine.slice, _engine.get_item, _engine.set_item

_FLOATS = (float, float64)
_PADDING = [(0,) * (4 * (4 - n)) for n in range(5)]
_ONLY_INTEGERS = (
    "only integers, slices (`:`), ellipsis (`...`), numpy.newaxis (`None`) and integer or boolean arrays are valid indices"
)


def _bound(value):
    if type(value) is int:
        return value
    try:
        return operator.index(value)
    except TypeError:
        raise TypeError("slice indices must be integers or None or have an __index__ method") from None


def slice_entry(key):
    """A slice as the engine takes it: tag, start, stop, step."""
    start, stop, step = key.start, key.stop, key.step
    tag = 1
    if start is None:
        start = 0
    else:
        tag, start = tag | 8, _bound(start)
    if stop is None:
        stop = 0
    else:
        tag, stop = tag | 16, _bound(stop)
    return tag, start, stop, 1 if step is None else _bound(step)


def _entry(item, kept):
    """One entry of a key; arrays that must live until the call are put into `kept`."""
    kind = type(item)
    if kind is int or kind is int64:
        return 0, item, 0, 0
    if kind is slice:
        return slice_entry(item)
    if item is None:
        return 2, 0, 0, 0
    if item is Ellipsis:
        return 3, 0, 0, 0
    if kind in (bool, bool_):
        h = wrap(new_scalar(bool(item), 0))
        kept.append(h)
        return 4, h._h, 0, 0
    if kind is not ndarray:
        if isinstance(item, (list, tuple, range)):
            from ._convert import asarray

            item = asarray(item, dtype=int) if len(item) == 0 else asarray(item)
            if item._h & 3 > 1:
                raise IndexError(_ONLY_INTEGERS)
        elif hasattr(item, "__index__"):
            return 0, operator.index(item), 0, 0
        else:
            raise IndexError(_ONLY_INTEGERS)
    if item._h & 3 > 1:
        raise IndexError("arrays used as indices must be of integer (or boolean) type")
    kept.append(item)
    return 4, item._h, 0, 0


def entries(key, kept):
    """The last four entries of a key, flat and counted; those before them go ahead."""
    parts = [_entry(item, kept) for item in (key if type(key) is tuple else (key,))]
    if len(parts) > 4:
        _engine.key_clear()
        for part in parts[:-4]:
            _engine.key(*part)
        parts = parts[-4:]
    n = len(parts)
    flat = [value for part in parts for value in part]
    return n, *flat, *_PADDING[n]


def _all_ints(key):
    for item in key:
        if type(item) is not int and type(item) is not int64:
            return False
    return True


# The low bits of a handle of a float64 matrix, whose elements loops read one by one.
_MATRIX, _LOW = 2 << 2 | 3, 127
_new_float = float.__new__


def get_item(self, key):
    h = self._h
    ndim = h >> 2 & 31
    kind = type(key)
    try:
        if kind is tuple and h & _LOW == _MATRIX and len(key) == 2:
            i, j = key
            if type(i) is int and type(j) is int:
                value = _get2(h, i, j)
                return _new_float(float64, value if value == value else not_a_number())
        if kind is int or kind is int64:
            if ndim == 1:
                value = _get1(h, key)
                if h & 3 == 1 and not (type(value) is int and -LARGE < value < LARGE):
                    return get_item(self, (key, Ellipsis))[()]
                return scalar(h & 3, value if value == value else not_a_number())
            if ndim == 0:
                raise IndexError("too many indices for array: array is 0-dimensional, but 1 were indexed")
            return view(self, _row(h, key))
        if kind is tuple:
            n = len(key)
            if n == ndim and 0 < n < 5 and _all_ints(key):
                value = _GET[n](h, *key)
                if h & 3 == 1 and not (type(value) is int and -LARGE < value < LARGE):
                    return get_item(self, (*key, Ellipsis))[()]
                return scalar(h & 3, value if value == value else not_a_number())
            if n == 0 and ndim == 0:
                return scalar(h & 3, plain(h))
        elif kind is slice and ndim:
            return view(self, _slice(h, *slice_entry(key)))
        if kind is tuple and len(key) == 2:
            i, j = key
            # Numbers that are left out count as 0.
            if type(i) is ndarray and type(j) is ndarray and i._h & 3 == 1 and j._h & 3 == 1:
                made = _get_item(h, 2, 4, i._h, 0, 0, 4, j._h)
                return wrap(made) if made & 124 else result(made, "index")
        kept = []
        made = _get_item(h, *entries(key, kept))
        if kept:
            return wrap(made) if made & 124 or Ellipsis in _identity(key) else result(made, "index")
        if not made & 124 and kind is tuple and Ellipsis not in _identity(key):
            return result(made, "index")
        return view(self, made)
    except JsException as error:
        raise translated(error) from None


def _identity(key):
    """The parts of a key that compare by identity, so that arrays in it are not compared."""
    return [item for item in (key if type(key) is tuple else (key,)) if item is Ellipsis]


def set_item(self, key, value):
    h = self._h
    ndim = h >> 2 & 31
    kind = type(key)
    try:
        if kind is tuple and h & _LOW == _MATRIX and len(key) == 2 and type(value) in _FLOATS:
            i, j = key
            if type(i) is int and type(j) is int:
                return _set2(h, value, i, j)
        number = KIND.get(type(value))
        if number is not None:
            if h & 3 == 1:
                value = _as_int(value)
            elif type(value) is bool_:
                value = value._value
            if not (isinstance(value, int) and not -LARGE < value < LARGE):
                if kind is int or kind is int64:
                    if ndim == 1:
                        return _set1(h, value, key)
                elif kind is tuple and len(key) == ndim and 0 < ndim < 5 and _all_ints(key):
                    return _SET[ndim](h, value, *key)
                kept = []
                return _engine.set_number(h, value, number, *entries(key, kept))
            value = wrap(new_scalar(value, 1))
        elif type(value) is not ndarray:
            from ._convert import asarray

            value = asarray(value)
        if kind is tuple and len(key) == 2:
            i, j = key
            if type(i) is ndarray and type(j) is ndarray and i._h & 3 == 1 and j._h & 3 == 1:
                return _set_item(h, value._h, 2, 4, i._h, 0, 0, 4, j._h)
        kept = []
        _set_item(h, value._h, *entries(key, kept))
    except JsException as error:
        raise translated(error) from None


def _as_int(value):
    if isinstance(value, float):
        if value != value:
            raise ValueError("cannot convert float NaN to integer")
        if value - value != 0:
            raise OverflowError("cannot convert float infinity to integer")
    return int(value)


def update_at(code, a, key, value):
    """`ufunc.at(a, key, value)`: repeated places count each time."""
    from ._convert import asarray

    kept = []
    value = asarray(value)
    try:
        _engine.update_at(code, a._h, value._h, *entries(key, kept))
    except JsException as error:
        raise translated(error) from None


ndarray.__getitem__, ndarray.__setitem__ = get_item, set_item
