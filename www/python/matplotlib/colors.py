"""Colours by every name that matplotlib knows, norms, and colour maps."""

import math
import re

import numpy as np

from ._color_names import NAMES as _NAMES
from ._values import as_array, floats, is_sequence

__all__ = [
    "BASE_COLORS", "BoundaryNorm", "CSS4_COLORS", "CenteredNorm", "Colormap", "LinearSegmentedColormap",
    "ListedColormap", "LogNorm", "NoNorm", "Normalize", "PowerNorm", "TABLEAU_COLORS", "TwoSlopeNorm",
    "is_color_like", "same_color", "to_hex", "to_rgb", "to_rgba", "to_rgba_array",
]  # fmt: skip

CSS4_COLORS = {name[:-6]: f"#{name[-6:]}" for name in _NAMES.split()}
BASE_COLORS = {
    "b": (0, 0, 1), "g": (0, 0.5, 0), "r": (1, 0, 0), "c": (0, 0.75, 0.75), "m": (0.75, 0, 0.75),
    "y": (0.75, 0.75, 0), "k": (0, 0, 0), "w": (1, 1, 1),
}  # fmt: skip
TABLEAU_COLORS = {
    "tab:blue": "#1f77b4", "tab:orange": "#ff7f0e", "tab:green": "#2ca02c", "tab:red": "#d62728",
    "tab:purple": "#9467bd", "tab:brown": "#8c564b", "tab:pink": "#e377c2", "tab:gray": "#7f7f7f",
    "tab:olive": "#bcbd22", "tab:cyan": "#17becf", "tab:grey": "#7f7f7f",
}  # fmt: skip
_HEX = re.compile(r"#(?:[0-9a-f]{3,4}|[0-9a-f]{6}|[0-9a-f]{8})\Z", re.IGNORECASE)
_CYCLED = re.compile(r"C[0-9]+\Z")


def _from_text(text):
    if text.lower() == "none":
        return (0.0, 0.0, 0.0, 0.0)
    if _CYCLED.match(text):
        from . import rcParams

        cycle = rcParams["axes.prop_cycle"].by_key().get("color", ["k"])
        return _from_text(cycle[int(text[1:]) % len(cycle)])
    if text in BASE_COLORS:
        return (*map(float, BASE_COLORS[text]), 1.0)
    named = TABLEAU_COLORS.get(text) or CSS4_COLORS.get(text.lower())
    if named:
        text = named
    if _HEX.match(text):
        digits = text[1:]
        if len(digits) < 5:
            digits = "".join(d + d for d in digits)
        parts = [int(digits[at : at + 2], 16) / 255 for at in range(0, len(digits), 2)]
        return tuple(parts) if len(parts) == 4 else (*parts, 1.0)
    try:
        grey = float(text)
    except ValueError:
        grey = None
    if grey is not None and 0 <= grey <= 1:
        return (grey, grey, grey, 1.0)
    if text.startswith("xkcd:"):
        raise NotImplementedError(f"colour names of xkcd are not here ({text!r}); nearest: a CSS name or '#rrggbb'")
    raise ValueError(f"{text!r} is not a valid color value.")


def to_rgba(c, alpha=None):
    """(red, green, blue, alpha), each 0 to 1."""
    if isinstance(c, tuple) and len(c) == 2 and (isinstance(c[0], str) or is_sequence(c[0])):
        c, alpha = c[0], c[1] if alpha is None else alpha
    if isinstance(c, str):
        rgba = _from_text(c)
    elif is_sequence(c) and not any(isinstance(v, (str, tuple, list)) or v is None for v in c):
        parts = floats(c)
        if len(parts) not in (3, 4):
            raise ValueError(f"RGBA sequence should have length 3 or 4, not {len(parts)}")
        if any(not 0 <= v <= 1 for v in parts):
            raise ValueError("RGBA values should be within 0-1 range")
        rgba = tuple(parts) if len(parts) == 4 else (*parts, 1.0)
    else:
        raise ValueError(f"Invalid RGBA argument: {c!r}")
    if alpha is not None and not (isinstance(c, str) and c.lower() == "none"):
        if not 0 <= alpha <= 1:
            raise ValueError("'alpha' must be between 0 and 1, inclusive")
        rgba = (*rgba[:3], float(alpha))
    return rgba


