"""Lines with markers."""

import math

import numpy as np

from . import _markers
from ._rc import rcParams
from ._values import NAN, all_finite, floats
from .artist import Artist
from .colors import to_rgba

__all__ = ["AxLine", "Line2D"]

_STYLES = {"solid": "-", "dashed": "--", "dashdot": "-.", "dotted": ":", "None": "", "none": "", " ": "", None: "-"}
_DASHES = {"-": (), "": None, "--": (3.7, 1.6), "-.": (6.4, 1.6, 1, 1.6), ":": (1, 1.65)}
_DRAWN = {"default", "steps", "steps-pre", "steps-mid", "steps-post"}


def dashes(style, width):
    """On and off lengths in points; () for solid, None for no line."""
    if isinstance(style, tuple):
        on_off = style[1] if len(style) == 2 and (style[1] is None or hasattr(style[1], "__len__")) else style
        return tuple(v * width for v in floats(on_off or ()))
    style = _STYLES.get(style, style)
    if style not in _DASHES:
        raise ValueError(f"{style!r} is not a valid value for ls; supported values are '-', '--', '-.', ':', 'None', ' ', ''")
    pattern = _DASHES[style]
    return None if pattern is None else tuple(v * width for v in pattern)


def outlying(values):
    """Least, most and least positive: all that limits need."""
    kept = values if all_finite(values) else [v for v in values if -math.inf < v < math.inf]
    if not kept:
        return []
    positive = [v for v in kept if v > 0]
    return [min(kept), max(kept), *([min(positive)] if positive else [])]


def seen(xs, ys):
    """What limits need of points; one that lacks a coordinate is nowhere."""
    if all_finite(xs) and all_finite(ys):
        return outlying(xs), outlying(ys)
    pairs = [(x, y) for x, y in zip(xs, ys) if x - x == 0 == y - y]
    return outlying([p[0] for p in pairs]), outlying([p[1] for p in pairs])


