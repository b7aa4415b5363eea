"""Whether what the learner's code returned is what it should have returned, and if not, where it is most wrong.

Values are compared one by one in plain Python: nothing here depends on how numpy compares.
"""

import math
import sys
from dataclasses import dataclass, field

from .show import show, show_arrays

# Relative and absolute tolerance where a check states none.
TOLERANCES = {"float32": (1e-5, 1e-6), "float64": (1e-9, 1e-12)}


@dataclass
class Difference:
    """`key` and `fields` make the sentence; `expected` and `got` are shown beside each other."""

    key: str
    fields: dict = field(default_factory=dict)
    expected: dict | None = None
    got: dict | None = None


def first_difference(got, expected, rtol=None, atol=None, where="result"):
    """The first Difference of `got` from `expected`, or None. NaN equals nothing."""
    if _is_array(expected):
        return _array_difference(got, expected, rtol, atol, where)
    if _is_scalar(expected):
        return _number_difference(got, expected, rtol, atol, where)
    if isinstance(expected, (list, tuple)):
        return _sequence_difference(got, expected, rtol, atol, where)
    if isinstance(expected, dict):
        return _dict_difference(got, expected, rtol, atol, where)
    if type(got) is not type(expected):
        return _type_difference(got, expected, where)
    if got != expected:
        return Difference("value_differs", {"where": where}, show(expected), show(got))
    return None


def _numpy():
    return sys.modules.get("numpy")


def _is_array(value):
    np = _numpy()
    return np is not None and isinstance(value, np.ndarray)


def _is_scalar(value):
    """Numbers of Python and of numpy."""
    return isinstance(value, (bool, int, float)) or _is_numpy_scalar(value)


def _is_numpy_scalar(value):
    np = _numpy()
    return np is not None and isinstance(value, np.generic)


def shape_of(value):
    """The shape of an array, () of a number, None of anything else: a list has none."""
    if _is_array(value):
        return tuple(value.shape)
    return () if _is_scalar(value) else None


def kind_of(value):
    """The name by which a reader knows what kind of thing this is."""
    if value is None:
        return "None"
    if _is_array(value):
        return "numpy.ndarray"
    if _is_numpy_scalar(value):
        return f"numpy.{value.dtype}"
    return type(value).__name__


def _type_difference(got, expected, where):
    if got is None:
        return Difference("returned_none", {"where": where, "expected": kind_of(expected)}, show(expected), show(got))
    fields = {"where": where, "expected": kind_of(expected), "got": kind_of(got)}
    return Difference("type_differs", fields, show(expected), show(got))


def _array_difference(got, expected, rtol, atol, where):
    if not _is_array(got):
        # A number stands for an array without axes, as it does in numpy.
        if expected.shape == () and _is_scalar(got):
            return _number_difference(got, expected[()], rtol, atol, where)
        return _type_difference(got, expected, where)
    shapes = {"where": where, "expected": _shape_text(expected.shape), "got": _shape_text(got.shape)}
    if str(got.dtype) != str(expected.dtype):
        fields = {"where": where, "expected": str(expected.dtype), "got": str(got.dtype)}
        return Difference("dtype_differs", fields, show(expected), show(got))
    if tuple(got.shape) != tuple(expected.shape):
        return Difference("shape_differs", shapes, show(expected), show(got))
    rtol, atol = _tolerances(str(expected.dtype), rtol, atol)
    want, have = expected.ravel().tolist(), got.ravel().tolist()
    worst, wrong = _worst(have, want, rtol, atol)
    if worst is None:
        return None
    index = _unravel(worst, expected.shape)
    shown_expected, shown_got = show_arrays(expected, got, index)
    key, fields = _value_fields(have[worst], want[worst])
    fields |= {"where": where, "index": _index_text(index), "wrong": wrong, "total": len(want)}
    return Difference(key, fields, shown_expected, shown_got)


def _tolerances(dtype, rtol, atol):
    default_rtol, default_atol = TOLERANCES.get(dtype, (0.0, 0.0))
    return (default_rtol if rtol is None else rtol, default_atol if atol is None else atol)


def tolerances_of(expected, rtol, atol):
    """What a value of this kind is compared with, where a check leaves it out."""
    dtype = str(expected.dtype) if _is_array(expected) or _is_numpy_scalar(expected) else "float64"
    return _tolerances(dtype, rtol, atol)


def _worst(have, want, rtol, atol):
    """(place of the worst entry or None, how many are wrong). NaN is worse than anything, then infinity."""
    worst, worst_excess, wrong = None, 0.0, 0
    for place, (h, w) in enumerate(zip(have, want)):
        excess = _excess(h, w, rtol, atol)
        if excess > 0.0:
            wrong += 1
            if excess > worst_excess:
                worst, worst_excess = place, excess
    return worst, wrong