def to_rgb(c):
    """(red, green, blue), each 0 to 1."""
    return to_rgba(c)[:3]


def to_hex(c, keep_alpha=False):
    """The colour as '#rrggbb'."""
    return "#" + "".join(f"{round(v * 255):02x}" for v in to_rgba(c)[: 4 if keep_alpha else 3])


def to_rgba_list(c, alpha=None):
    """A list of colours from one colour or many; a list of 'none' is empty."""
    if isinstance(c, str):
        if c.lower() == "none":
            return []
        try:
            return [to_rgba(c, alpha)]
        except ValueError:
            if len(c) > 1 and all(letter in BASE_COLORS for letter in c):
                raise ValueError(f"{c!r} is not a valid color value; for several colors give a list") from None
            raise
    if hasattr(c, "ndim") and c.ndim == 2:
        return [to_rgba(row, alpha) for row in as_array(c).tolist()]
    try:
        return [to_rgba(c, alpha)]
    except (ValueError, TypeError):
        if not is_sequence(c):
            raise
    return [to_rgba(each, alpha) for each in c]


def to_rgba_array(c, alpha=None):
    """An array of one row of red, green, blue and alpha for each colour."""
    return np.array(to_rgba_list(c, alpha)).reshape(-1, 4)


def is_color_like(c):
    """Whether this names a colour."""
    try:
        to_rgba(c)
    except (TypeError, ValueError, NotImplementedError):
        return False
    return True


def same_color(c1, c2):
    """Whether both name one colour."""
    return to_rgba(c1) == to_rgba(c2)


class Normalize:
    """Maps vmin…vmax to 0…1."""

    def __init__(self, vmin=None, vmax=None, clip=False):
        self.vmin = None if vmin is None else float(vmin)
        self.vmax = None if vmax is None else float(vmax)
        self.clip = clip

    def autoscale(self, A):
        self.vmin = self.vmax = None
        self.autoscale_None(A)

    def autoscale_None(self, A):
        if self.vmin is not None and self.vmax is not None:
            return
        kept = self._usable(as_array(A))
        if kept.size:
            if self.vmin is None:
                self.vmin = float(kept.min())
            if self.vmax is None:
                self.vmax = float(kept.max())

    def _usable(self, array):
        if array.dtype != float:
            array = array.astype(float)
        return array[np.isfinite(array)]

    def scaled(self):
        return self.vmin is not None and self.vmax is not None

    def _line(self, values):
        if self.vmin == self.vmax:
            return values * 0.0
        if self.vmin > self.vmax:
            raise ValueError("minvalue must be less than or equal to maxvalue")
        return (values - self.vmin) / (self.vmax - self.vmin)

    def __call__(self, value, clip=None):
        scalar = not is_sequence(value)
        array = as_array([value] if scalar else value).astype(float)
        self.autoscale_None(array)
        if self.vmin is None or self.vmax is None:
            result = array * 0.0
        else:
            if self.clip if clip is None else clip:
                array = np.clip(array, self.vmin, self.vmax)
            result = self._line(array)
        return float(result[0]) if scalar else result

    def inverse(self, value):
        return self.vmin + value * (self.vmax - self.vmin)


class NoNorm(Normalize):
    def _line(self, values):
        return values


class LogNorm(Normalize):
    def _usable(self, array):
        kept = super()._usable(array)
        return kept[kept > 0]

    def _line(self, values):
        if self.vmin <= 0:
            raise ValueError("Invalid vmin or vmax")
        low, high = math.log10(self.vmin), math.log10(self.vmax)
        with np.errstate(divide="ignore", invalid="ignore"):
            logs = np.log10(np.where(values > 0, values, np.nan))
        return logs * 0.0 if low == high else (logs - low) / (high - low)

    def inverse(self, value):
        low, high = math.log10(self.vmin), math.log10(self.vmax)
        return 10 ** (low + value * (high - low))


class PowerNorm(Normalize):
    def __init__(self, gamma, vmin=None, vmax=None, clip=False):
        super().__init__(vmin, vmax, clip)
        self.gamma = gamma

    def _line(self, values):
        line = super()._line(values)
        return np.where(line > 0, np.abs(line) ** self.gamma, line)

    def inverse(self, value):
        return super().inverse(value ** (1 / self.gamma))


