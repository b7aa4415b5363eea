"""How a tensor prints: PyTorch's rules of digits, columns, cuts and suffixes."""

from math import ceil, inf, isfinite

from ._dtypes import DTYPES, default


class _Options:
    precision, threshold, edgeitems, linewidth, sci_mode = 4, 1000, 3, 80, None


options = _Options()
_PROFILES = {"default": (4, 1000, 3, 80), "short": (2, 1000, 2, 80), "full": (4, inf, 3, 80)}


def set_printoptions(precision=None, threshold=None, edgeitems=None, linewidth=None, profile=None, sci_mode=None):
    if profile is not None:
        if profile not in _PROFILES:
            raise ValueError(f"profile is one of {', '.join(_PROFILES)}, not {profile!r}")
        options.precision, options.threshold, options.edgeitems, options.linewidth = _PROFILES[profile]
    for name, value in (("precision", precision), ("threshold", threshold), ("edgeitems", edgeitems),
                        ("linewidth", linewidth)):  # fmt: skip
        if value is not None:
            setattr(options, name, value)
    options.sci_mode = sci_mode


class _Format:
    """The look that all numbers of one tensor share."""

    def __init__(self, values, floating):
        self.floating = floating
        self.whole, self.scientific, self.width = True, False, 1
        if not floating:
            self.width = max((len(str(v)) for v in values), default=1)
            return
        seen = [abs(v) for v in values if v and isfinite(v)]
        if not seen:
            return
        low, high = min(seen), max(seen)
        self.whole = all(v == ceil(v) for v in seen)
        self.scientific = high / low > 1000 or high > 1e8 or (not self.whole and low < 1e-4)
        if options.sci_mode is not None:
            self.scientific = options.sci_mode
        signed = [v for v in values if v and isfinite(v)]
        if self.scientific:
            self.width = max(len(f"{v:.{options.precision}e}") for v in signed)
        elif self.whole:
            self.width = max(len(f"{v:.0f}") + 1 for v in signed)
        else:
            self.width = max(len(f"{v:.{options.precision}f}") for v in signed)

    def __call__(self, value):
        if not self.floating:
            text = str(value)
        elif self.scientific:
            text = f"{value:.{options.precision}e}"
        elif self.whole:
            text = f"{value:.0f}" + ("." if isfinite(value) else "")
        else:
            text = f"{value:.{options.precision}f}"
        return text.rjust(self.width)


def _edges(a):
    """The parts of an array that are shown where it is cut, with `...` between them."""
    edge = options.edgeitems
    if a.ndim == 0:
        return a.item()
    n = a.shape[0]
    if a.ndim == 1:
        return a.tolist() if n <= 2 * edge else [*a[:edge].tolist(), None, *a[n - edge :].tolist()]
    rows = range(n) if n <= 2 * edge else [*range(edge), None, *range(n - edge, n)]
    return [None if i is None else _edges(a[i]) for i in rows]


def _rows(values, ndim, indent, form):
    if ndim == 0:
        return form(values)
    if ndim == 1:
        cells = [" ..." if v is None else form(v) for v in values]
        a_line = max(1, int((options.linewidth - indent) / (form.width + 2)))
        lines = [", ".join(cells[at : at + a_line]) for at in range(0, len(cells), a_line)]
        return "[" + (",\n" + " " * (indent + 1)).join(lines) + "]"
    parts = ["..." if v is None else _rows(v, ndim - 1, indent + 1, form) for v in values]
    return "[" + ("," + "\n" * (ndim - 1) + " " * (indent + 1)).join(parts) + "]"


def _known(values, into):
    if isinstance(values, list):
        for value in values:
            _known(value, into)
    elif values is not None:
        into.append(values)
    return into


def text_of(t, prefix="tensor("):
    """The repr of a tensor."""
    a = t._a
    indent, size = len(prefix), a.size
    code = a._h & 3
    suffixes = []
    if size == 0:
        body = "[]"
        if a.ndim != 1:
            suffixes.append(f"size={tuple(a.shape)}")
        if code != default.code:
            suffixes.append(f"dtype={DTYPES[code]}")
    else:
        values = _edges(a) if size > options.threshold else a.tolist()
        form = _Format(_known(values, []), code > 1)
        body = _rows(values, a.ndim, indent, form)
        if code != default.code and code > 1:
            suffixes.append(f"dtype={DTYPES[code]}")
    if t.requires_grad:
        edge = t._edge
        suffixes.append(f"grad_fn=<{edge[0].name}>" if edge else "requires_grad=True")
    text = prefix + body
    line = len(text) - text.rfind("\n") + 1
    for suffix in suffixes:
        if line + len(suffix) + 2 > options.linewidth:
            text += ",\n" + " " * indent + suffix
            line = indent + len(suffix)
        else:
            text += ", " + suffix
            line += len(suffix) + 2
    return text + ")"
