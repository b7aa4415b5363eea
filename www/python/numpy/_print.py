"""How arrays print: str, repr, array2string and their options."""

import math
from contextlib import contextmanager

from ._digits import exponent_text, positional_parts, scientific_parts

_options = {
    "edgeitems": 3, "threshold": 1000, "floatmode": "maxprec", "precision": 8, "suppress": False, "linewidth": 75,
    "nanstr": "nan", "infstr": "inf", "sign": "-", "formatter": None, "legacy": False, "override_repr": None,
}  # fmt: skip


def set_printoptions(precision=None, threshold=None, edgeitems=None, linewidth=None, suppress=None,
                     nanstr=None, infstr=None, formatter=None, sign=None, floatmode=None, *,
                     legacy=None, override_repr=None):  # fmt: skip
    given = {
        "precision": precision, "threshold": threshold, "edgeitems": edgeitems, "linewidth": linewidth,
        "suppress": suppress, "nanstr": nanstr, "infstr": infstr, "sign": sign, "floatmode": floatmode,
    }  # fmt: skip
    if legacy:
        raise NotImplementedError("numpy here prints as NumPy 2 does; legacy printing is not here")
    if floatmode not in (None, "fixed", "unique", "maxprec", "maxprec_equal"):
        raise ValueError("floatmode option must be one of maxprec, fixed, unique, maxprec_equal")
    if sign not in (None, " ", "+", "-"):
        raise ValueError("sign option must be one of ' ', '+', or '-'")
    _options.update({name: value for name, value in given.items() if value is not None})
    _options["formatter"] = formatter


def get_printoptions():
    return dict(_options)


@contextmanager
def printoptions(**given):
    before = dict(_options)
    try:
        set_printoptions(**given)
        yield get_printoptions()
    finally:
        _options.update(before)


class _FloatText:
    """Floats of one array, aligned at their points, in exponents when their range asks for it."""

    def __init__(self, values, narrow, options):
        self.narrow, self.options = narrow, options
        self.mode, self.sign = options["floatmode"], options["sign"]
        self.precision = None if self.mode == "unique" else options["precision"]
        finite = [v for v in values if v - v == 0]
        sizes = [abs(v) for v in finite if v != 0]
        self.exponents = False
        if sizes:
            largest, smallest = max(sizes), min(sizes)
            self.exponents = largest >= (1e6 if narrow else 1e8) or (
                not options["suppress"] and (smallest < 0.0001 or largest / smallest > 1000.0)
            )
        fixed = self.mode == "fixed"
        plus = self.sign == "+"
        self.left = self.right = 0
        self.exponent_size = 2
        self.least = 0
        self.unique = not fixed
        if finite and self.exponents:
            parts = [scientific_parts(v, narrow, self.precision, not fixed, plus) for v in finite]
            self.exponent_size = max(len(str(abs(p[2]))) for p in parts)
            self.exponent_size = max(self.exponent_size, 2)
            self.precision = self.least = max(len(p[1]) for p in parts)
            self.left = max(len(p[0]) for p in parts)
            self.right = self.exponent_size + 3 - 1 + self.precision
        elif finite:
            parts = [positional_parts(v, narrow, self.precision, not fixed, plus) for v in finite]
            self.left = max(len(p[0]) for p in parts)
            self.right = max(len(p[1]) for p in parts)
            if self.mode in ("fixed", "maxprec_equal"):
                self.precision = self.least = self.right
        if self.sign == " " and not any(math.copysign(1.0, v) < 0 for v in finite):
            self.left += 1
        if len(finite) != len(values):
            negative = self.sign != "-" or any(v == -math.inf for v in values)
            beside = self.right + 1
            self.left = max(
                self.left, len(options["nanstr"]) - beside, len(options["infstr"]) + negative - beside
            )

    def __call__(self, x):
        if x - x != 0:
            if x != x:
                text = ("+" if self.sign == "+" else "") + self.options["nanstr"]
            else:
                text = ("-" if x < 0 else "+" if self.sign == "+" else "") + self.options["infstr"]
            return text.rjust(self.left + self.right + 1)
        plus = self.sign == "+"
        if self.exponents:
            whole, fraction, exponent = scientific_parts(x, self.narrow, self.precision, self.unique, plus)
            fraction = fraction.ljust(self.least, "0")
            return f"{whole.rjust(self.left)}.{fraction}e{exponent_text(exponent, self.exponent_size)}"
        whole, fraction = positional_parts(x, self.narrow, self.precision, self.unique, plus)
        fraction = fraction.ljust(self.least, "0").ljust(self.right)
        return f"{whole.rjust(self.left)}.{fraction}"


