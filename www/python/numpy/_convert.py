"""What Python hands over becomes an array, and back."""

from array import array as _buffer

from . import _bridge, _engine
from ._array import ndarray, new_scalar, plain, view, wrap
from ._dtypes import DTYPES, as_dtype, promote, refusal
from ._bridge import give
from ._scalars import bool_, float32, float64, int64

_CODES = {bool: 0, bool_: 0, int: 1, int64: 1, float32: 2, float: 3, float64: 3}
_FORMATS = "bqfd"


def _ragged(shape):
    raise ValueError(
        "setting an array element with a sequence. The requested array has an inhomogeneous shape after "
        f"{len(shape)} dimensions. The detected shape was {tuple(shape)} + inhomogeneous part."
    )


def _flatten(sequence):
    """The shape of nested sequences, and their elements one after another."""
    level, shape, widest = sequence, [len(sequence)], None
    while True:
        if not level:
            return shape, level, widest
        kinds = set(map(type, level))
        if kinds <= _CODES.keys():
            return shape, level, widest
        if ndarray in kinds or any(hasattr(kind, "__array__") and kind not in _CODES for kind in kinds):
            arrays = [x if type(x) is ndarray else asarray(x) for x in level if hasattr(x, "__array__")]
            for x in arrays:
                widest = x._h & 3 if widest is None else promote(widest, x._h & 3)
            level = [asarray(x).tolist() if hasattr(x, "__array__") else x for x in level]
            kinds = set(map(type, level))
            if kinds <= _CODES.keys():
                return shape, level, widest
        nested = [isinstance(x, (list, tuple, range)) for x in level]
        if not all(nested):
            if any(nested):
                _ragged(shape)
            _refuse(next(x for x in level if type(x) not in _CODES))
        size = len(level[0])
        if any(len(x) != size for x in level):
            _ragged(shape)
        shape.append(size)
        level = [y for x in level for y in x]


def _refuse(value):
    if isinstance(value, str):
        raise refusal("str")
    if isinstance(value, complex):
        raise refusal("complex")
    if value is None or isinstance(value, (dict, set)) or callable(value):
        raise refusal("object")
    if isinstance(value, (int, float)):
        return
    raise refusal("object")


def from_sequence(sequence, code=None):
    shape, flat, widest = _flatten(sequence)
    if code is None:
        found = {_CODES[kind] for kind in set(map(type, flat))}
        code = widest
        for each in found:
            # A Python number beside arrays widens them only by its kind.
            code = each if code is None else promote(code, each)
        if code is None:
            code = 3
    if code == 1 and any(isinstance(x, float) for x in flat):
        flat = [_truncated(x) for x in flat]
    n = len(flat)
    if 0 < n <= 12 and code != 1:
        give([float(x) for x in flat])
        handle = _engine.vector(code)
        if len(shape) == 1:
            return wrap(handle)
        flat_array = wrap(handle)
        give(shape)
        return wrap(_engine.reshape(flat_array._h))
    if code == 0:
        data = bytes(map(bool, flat))
    else:
        try:
            data = _buffer(_FORMATS[code], flat)
        except OverflowError:
            raise OverflowError("Python int too large to convert to C long") from None
        except TypeError:
            data = _buffer(_FORMATS[code], map(int if code == 1 else float, flat))
    return wrap(_bridge.from_bytes(code, shape, data))


def _truncated(x):
    if isinstance(x, float) and x - x != 0:
        raise ValueError("cannot convert float NaN to integer") if x != x else OverflowError(
            "cannot convert float infinity to integer"
        )
    return int(x)


def asarray(a, dtype=None, order=None, *, copy=None):
    """`a` itself when it is an array of that dtype, else an array of it."""
    if type(a) is ndarray and dtype is None and not copy and order is None:
        return a
    return array(a, dtype, copy=bool(copy), order=order or "K")


def array(object, dtype=None, *, copy=True, order="K", subok=False, ndmin=0, ndmax=0, like=None):
    """An array of a number, nested sequences or another array."""
    if order == "F":
        return _fortran(array(object, dtype, copy=copy, ndmin=ndmin, ndmax=ndmax))
    code = None if dtype is None else as_dtype(dtype).code
    if type(object) is ndarray:
        own = object._h & 3
        if not copy and (code is None or code == own):
            made = object
        else:
            made = wrap(_cast(object._h, own if code is None else code, True))
    elif type(object) in _CODES:
        if code is None or code == _CODES[type(object)]:
            made = wrap(new_scalar(object))
        else:
            first = wrap(new_scalar(_truncated(object) if code == 1 else object))
            made = wrap(_cast(first._h, code, True))
    elif isinstance(object, (list, tuple, range)):
        made = from_sequence(object, code)
    elif hasattr(object, "__array__"):
        made = object.__array__()
        if type(made) is ndarray and (code is not None and made._h & 3 != code or copy):
            made = array(made, dtype)
    elif isinstance(object, (bytes, bytearray)):
        raise refusal("bytes")
    elif isinstance(object, (memoryview, _buffer)):
        made = _from_memory(memoryview(object), code)
    elif hasattr(object, "__len__") and hasattr(object, "__getitem__") and not isinstance(object, (str, dict)):
        made = from_sequence(list(object), code)
    elif isinstance(object, (int, float)):
        made = wrap(new_scalar(int(object) if isinstance(object, int) else float(object)))
    else:
        _refuse(object)
    if ndmin > made.ndim:
        made = made.reshape((1,) * (ndmin - made.ndim) + made.shape)
    return made