class TwoSlopeNorm(Normalize):
    def __init__(self, vcenter, vmin=None, vmax=None):
        if (vmin is not None and vmin >= vcenter) or (vmax is not None and vmax <= vcenter):
            raise ValueError("vmin, vcenter, and vmax must be in ascending order")
        super().__init__(vmin, vmax)
        self.vcenter = vcenter

    def autoscale_None(self, A):
        super().autoscale_None(A)
        if self.vmin is not None:
            self.vmin = min(self.vmin, self.vcenter)
            self.vmax = max(self.vmax, self.vcenter)

    def _line(self, values):
        below = 0.5 * (values - self.vmin) / ((self.vcenter - self.vmin) or 1)
        above = 0.5 + 0.5 * (values - self.vcenter) / ((self.vmax - self.vcenter) or 1)
        return np.where(values < self.vcenter, below, above)

    def inverse(self, value):
        if value < 0.5:
            return self.vmin + 2 * value * (self.vcenter - self.vmin)
        return self.vcenter + (2 * value - 1) * (self.vmax - self.vcenter)


class CenteredNorm(Normalize):
    def __init__(self, vcenter=0, halfrange=None, clip=False):
        super().__init__(clip=clip)
        self.vcenter = vcenter
        if halfrange is not None:
            self.vmin, self.vmax = vcenter - abs(halfrange), vcenter + abs(halfrange)

    def autoscale_None(self, A):
        if self.vmin is None:
            kept = self._usable(as_array(A))
            if kept.size:
                half = max(abs(float(kept.max()) - self.vcenter), abs(float(kept.min()) - self.vcenter))
                self.vmin, self.vmax = self.vcenter - half, self.vcenter + half


