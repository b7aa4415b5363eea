"""The strip that tells which number has which colour."""

import numpy as np

from ._rc import rcParams
from .artist import Artist
from .image import as_base64
from .ticker import FixedLocator, LogLocator

__all__ = ["Colorbar"]


class _Strip(Artist):
    """The colours themselves, along the axes' long side."""

    zorder = 0
    covers = True

    def __init__(self, mappable, upright, alpha):
        super().__init__()
        self.mappable, self.upright, self.alpha = mappable, upright, alpha

    def draw(self, view, out):
        mappable = self.mappable
        filled = getattr(mappable, "filled", None)
        limits = view.ylim if self.upright else view.xlim
        left, top, w, h = view.box
        alpha = self.alpha if self.alpha is not None else mappable.p["alpha"] if isinstance(mappable, Artist) else None
        alpha = alpha if isinstance(alpha, (int, float)) else None
        if filled is not None:
            self._bands(view, out, mappable, filled)
            return
        n = 256
        scale = (view.axes.yaxis if self.upright else view.axes.xaxis).span.scale
        low, high = scale.forward(limits[0]), scale.forward(limits[1])
        places = [scale.inverse(low + (high - low) * (i + 0.5) / n) for i in range(n)]
        at = mappable.cmap.indices(np.asarray(mappable.norm(np.array(places))))
        table = mappable.cmap.table()
        colours = [bytes(round(255 * v) for v in (*table[i][:3], table[i][3] * (1 if alpha is None else alpha))) for i in at.tolist()]
        if self.upright:
            out.image(view.box, as_base64(1, n, b"".join(reversed(colours))), False, view.clip)
        else:
            out.image(view.box, as_base64(n, 1, b"".join(colours)), False, view.clip)

    def _bands(self, view, out, contours, filled):
        levels, paints = contours._levels, contours.paints()
        if filled:
            for low, high, paint in zip(levels, levels[1:], paints):
                corners = [(0, low), (1, low), (1, high), (0, high)]
                own = (True, False)
                if not self.upright:
                    corners, own = [(b, a) for a, b in corners], (False, True)
                px, py = view.pixels([c[0] for c in corners], [c[1] for c in corners], own)
                out.shape([list(zip(px, py))], paint, paint, 0.5, (), view.clip, True)
        else:
            for level, paint in zip(levels, paints):
                ends, own = ([(0, level), (1, level)], (True, False)) if self.upright else ([(level, 0), (level, 1)], (False, True))
                px, py = view.pixels([e[0] for e in ends], [e[1] for e in ends], own)
                out.line(px, py, paint, rcParams["lines.linewidth"], (), view.clip, False)


class Colorbar:
    def __init__(self, ax, mappable, orientation="vertical", label="", ticks=None, format=None, alpha=None, location=None):
        self.ax, self.mappable, self.orientation = ax, mappable, orientation
        upright = orientation == "vertical"
        self.long_axis = ax.yaxis if upright else ax.xaxis
        across = ax.xaxis if upright else ax.yaxis
        across.visible = False
        if upright:
            (ax.yaxis.tick_left if location == "left" else ax.yaxis.tick_right)()
            ax.yaxis.label_side = "left" if location == "left" else "right"
        elif location == "top":
            ax.xaxis.tick_top()
            ax.xaxis.label_side = "top"
        mappable.autoscale_None() if mappable.get_array() is not None else None
        norm = mappable.norm
        low, high = (0.0, 1.0) if norm.vmin is None else (norm.vmin, norm.vmax)
        span = self.long_axis.span
        if type(norm).__name__ == "LogNorm":
            span.set_scale("log")
        levels = getattr(mappable, "_levels", None)
        if levels is not None:
            low, high = mappable.levels[0], mappable.levels[-1]
            low, high = (float(low), float(high)) if mappable.filled or len(levels) > 1 else (levels[0] - 0.5, levels[0] + 0.5)
            kept = FixedLocator([float(v) for v in mappable.levels], nbins=10)
            span.put("locator", LogLocator() if type(norm).__name__ == "LogNorm" else kept)
        elif hasattr(norm, "boundaries"):
            span.put("locator", FixedLocator(norm.boundaries, nbins=10))
        ax.add(_Strip(mappable, upright, alpha))
        if low == high:
            low, high = low - 0.5, high + 0.5
        span.set_limits(low, high)
        across.span.set_limits(0, 1)
        if ticks is not None:
            self.set_ticks(ticks)
        if format is not None:
            from .ticker import FormatStrFormatter

            self.long_axis.set_major_formatter(FormatStrFormatter(format) if isinstance(format, str) and "%" in format else format)
        if label:
            self.set_label(label)
        mappable.colorbar = self

    def set_label(self, label, *, loc=None, **kwargs):
        self.long_axis.labelpad = kwargs.pop("labelpad", self.long_axis.labelpad)
        set_it = self.ax.set_ylabel if self.orientation == "vertical" else self.ax.set_xlabel
        set_it(label, loc=loc, **kwargs)

    def set_ticks(self, ticks, *, labels=None, minor=False, **kwargs):
        if hasattr(ticks, "tick_values"):
            self.long_axis.set_major_locator(ticks)
            return
        low, high = self.long_axis.span.limits()
        self.long_axis.set_ticks(ticks, labels, **kwargs)
        self.long_axis.span.set_limits(low, high)

    def set_ticklabels(self, ticklabels, **kwargs):
        self.long_axis.set_ticklabels(ticklabels, **kwargs)

    def get_ticks(self, minor=False):
        return self.long_axis.get_ticklocs()

    @property
    def outline(self):
        return self.ax.spines[:]

    def minorticks_on(self):
        self.ax.minorticks_on()

    def update_normal(self, mappable=None):
        norm = self.mappable.norm
        self.long_axis.span.set_limits(norm.vmin, norm.vmax)

    def remove(self):
        beside = getattr(self.ax, "beside", None)
        if beside is not None and beside.given_away:
            beside.given_away.pop()
        self.ax.remove()