def lies_turned(a):
    """Whether the first axis is the quickest in memory."""
    turned = a.T
    return _engine.is_contiguous(turned._h)


def _fortran(a):
    """The array with its first axis the quickest in memory."""
    if a.ndim < 2 or lies_turned(a):
        return a
    made = a.T.copy().T
    del made._owner
    return made


def _cast(handle, code, copy):
    made = _engine.cast(handle, code, copy)
    return -made if made < 0 else made


def _from_memory(memory, code):
    found = {"?": 0, "q": 1, "l": 1, "f": 2, "d": 3}.get(memory.format)
    if found is None:
        return from_sequence(memory.tolist(), code)
    made = wrap(_bridge.from_bytes(found, memory.shape, memory.tobytes()))
    return made if code is None else made.astype(DTYPES[code])


def asanyarray(a, dtype=None, order=None):
    return asarray(a, dtype)


def ascontiguousarray(a, dtype=None):
    a = asarray(a, dtype)
    if a.ndim == 0:
        a = a.reshape(1)
    return a if _engine.is_contiguous(a._h) else a.copy()


def asfortranarray(a, dtype=None):
    return _fortran(asarray(a, dtype))


def _nest(flat, shape):
    """A flat list as nested lists."""
    if len(shape) == 1:
        return flat
    if len(shape) == 0:
        return flat[0]
    for n in reversed(shape[1:]):
        flat = [flat[i : i + n] for i in range(0, len(flat), n)] if n else [[] for _ in range(shape[0])]
    return flat


def tolist(self):
    """Python's own numbers, nested."""
    h = self._h
    if not h & 124:
        return plain(h)
    shape = self.shape
    if 0 in shape:
        return _empty_nest(shape)
    data = memoryview(_bridge.to_bytes(h)).cast("?qfd"[h & 3])
    return _nest(data.tolist(), shape)


def _empty_nest(shape):
    if len(shape) == 1:
        return []
    return [_empty_nest(shape[1:]) for _ in range(shape[0])]


def astype(self, dtype, order="K", casting="unsafe", subok=True, copy=True):
    target = as_dtype(dtype)
    if casting == "same_value":
        return _same_value(self, target)
    if casting != "unsafe":
        from ._dtypes import can_cast

        if not can_cast(self.dtype, target, casting):
            raise TypeError(
                f"Cannot cast array data from {self.dtype!r} to {target!r} according to the rule '{casting}'"
            )
    if not copy and target.code == self._h & 3:
        return self
    made = wrap(_cast(self._h, target.code, True))
    if target.code == 1 and self._h & 3 > 1:
        from ._ufunc import isfinite

        if not isfinite(self).all():
            _bridge.complain(4, "cast")
    return made


_C_NAMES = {"bool": "bool", "int64": "long", "float32": "float", "float64": "double"}


def _same_value(a, target):
    """A cast that may lose nothing."""
    made = wrap(_cast(a._h, target.code, True))
    back = wrap(_cast(made._h, a._h & 3, True))
    if not ((back == a) | (a != a) & (back != back)).all():
        raise ValueError(f"could not cast 'same_value' {_C_NAMES[a.dtype.name]} to {_C_NAMES[target.name]}")
    return made


def tobytes(self, order="C"):
    turned = self.T if order == "F" or order == "A" and self.ndim > 1 and lies_turned(self) else self
    return _bridge.to_bytes(turned._h)


def copy(self, order="C"):
    if order == "F" or order in "KA" and self._h & 124 and not _engine.is_contiguous(self._h):
        turned = wrap(_engine.transpose(self._h))
        if order == "F" or _engine.is_contiguous(turned._h):
            made = wrap(_engine.copy(turned._h))
            return wrap(_engine.transpose(made._h))
    return wrap(_engine.copy(self._h))


def as_view(self, dtype=None, type=None):
    """Another array over the same memory."""
    if dtype is not None and as_dtype(dtype).code != self._h & 3:
        raise NotImplementedError("numpy here cannot view memory under another dtype; astype converts")
    return view(self, _engine.view(self._h))


ndarray.tolist, ndarray.astype, ndarray.tobytes = tolist, astype, tobytes
ndarray.copy, ndarray.view = copy, as_view