class Line2D(Artist):
    zorder = 2
    PROPERTIES = {
        **Artist.PROPERTIES, "color": None, "linestyle": "-", "linewidth": None, "marker": "None", "markersize": None,
        "markerfacecolor": "auto", "markeredgecolor": "auto", "markeredgewidth": None, "markevery": None,
        "drawstyle": "default", "fillstyle": "full", "gapcolor": None,
    }  # fmt: skip
    ALIASES = {
        "c": "color", "ls": "linestyle", "lw": "linewidth", "ms": "markersize", "mfc": "markerfacecolor",
        "mec": "markeredgecolor", "mew": "markeredgewidth", "ds": "drawstyle",
    }  # fmt: skip

    def __init__(self, xdata, ydata, **given):
        self._x, self._y = [], []
        super().__init__()
        for name, key in (("linewidth", "lines.linewidth"), ("markersize", "lines.markersize"), ("color", "lines.color"),
                          ("markeredgewidth", "lines.markeredgewidth"), ("linestyle", "lines.linestyle"),
                          ("marker", "lines.marker")):  # fmt: skip
            self.p[name] = rcParams[key]
        self.set(**given)
        self.set_data(xdata, ydata)

    def set_color(self, color):
        to_rgba(color)
        self._put("color", color)

    def set_linestyle(self, ls):
        if isinstance(ls, str) and ls.startswith("steps"):
            self.set_drawstyle(ls)
            ls = "-"
        dashes(ls, 1)
        self._put("linestyle", ls)

    def set_marker(self, marker):
        _markers.outline(marker)
        self._put("marker", marker)

    def set_drawstyle(self, drawstyle):
        if drawstyle not in _DRAWN:
            raise ValueError(f"{drawstyle!r} is not a valid value for drawstyle; supported values are {sorted(_DRAWN)}")
        self._put("drawstyle", drawstyle)

    def set_dashes(self, seq):
        self._put("linestyle", (0, tuple(seq)) if seq else "-")

    def set_data(self, *args):
        xdata, ydata = args if len(args) == 2 else args[0]
        if not hasattr(xdata, "__len__") or not hasattr(ydata, "__len__"):
            raise RuntimeError("x and y must be sequences")
        convert = self.axes.convert if self.axes is not None else lambda x, y: (floats(x), floats(y))
        self._x, self._y = convert(xdata, ydata)
        if len(self._x) != len(self._y) and 1 not in (len(self._x), len(self._y)):
            raise ValueError(f"x and y must have same first dimension, but have shapes ({len(self._x)},) and ({len(self._y)},)")
        self._spans = None
        self.changed()

    def set_xdata(self, x):
        self.set_data(x, self._y)

    def set_ydata(self, y):
        self.set_data(self._x, y)

    def get_xdata(self, orig=True):
        return np.array(self._x)

    def get_ydata(self, orig=True):
        return np.array(self._y)

    def get_data(self, orig=True):
        return self.get_xdata(), self.get_ydata()

    def get_xydata(self):
        return np.array([self._x, self._y]).T

    def points(self):
        n = max(len(self._x), len(self._y))
        xs = self._x * n if len(self._x) == 1 else self._x
        ys = self._y * n if len(self._y) == 1 else self._y
        return xs, ys

    def spans(self):
        along = self.in_axes_units
        if self._spans is None:
            self._spans = seen(*self.points())
        return tuple(() if own else span for own, span in zip(along, self._spans))

    def rgba(self):
        return self.alpha_of(to_rgba(self.p["color"]))

    def marker_style(self):
        """(outline, size, face, edge, edge's width) in points, or None."""
        outline = _markers.outline(self.p["marker"])
        if outline is None:
            return None
        p = self.p
        own = self.rgba()

        def paint(value):
            if isinstance(value, str) and value == "auto":
                return own
            return self.alpha_of(to_rgba(value))

        face = paint(p["markerfacecolor"]) if outline.filled and p["fillstyle"] != "none" else (0, 0, 0, 0)
        size = p["markersize"] * outline.scale
        width = p["markeredgewidth"] if p["marker"] != "," else 0
        return outline, size, face, paint(p["markeredgecolor"]), width

    def _stepped(self, xs, ys):
        style = self.p["drawstyle"]
        if style == "default" or len(xs) < 2:
            return xs, ys
        outx, outy = [xs[0]], [ys[0]]
        for x0, y0, x1, y1 in zip(xs, ys, xs[1:], ys[1:]):
            if style == "steps-post":
                outx += [x1, x1]
                outy += [y0, y1]
            elif style == "steps-mid":
                middle = (x0 + x1) / 2
                outx += [middle, middle, x1]
                outy += [y0, y1, y1]
            else:
                outx += [x0, x1]
                outy += [y1, y1]
        return outx, outy

    def _marked(self, n):
        every = self.p["markevery"]
        if every is None:
            return range(n)
        if isinstance(every, int):
            return range(0, n, every)
        if isinstance(every, tuple):
            return range(every[0], n, every[1])
        return range(n)[every] if isinstance(every, slice) else [i for i in every if i < n]

    def draw(self, view, out):
        xs, ys = self.points()
        clip = view.clip if self.p["clip_on"] else None
        pattern = dashes(self.p["linestyle"], self.p["linewidth"])
        if pattern is not None and self.p["linewidth"] > 0:
            px, py = view.pixels(*self._stepped(xs, ys), self.in_axes_units)
            out.line(px, py, self.rgba(), self.p["linewidth"], pattern, clip, view.literal)
        style = self.marker_style()
        if style:
            px, py = view.pixels(xs, ys, self.in_axes_units)
            kept = [i for i in self._marked(len(px)) if px[i] - px[i] == 0 == py[i] - py[i]]
            outline, size, face, edge, width = style
            out.marks([px[i] for i in kept], [py[i] for i in kept], outline, [size], [face], [edge], width, clip, view.literal)

    def key(self, out, x, y, w, h):
        """Its sample in a legend, in a box of w × h at x, y (its top left)."""
        middle = y + h / 2
        pattern = dashes(self.p["linestyle"], self.p["linewidth"])
        if pattern is not None and self.p["linewidth"] > 0:
            out.line([x, x + w], [middle, middle], self.rgba(), self.p["linewidth"], pattern, None, False)
        style = self.marker_style()
        if style:
            outline, size, face, edge, width = style
            out.marks([x + w / 2], [middle], outline, [size], [face], [edge], width, None, False)


class AxLine(Line2D):
    """A line without ends: through a point with a slope, or through two."""

    def __init__(self, xy1, xy2, slope, **given):
        super().__init__([xy1[0]] + ([xy2[0]] if xy2 else []), [xy1[1]] + ([xy2[1]] if xy2 else []), **given)
        self._slope = slope if xy2 is None else None

    def draw(self, view, out):
        x0, x1 = view.xlim
        (xa, ya) = self._x[0], self._y[0]
        slope = self._slope
        if slope is None:
            slope = NAN if self._x[1] == xa else (self._y[1] - ya) / (self._x[1] - xa)
        if slope - slope != 0:
            xs, ys = [xa, xa], list(view.ylim)
        else:
            xs, ys = [x0, x1], [ya + slope * (x0 - xa), ya + slope * (x1 - xa)]
        px, py = view.pixels(xs, ys)
        out.line(px, py, self.rgba(), self.p["linewidth"], dashes(self.p["linestyle"], self.p["linewidth"]), view.clip, view.literal)