def _formatter(a, values, options):
    """The function that writes one element, made from all that will be written."""
    own = options["formatter"] or {}
    kind = a.dtype.kind
    names = {"b": ("bool",), "i": ("int", "int_kind"), "f": ("float", "float_kind")}[kind]
    for name in (*names, "all"):
        if name in own:
            make = a.dtype.type
            return lambda v: own[name](make(v))
    if kind == "f":
        return _FloatText(values, a.dtype.code == 2, options)
    if kind == "i":
        texts = [_signed(v, options["sign"]) for v in values]
        width = max(map(len, texts), default=0)
        return lambda v: _signed(v, options["sign"]).rjust(width)
    width = 5 if a.ndim else 0
    return lambda v: str(bool(v)).rjust(width)


def _signed(v, sign):
    return f"{v:{sign}d}" if sign != "-" else str(int(v))


def _corners(a, edge):
    """Only what a summary prints: `edge` entries at both ends of each axis."""
    from ._shape import concatenate

    for axis in range(a.ndim):
        if a.shape[axis] > 2 * edge:
            lead = (slice(None),) * axis
            a = concatenate((a[(*lead, slice(None, edge))], a[(*lead, slice(-edge, None))]), axis)
    return a


def _extend(text, line, word, width, prefix):
    if len(line) + len(word) > width and len(line) > len(prefix):
        text += line.rstrip() + "\n"
        line = prefix
    return text, line + word


def _nested(values, shape, summary, write, edge, indent, width, separator):
    """Brackets around rows; `values` is nested like the array, cut to its corners if summarised."""
    if not shape:
        return write(values)
    inner = indent + " "
    width -= 1
    cut = summary and 2 * edge < shape[0]
    leading = list(values[:edge]) if cut else list(values)
    trailing = list(values[-edge:]) if cut else []
    if len(shape) == 1:
        room = width + 1 - max(len(separator.rstrip()), 1)
        words = [write(v) for v in leading] + (["..."] if cut else []) + [write(v) for v in trailing]
        text, line = "", indent
        for at, word in enumerate(words):
            text, line = _extend(text, line, word, room, indent)
            if at < len(words) - 1:
                line += separator
        text += line
    else:
        between = separator.rstrip() + "\n" * (len(shape) - 1)
        rows = [_nested(v, shape[1:], summary, write, edge, inner, width, separator) for v in leading]
        if cut:
            rows.append("...")
            tail = [_nested(v, shape[1:], summary, write, edge, inner, width, separator) for v in trailing]
            rows += tail
        text = between.join(indent + row for row in rows)
    return "[" + text[len(indent) :] + "]"


def _text(a, options, separator, prefix):
    if a.size == 0:
        return "[]"
    summary = a.size > options["threshold"]
    edge = options["edgeitems"]
    shown = _corners(a, edge) if summary else a
    values = shown.ravel().tolist()
    write = _formatter(a, values, options)
    nested = shown.tolist()
    indent = " " + " " * len(prefix)
    return _nested(nested, a.shape, summary, write, edge, indent, options["linewidth"], separator)


