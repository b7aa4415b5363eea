"""A number in the fewest digits that read back as it, as NumPy prints it."""

import math

from . import _engine


def shortest(x, narrow):
    """Digits and decimal exponent: 12.5 is ("125", 1), for d.ddd × 10**exponent."""
    if x == 0:
        return "0", 0
    text = _engine.float32_text(x) if narrow else f"{x!r}"
    if narrow:
        mantissa, exponent = text.lstrip("-").split("e")
        return mantissa.replace(".", ""), int(exponent)
    mantissa, _, exponent = text.lstrip("-").partition("e")
    whole, _, fraction = mantissa.partition(".")
    if exponent:
        return (whole + fraction).rstrip("0") or "0", int(exponent)
    if whole != "0":
        return (whole + fraction).rstrip("0") or "0", len(whole) - 1
    digits = fraction.lstrip("0")
    return digits.rstrip("0"), -(len(fraction) - len(digits)) - 1


def _sign(x, plus):
    if math.copysign(1.0, x) < 0:
        return "-"
    return "+" if plus else ""


def positional_parts(x, narrow, precision, unique=True, plus=False):
    """The text before and after the point, at most `precision` digits after it."""
    sign = _sign(x, plus)
    if unique:
        digits, exponent = shortest(x, narrow)
        if exponent < 0:
            whole, fraction = "0", "0" * (-exponent - 1) + digits
        else:
            digits = digits.ljust(exponent + 1, "0")
            whole, fraction = digits[: exponent + 1], digits[exponent + 1 :]
        if precision is None or len(fraction) <= precision:
            return sign + whole, "" if fraction == "0" or x == 0 else fraction
    whole, _, fraction = f"{abs(x):.{precision}f}".partition(".")
    return sign + whole, fraction.rstrip("0") if unique else fraction


def scientific_parts(x, narrow, precision, unique=True, plus=False):
    """The digit before the point, those after it, and the exponent as a number."""
    sign = _sign(x, plus)
    if unique:
        digits, exponent = shortest(x, narrow)
        if precision is None or len(digits) - 1 <= precision:
            return sign + digits[0], digits[1:], exponent
    mantissa, _, exponent = f"{abs(x):.{precision}e}".partition("e")
    whole, _, fraction = mantissa.partition(".")
    return sign + whole, fraction.rstrip("0") if unique else fraction, int(exponent)


def exponent_text(exponent, size=2):
    return f"{'-' if exponent < 0 else '+'}{abs(exponent):0{size}d}"


def scalar_text(x):
    """str() of a float32."""
    if x != x:
        return "nan"
    if math.isinf(x):
        return "inf" if x > 0 else "-inf"
    if x == 0 or 1e-4 <= abs(x) < 1e6:
        whole, fraction = positional_parts(x, True, None)
        return f"{whole}.{fraction or '0'}"
    whole, fraction, exponent = scientific_parts(x, True, None)
    point = f".{fraction}" if fraction else ""
    return f"{whole}{point}e{exponent_text(exponent)}"
