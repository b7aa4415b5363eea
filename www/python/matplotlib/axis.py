"""One axes' view of a span: ticks, their labels, the axis' name, its grid."""

from . import _text
from ._rc import points, rcParams
from .colors import to_rgba
from .lines import dashes
from .text import Text
from .ticker import FixedFormatter, FixedLocator, Formatter, FuncFormatter, Locator, NullFormatter, StrMethodFormatter

__all__ = ["Axis"]


class Axis:
    SIDES = {"x": ("bottom", "top"), "y": ("left", "right")}

    def __init__(self, axes, name, span):
        self.axes, self.name, self.axis_name, self.span = axes, name, name, span
        span.axes.append(axes)
        self.clear()

    def clear(self):
        name = self.name
        rc = lambda key: rcParams[f"{name}tick.{key}"]  # noqa: E731
        colour = rc("labelcolor")
        first, second = self.SIDES[name]
        self.params = {
            "labelsize": rc("labelsize"), "labelrotation": 0.0, "labelrotation_mode": "default", "length": rc("major.size"),
            "width": rc("major.width"), "pad": rc("major.pad"), "direction": rc("direction"), "color": rc("color"),
            "labelcolor": rc("color") if colour == "inherit" else colour, "labelha": None, "labelweight": "normal",
            first: rc(first), second: rc(second), f"label{first}": rc(f"label{first}"), f"label{second}": False,
            "minor_length": rc("minor.size"), "minor_width": 0.6, "labelfamily": None, "labelva": None, "labelstyle": "normal",
        }  # fmt: skip
        self.grid_on = {"major": False, "minor": False}
        if rcParams["axes.grid"] and rcParams["axes.grid.axis"] in ("both", name):
            self.grid_on["major"] = True
        self.grid_style = {}
        self.visible = True
        self.label = Text(0, 0, "", fontsize=rcParams["axes.labelsize"], color=rcParams["axes.labelcolor"],
                          fontweight=rcParams["axes.labelweight"], horizontalalignment="center")  # fmt: skip
        self.label.axes = self.axes
        self.labelpad = rcParams["axes.labelpad"]
        self.label_side = first
        self.label_share = 0.5
        self.texts = None

    # The names that programs call.
    def set_major_locator(self, locator):
        self._must(locator, Locator)
        self.span.put("locator", locator)
        self.axes.changed(False)

    def set_minor_locator(self, locator):
        self._must(locator, Locator)
        self.span.put("minor_locator", locator)

    def set_major_formatter(self, formatter):
        self.span.put("formatter", self._formatter(formatter))

    def set_minor_formatter(self, formatter):
        self.span.put("minor_formatter", self._formatter(formatter))

    def _must(self, given, kind):
        if not isinstance(given, kind):
            raise TypeError(f"expected a matplotlib.ticker.{kind.__name__}, got {type(given).__name__}")

    def _formatter(self, given):
        if isinstance(given, str):
            return StrMethodFormatter(given)
        if callable(given) and not isinstance(given, Formatter):
            return FuncFormatter(given)
        self._must(given, Formatter)
        return given

    def get_major_locator(self):
        return self.span.locator

    def get_major_formatter(self):
        return self.span.formatter

    def get_minor_locator(self):
        return self.span.minor_locator

    def get_majorticklocs(self):
        import numpy as np

        return np.array([float(v) for v in self.span.locator()])

    def get_ticklocs(self, *, minor=False):
        import numpy as np

        return np.array([float(v) for v in (self.span.minor_locator if minor else self.span.locator)()])

    def get_minorticklocs(self):
        return self.get_ticklocs(minor=True)

    def get_minor_formatter(self):
        return self.span.minor_formatter

    def get_view_interval(self):
        return self.span.limits()

    def set_ticks(self, ticks, labels=None, *, minor=False, **kwargs):
        if labels is None and kwargs:
            raise ValueError(f"Incorrect use of keyword argument {next(iter(kwargs))!r}: without labels it has nothing to change")
        places = self.span.numbers(list(ticks) if not hasattr(ticks, "tolist") else ticks)
        if places:
            self.span.widen(min(places), max(places))
        if minor:
            self.span.put("minor_locator", FixedLocator(places))
            return
        self.span.put("locator", FixedLocator(places))
        if labels is not None:
            self.set_ticklabels(labels, **kwargs)

    def set_ticklabels(self, labels, *, minor=False, fontdict=None, **kwargs):
        shown = [label.get_text() if isinstance(label, Text) else str(label) for label in labels]
        locator = self.span.locator
        if isinstance(locator, FixedLocator) and shown and len(shown) != len(locator.locs):
            raise ValueError(
                f"The number of FixedLocator locations ({len(locator.locs)}), usually from a call to set_ticks, does not "
                f"match the number of labels ({len(shown)})."
            )
        self.span.put("formatter", FixedFormatter(shown) if shown else NullFormatter())
        self._dress_labels({**(fontdict or {}), **kwargs})

    def _dress_labels(self, style):
        names = {
            "rotation": "labelrotation", "fontsize": "labelsize", "size": "labelsize", "color": "labelcolor", "c": "labelcolor",
            "ha": "labelha", "horizontalalignment": "labelha", "weight": "labelweight", "fontweight": "labelweight",
            "rotation_mode": "labelrotation_mode", "va": "labelva", "verticalalignment": "labelva",
            "family": "labelfamily", "fontfamily": "labelfamily", "style": "labelstyle", "fontstyle": "labelstyle",
        }  # fmt: skip
        for key, value in style.items():
            if key == "visible":
                for side in self.SIDES[self.name]:
                    self.params[f"label{side}"] = bool(value) and self.params[side]
                continue
            if key not in names:
                raise AttributeError(f"Text.set() got an unexpected keyword argument {key!r}")
            self.params[names[key]] = {"vertical": 90.0, "horizontal": 0.0}.get(value, value) if key == "rotation" else value

    def get_ticklabels(self, minor=False, which=None):
        return [TickLabel(self, label) for _, label in self.span.shown(minor)]

    def get_major_ticks(self, numticks=None):
        raise NotImplementedError(f"single ticks are not here; nearest: ax.tick_params(axis={self.name!r}, …)")

    def set_tick_params(self, which="major", **kwargs):
        self.axes.tick_params(axis=self.name, which=which, **kwargs)

    def tick_top(self):
        self.params.update(bottom=False, top=True, labelbottom=False, labeltop=True)

    def tick_bottom(self):
        self.params.update(bottom=True, top=False, labelbottom=True, labeltop=False)

    def tick_left(self):
        self.params.update(left=True, right=False, labelleft=True, labelright=False)

    def tick_right(self):
        self.params.update(left=False, right=True, labelleft=False, labelright=True)

    def set_label_position(self, position):
        if position not in self.SIDES[self.name]:
            raise ValueError(f"{position!r} is not a valid value for position; supported values are {self.SIDES[self.name]}")
        self.label_side = position

    def set_ticks_position(self, position):
        first, second = self.SIDES[self.name]
        on = {"both": (True, True), "none": (False, False), first: (True, False), second: (False, True), "default": (True, True)}
        if position not in on:
            raise ValueError(f"{position!r} is not a valid value for position; supported values are {', '.join(map(repr, on))}")
        self.params[first], self.params[second] = on[position]
        if position in (first, second):
            self.params[f"label{first}"], self.params[f"label{second}"] = on[position]

    def set_label_text(self, label, fontdict=None, **kwargs):
        self.label.set_text(label)
        self.label.set(**{**(fontdict or {}), **kwargs})
        return self.label

    def get_label(self):
        return self.label

    def get_label_text(self):
        return self.label.get_text()

    def set_label_coords(self, x, y, transform=None):
        self.label_share = x if self.name == "x" else y

    def set_visible(self, b):
        self.visible = bool(b)

    def get_visible(self):
        return self.visible

    def set_inverted(self, inverted):
        self.span.inverted = bool(inverted)

    def get_inverted(self):
        return self.span.inverted

    def get_scale(self):
        return self.span.scale.name

    def grid(self, visible=None, which="major", **kwargs):
        on = True if kwargs and visible is None else visible
        for kind in ("major", "minor") if which == "both" else (which,):
            self.grid_on[kind] = not self.grid_on[kind] if on is None else bool(on)
        self.grid_style.update(kwargs)

    # Drawing.
    def _places(self, view, minor):
        ticks = self.span.shown(minor)
        values = [v for v, _ in ticks]
        if self.name == "x":
            places, _ = view.pixels(values, [0.0] * len(values), (False, True))
        else:
            _, places = view.pixels([0.0] * len(values), values, (True, False))
        return list(zip(places, (label for _, label in ticks)))

    def draw_grid(self, view, out):
        style = self.grid_style
        width = style.get("linewidth", style.get("lw", rcParams["grid.linewidth"]))
        alpha = style.get("alpha", rcParams["grid.alpha"])
        paint = to_rgba(style.get("color", style.get("c", rcParams["grid.color"])), alpha)
        pattern = dashes(style.get("linestyle", style.get("ls", rcParams["grid.linestyle"])), width) or ()
        left, top, w, h = view.box
        for kind in ("major", "minor"):
            if self.grid_on[kind]:
                for place, _ in self._places(view, kind == "minor"):
                    xs, ys = ([place, place], [top, top + h]) if self.name == "x" else ([left, left + w], [place, place])
                    out.line(xs, ys, paint, width, pattern, view.clip, view.literal)

    def draw(self, view, out):
        """Ticks and labels; keeps how far they reach on each side, for the axis' own name."""
        self._reach = {}
        if not self.visible:
            return
        for minor in (True, False):
            for place, label in self._places(view, minor):
                for outward, side in enumerate(self.SIDES[self.name]):
                    self._draw_tick(view, out, place, label, side, -1 if outward == 0 else 1, minor)
        self._draw_offset(view, out)

    def _edge(self, view, side):
        left, top, w, h = view.box
        return {"left": left, "right": left + w, "top": top, "bottom": top + h}[side]

    def _draw_tick(self, view, out, place, label, side, sign, minor):
        p, pt = self.params, out.pt
        edge = self._edge(view, side)
        # Outwards: down and to the left for the first side, up and to the right for the second.
        away = {"bottom": 1, "left": -1, "top": -1, "right": 1}[side]
        length = (p["minor_length"] if minor else p["length"]) * pt
        outside = {"out": length, "inout": length / 2, "in": 0.0}[p["direction"]]
        inside = length - outside
        if p[side] and length > 0:
            ends = [edge - away * inside, edge + away * outside]
            xs, ys = ([place, place], ends) if self.name == "x" else (ends, [place, place])
            out.line(xs, ys, to_rgba(p["color"]), p["minor_width" if minor else "width"], (), None, False)
        self._reach[side] = max(self._reach.get(side, 0.0), outside if p[side] else 0.0)
        if not p[f"label{side}"] or not label:
            return
        away_by = edge + away * (max(outside if p[side] else length, 0.0) + p["pad"] * pt)
        angle = p["labelrotation"]
        if self.name == "x":
            x, y, ha, va = place, away_by, "center", "top" if side == "bottom" else "bottom"
        else:
            x, y, ha, va = away_by, place, "right" if side == "left" else "left", "center_baseline"
        if angle % 360 and va == "center_baseline":
            va = "center"
        corners = out.text(
            x, y, label, points(p["labelsize"]), to_rgba(p["labelcolor"]), p["labelha"] or ha, p["labelva"] or va, angle,
            p["labelweight"], family=p["labelfamily"], mode=p["labelrotation_mode"], style=p["labelstyle"],
        )  # fmt: skip
        far = [abs((c[1] if self.name == "x" else c[0]) - edge) for c in corners
               if ((c[1] if self.name == "x" else c[0]) - edge) * away > 0]  # fmt: skip
        self._reach[side] = max([self._reach[side], *far])

    def _draw_offset(self, view, out):
        text = self.span.formatter.get_offset() if len(self.span.formatter.locs) else ""
        if not text:
            return
        size, paint = points(self.params["labelsize"]), to_rgba(self.params["labelcolor"])
        left, top, w, h = view.box
        if self.name == "x":
            below = top + h + self._reach.get("bottom", 0.0) + 3 * out.pt
            out.text(left + w, below, text, size, paint, "right", "top")
            self._reach["bottom"] = self._reach.get("bottom", 0.0)
        else:
            right = self.params["labelright"]
            out.text(left + w if right else left, top - 3 * out.pt, text, size, paint, "right" if right else "left", "bottom")

    def draw_label(self, view, out):
        if not self.label.get_text() or not self.visible:
            return
        left, top, w, h = view.box
        side = self.label_side
        away = self._reach.get(side, 0.0) + self.labelpad * out.pt
        edge = self._edge(view, side)
        p = self.label.p
        if self.name == "x":
            p["verticalalignment"] = "top" if side == "bottom" else "bottom"
            share = {"left": 0.0, "right": 1.0}.get(p["horizontalalignment"], self.label_share)
            self.label.draw_at(out, left + share * w, edge + (away if side == "bottom" else -away))
        else:
            style = self.label.style()
            angle = style["angle"] if "rotation" in self.label.__dict__.get("chosen", ()) else 90.0
            size = self.label.size * out.pt
            _, height = _text.measure(_text.lines(self.label.get_text()), size)
            middle = top + (1 - self.label_share) * h
            x = edge + (away if side == "right" else -away)
            if angle % 360 == 90.0:
                x += height * (0.5 if side == "right" else -0.5)
            style.update(ha="center", va="center", angle=angle)
            if angle % 360 == 0.0:
                style.update(ha="right" if side == "left" else "left")
            out.text(x, middle, self.label.get_text(), **style)


