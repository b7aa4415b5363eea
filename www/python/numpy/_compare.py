"""Whether arrays are equal, close, or share memory; rounding and small helpers."""

from . import _bridge, _engine
from ._array import ndarray
from ._convert import asarray


def isclose(a, b, rtol=1.0e-5, atol=1.0e-8, equal_nan=False):
    from ._ufunc import abs, isfinite, isnan

    a, b = asarray(a), asarray(b)
    before = dict(_bridge.error_state)
    _bridge.error_state["invalid"] = "ignore"
    try:
        near = abs(a - b) <= atol + rtol * abs(b) if a.dtype.kind != "b" or b.dtype.kind != "b" else a == b
    finally:
        _bridge.error_state.update(before)
    made = (near & isfinite(b)) | (a == b)
    if equal_nan:
        made = made | (isnan(a) & isnan(b))
    return made


def allclose(a, b, rtol=1.0e-5, atol=1.0e-8, equal_nan=False):
    return bool(asarray(isclose(a, b, rtol, atol, equal_nan)).all())


def array_equal(a1, a2, equal_nan=False):
    from ._ufunc import isnan

    a, b = asarray(a1), asarray(a2)
    if a.shape != b.shape:
        return False
    same = a == b
    if equal_nan and a.dtype.kind == "f":
        same = same | (isnan(a) & isnan(b))
    return bool(asarray(same).all())


def array_equiv(a1, a2):
    try:
        return bool(asarray(asarray(a1) == asarray(a2)).all())
    except ValueError:
        return False


def _reach(a):
    """The first and last place of the memory that an array touches."""
    low = high = _engine.offset(a._h)
    for axis, n in enumerate(a.shape):
        span = _engine.stride(a._h, axis) * (n - 1)
        low, high = low + min(span, 0), high + max(span, 0)
    return low, high


def may_share_memory(a, b, max_work=None):
    a, b = asarray(a), asarray(b)
    if not a.size or not b.size or not _engine.shares_storage(a._h, b._h):
        return False
    (low, high), (start, stop) = _reach(a), _reach(b)
    return low <= stop and start <= high


def _places(a):
    from ._iterate import ndindex

    steps = [_engine.stride(a._h, axis) for axis in range(a.ndim)]
    first = _engine.offset(a._h)
    return {first + sum(i * s for i, s in zip(key, steps)) for key in ndindex(a.shape)}


def shares_memory(a, b, max_work=None):
    a, b = asarray(a), asarray(b)
    if not may_share_memory(a, b):
        return False
    return not _places(a).isdisjoint(_places(b))


def round(a, decimals=0, out=None):
    """To a number of decimals, halves to even."""
    from ._ufunc import rint

    a = asarray(a)
    if a.dtype.kind != "f":
        scale = 10 ** max(-decimals, 0)
        made = a * 1 if scale == 1 else (rint(a / scale) * scale).astype(int)
    elif decimals == 0:
        made = rint(a)
    elif decimals > 0:
        made = rint(a * 10.0**decimals) / 10.0**decimals
    else:
        made = rint(a / 10.0**-decimals) * 10.0**-decimals
    if out is not None:
        out[...] = made
        return out
    return made[()] if isinstance(made, ndarray) and not made.ndim else made


around = round


def fix(x, out=None):
    from ._ufunc import trunc

    return trunc(x, out=out)


def nan_to_num(x, copy=True, nan=0.0, posinf=None, neginf=None):
    from ._dtypes import finfo
    from ._select import where
    from ._ufunc import isnan

    x = asarray(x)
    if x.dtype.kind != "f":
        return x.copy()
    limits = finfo(x.dtype)
    made = where(isnan(x), asarray(nan, dtype=x.dtype), x)
    made = where(made == float("inf"), asarray(limits.max if posinf is None else posinf, dtype=x.dtype), made)
    made = where(made == float("-inf"), asarray(limits.min if neginf is None else neginf, dtype=x.dtype), made)
    if not copy:
        x[...] = made
        return x
    return made if x.ndim else made[()]


def _into(made, out):
    if out is None:
        return made
    out[...] = made
    return out


def isposinf(x, out=None):
    return _into(asarray(x) == float("inf"), out)


def isneginf(x, out=None):
    return _into(asarray(x) == float("-inf"), out)


def isscalar(element):
    from numbers import Number

    from ._scalars import generic

    return isinstance(element, (str, bytes, Number, generic))


def iscomplexobj(x):
    if isinstance(x, (list, tuple)):
        return any(iscomplexobj(item) for item in x)
    return isinstance(x, complex)


def isrealobj(x):
    return not iscomplexobj(x)


def isreal(x):
    from ._create import ones_like

    return ones_like(asarray(x), dtype=bool)[()]


def real(val):
    return asarray(val).real[()] if not isinstance(val, ndarray) else val


def imag(val):
    return asarray(val).imag[()] if not isinstance(val, ndarray) else val.imag


def seterr(all=None, divide=None, over=None, under=None, invalid=None):
    before = dict(_bridge.error_state)
    for name, value in (("divide", divide), ("over", over), ("under", under), ("invalid", invalid)):
        value = all if value is None else value
        if value is not None:
            if value not in ("ignore", "warn", "raise", "print", "call", "log"):
                raise ValueError(f"invalid error type {value!r}")
            _bridge.error_state[name] = value
    return before


def geterr():
    return dict(_bridge.error_state)


class errstate:
    """Other rules for warnings, for as long as a block runs."""

    def __init__(self, **kwargs):
        self._rules = kwargs

    def __enter__(self):
        self._before = seterr(**{k: v for k, v in self._rules.items() if k != "call"})
        return self

    def __exit__(self, *error):
        _bridge.error_state.update(self._before)

    def __call__(self, function):
        import functools

        @functools.wraps(function)
        def guarded(*args, **kwargs):
            with errstate(**self._rules):
                return function(*args, **kwargs)

        return guarded


ndarray.round = round