def array2string(a, max_line_width=None, precision=None, suppress_small=None, separator=" ",
                 prefix="", *, formatter=None, threshold=None, edgeitems=None, sign=None,
                 floatmode=None, suffix="", legacy=None):  # fmt: skip
    """The text of an array's elements in brackets."""
    from ._convert import asarray

    options = dict(_options)
    given = {
        "linewidth": max_line_width, "precision": precision, "suppress": suppress_small,
        "formatter": formatter, "threshold": threshold, "edgeitems": edgeitems, "sign": sign,
        "floatmode": floatmode,
    }  # fmt: skip
    options.update({name: value for name, value in given.items() if value is not None})
    options["linewidth"] -= len(suffix)
    return _text(asarray(a), options, separator, prefix)


def array_str(a, max_line_width=None, precision=None, suppress_small=None):
    if a.ndim == 0:
        return str(a[()])
    return array2string(a, max_line_width, precision, suppress_small)


def array_repr(arr, max_line_width=None, precision=None, suppress_small=None):
    text = array2string(arr, max_line_width, precision, suppress_small, ", ", "array(", suffix=")")
    extras = []
    if arr.size == 0 and arr.shape != (0,) or arr.size > _options["threshold"]:
        extras.append(f"shape={arr.shape}")
    if arr.dtype.name == "float32" or arr.size == 0:
        extras.append(f"dtype={arr.dtype.name}")
    if not extras:
        return f"array({text})"
    head, tail = f"array({text},", ", ".join(extras) + ")"
    last = len(head) - (head.rfind("\n") + 1)
    width = _options["linewidth"] if max_line_width is None else max_line_width
    between = "\n      " if last + len(tail) + 1 > width else " "
    return head + between + tail


def format_float_positional(x, precision=None, unique=True, fractional=True, trim="k", sign=False,
                            pad_left=None, pad_right=None, min_digits=None):  # fmt: skip
    narrow = getattr(x, "_code", 3) == 2
    whole, fraction = positional_parts(float(x), narrow, precision, unique, sign)
    if trim == "k" and precision is not None:
        fraction = fraction.ljust(precision, "0")
    if min_digits is not None:
        fraction = fraction.ljust(min_digits, "0")
    if trim == "0" and not fraction:
        fraction = "0"
    text = whole + ("" if trim == "-" and not fraction else "." + fraction)
    return text


def format_float_scientific(x, precision=None, unique=True, trim="k", sign=False, pad_left=None, exp_digits=None,
                            min_digits=None):  # fmt: skip
    narrow = getattr(x, "_code", 3) == 2
    whole, fraction, exponent = scientific_parts(float(x), narrow, precision, unique, sign)
    if trim == "k" and precision is not None:
        fraction = fraction.ljust(precision, "0")
    if min_digits is not None:
        fraction = fraction.ljust(min_digits, "0")
    if trim == "0" and not fraction:
        fraction = "0"
    dot = "" if trim == "-" and not fraction else "."
    return f"{whole}{dot}{fraction}e{exponent_text(exponent, exp_digits or 2)}"


def binary_repr(num, width=None):
    """An int in binary, as two's complement where it is negative and a width is given."""
    num = int(num)
    digits = f"{abs(num):b}"
    if num >= 0:
        text = digits.zfill(width or 0)
        least = len(digits)
    elif width is None:
        return "-" + digits
    else:
        least = len(f"{-num - 1:b}") + 1
        text = f"{(1 << max(width, least)) + num:b}"
    if width is not None and width < least:
        raise ValueError(f"Insufficient bit width={width} provided for binwidth={least}")
    return text


def base_repr(number, base=2, padding=0):
    """An int in any base up to 36."""
    if not 2 <= base <= 36:
        raise ValueError("Bases greater than 36 not handled in base_repr." if base > 36 else "Bases less than 2 not handled in base_repr.")
    rest, text = abs(int(number)), ""
    while rest:
        rest, digit = divmod(rest, base)
        text = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"[digit] + text
    text = "0" * padding + text if text else "0" * max(padding, 1)
    return "-" + text if number < 0 else text
