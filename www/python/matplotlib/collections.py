"""Many marks, lines or areas that are one thing: scatters, fills, meshes, contours."""

import math

import numpy as np

from . import _markers
from ._rc import rcParams
from ._values import all_finite, floats, is_sequence
from .artist import Artist
from .cm import ScalarMappable
from .colors import to_rgba, to_rgba_list
from .lines import dashes, outlying, seen

__all__ = ["Collection", "ContourSet", "LineCollection", "PathCollection", "PolyCollection", "QuadMesh"]


class Collection(Artist, ScalarMappable):
    zorder = 1
    PROPERTIES = {
        **Artist.PROPERTIES, "facecolor": None, "edgecolor": None, "linewidth": None, "linestyle": "-", "norm": None,
        "cmap": None,
    }  # fmt: skip
    ALIASES = {
        "facecolors": "facecolor", "fc": "facecolor", "edgecolors": "edgecolor", "ec": "edgecolor", "lw": "linewidth",
        "linewidths": "linewidth", "ls": "linestyle", "linestyles": "linestyle",
    }  # fmt: skip

    def __init__(self, **given):
        Artist.__init__(self)
        ScalarMappable.__init__(self, given.pop("norm", None), given.pop("cmap", None))
        self.set(**given)

    def set_color(self, c):
        self.set(facecolor=c, edgecolor=c)

    set_c = set_color

    def _all(self, colours):
        return [self.alpha_of(c) for c in to_rgba_list(colours)]

    def mapped(self):
        """The colour of each value, when there are values."""
        if self._values is None:
            return None
        table = [self.alpha_of(c) for c in self.cmap.table()]
        return [table[i] for i in self.indices().reshape(-1).tolist()]

    def get_facecolor(self):
        return np.array(self.mapped() or self._all(self.p["facecolor"] or "C0"))

    def widths(self, n, default):
        given = self.p["linewidth"]
        if given is None:
            return [default]
        return floats(given) if is_sequence(given) else [float(given)]


class PathCollection(Collection):
    """A scatter."""

    def __init__(self, xs, ys, sizes, marker, **given):
        self._x, self._y, self._sizes = xs, ys, sizes
        self._marker = _markers.outline(marker)
        super().__init__(**given)
        self._spans = seen(xs, ys)

    def get_offsets(self):
        return np.array([self._x, self._y]).T

    def set_offsets(self, offsets):
        pairs = np.asarray(offsets).reshape(-1, 2)
        self._x, self._y = pairs[:, 0].tolist(), pairs[:, 1].tolist()
        self._spans = seen(self._x, self._y)
        self.changed()

    def get_sizes(self):
        return np.array(self._sizes)

    def set_sizes(self, sizes):
        self._sizes = floats(sizes)
        self.changed()

    def legend_elements(self, prop="colors", num="auto", fmt=None, func=lambda x: x, **kwargs):
        from .lines import Line2D
        from .ticker import MaxNLocator, ScalarFormatter

        if prop != "colors" or self._values is None:
            raise NotImplementedError("legend_elements works here for the colours of a scatter with c=numbers")
        present = sorted(set(floats(self._values)))
        if num == "auto" and len(present) > 9 or isinstance(num, int):
            low, high = present[0], present[-1]
            places = MaxNLocator(nbins=9 if num == "auto" else num, min_n_ticks=num if isinstance(num, int) else 8,
                                 steps=[1, 2, 2.5, 3, 5, 6, 8, 10]).tick_values(low, high)  # fmt: skip
            present = [v for v in places if low <= v <= high]
        write = ScalarFormatter(useOffset=False)
        write.set_locs(present)
        handles = []
        for v in present:
            handles.append(Line2D([0], [0], linestyle="", marker="o", color=self.cmap(self.norm(v)), **kwargs))
        labels = [f"$\\mathdefault{{{write(func(v))}}}$" if fmt is None else fmt.format(x=func(v)) for v in present]
        return handles, labels

    def spans(self):
        along = self.in_axes_units
        return tuple(() if own else span for own, span in zip(along, self._spans))

    def _paints(self):
        faces = self.mapped()
        if faces is None:
            given = self.p["facecolor"]
            faces = self._all("C0" if given is None else given) or [(0, 0, 0, 0)]
        edge = self.p["edgecolor"]
        if not self._marker.filled:
            return [(0, 0, 0, 0)], faces, 1.5
        if edge is None or isinstance(edge, str) and edge == "face":
            return faces, [(0, 0, 0, 0)] if self.p["linewidth"] is None else faces, 1.0
        return faces, self._all(edge) or [(0, 0, 0, 0)], 1.0

    def draw(self, view, out):
        if self._marker is None or not self._x:
            return
        px, py = view.pixels(self._x, self._y, self.in_axes_units)
        n = len(px)
        faces, edges, default = self._paints()
        sizes = [math.sqrt(max(s, 0)) * self._marker.scale for s in self._sizes]
        whole = all_finite(px) and all_finite(py)
        kept = range(n) if whole else [i for i in range(n) if px[i] - px[i] == 0 == py[i] - py[i]]

        def of(values):
            if len(values) == 1 or whole and len(values) == n:
                return values
            return [values[i % len(values)] for i in kept]

        width = self.widths(n, default)[0]
        clip = view.clip if self.p["clip_on"] else None
        px, py = (px, py) if whole else ([px[i] for i in kept], [py[i] for i in kept])
        out.marks(px, py, self._marker, of(sizes), of(faces), of(edges), width, clip, view.literal)

    def key(self, out, x, y, w, h):
        if self._marker is None:
            return
        faces, edges, default = self._paints()
        size = min(math.sqrt(self._sizes[0] if self._sizes else 36), 9) * self._marker.scale
        at = len(faces) // 2
        out.marks([x + w / 2], [y + h / 2], self._marker, [size], [faces[at]], [edges[min(at, len(edges) - 1)]],
                  self.widths(1, default)[0], None, False)  # fmt: skip


