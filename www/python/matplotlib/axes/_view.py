"""From the axes' data to pixels."""

import math


class View:
    """One axes as it is drawn: its box in pixels, its intervals, whether its ground has colours of its own."""

    def __init__(self, axes, out):
        self.axes = axes
        figure = axes.figure
        self.figure_size = figure.pixel_size()
        self.pt = figure.pt
        self.box = axes.pixel_box()
        self.xlim, self.ylim = axes.get_xlim(), axes.get_ylim()
        self._x, self._y = axes.xaxis.span, axes.yaxis.span
        self.clip = out.clip(self.box) if out is not None else None
        self.literal = False

    def number(self, name, value):
        return self.axes.axis_of(name).span.number(value)

    def holds(self, px, py):
        left, top, width, height = self.box
        return left <= px <= left + width and top <= py <= top + height

    def _along(self, values, own, span, limits, start, length):
        """Pixels from `start` over `length` (negative upwards)."""
        if own:
            return [start + v * length for v in values]
        forward = span.scale.forward
        low, high = forward(limits[0]), forward(limits[1])
        factor = length / (high - low) if high != low else 0.0
        if span.scale.name == "linear":
            return [start + (v - low) * factor for v in values]
        if span.scale.name == "log":
            # What has no logarithm lies far below, so that lines lead off the axes there.
            bottom = min(low, high) - 1000
            base = span.scale.base
            return [start + ((math.log(v, base) if v > 0 else bottom if v <= 0 else v) - low) * factor for v in values]
        return [start + (forward(v) - low) * factor for v in values]

    def pixels(self, xs, ys, own=(False, False), transform=None):
        """(x pixels, y pixels); `own` says which of the two are shares of the axes instead of data."""
        if transform is not None and transform.kind == "figure":
            width, height = self.figure_size
            return [x * width for x in xs], [(1 - y) * height for y in ys]
        left, top, width, height = self.box
        px = self._along(xs, own[0], self._x, self.xlim, left, width)
        py = self._along(ys, own[1], self._y, self.ylim, top + height, -height)
        return px, py
