"""The interval that an axis shows, its scale and its ticks."""

import math

from . import scale
from ._rc import points, rcParams
from ._values import floats, holds_text
from .ticker import AutoMinorLocator, FixedFormatter, FixedLocator, NullLocator


class Span:
    """The interval of an axis, its scale and its ticks; axes that share an axis share this."""

    def __init__(self, name):
        self.name = name
        self.axes = []
        self.clear()

    def clear(self):
        self._low, self._high = 0.0, 1.0
        self.auto, self.stale, self.inverted = True, True, False
        self.margin = None
        self.categories = None
        self.set_scale("linear")

    def set_scale(self, name, **kwargs):
        self.scale = scale.make(name, **kwargs)
        self.scale.dress(self)
        self.stale = True

    def put_locators(self, major, major_format, minor, minor_format):
        self.put("locator", major)
        self.put("formatter", major_format)
        self.put("minor_locator", minor)
        self.put("minor_formatter", minor_format)

    def put(self, role, thing):
        thing.set_axis(self)
        setattr(self, role, thing)

    # What locators and formatters ask.
    def get_view_interval(self):
        return self.limits()

    def get_tick_space(self):
        axes = self.axes[0]
        size = points(axes.axis_of(self.name).params["labelsize"])
        box = axes.pixel_box()
        length = box[2 if self.name == "x" else 3] / axes.figure.pt
        return int(math.floor(length / (size * (3 if self.name == "x" else 2)))) if size > 0 else 2**31

    def get_majorticklocs(self):
        return self.locator()

    def least_positive(self):
        _, positive = self._data()
        return positive if positive else 1e-300

    def _data(self):
        """((least, most) or None, least positive or None) of what the axes hold."""
        values, positive = [], []
        for axes in self.axes:
            for artist in axes.children:
                if not artist.p["visible"]:
                    continue
                for v in artist.spans()[self.name == "y"]:
                    if math.isfinite(v):
                        values.append(v)
                        if v > 0:
                            positive.append(v)
        return (min(values), max(values)) if values else None, min(positive) if positive else None

    def limits(self):
        """(low, high) in reading order; an inverted axis gives the larger first."""
        if self.auto and self.stale:
            self.stale = False
            self._autoscale()
        return (self._high, self._low) if self.inverted else (self._low, self._high)

    def _autoscale(self):
        found, _ = self._data()
        if found is None and not any(not line.in_axes_units[self.name == "y"] for axes in self.axes for line in axes.lines):
            self._low, self._high = self.locator.nonsingular(-math.inf, math.inf) if self.scale.name == "log" else (0.0, 1.0)
            return
        x0, x1 = self.locator.nonsingular(*(found or (-math.inf, math.inf)))
        forward, inverse = self.scale.forward, self.scale.inverse
        margin = rcParams[f"axes.{self.name}margin"] if self.margin is None else self.margin
        stick = sorted(v for axes in self.axes for artist in axes.children if artist.p["visible"]
                       for v in (artist.sticky_x if self.name == "x" else artist.sticky_y)
                       if self.scale.name != "log" or v > 0)  # fmt: skip
        tolerance = 1e-5 * abs(x1 - x0)
        floor = [v for v in stick if v <= x0 + tolerance]
        ceiling = [v for v in stick if v >= x1 - tolerance]
        t0, t1 = forward(x0), forward(x1)
        delta = (t1 - t0) * margin
        if not math.isfinite(delta):
            delta = 0.0
        low, high = inverse(t0 - delta), inverse(t1 + delta)
        if floor:
            low = max(floor[-1], low)
        if ceiling:
            high = min(ceiling[0], high)
        self._low, self._high = (low, high) if low != high else self.locator.nonsingular(low, high)

    def set_limits(self, low, high, auto=False):
        old_low, old_high = self.limits()
        low = old_low if low is None else self.number(low)
        high = old_high if high is None else self.number(high)
        for v in (low, high):
            if not math.isfinite(v):
                raise ValueError("Axis limits cannot be NaN or Inf")
        if self.scale.name == "log" and min(low, high) <= 0:
            # As the real library: what no logarithm has leaves the limit as it was.
            low = old_low if low <= 0 else low
            high = old_high if high <= 0 else high
        self.inverted = low > high
        low, high = sorted((low, high))
        if low == high:
            low, high = self.locator.nonsingular(low, high)
        self._low, self._high = low, high
        if auto is not None:
            self.auto = auto
        self.stale = bool(auto)

    def widen(self, low, high):
        """The interval now holds these too, until data come."""
        self.limits()
        self._low, self._high = min(self._low, low), max(self._high, high)

    # Categories.
    def number(self, value):
        """A category's place, or the number itself."""
        if isinstance(value, str):
            return float(self._category(value))
        return floats(value)[0] if not isinstance(value, (int, float)) else float(value)

    def numbers(self, values):
        if isinstance(values, str):
            return [self.number(values)]
        if holds_text(values):
            return [float(self._category(str(v))) for v in values]
        if hasattr(values, "keys"):
            values = list(values)
        first = next(iter(values), None) if isinstance(values, (list, tuple)) else None
        if type(first).__module__ == "datetime":
            raise NotImplementedError("dates on an axis are not in this matplotlib; nearest here: numbers, or strings as categories")
        return floats(values)

    def _category(self, name):
        if self.categories is None:
            self.categories = {}
        if name not in self.categories:
            self.categories[name] = len(self.categories)
            self.put("locator", FixedLocator(list(self.categories.values())))
            self.put("formatter", FixedFormatter(list(self.categories)))
        return self.categories[name]

    def shown(self, minor=False):
        """The ticks within the interval and their labels."""
        locator = self.minor_locator if minor else self.locator
        formatter = self.minor_formatter if minor else self.formatter
        places = [float(v) for v in locator()]
        labels = formatter.format_ticks(places)
        low, high = sorted(map(self.scale.forward, self.limits()))
        slack = 1e-10 * (high - low)
        return [(v, label) for v, label in zip(places, labels) if low - slack <= self.scale.forward(v) <= high + slack]


def minor_on(span):
    if span.scale.name == "linear":
        span.put("minor_locator", AutoMinorLocator())


def minor_off(span):
    span.put("minor_locator", NullLocator())