class PolyCollection(Collection):
    """Areas; in data units."""

    def __init__(self, loops, **given):
        self._loops = loops
        super().__init__(**given)
        xs = [x for loop in loops for x, _ in loop]
        ys = [y for loop in loops for _, y in loop]
        self._spans = outlying(xs), outlying(ys)

    def spans(self):
        along = self.in_axes_units
        return tuple(() if own else span for own, span in zip(along, self._spans))

    def _paint(self):
        face = self._all(self.p["facecolor"] if self.p["facecolor"] is not None else "C0")
        edge = self.p["edgecolor"]
        edges = face if isinstance(edge, str) and edge == "face" else self._all(edge) if edge is not None else []
        return face[0] if face else (0, 0, 0, 0), edges[0] if edges else (0, 0, 0, 0)

    def draw(self, view, out):
        face, edge = self._paint()
        width = self.widths(1, 1.0)[0]
        for loop in self._loops:
            px, py = view.pixels([p[0] for p in loop], [p[1] for p in loop], self.in_axes_units)
            out.shape([list(zip(px, py))], face, edge, width, dashes(self.p["linestyle"], width), view.clip, view.literal)

    def key(self, out, x, y, w, h):
        face, edge = self._paint()
        out.shape([[(x, y), (x + w, y), (x + w, y + h), (x, y + h)]], face, edge, self.widths(1, 1.0)[0], (), None, False)


class LineCollection(Collection):
    zorder = 2
    ALIASES = {**Collection.ALIASES, "color": "colors", "c": "colors"}
    PROPERTIES = {**Collection.PROPERTIES, "colors": None}

    def __init__(self, segments, **given):
        self._segments = [[tuple(floats(p)) for p in (s.tolist() if hasattr(s, "tolist") else s)] for s in segments]
        super().__init__(**given)
        xs = [x for s in self._segments for x, _ in s]
        ys = [y for s in self._segments for _, y in s]
        self._spans = outlying(xs), outlying(ys)

    def set_colors(self, c):
        to_rgba_list(c)
        self._put("colors", c)

    set_color = set_colors

    def spans(self):
        along = self.in_axes_units
        return tuple(() if own else span for own, span in zip(along, self._spans))

    def _paints(self):
        return self.mapped() or self._all(self.p["colors"] if self.p["colors"] is not None else "C0")

    def draw(self, view, out):
        paints = self._paints()
        widths = self.widths(len(self._segments), rcParams["lines.linewidth"])
        alike = {}
        for i, segment in enumerate(self._segments):
            px, py = view.pixels([p[0] for p in segment], [p[1] for p in segment], self.in_axes_units)
            xs, ys = alike.setdefault((paints[i % len(paints)], widths[i % len(widths)]), ([], []))
            # What is not a number parts one segment from the next.
            xs += [*px, math.nan]
            ys += [*py, math.nan]
        for (paint, width), (xs, ys) in alike.items():
            out.line(xs, ys, paint, width, dashes(self.p["linestyle"], width) or (), view.clip, view.literal)

    def key(self, out, x, y, w, h):
        width = self.widths(1, rcParams["lines.linewidth"])[0]
        out.line([x, x + w], [y + h / 2] * 2, self._paints()[0], width, dashes(self.p["linestyle"], width) or (), None, False)


