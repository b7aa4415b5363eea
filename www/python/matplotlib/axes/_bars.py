"""bar, hist, boxplot, pie: counts and shares."""

import bisect
import math

import numpy as np

from .._rc import rcParams
from .._values import as_array, finite, floats, holds_text, is_sequence, spread
from ..colors import to_rgba_list
from ..container import BarContainer
from ..lines import Line2D
from ..patches import Polygon, Rectangle, Wedge
from ..text import Text


class Bars:
    def bar(self, x, height, width=0.8, bottom=None, *, align="center", data=None, **kwargs):
        """Bars over x, or over names."""
        if data is not None:
            x, height = (data[v] if isinstance(v, str) and v in data else v for v in (x, height))
        return self._bars(x, height, width, bottom, align, "vertical", kwargs)

    def barh(self, y, width, height=0.8, left=None, *, align="center", data=None, **kwargs):
        """Bars to the right of y, or of names."""
        return self._bars(y, width, height, left, align, "horizontal", kwargs)

    def _bars(self, along, lengths, thickness, base, align, orientation, kwargs):
        upright = orientation == "vertical"
        span, across = (self.xaxis.span, self.yaxis.span) if upright else (self.yaxis.span, self.xaxis.span)
        places = span.numbers(along)
        lengths = across.numbers(lengths)
        n = max(len(places), len(lengths))
        if len(places) not in (1, n) or len(lengths) not in (1, n):
            raise ValueError(f"shape mismatch: objects cannot be broadcast to a single shape. {len(places)} places, {len(lengths)} lengths")
        places, lengths = places * (n // max(1, len(places))), lengths * (n // max(1, len(lengths)))
        thick = spread(thickness, n, "width")
        bases = spread(0.0 if base is None else base, n, "bottom")
        if align not in ("center", "edge"):
            raise ValueError(f"{align!r} is not a valid value for align; supported values are 'center', 'edge'")
        if kwargs.pop("log", False):
            (self.set_yscale if upright else self.set_xscale)("log")
        errors = {"xerr": kwargs.pop("xerr", None), "yerr": kwargs.pop("yerr", None)}
        error_style = {"ecolor": kwargs.pop("ecolor", "k"), "capsize": kwargs.pop("capsize", None), **kwargs.pop("error_kw", {})}
        tick_label = kwargs.pop("tick_label", None)
        label = kwargs.pop("label", "")
        paint = kwargs.pop("color", kwargs.pop("facecolor", kwargs.pop("fc", None)))
        faces = to_rgba_list(self._fills.color() if paint is None else paint)
        edges = kwargs.pop("edgecolor", kwargs.pop("ec", None))
        edges = [None] if edges is None else to_rgba_list(edges) or ["none"]
        widths = kwargs.pop("linewidth", kwargs.pop("lw", None))
        widths = [rcParams["patch.linewidth"]] if widths is None else floats(widths)
        several = is_sequence(label)
        patches = []
        for i in range(n):
            start = places[i] - (thick[i] / 2 if align == "center" else 0)
            own = {"facecolor": faces[i % len(faces)], "edgecolor": edges[i % len(edges)], "linewidth": widths[i % len(widths)]}
            corner, size = ((start, bases[i]), (thick[i], lengths[i])) if upright else ((bases[i], start), (lengths[i], thick[i]))
            bar = Rectangle(corner, *size, label=label[i] if several else "_nolegend_", **{**own, **kwargs})
            (bar.sticky_y if upright else bar.sticky_x).append(bases[i])
            patches.append(self.add(bar))
        bars_error = None
        if errors["xerr"] is not None or errors["yerr"] is not None:
            tops = [b + v for b, v in zip(bases, lengths)]
            middles = [p + (0 if align == "center" else t / 2) for p, t in zip(places, thick)]
            xy = (middles, tops) if upright else (tops, middles)
            bars_error = self.errorbar(*xy, fmt="none", **errors, **error_style)
        made = BarContainer(patches, bars_error, datavalues=lengths, orientation=orientation, label="" if several else label)
        self.containers.append(made)
        if tick_label is not None:
            names = tick_label if is_sequence(tick_label) else [tick_label] * n
            (self.set_xticks if upright else self.set_yticks)(places, names)
        return made

    def bar_label(self, container, labels=None, *, fmt="%g", label_type="edge", padding=0, **kwargs):
        """Writes each bar's value at its end or in its middle."""
        texts = []
        upright = container.orientation == "vertical"
        for i, bar in enumerate(container.patches):
            value = container.datavalues[i]
            if labels is not None:
                text = labels[i]
            else:
                text = fmt(value) if callable(fmt) else fmt.format(value) if "{" in fmt else fmt % value
            x, y, w, h = bar._x, bar._y, bar._w, bar._h
            sign = -1 if value < 0 else 1
            if label_type == "center":
                at, shift = (x + w / 2, y + h / 2), (0, 0)
                ha = va = "center"
            else:
                at, shift = ((x + w / 2, y + h), (0, sign * padding)) if upright else ((x + w, y + h / 2), (sign * padding, 0))
                ha = "center" if upright else "left" if sign > 0 else "right"
                va = ("bottom" if sign > 0 else "top") if upright else "center"
            texts.append(self.annotate(text, at, xytext=shift, textcoords="offset points", **{"ha": ha, "va": va, **kwargs}))
        return texts

    def hist(self, x, bins=None, *, range=None, density=False, weights=None, cumulative=False, bottom=None, histtype="bar",
             align="mid", orientation="vertical", rwidth=None, log=False, color=None, label=None, stacked=False, data=None,
             **kwargs):  # fmt: skip
        """Counts how many values lie in each bin; returns counts, edges and bars."""
        if histtype not in ("bar", "barstacked", "step", "stepfilled"):
            raise ValueError(f"{histtype!r} is not a valid value for histtype; supported values are 'bar', 'barstacked', 'step', 'stepfilled'")
        if align not in ("left", "mid", "right"):
            raise ValueError(f"{align!r} is not a valid value for align; supported values are 'left', 'mid', 'right'")
        stacked = stacked or histtype == "barstacked"
        sets, single = _data_sets(x, self.xaxis.span)
        weights = _weights(weights, sets)
        colours = [self._lines.color() for _ in sets] if color is None else to_rgba_list(color)
        if len(colours) != len(sets):
            raise ValueError(f"The 'color' keyword argument must have one color per dataset, but {len(sets)} datasets and {len(colours)} colors were provided")
        edges = bin_edges([v for each in sets for v in each], rcParams["hist.bins"] if bins is None else bins, range)
        heights = [counted(each, edges, w) for each, w in zip(sets, weights)]
        steps = [b - a for a, b in zip(edges, edges[1:])]
        if stacked:
            for below, above in zip(heights, heights[1:]):
                above[:] = [a + b for a, b in zip(above, below)]
            if density:
                total = sum(heights[-1])
                heights = [[v / total / s for v, s in zip(tops, steps)] for tops in heights]
        elif density:
            heights = [[v / sum(counts) / s for v, s in zip(counts, steps)] for counts in heights]
        if cumulative:
            heights = [_running(counts, steps, density, cumulative) for counts in heights]
        upright = orientation == "vertical"
        labels = list(label) if is_sequence(label) else [label] + [None] * (len(sets) - 1)
        labels += [None] * (len(sets) - len(labels))
        if log:
            (self.set_yscale if upright else self.set_xscale)("log")
        draw = self._hist_bars if histtype.startswith("bar") else self._hist_steps
        patches = draw(heights, edges, steps, stacked, align, upright, rwidth, colours, labels, bottom, histtype, log, kwargs)
        # Whole counts are floats here as in the real library.
        tops = [np.array([float(v) for v in counts]) for counts in heights]
        return (tops[0] if single else np.array([list(map(float, c)) for c in heights])), np.array(edges), (patches[0] if single else patches)

    def _hist_bars(self, heights, edges, steps, stacked, align, upright, rwidth, colours, labels, bottom, histtype, log, kwargs):
        n = len(heights)
        share = rwidth if rwidth is not None else 0.8 if n > 1 and not stacked else 1.0
        share = min(max(share, 0), 1)
        shift = {"left": -0.5, "mid": 0.0, "right": 0.5}[align]
        made, below = [], [0.0] * len(steps) if bottom is None else spread(bottom, len(steps), "bottom")
        first = list(below)
        for i, counts in enumerate(heights):
            if stacked:
                places = [e + s * (0.5 + shift) for e, s in zip(edges, steps)]
                widths = [share * s for s in steps]
                lengths = [v - (b - f) for v, b, f in zip(counts, below, first)]
            else:
                widths = [share * s / n for s in steps]
                places = [e + s * (0.5 + shift) + w * (i - (n - 1) / 2) for e, s, w in zip(edges, steps, widths)]
                lengths = counts
            draw, start = (self.bar, "bottom") if upright else (self.barh, "left")
            thick = "width" if upright else "height"
            bars = draw(places, lengths, **{thick: widths, start: list(below)}, color=colours[i], label=labels[i] or "", **kwargs)
            made.append(bars)
            if stacked:
                below = [f + v for f, v in zip(first, counts)]
        return made

    def _hist_steps(self, heights, edges, steps, stacked, align, upright, rwidth, colours, labels, bottom, histtype, log, kwargs):
        shift = {"left": -0.5, "mid": 0.0, "right": 0.5}[align] * steps[0]
        filled = histtype == "stepfilled" and kwargs.pop("fill", True)
        base = [0.0] * len(steps) if bottom is None else spread(bottom, len(steps), "bottom")
        made, floor = [], base
        for i, counts in enumerate(heights):
            tops = [b + v for b, v in zip(base, counts)]
            outline = [(edges[0] + shift, floor[0])]
            for j, top in enumerate(tops):
                outline += [(edges[j] + shift, top), (edges[j + 1] + shift, top)]
            outline.append((edges[-1] + shift, floor[-1]))
            if filled:
                for j in reversed(range(len(steps))):
                    outline += [(edges[j + 1] + shift, floor[j]), (edges[j] + shift, floor[j])]
            style = {"facecolor": colours[i]} if filled else {"edgecolor": colours[i], "fill": False}
            if not upright:
                outline = [(b, a) for a, b in outline]
            patch = Polygon(outline, closed=filled, **{**style, "label": labels[i] or "", **kwargs})
            if not filled:
                patch = OpenOutline(outline, **{**style, "label": labels[i] or "", **kwargs})
            (patch.sticky_y if upright else patch.sticky_x).append(0.0)
            made.append([self.add(patch)])
            if stacked:
                floor = tops
        return made

    def hist2d(self, x, y, bins=10, *, range=None, density=False, weights=None, cmin=None, cmax=None, data=None, **kwargs):
        """Counts how many points lie in each cell of a grid, as a picture."""
        xs, ys = floats(x), floats(y)
        pair = bins if is_sequence(bins) and len(bins) == 2 else (bins, bins)
        ranges = range or (None, None)
        ex, ey = bin_edges(xs, pair[0], ranges[0]), bin_edges(ys, pair[1], ranges[1])
        table = [[0.0] * (len(ey) - 1) for _ in ex[1:]]
        given = [1.0] * len(xs) if weights is None else floats(weights)
        for a, b, w in zip(xs, ys, given):
            i, j = _bin(a, ex), _bin(b, ey)
            if i is not None and j is not None:
                table[i][j] += w
        if density:
            total = sum(map(sum, table))
            table = [[v / total / (ex[i + 1] - ex[i]) / (ey[j + 1] - ey[j]) for j, v in enumerate(row)] for i, row in enumerate(table)]
        if cmin is not None or cmax is not None:
            low, high = -math.inf if cmin is None else cmin, math.inf if cmax is None else cmax
            table = [[v if low <= v <= high else math.nan for v in row] for row in table]
        counts = np.array(table)
        mesh = self.pcolormesh(ex, ey, counts.T, **kwargs)
        return counts, np.array(ex), np.array(ey), mesh

    def boxplot(self, x, *, notch=None, sym=None, vert=None, orientation="vertical", whis=1.5, positions=None, widths=None,
                patch_artist=None, tick_labels=None, labels=None, showmeans=None, showfliers=None, showbox=True, showcaps=True,
                manage_ticks=True, boxprops=None, medianprops=None, meanprops=None, whiskerprops=None, capprops=None,
                flierprops=None, meanline=None, label=None, data=None, zorder=2):  # fmt: skip
        """Boxes from quartile to quartile, medians, whiskers and outliers."""
        if notch:
            raise NotImplementedError("boxplot(notch=True) is not here; nearest: notch=False")
        upright = (vert if vert is not None else orientation == "vertical") is True
        sets = _box_sets(x)
        n = len(sets)
        places = [float(i + 1) for i in range(n)] if positions is None else floats(positions)
        if widths is None:
            widths = min(max(0.15 * (max(places) - min(places)), 0.15), 0.5)
        wide = spread(widths, n, "widths")
        names = tick_labels if tick_labels is not None else labels
        showfliers = rcParams["boxplot.showfliers"] if showfliers is None else showfliers
        made = {key: [] for key in ("whiskers", "caps", "boxes", "medians", "fliers", "means")}

        def line(kind, xs, ys, **style):
            xs, ys = (xs, ys) if upright else (ys, xs)
            made[kind].append(self.add(Line2D(xs, ys, **{"color": "black", "linewidth": 1.0, "zorder": zorder, **style})))

        for values, at, width in zip(sets, places, wide):
            s = box_statistics(values, whis)
            low, high = at - width / 2, at + width / 2
            if showbox and patch_artist:
                corners = [(low, s["q1"]), (high, s["q1"]), (high, s["q3"]), (low, s["q3"])]
                corners = corners if upright else [(b, a) for a, b in corners]
                box = Polygon(corners, **{"facecolor": "C0", "edgecolor": "black", "zorder": zorder, **(boxprops or {})})
                made["boxes"].append(self.add(box))
            elif showbox:
                line("boxes", [low, high, high, low, low], [s["q1"], s["q1"], s["q3"], s["q3"], s["q1"]], **(boxprops or {}))
            for end, start in ((s["whislo"], s["q1"]), (s["whishi"], s["q3"])):
                line("whiskers", [at, at], [start, end], **(whiskerprops or {}))
                if showcaps:
                    line("caps", [at - width / 4, at + width / 4], [end, end], **(capprops or {}))
            line("medians", [low, high], [s["med"]] * 2, **{"color": "C1", "zorder": zorder + 0.1, **(medianprops or {})})
            if showmeans:
                style = {"linestyle": "None", "marker": "^", "color": "C2", **(meanprops or {})}
                line("means", [at], [s["mean"]], **style)
            if showfliers and sym != "":
                style = {"marker": "o", "markerfacecolor": "none", "linestyle": "None", **(flierprops or {})}
                line("fliers", [at] * len(s["fliers"]), s["fliers"], **style)
        if manage_ticks:
            axis = self.xaxis if upright else self.yaxis
            room = Room(min(places) - 0.5, max(places) + 0.5, axis.name)
            self.add(room)
            shown = list(names) if names is not None else [f"{p:g}" for p in places]
            if len(shown) != n:
                raise ValueError(f"Dimensions of labels and X must be compatible: {len(shown)} labels for {n} boxes")
            axis.set_ticks(places, shown)
            axis.span.stale = True
        return made

    def pie(self, x, *, explode=None, labels=None, colors=None, autopct=None, pctdistance=0.6, shadow=False, labeldistance=1.1,
            startangle=0, radius=1, counterclock=True, wedgeprops=None, textprops=None, center=(0, 0), frame=False,
            rotatelabels=False, normalize=True, hatch=None, data=None):  # fmt: skip
        """Shares of a whole as slices."""
        values = floats(x)
        if any(v < 0 for v in values):
            raise ValueError("Wedge sizes 'x' must be non negative values")
        total = sum(values)
        if not normalize and total > 1:
            raise ValueError("Cannot plot an unnormalized pie with sum(x) > 1")
        shares = [v / total for v in values] if normalize else values
        labels = [""] * len(values) if labels is None else [str(v) for v in labels]
        explode = [0] * len(values) if explode is None else floats(explode)
        for name, given in (("label", labels), ("explode", explode)):
            if len(given) != len(values):
                raise ValueError(f"'{name}' must be of length 'x', not {len(given)}")
        paints = None if colors is None else to_rgba_list(colors)
        at = startangle / 360
        wedges, texts, numbers = [], [], []
        for i, (share, name, out) in enumerate(zip(shares, labels, explode)):
            until = at + share if counterclock else at - share
            middle = 2 * math.pi * (at + until) / 2
            cx, cy = center[0] + out * math.cos(middle), center[1] + out * math.sin(middle)
            paint = paints[i % len(paints)] if paints else self._fills.color()
            wedge = Wedge((cx, cy), radius, 360 * min(at, until), 360 * max(at, until),
                          **{"facecolor": paint, "label": name or "", **(wedgeprops or {})})  # fmt: skip
            wedges.append(self.add(wedge))
            if labeldistance is not None:
                tx, ty = cx + labeldistance * radius * math.cos(middle), cy + labeldistance * radius * math.sin(middle)
                style = {"ha": "left" if tx > 0 else "right", "va": "center", **(textprops or {})}
                texts.append(self.add(Text(tx, ty, name, **style)))
            if autopct is not None:
                tx, ty = cx + pctdistance * radius * math.cos(middle), cy + pctdistance * radius * math.sin(middle)
                text = autopct % (100 * share) if isinstance(autopct, str) else autopct(100 * share)
                numbers.append(self.add(Text(tx, ty, text, **{"ha": "center", "va": "center", **(textprops or {})})))
            at = until
        if not frame:
            self.set_axis_off()
            self.set_xlim(-1.25 + center[0], 1.25 + center[0])
            self.set_ylim(-1.25 + center[1], 1.25 + center[1])
        self.set_aspect("equal")
        return (wedges, texts) if autopct is None else (wedges, texts, numbers)


class OpenOutline(Polygon):
    """The outline of a histogram without its ground."""

    def draw(self, view, out):
        px, py = view.pixels([p[0] for p in self._points], [p[1] for p in self._points])
        edge = self.colours()[1]
        from ..lines import dashes

        out.line(px, py, edge, self.p["linewidth"], dashes(self.p["linestyle"], self.p["linewidth"]) or (), view.clip, view.literal)


class Room(Rectangle):
    """Nothing to be seen; the limits hold it."""

    def __init__(self, low, high, name):
        super().__init__((0, 0), 0, 0)
        self._limits = ((low, high), ()) if name == "x" else ((), (low, high))
        # As the real library, no margin around the boxes' own room.
        (self.sticky_x if name == "x" else self.sticky_y).extend((low, high))

    def spans(self):
        return self._limits

    def draw(self, view, out):
        pass


def _data_sets(x, span):
    """(lists of numbers, whether there was only one)."""
    if holds_text(x):
        return [span.numbers(x)], True
    if isinstance(x, (list, tuple)) and x and is_sequence(x[0]):
        return [finite_or_all(floats(each)) for each in x], False
    array = as_array(x)
    if array.ndim == 2:
        return [finite_or_all(array[:, i].tolist()) for i in range(array.shape[1])], array.shape[1] == 1
    return [finite_or_all(floats(array))], True


def finite_or_all(values):
    return [v for v in values if v == v]


def _weights(weights, sets):
    if weights is None:
        return [None] * len(sets)
    if isinstance(weights, (list, tuple)) and weights and is_sequence(weights[0]):
        given = [floats(w) for w in weights]
    else:
        array = as_array(weights)
        given = [array[:, i].tolist() for i in range(array.shape[1])] if array.ndim == 2 else [floats(array)]
    if len(given) != len(sets) or any(len(w) != len(s) for w, s in zip(given, sets)):
        raise ValueError("weights should have the same shape as x")
    return given


def bin_edges(values, bins, limits=None):
    """The borders of the bins, by count, by given borders, or by a rule's name."""
    kept = finite(values)
    if limits is not None:
        low, high = float(limits[0]), float(limits[1])
        kept = [v for v in kept if low <= v <= high]
    elif kept:
        low, high = min(kept), max(kept)
    else:
        low, high = 0.0, 1.0
    if low > high:
        raise ValueError("max must be larger than min in range parameter.")
    if is_sequence(bins):
        edges = floats(bins)
        if any(b < a for a, b in zip(edges, edges[1:])):
            raise ValueError("`bins` must increase monotonically, when an array")
        return edges
    if isinstance(bins, str):
        bins = _rule(bins, kept, high - low)
    if bins != int(bins):
        raise TypeError("`bins` must be an integer, a string, or an array")
    n = int(bins)
    if n < 1:
        raise ValueError("`bins` must be positive, when an integer")
    if low == high:
        low, high = low - 0.5, high + 0.5
    return np.linspace(low, high, n + 1).tolist()


def _rule(name, values, span):
    n = len(values)
    if n == 0 or span == 0:
        return 1

    def fd():
        ordered = sorted(values)
        return 2 * (_share(ordered, 0.75) - _share(ordered, 0.25)) / n ** (1 / 3)

    def deviation():
        mean = sum(values) / n
        return math.sqrt(sum((v - mean) ** 2 for v in values) / n)

    def auto():
        by_fd, by_sturges = fd(), span / (math.log2(n) + 1)
        if by_fd:
            return min(max(by_fd, span / math.sqrt(n) / 2), by_sturges)
        return by_sturges

    rules = {
        "auto": auto, "fd": fd, "sturges": lambda: span / (math.log2(n) + 1), "sqrt": lambda: span / math.sqrt(n),
        "rice": lambda: span / (2 * n ** (1 / 3)), "scott": lambda: (24 * math.sqrt(math.pi) / n) ** (1 / 3) * deviation(),
    }  # fmt: skip
    if name not in rules:
        raise ValueError(f"{name!r} is not a valid estimator for `bins`; nearest here: {', '.join(map(repr, rules))}")
    width = rules[name]()
    return int(math.ceil(span / width)) if width else 1


def _bin(v, edges):
    if not edges[0] <= v <= edges[-1]:
        return None
    return min(bisect.bisect_right(edges, v) - 1, len(edges) - 2)


def counted(values, edges, weights=None):
    counts = [0.0] * (len(edges) - 1)
    if weights is None:
        ordered = sorted(v for v in values if v == v)
        at = [bisect.bisect_left(ordered, e) for e in edges[:-1]] + [bisect.bisect_right(ordered, edges[-1])]
        return [float(b - a) for a, b in zip(at, at[1:])]
    for v, w in zip(values, weights):
        i = _bin(v, edges)
        if i is not None:
            counts[i] += w
    return counts


def _running(counts, steps, density, cumulative):
    parts = [v * s for v, s in zip(counts, steps)] if density else list(counts)
    if cumulative < 0 and not isinstance(cumulative, bool):
        parts.reverse()
    total, out = 0.0, []
    for v in parts:
        total += v
        out.append(total)
    return out[::-1] if cumulative < 0 and not isinstance(cumulative, bool) else out


def _box_sets(x):
    if isinstance(x, (list, tuple)) and x and is_sequence(x[0]):
        return [floats(each) for each in x]
    array = as_array(x)
    if array.ndim == 2:
        return [array[:, i].tolist() for i in range(array.shape[1])]
    return [floats(array)]


def _share(ordered, share):
    """The quantile of sorted numbers, straight between neighbours."""
    at = share * (len(ordered) - 1)
    low = int(at)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (ordered[high] - ordered[low]) * (at - low)


def box_statistics(values, whis=1.5):
    ordered = sorted(finite(values))
    if not ordered:
        return {**dict.fromkeys(("q1", "med", "q3", "whislo", "whishi", "mean"), math.nan), "fliers": []}
    q1, med, q3 = (_share(ordered, s) for s in (0.25, 0.5, 0.75))
    if is_sequence(whis):
        low, high = (_share(ordered, p / 100) for p in whis)
    else:
        low, high = q1 - whis * (q3 - q1), q3 + whis * (q3 - q1)
    below, above = [v for v in ordered if v >= low], [v for v in ordered if v <= high]
    whislo = below[0] if below and below[0] <= q1 else q1
    whishi = above[-1] if above and above[-1] >= q3 else q3
    fliers = [v for v in ordered if v < whislo or v > whishi]
    return {"q1": q1, "med": med, "q3": q3, "whislo": whislo, "whishi": whishi, "mean": sum(ordered) / len(ordered), "fliers": fliers}
