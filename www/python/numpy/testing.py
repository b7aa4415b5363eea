"""numpy.testing: assertions that say where two arrays differ."""

import contextlib

from ._compare import isclose
from ._convert import asarray

__all__ = [
    "assert_", "assert_allclose", "assert_almost_equal", "assert_array_almost_equal", "assert_array_equal",
    "assert_array_less", "assert_equal", "assert_raises", "assert_raises_regex",
]  # fmt: skip


def _fail(header, message, actual, desired, names=("ACTUAL", "DESIRED")):
    lines = ["", f"{header}\n{message}" if message else header]
    raise AssertionError(
        "\n".join(lines) + f"\n {names[0]}: {_brief(actual)}\n {names[1]}: {_brief(desired)}"
    )


def _brief(a):
    return repr(asarray(a)) if not isinstance(a, (int, float, str)) else repr(a)


def _number(x):
    from ._digits import positional_parts, scientific_parts, exponent_text

    x = float(x)
    if x - x != 0:
        return str(x)
    if x == 0 or 1e-4 <= abs(x) < 1e8:
        whole, fraction = positional_parts(x, False, 8)
        return f"{whole}.{fraction}"
    whole, fraction, exponent = scientific_parts(x, False, 8)
    return f"{whole}.{fraction}e{exponent_text(exponent)}"


def _compare(actual, desired, same, header, err_msg="", strict=False, names=("ACTUAL", "DESIRED"), equal_nan=True):
    a, b = asarray(actual), asarray(desired)
    if a.shape != b.shape and (strict or a.ndim and b.ndim):
        _report(f"\n(shapes {a.shape}, {b.shape} mismatch)", header, a, b, err_msg, names)
    if strict and a.dtype != b.dtype:
        _report(f"\n(dtypes {a.dtype}, {b.dtype} mismatch)", header, a, b, err_msg, names)
    if equal_nan and "f" in (a.dtype.kind, b.dtype.kind) and ((a != a) != (b != b)).any():
        _report("\nnan location mismatch:", header, a, b, err_msg, names)
    close = asarray(same(a, b))
    if equal_nan:
        # NaN stands where NaN should.
        close = close | (a != a) & (b != b)
    if close.all():
        return
    wrong = int((~close).sum())
    from ._select import flatnonzero
    from ._shape import broadcast_arrays

    a2, b2 = broadcast_arrays(a, b)
    lines = [f"Mismatched elements: {wrong} / {close.size} ({100 * wrong / close.size:.3g}%)"]
    if close.ndim:
        places = flatnonzero(~close).tolist()
        few = places[:_SHOWN]
        lines.append("Mismatch at index:" if len(places) == 1 else "Mismatch at indices:" if len(places) <= _SHOWN
                     else f"First {_SHOWN} mismatches are at indices:")  # fmt: skip
        for at in few:
            place = []
            for n in reversed(close.shape):
                place.insert(0, at % n)
                at //= n
            key = tuple(place)
            shown = key if len(key) > 1 else key[0]
            lines.append(f" [{', '.join(map(str, key))}]: {a2[shown]} ({names[0]}), {b2[shown]} ({names[1]})")
    if a.dtype.kind != "b" and b.dtype.kind != "b":
        gaps = abs(a2 - b2)
        wrongs = gaps[~close]
        wrongs = wrongs[wrongs == wrongs]
        if wrongs.size:
            lines.append(f"Max absolute difference among violations: {_number(wrongs.max())}")
            where = (~close) & (b2 != 0)
            ratio = (gaps[where] / abs(b2[where])).max() if where.any() else float("inf")
            lines.append(f"Max relative difference among violations: {_number(ratio)}")
    _report("\n".join(lines), header, a, b, err_msg, names)


# So many mismatches are listed one by one.
_SHOWN = 5


def _report(message, header, a, b, err_msg, names):
    middle = err_msg if err_msg else ""
    message = f"{middle}{message}" if message.startswith("\n") else f"{middle}\n{message}"
    text = f"\n{header}\n{message}\n {names[0]}: {_brief(a)}\n {names[1]}: {_brief(b)}"
    raise AssertionError(text)


def assert_allclose(actual, desired, rtol=1e-7, atol=0, equal_nan=True, err_msg="", verbose=True, *, strict=False):
    _compare(
        actual, desired, lambda x, y: isclose(x, y, rtol, atol, equal_nan),
        f"Not equal to tolerance rtol={rtol:g}, atol={atol:g}", err_msg, strict, equal_nan=equal_nan,
    )  # fmt: skip


def assert_array_equal(actual, desired, err_msg="", verbose=True, *, strict=False):
    _compare(actual, desired, lambda x, y: x == y, "Arrays are not equal", err_msg, strict)


def assert_array_almost_equal(actual, desired, decimal=6, err_msg="", verbose=True):
    limit = 1.5 * 10.0 ** (-decimal)
    _compare(
        actual, desired, lambda x, y: isclose(x, y, 0, limit, True),
        f"Arrays are not almost equal to {decimal} decimals", err_msg,
    )  # fmt: skip


def assert_almost_equal(actual, desired, decimal=7, err_msg="", verbose=True):
    if asarray(actual).ndim or asarray(desired).ndim:
        return assert_array_almost_equal(actual, desired, decimal, err_msg)
    if abs(desired - actual) >= 1.5 * 10.0 ** (-decimal):
        _fail(f"Arrays are not almost equal to {decimal} decimals", err_msg, actual, desired)


def assert_equal(actual, desired, err_msg="", verbose=True, *, strict=False):
    if isinstance(desired, dict):
        assert isinstance(actual, dict) and actual.keys() == desired.keys(), err_msg
        for key in desired:
            assert_equal(actual[key], desired[key], err_msg)
    elif isinstance(desired, (list, tuple)) and isinstance(actual, (list, tuple)):
        assert_equal(len(actual), len(desired), err_msg)
        for at, (one, other) in enumerate(zip(actual, desired)):
            assert_equal(one, other, f"item={at!r}\n{err_msg}")
    elif hasattr(actual, "shape") or hasattr(desired, "shape"):
        assert_array_equal(actual, desired, err_msg, strict=strict)
    elif not (actual == desired or actual != actual and desired != desired):
        _fail("Items are not equal:", err_msg, actual, desired)


def assert_array_less(x, y, err_msg="", verbose=True, *, strict=False):
    _compare(x, y, lambda a, b: a < b, "Arrays are not strictly ordered `x < y`", err_msg, strict, ("x", "y"))


def assert_(val, msg=""):
    assert val, msg


@contextlib.contextmanager
def _raising(kind, pattern=None):
    try:
        yield
    except kind as error:
        import re

        if pattern is not None and not re.search(pattern, str(error)):
            raise AssertionError(f"{pattern!r} does not match {str(error)!r}") from None
    else:
        raise AssertionError(f"{kind.__name__} not raised")


def assert_raises(exception_class, callable=None, *args, **kwargs):
    if callable is None:
        return _raising(exception_class)
    with _raising(exception_class):
        callable(*args, **kwargs)


def assert_raises_regex(exception_class, expected_regexp, callable=None, *args, **kwargs):
    if callable is None:
        return _raising(exception_class, expected_regexp)
    with _raising(exception_class, expected_regexp):
        callable(*args, **kwargs)