class TickLabel:
    """What `ax.get_xticklabels()` yields; a change of one changes all of its axis."""

    def __init__(self, axis, text):
        self._axis, self._text = axis, text

    def get_text(self):
        return self._text

    def set(self, **kwargs):
        self._axis._dress_labels(kwargs)

    def __getattr__(self, name):
        if name.startswith("set_"):
            return lambda value: self._axis._dress_labels({name[4:]: value})
        raise AttributeError(f"'Text' object has no attribute {name!r}")


def parse_tick_params(axis, which, given):
    """Puts the keywords of tick_params into an axis' parameters."""
    for key, value in given.items():
        if key in ("rotation", "labelrotation"):
            axis.params["labelrotation"] = value
        elif key in ("size", "length"):
            for kind in ("length",) if which == "major" else ("minor_length",) if which == "minor" else ("length", "minor_length"):
                axis.params[kind] = value
        elif key == "width":
            for kind in ("width",) if which == "major" else ("minor_width",) if which == "minor" else ("width", "minor_width"):
                axis.params[kind] = value
        elif key == "colors":
            axis.params["color"] = axis.params["labelcolor"] = value
        elif key.startswith("grid_"):
            axis.grid_style[key[5:]] = value
        elif key == "labelfontfamily":
            axis.params["labelfamily"] = value
        elif key in axis.params:
            axis.params[key] = value
        elif key in ("bottom", "top", "left", "right", "labelbottom", "labeltop", "labelleft", "labelright", "zorder"):
            continue
        else:
            raise ValueError(f"keyword {key} is not recognized; valid keywords are {sorted(axis.params)}")