def _excess(have, want, rtol, atol):
    """0 when close enough, else how many times the tolerance it is off; NaN counts most."""
    if have == want:
        return 0.0
    # What is expected may be another answer of the learner's.
    if have != have or want != want:
        return math.inf
    if isinstance(have, int) and isinstance(want, int) and rtol == atol == 0.0:
        return sys.float_info.max / 4
    if math.isinf(have) or math.isinf(want):
        return sys.float_info.max
    difference = abs(have - want)
    allowed = atol + rtol * abs(want)
    if difference <= allowed:
        return 0.0
    return min(difference / allowed, sys.float_info.max / 2) if allowed > 0.0 else sys.float_info.max / 4


def _value_fields(have, want):
    if have != have:
        return "not_a_number", {"expected": _number_text(want)}
    fields = {"expected": _number_text(want, have), "got": _number_text(have, want)}
    if isinstance(have, bool) or not (math.isfinite(have) and math.isfinite(want)):
        return "entry_differs", fields
    return "entry_differs_by", fields | {"difference": f"{abs(have - want):.3g}"}


def _number_text(value, other=None):
    """With as many digits as it takes to tell it from the other."""
    if isinstance(value, (bool, int)):
        return str(value)
    for digits in (6, 9, 12):
        if other is None or f"{value:.{digits}g}" != f"{other:.{digits}g}":
            return f"{value:.{digits}g}"
    return repr(value)


def _number_difference(got, expected, rtol, atol, where):
    if _is_array(got) and got.shape == ():
        got = got[()]
    if not _is_scalar(got):
        return _type_difference(got, expected, where)
    want_kind, have_kind = _number_kind(expected), _number_kind(got)
    # An int says as much as the float it equals; the other way round the kind was part of the task.
    if want_kind != have_kind and not (want_kind.startswith("float") and have_kind == "int64"):
        fields = {"where": where, "expected": want_kind, "got": have_kind}
        return Difference("dtype_differs", fields, show(expected), show(got))
    want, have = _plain(expected), _plain(got)
    rtol, atol = _tolerances(want_kind, rtol, atol)
    if _excess(have, want, rtol, atol) == 0.0:
        return None
    key, fields = _value_fields(have, want)
    key = {"not_a_number": "number_not_a_number"}.get(key, key.replace("entry", "number"))
    return Difference(key, fields | {"where": where}, show(expected), show(got))


def _number_kind(value):
    """bool, int64, float32 or float64: Python's int and float count as numpy's widest."""
    if _is_numpy_scalar(value):
        return str(value.dtype)
    return {bool: "bool", int: "int64", float: "float64"}[type(value)]


def _plain(value):
    return value.item() if _is_numpy_scalar(value) else value


def _sequence_difference(got, expected, rtol, atol, where):
    # A tuple and a list say the same when a function returns several things.
    if not isinstance(got, (list, tuple)):
        return _type_difference(got, expected, where)
    if len(got) != len(expected):
        fields = {"where": where, "expected": len(expected), "got": len(got)}
        return Difference("length_differs", fields, show(expected), show(got))
    for place, (have, want) in enumerate(zip(got, expected)):
        difference = first_difference(have, want, rtol, atol, f"{where}[{place}]")
        if difference:
            return difference
    return None


def _dict_difference(got, expected, rtol, atol, where):
    if not isinstance(got, dict):
        return _type_difference(got, expected, where)
    if got.keys() != expected.keys():
        fields = {"where": where, "expected": _keys_text(expected), "got": _keys_text(got)}
        return Difference("keys_differ", fields, show(expected), show(got))
    for key, want in expected.items():
        difference = first_difference(got[key], want, rtol, atol, f"{where}[{key!r}]")
        if difference:
            return difference
    return None


def _keys_text(mapping):
    return ", ".join(repr(key) for key in mapping)


def _unravel(place, shape):
    index = []
    for length in reversed(shape):
        place, rest = divmod(place, length)
        index.append(rest)
    return tuple(reversed(index))


def _index_text(index):
    return f"[{', '.join(map(str, index))}]"


def _shape_text(shape):
    return f"({', '.join(map(str, shape))}{',' if len(shape) == 1 else ''})"


def same_contents(after, before):
    """The flat places at which an argument was changed: bit for bit, so NaN is the same as itself here."""
    if _is_array(before):
        if not _is_array(after) or tuple(after.shape) != tuple(before.shape) or str(after.dtype) != str(before.dtype):
            return None
        now, then = after.ravel().tolist(), before.ravel().tolist()
        return next((i for i, (n, t) in enumerate(zip(now, then)) if n != t and not (n != n and t != t)), -1)
    return -1


def unchanged_difference(after, before, name):
    """A Difference when a call changed its argument in place."""
    if _is_array(before):
        place = same_contents(after, before)
        if place == -1:
            return None
        if place is None:
            return Difference("argument_changed", {"argument": name}, show(before), show(after))
        index = _unravel(place, before.shape)
        expected, got = show_arrays(before, after, index)
        return Difference("argument_changed_at", {"argument": name, "index": _index_text(index)}, expected, got)
    if _reference_text(after) != _reference_text(before):
        return Difference("argument_changed", {"argument": name}, show(before), show(after))
    return None


def _reference_text(value):
    from danlu import codec

    return codec.encode(value)