def make_place(figure, parents, location, orientation, fraction, pad, shrink, aspect, anchor):
    """Takes room from the parents; returns (location, orientation, a function that gives the bar's place)."""
    if location is None:
        location = "bottom" if orientation == "horizontal" else "right"
    orientation = "vertical" if location in ("left", "right") else "horizontal"
    upright = orientation == "vertical"
    pad = (0.05 if upright else 0.15) if pad is None else pad
    single = parents[0] if len(parents) == 1 else None
    if single is not None:
        single.given_away.append((location, fraction, pad))
    else:
        _shrink_together(figure, parents, location, fraction, pad)

    def place():
        boxes = [a.place() for a in parents]
        x0, y0 = min(b[0] for b in boxes), min(b[1] for b in boxes)
        x1, y1 = max(b[0] + b[2] for b in boxes), max(b[1] + b[3] for b in boxes)
        width, height = figure.pixel_size()
        kept = 1 - fraction - pad
        if upright:
            whole = (x1 - x0) / kept
            room = whole * fraction
            left = x1 + whole * pad if location == "right" else x0 - whole * pad - room
            if single is not None:
                # The bar is as high as the picture beside it and stands next to it, where an aspect made it smaller.
                px, py, pw, ph = single.pixel_box()
                y0, y1 = 1 - (py + ph) / height, 1 - py / height
                x0, x1 = px / width, (px + pw) / width
                left = x1 + whole * pad if location == "right" else x0 - whole * pad - room
            long = (y1 - y0) * shrink
            thick = min(room, long * height / aspect / width)
            start = left if location == "right" else left + room - thick
            return (start, y0 + ((y1 - y0) - long) * 0.5, thick, long)
        whole = (y1 - y0) / kept
        room = whole * fraction
        base = y0 - whole * pad if location == "bottom" else y1 + whole * pad
        if single is not None:
            px, _, pw, _ = single.pixel_box()
            x0, x1 = px / width, (px + pw) / width
        long = (x1 - x0) * shrink
        thick = min(room, long * width / aspect / height)
        return (x0 + ((x1 - x0) - long) * 0.5, base - thick if location == "bottom" else base, long, thick)

    return location, orientation, place


def _shrink_together(figure, parents, location, fraction, pad):
    """All parents move into the part of their common room that is left."""
    before = {id(a): a.place for a in parents}

    def moved(axes):
        def place():
            boxes = [before[id(a)]() for a in parents]
            x0, y0 = min(b[0] for b in boxes), min(b[1] for b in boxes)
            x1, y1 = max(b[0] + b[2] for b in boxes), max(b[1] + b[3] for b in boxes)
            left, bottom, w, h = before[id(axes)]()
            kept = 1 - fraction - pad
            if location in ("left", "right"):
                start = x0 + (x1 - x0) * (1 - kept) if location == "left" else x0
                return (start + (left - x0) * kept, bottom, w * kept, h)
            start = y0 + (y1 - y0) * (1 - kept) if location == "bottom" else y0
            return (left, start + (bottom - y0) * kept, w, h * kept)

        return place

    for axes in parents:
        unmoved = axes.moved

        def as_before(axes=axes, unmoved=unmoved):
            kept, axes.moved = axes.moved, unmoved
            try:
                return axes.place()
            finally:
                axes.moved = kept

        before[id(axes)] = as_before
        axes.moved = moved(axes)