class QuadMesh(Collection):
    """Rows of cells between the lines of a grid."""

    zorder = 0
    covers = True

    def __init__(self, xs, ys, values, **given):
        """xs and ys: rows of corners, one more each way than values."""
        self._xs, self._ys = xs, ys
        super().__init__(**given)
        self.set_array(values)
        flat_x, flat_y = [v for row in xs for v in row], [v for row in ys for v in row]
        self._spans = outlying(flat_x), outlying(flat_y)
        self.sticky_x = [min(flat_x), max(flat_x)]
        self.sticky_y = [min(flat_y), max(flat_y)]

    def spans(self):
        return self._spans

    def draw(self, view, out):
        from .image import cells

        if not cells(self, view, out):
            paints = self.mapped()
            columns = len(self._xs[0]) - 1
            edge = self.p["edgecolor"]
            lined = edge is not None and edge not in ("face", "none")
            rows = [list(zip(*view.pixels(xs, ys))) for xs, ys in zip(self._xs, self._ys)]
            # One shape a colour, not one a cell: there may be tens of thousands of cells.
            alike = {}
            for i in range(len(rows) - 1):
                low, high = rows[i], rows[i + 1]
                for j in range(columns):
                    cell = [low[j], low[j + 1], high[j + 1], high[j]]
                    alike.setdefault(paints[i * columns + j], []).append(cell)
            for face, loops in alike.items():
                out.shape(loops, face, to_rgba(edge) if lined else face, 1.0 if lined else 0.4, (), view.clip, True)


class ContourSet(Collection):
    """Lines of one height each, or the areas between heights."""

    def __init__(self, grid, levels, filled, colors=None, **given):
        self.levels = np.array(levels)
        self.filled = filled
        self._levels = floats(levels)
        self._colors = colors
        super().__init__(**given)
        self.zorder = given.get("zorder", 1 if filled else 2)
        self.covers = filled
        self._grid = grid
        cvalues = [(a + b) / 2 for a, b in zip(self._levels, self._levels[1:])] if filled else list(self._levels)
        self.set_array(cvalues)
        self.norm.autoscale_None(self._levels)
        if self.norm.vmin is not None and type(self.norm).__name__ == "LogNorm" and filled:
            self._values = np.sqrt(np.array(self._levels[:-1]) * np.array(self._levels[1:]))
        self.layers = self._values
        flat_x = [min(map(min, grid.x)), max(map(max, grid.x))]
        flat_y = [min(map(min, grid.y)), max(map(max, grid.y))]
        self._spans = outlying(flat_x), outlying(flat_y)
        self.sticky_x, self.sticky_y = flat_x, flat_y
        # What to write on lines: (level, text) for clabel.
        self.labels = []
        self._made = None

    def spans(self):
        return self._spans

    def shapes(self):
        if self._made is None:
            self._made = self._grid.areas(self._levels) if self.filled else [self._grid.lines(v) for v in self._levels]
        return self._made

    @property
    def allsegs(self):
        return [[np.array(line) for line in lines] for lines in self.shapes()]

    def paints(self):
        n = len(self._levels) - 1 if self.filled else len(self._levels)
        if self._colors is not None:
            given = self._all(self._colors)
            return [given[i % len(given)] for i in range(n)]
        return self.mapped()

    def line_style(self, level, i):
        given = self.p["linestyle"]
        if given == "-" and self._colors is not None and level < 0 and len(self._all(self._colors)) == 1:
            return rcParams["contour.negative_linestyle"]
        return given[i % len(given)] if isinstance(given, list) else given or "-"

    def draw(self, view, out):
        paints = self.paints()
        widths = self.widths(len(paints), rcParams["contour.linewidth"] or rcParams["lines.linewidth"])
        for i, lines in enumerate(self.shapes()):
            loops = []
            for line in lines:
                px, py = view.pixels([p[0] for p in line], [p[1] for p in line])
                loops.append(list(zip(px, py)))
            if self.filled:
                # A hair of its own colour over the border, or the ground would show between neighbours.
                seam = paints[i] if paints[i][3] == 1 else None
                out.shape(loops, paints[i], seam, 0.5, (), view.clip, True)
            elif loops:
                width = widths[i % len(widths)]
                pattern = dashes(self.line_style(self._levels[i], i), width) or ()
                out.shape(loops, None, paints[i], width, pattern, view.clip, view.literal, closed=False)
        for at, text, size, colour in self.labels:
            lines = self.shapes()[at]
            if lines:
                longest = max(lines, key=len)
                x, y = longest[len(longest) // 2]
                (px,), (py,) = view.pixels([x], [y])
                out.text(px, py, text, size, colour or paints[at], "center", "center", clip=view.clip, literal=view.literal)

    def legend_elements(self, variable_name="x", str_format=str):
        from .lines import Line2D
        from .patches import Rectangle

        handles, labels = [], []
        if self.filled:
            for low, high, paint in zip(self._levels, self._levels[1:], self.paints()):
                handles.append(Rectangle((0, 0), 1, 1, facecolor=paint))
                labels.append(f"${str_format(low)} < {variable_name} \\leq {str_format(high)}$")
        else:
            for level, paint in zip(self._levels, self.paints()):
                handles.append(Line2D([], [], color=paint))
                labels.append(f"${variable_name} = {str_format(level)}$")
        return handles, labels


def __getattr__(name):
    from ._missing import nearest

    raise nearest("matplotlib.collections", globals(), name)
