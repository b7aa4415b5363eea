"""plot and its kin: lines, marks, fills, errors."""

import math

from .. import _markers
from .._rc import rcParams
from .._values import as_array, floats, holds_text, is_sequence, spread
from ..collections import LineCollection, PathCollection, PolyCollection
from ..colors import BASE_COLORS, is_color_like, to_rgba_list
from ..container import ErrorbarContainer, StemContainer
from ..lines import AxLine, Line2D
from ..patches import FancyArrow, Polygon, Rectangle


def parse_format(text):
    """'r--o' → {color, linestyle, marker}: what is given."""
    # A digit alone is a marker, not a level of grey.
    if text and not text.isdigit() and text not in _markers.NAMES and is_color_like(text):
        return {"color": text}
    found = {}
    rest = text
    while rest:
        if rest[:2] in ("--", "-."):
            key, value, rest = "linestyle", rest[:2], rest[2:]
        elif rest[0] in "-:" or rest[0] == " ":
            key, value, rest = "linestyle", rest[0], rest[1:]
        elif rest[0] == "C" and rest[1:2].isdigit():
            n = 2
            while rest[n : n + 1].isdigit():
                n += 1
            key, value, rest = "color", rest[:n], rest[n:]
        elif rest[0] in _markers.NAMES:
            key, value, rest = "marker", rest[0], rest[1:]
        elif rest[0] in BASE_COLORS:
            key, value, rest = "color", rest[0], rest[1:]
        else:
            raise ValueError(f"{text!r} is not a valid format string (unrecognized character {rest[0]!r})")
        if key in found:
            raise ValueError(f"{text!r} is not a valid format string (two {key} symbols)")
        found[key] = value
    return found


def _columns(y):
    """A 2-D array's columns; of anything flat, itself."""
    if isinstance(y, (str, dict)) or holds_text(y):
        return [y]
    if hasattr(y, "ndim") or isinstance(y, (list, tuple)) and y and is_sequence(y[0]):
        array = as_array(y)
        if array.ndim > 2:
            raise ValueError(f"x and y can be no greater than 2D, but have shapes {array.shape}")
        if array.ndim == 2:
            return [array[:, i] for i in range(array.shape[1])]
        return [array if array.ndim else [float(array)]]
    if isinstance(y, (int, float)):
        return [[y]]
    return [y if hasattr(y, "__len__") else as_array(y) if hasattr(y, "shape") else list(y)]