class BoundaryNorm(Normalize):
    """Maps the intervals between boundaries to the ncolors of a map."""

    def __init__(self, boundaries, ncolors, clip=False, *, extend="neither"):
        edges = floats(boundaries)
        super().__init__(edges[0], edges[-1], clip)
        if extend != "neither":
            raise NotImplementedError("BoundaryNorm(extend=…) is not here; nearest: boundaries that cover the data")
        if len(edges) - 1 > ncolors:
            raise ValueError(f"There are {len(edges) - 1} color bins, but ncolors = {ncolors}; ncolors must be as many")
        self.boundaries, self.Ncmap, self._regions = edges, ncolors, len(edges) - 1

    def __call__(self, value, clip=None):
        scalar = not is_sequence(value)
        array = as_array([value] if scalar else value)
        region = np.searchsorted(np.array(self.boundaries), array.reshape(-1), side="right").reshape(array.shape) - 1
        if self.Ncmap > self._regions:
            if self._regions == 1:
                index = np.where(region == 0, (self.Ncmap - 1) // 2, region)
            else:
                index = (region * ((self.Ncmap - 1) / (self._regions - 1))).astype(int)
        else:
            index = region
        index = np.where(array < self.vmin, -1, np.where(array >= self.vmax, self.Ncmap, index))
        return int(index[0]) if scalar else index

    def inverse(self, value):
        raise ValueError("BoundaryNorm is not invertible")


class Colormap:
    """N colours; numbers 0…1, or whole numbers as indices, become (…, 4) arrays of RGBA."""

    def __init__(self, name, N=256):
        self.name, self.N = name, int(N)
        self._under = self._over = None
        self._bad = (0.0, 0.0, 0.0, 0.0)

    def colours(self):
        raise NotImplementedError("Colormap is a base; nearest: ListedColormap or LinearSegmentedColormap.from_list")

    def table(self):
        """The N colours, then what lies below, above, and what is not a number."""
        kept = self.colours()
        return [*kept, self._under or kept[0], self._over or kept[-1], self._bad]

    def indices(self, values):
        """Rows of `table` for an array of 0…1 (floats) or of indices (whole numbers)."""
        n = self.N
        if values.dtype.kind in "ib":
            at = values.astype(int)
            return np.where(at < 0, n, np.where(at >= n, n + 1, at))
        bad = np.isnan(values)
        tame = np.clip(np.where(bad, 0.0, values), -1.0, 2.0)
        at = np.clip((tame * n).astype(int), 0, n - 1)
        return np.where(bad, n + 2, np.where(tame < 0, n, np.where(tame > 1, n + 1, at)))

    def __call__(self, X, alpha=None, bytes=False):
        scalar = not is_sequence(X)
        array = as_array([X] if scalar else X)
        at = self.indices(array)
        table = self.table()
        if alpha is not None:
            table = [(*c[:3], float(alpha)) for c in table[:-1]] + table[-1:]
        if bytes:
            table = [tuple(int(v * 255) for v in c) for c in table]
        if scalar:
            return table[int(at[0])]
        return np.take(np.array(table), at.reshape(-1), axis=0).reshape(*array.shape, 4)

    def set_bad(self, color="k", alpha=None):
        self._bad = to_rgba(color, alpha)

    def set_under(self, color="k", alpha=None):
        self._under = to_rgba(color, alpha)

    def set_over(self, color="k", alpha=None):
        self._over = to_rgba(color, alpha)

    def get_under(self):
        return np.array(self.table()[self.N])

    def get_over(self):
        return np.array(self.table()[self.N + 1])

    def get_bad(self):
        return np.array(self._bad)

    def with_extremes(self, *, bad=None, under=None, over=None):
        other = self.copy()
        for colour, put in ((bad, other.set_bad), (under, other.set_under), (over, other.set_over)):
            if colour is not None:
                put(colour)
        return other

    def copy(self):
        import copy

        return copy.copy(self)

    def reversed(self, name=None):
        if name is None:
            name = self.name[:-2] if self.name.endswith("_r") else f"{self.name}_r"
        return ListedColormap(self.colours()[::-1], name)

    def resampled(self, lutsize):
        table = self.table()
        places = np.linspace(0, 1, lutsize)
        return ListedColormap([table[int(i)] for i in self.indices(places).tolist()], self.name)

    def __eq__(self, other):
        return isinstance(other, Colormap) and self.table() == other.table()

    __hash__ = object.__hash__

    def __repr__(self):
        return f"<matplotlib.colors.{type(self).__name__} object '{self.name}' of {self.N} colors>"


class ListedColormap(Colormap):
    def __init__(self, colors, name="from_list", N=None):
        if isinstance(colors, str):
            listed = [to_rgba(colors)] * (N or 1)
        else:
            listed = to_rgba_list(colors if hasattr(colors, "ndim") else list(colors))
        if N is not None:
            listed = [listed[i % len(listed)] for i in range(N)]
        super().__init__(name, len(listed))
        self._listed = listed
        self.colors = colors

    def colours(self):
        return self._listed


class LinearSegmentedColormap(Colormap):
    """Straight lines between colours at given places of 0…1."""

    def __init__(self, name, segmentdata, N=256, gamma=1.0):
        super().__init__(name, N)
        if not isinstance(segmentdata, list):
            raise NotImplementedError(
                "LinearSegmentedColormap(segmentdata) is not here; nearest: LinearSegmentedColormap.from_list"
            )
        self._points = segmentdata
        self._cached = None

    @staticmethod
    def from_list(name, colors, N=256, gamma=1.0):
        given = list(colors)
        pairs = all(is_sequence(c) and not isinstance(c, str) and len(c) == 2 and not isinstance(c[0], str) for c in given)
        if pairs:
            points = [(float(place), to_rgba(colour)) for place, colour in given]
        else:
            points = [(i / (len(given) - 1), to_rgba(colour)) for i, colour in enumerate(given)]
        return LinearSegmentedColormap(name, points, N)

    def colours(self):
        if self._cached is None:
            self._cached = [self._at(i / (self.N - 1) if self.N > 1 else 1.0) for i in range(self.N)]
        return self._cached

    def _at(self, place):
        points = self._points
        for (low, start), (high, end) in zip(points, points[1:]):
            if place <= high:
                t = (place - low) / (high - low) if high > low else 0.0
                return tuple(a + (b - a) * t for a, b in zip(start, end))
        return points[-1][1]

    def reversed(self, name=None):
        name = name or (self.name[:-2] if self.name.endswith("_r") else f"{self.name}_r")
        return LinearSegmentedColormap(name, [(1 - p, c) for p, c in reversed(self._points)], self.N)

    def resampled(self, lutsize):
        return LinearSegmentedColormap(self.name, self._points, lutsize)


def __getattr__(name):
    from ._missing import nearest

    raise nearest("matplotlib.colors", globals(), name)