class Lines:
    def plot(self, *args, scalex=True, scaley=True, data=None, **kwargs):
        """Lines and marks through points: y, or x and y, each with a format such as "r--o"."""
        if data is not None:
            args = tuple(data[a] if isinstance(a, str) and a in data else a for a in args)
        made = []
        rest = list(args)
        while rest:
            part = [rest.pop(0)]
            if rest and not isinstance(rest[0], str):
                part.append(rest.pop(0))
            if rest and isinstance(rest[0], str):
                part.append(rest.pop(0))
            made += self._plot_one(part, kwargs)
        return made

    def _plot_one(self, part, kwargs):
        style = parse_format(part.pop()) if isinstance(part[-1], str) and len(part) > 1 else {}
        if "marker" in style and "linestyle" not in style:
            style["linestyle"] = "None"
        if len(part) == 1:
            ys = _columns(part[0])
            xs = [list(range(len(y))) for y in ys]
        else:
            xs, ys = _columns(part[0]), _columns(part[1])
        if len(xs) > 1 and len(ys) > 1 and len(xs) != len(ys):
            raise ValueError(f"x has {len(xs)} columns but y has {len(ys)} columns")
        n = max(len(xs), len(ys))
        label = kwargs.get("label")
        many = isinstance(label, (list, tuple)) and n > 1
        lines = []
        for i in range(n):
            given = {**style, **kwargs}
            if many:
                given["label"] = label[i]
            if "color" not in given and "c" not in given:
                given = {**self._lines.next(), **given}
            x, y = xs[i % len(xs)], ys[i % len(ys)]
            line = Line2D([], [], **given)
            line.axes = self
            if len(x) != len(y):
                raise ValueError(f"x and y must have same first dimension, but have shapes ({len(x)},) and ({len(y)},)")
            line.set_data(x, y)
            lines.append(self.add(line))
        return lines

    def semilogx(self, *args, **kwargs):
        """plot with x spaced by its logarithm."""
        self.set_xscale("log", **_log_options(kwargs))
        return self.plot(*args, **kwargs)

    def semilogy(self, *args, **kwargs):
        """plot with y spaced by its logarithm."""
        self.set_yscale("log", **_log_options(kwargs))
        return self.plot(*args, **kwargs)

    def loglog(self, *args, **kwargs):
        """plot with both spaced by their logarithms."""
        options = _log_options(kwargs)
        self.set_xscale("log", **options)
        self.set_yscale("log", **options)
        return self.plot(*args, **kwargs)

    def step(self, x, y, *args, where="pre", data=None, **kwargs):
        """plot in steps: they change before, after or between the points."""
        if where not in ("pre", "post", "mid"):
            raise ValueError(f"{where!r} is not a valid value for where; supported values are 'pre', 'post', 'mid'")
        return self.plot(x, y, *args, drawstyle=f"steps-{where}", **kwargs)

    def scatter(self, x, y, s=None, c=None, marker=None, cmap=None, norm=None, vmin=None, vmax=None, alpha=None,
                linewidths=None, *, edgecolors=None, plotnonfinite=False, data=None, **kwargs):  # fmt: skip
        """A mark at each point, of size s and colour c: a colour, one each, or numbers through a colour map."""
        if data is not None:
            x, y, s, c = (data[v] if isinstance(v, str) and v in data else v for v in (x, y, s, c))
        xs, ys = self.convert(x, y)
        if len(xs) != len(ys):
            raise ValueError("x and y must be the same size")
        n = len(xs)
        sizes = [rcParams["lines.markersize"] ** 2] if s is None else floats(s)
        if len(sizes) not in (0, 1, n):
            raise ValueError(f"s must be a scalar, or float array-like with the same size as x and y, not {len(sizes)} for {n}")
        facecolors = kwargs.pop("facecolors", kwargs.pop("facecolor", kwargs.pop("fc", None)))
        color = kwargs.pop("color", None)
        edgecolors = kwargs.pop("edgecolor", kwargs.pop("ec", edgecolors))
        linewidths = kwargs.pop("linewidth", kwargs.pop("lw", linewidths))
        values, paint = self._scatter_colours(c, color, facecolors, n)
        if edgecolors is None:
            edgecolors = color if color is not None else rcParams["scatter.edgecolors"]
        marks = PathCollection(xs, ys, sizes, rcParams["scatter.marker"] if marker is None else marker, facecolor=paint,
                               edgecolor=edgecolors, linewidth=linewidths, alpha=alpha, cmap=cmap, norm=norm, **kwargs)  # fmt: skip
        if values is not None:
            marks.set_array(values)
            marks.set_clim(vmin, vmax)
            marks.autoscale_None()
        self._current_image = marks if values is not None else self._current_image
        return self.add(marks)

    def _scatter_colours(self, c, color, facecolors, n):
        """(numbers for the colour map or None, colours or None)."""
        if color is not None:
            if c is not None:
                raise ValueError("Supply a 'c' argument or a 'color' kwarg but not both; they differ but their functionalities overlap.")
            return None, color
        if c is None:
            return None, facecolors if facecolors is not None else self._fills.color()
        if isinstance(c, str) or isinstance(c, (list, tuple)) and c and isinstance(c[0], str):
            colours = to_rgba_list(c)
            if len(colours) not in (0, 1, n):
                raise ValueError(f"'c' argument has {len(colours)} elements, which is inconsistent with 'x' and 'y' with size {n}.")
            return None, c
        array = as_array(c)
        if array.size == n and not (array.ndim == 2 and array.shape[0] == 1 and n in (3, 4)):
            return array.reshape(-1).astype(float), None
        if array.ndim == 2 and array.shape[1] in (3, 4) and array.shape[0] in (1, n) or array.ndim == 1 and array.size in (3, 4):
            return None, c
        raise ValueError(f"'c' argument has {array.shape[0] if array.ndim else 1} elements, which is inconsistent with 'x' and 'y' with size {n}.")

    def fill_between(self, x, y1, y2=0, where=None, interpolate=False, step=None, *, data=None, **kwargs):
        """The area between two curves over x."""
        return self._fill(x, y1, y2, where, step, kwargs, False)

    def fill_betweenx(self, y, x1, x2=0, where=None, step=None, interpolate=False, *, data=None, **kwargs):
        """The area between two curves over y."""
        return self._fill(y, x1, x2, where, step, kwargs, True)

    def _fill(self, along, first, second, where, step, kwargs, upright):
        span = self.yaxis.span if upright else self.xaxis.span
        places = span.numbers(along)
        n = len(places)
        a, b = spread(first, n, "y1"), spread(second, n, "y2")
        kept = [True] * n if where is None else [bool(v) for v in as_array(where).reshape(-1).tolist()]
        if len(kept) != n:
            raise ValueError(f"where size ({len(kept)}) does not match 'x' size ({n})")
        loops, run = [], []
        for i in range(n + 1):
            if i < n and kept[i] and all(v - v == 0 for v in (places[i], a[i], b[i])):
                run.append(i)
                continue
            if len(run) > 1:
                loops.append(_strip([places[i] for i in run], [a[i] for i in run], [b[i] for i in run], step))
            run = []
        if upright:
            loops = [[(y, x) for x, y in loop] for loop in loops]
        if not any(key in kwargs for key in ("color", "facecolor", "facecolors", "fc", "c")):
            kwargs["facecolor"] = self._fills.color()
        kwargs = {("facecolor" if key == "facecolors" else key): value for key, value in kwargs.items()}
        return self.add(PolyCollection(loops, **kwargs))

    def fill(self, *args, data=None, **kwargs):
        """Polygons."""
        made, rest = [], list(args)
        while rest:
            xs, ys = floats(rest.pop(0)), floats(rest.pop(0))
            given = dict(kwargs)
            if rest and isinstance(rest[0], str):
                given.setdefault("color", parse_format(rest.pop(0)).get("color"))
            if not any(key in given for key in ("color", "facecolor", "fc")):
                given["facecolor"] = self._fills.color()
            made.append(self.add(Polygon(list(zip(xs, ys)), **given)))
        return made

    def errorbar(self, x, y, yerr=None, xerr=None, fmt="", *, ecolor=None, elinewidth=None, capsize=None, barsabove=False,
                 capthick=None, errorevery=1, data=None, **kwargs):  # fmt: skip
        """Points with bars for their errors."""
        label = kwargs.pop("label", None)
        xs, ys = self.convert(x, y)
        line = None
        style = {} if fmt.lower() == "none" else parse_format(fmt)
        if "marker" in style and "linestyle" not in style:
            style["linestyle"] = "None"
        given = {**style, **kwargs}
        if "color" not in given and "c" not in given:
            given["color"] = self._lines.color()
        zorder = given.pop("zorder", 2)
        if fmt.lower() != "none":
            line = self.add(Line2D(xs, ys, zorder=zorder + 0.1, **given))
        paint = ecolor if ecolor is not None else given.get("color", given.get("c"))
        width = elinewidth if elinewidth is not None else given.get("linewidth", given.get("lw", rcParams["lines.linewidth"]))
        capsize = rcParams["errorbar.capsize"] if capsize is None else capsize
        bars, caps = [], []
        for errors, upright in ((xerr, False), (yerr, True)):
            if errors is None:
                continue
            low, high = _bounds(ys if upright else xs, errors, "yerr" if upright else "xerr")
            segments = []
            ends = ([], [])
            for i in range(0, len(xs), errorevery):
                pair = [(xs[i], low[i]), (xs[i], high[i])] if upright else [(low[i], ys[i]), (high[i], ys[i])]
                segments.append(pair)
                ends[0].append(pair[0])
                ends[1].append(pair[1])
            bars.append(self.add(LineCollection(segments, colors=paint, linewidth=width, zorder=zorder, alpha=given.get("alpha"))))
            if capsize > 0:
                for end in ends:
                    cap = Line2D([p[0] for p in end], [p[1] for p in end], linestyle="None", color=paint, zorder=zorder,
                                 marker="_" if upright else "|", markersize=2 * capsize, alpha=given.get("alpha"))  # fmt: skip
                    cap.set_markeredgewidth(capthick if capthick is not None else 1.0)
                    caps.append(self.add(cap))
        made = ErrorbarContainer((line, tuple(caps), tuple(bars)), xerr is not None, yerr is not None, label=label)
        self.containers.append(made)
        return made

    def stem(self, *args, linefmt=None, markerfmt=None, basefmt=None, bottom=0, label=None, orientation="vertical", data=None):
        """Stems from a base line to each value."""
        if orientation != "vertical":
            raise NotImplementedError("stem(orientation='horizontal') is not here; nearest: hlines and plot")
        given = list(args)
        texts = [g for g in given if isinstance(g, str)]
        given = [g for g in given if not isinstance(g, str)]
        linefmt, markerfmt, basefmt = (f or t for f, t in zip((linefmt, markerfmt, basefmt), (*texts, None, None, None)))
        ys = floats(given[-1])
        xs = self.xaxis.span.numbers(given[0]) if len(given) > 1 else [float(i) for i in range(len(ys))]
        line = {"color": "C0", "linestyle": "-", **parse_format(linefmt or "C0-")}
        mark = {"color": line["color"], "marker": "o", **parse_format(markerfmt or "")}
        base = {"color": "C3", "linestyle": "-", **parse_format(basefmt or "C3-")}
        stems = self.add(LineCollection([[(x, bottom), (x, y)] for x, y in zip(xs, ys)], colors=line["color"], linestyle=line["linestyle"]))
        markers = self.add(Line2D(xs, ys, **{**mark, "linestyle": "None"}))
        baseline = self.add(Line2D([min(xs), max(xs)], [bottom, bottom], **base))
        made = StemContainer((markers, stems, baseline), label=label)
        self.containers.append(made)
        return made

    def axhline(self, y=0, xmin=0, xmax=1, **kwargs):
        """A line across the axes at y."""
        line = Line2D([xmin, xmax], [self.yaxis.span.number(y)] * 2, **{"transform": self.get_yaxis_transform(), **kwargs})
        return self.add(line)

    def axvline(self, x=0, ymin=0, ymax=1, **kwargs):
        """A line up the axes at x."""
        line = Line2D([self.xaxis.span.number(x)] * 2, [ymin, ymax], **{"transform": self.get_xaxis_transform(), **kwargs})
        return self.add(line)

    def axline(self, xy1, xy2=None, *, slope=None, **kwargs):
        """A line without ends through a point, by a slope or a second point."""
        if (xy2 is None) == (slope is None):
            raise TypeError("Exactly one of 'xy2' and 'slope' must be given")
        return self.add(AxLine(xy1, xy2, slope, **kwargs))

    def axhspan(self, ymin, ymax, xmin=0, xmax=1, **kwargs):
        """A band across the axes."""
        low, high = self.yaxis.span.number(ymin), self.yaxis.span.number(ymax)
        return self.add(Rectangle((xmin, low), xmax - xmin, high - low, transform=self.get_yaxis_transform(), **kwargs))

    def axvspan(self, xmin, xmax, ymin=0, ymax=1, **kwargs):
        """A band up the axes."""
        low, high = self.xaxis.span.number(xmin), self.xaxis.span.number(xmax)
        return self.add(Rectangle((low, ymin), high - low, ymax - ymin, transform=self.get_xaxis_transform(), **kwargs))

    def hlines(self, y, xmin, xmax, colors=None, linestyles="solid", *, label="", data=None, **kwargs):
        """Horizontal lines from xmin to xmax."""
        ys = self.yaxis.span.numbers(y)
        low, high = spread(xmin, len(ys), "xmin"), spread(xmax, len(ys), "xmax")
        return self._segments([[(a, v), (b, v)] for v, a, b in zip(ys, low, high)], colors, linestyles, label, kwargs)

    def vlines(self, x, ymin, ymax, colors=None, linestyles="solid", *, label="", data=None, **kwargs):
        """Vertical lines from ymin to ymax."""
        xs = self.xaxis.span.numbers(x)
        low, high = spread(ymin, len(xs), "ymin"), spread(ymax, len(xs), "ymax")
        return self._segments([[(v, a), (v, b)] for v, a, b in zip(xs, low, high)], colors, linestyles, label, kwargs)

    def _segments(self, segments, colors, linestyles, label, kwargs):
        if colors is None:
            colors = kwargs.pop("color", kwargs.pop("c", rcParams["lines.color"]))
        return self.add(LineCollection(segments, colors=colors, linestyle=linestyles, label=label, **kwargs))

    def arrow(self, x, y, dx, dy, **kwargs):
        """An arrow in data units."""
        return self.add(FancyArrow(x, y, dx, dy, **kwargs))


def _log_options(kwargs):
    """Takes the scale's own keywords out of a plot's."""
    names = [k for k in ("base", "subs", "nonpositive") if k in kwargs]
    return {name: kwargs.pop(name) for name in names}


def _strip(xs, a, b, step):
    if step is not None:
        line = Line2D([], [], drawstyle=f"steps-{step}")
        sx, a = line._stepped(xs, a)
        xs, b = line._stepped(xs, b)
        xs = sx
    return list(zip(xs, a)) + list(zip(xs, b))[::-1]


def _bounds(values, errors, name):
    """Lower and upper ends of error bars, from one error, one each, or a pair of rows."""
    n = len(values)
    if is_sequence(errors) and len(errors) == 2 and is_sequence(errors[0]):
        low, high = spread(errors[0], n, name), spread(errors[1], n, name)
    else:
        low = high = spread(errors, n, name)
    if any(e < 0 for e in (*low, *high) if not math.isnan(e)):
        raise ValueError(f"'{name}' must not contain negative values")
    return [v - e for v, e in zip(values, low)], [v + e for v, e in zip(values, high)]
