"""A figure: its size, its axes, its drawing, its files."""

import math
import os

from . import _layout, colorbar
from ._axes_array import axes_array
from ._draw import Drawing
from ._rc import points, rcParams
from ._values import floats
from .artist import Transform
from .axes import Axes
from .colors import to_rgba
from .gridspec import GridSpec, SubplotSpec
from .legend import legend_of
from .text import Text

__all__ = ["Figure", "SubplotParams"]


class SubplotParams:
    def __init__(self):
        for key in ("left", "right", "bottom", "top", "wspace", "hspace"):
            setattr(self, key, rcParams[f"figure.subplot.{key}"])

    def update(self, left=None, bottom=None, right=None, top=None, wspace=None, hspace=None):
        given = {"left": left, "bottom": bottom, "right": right, "top": top, "wspace": wspace, "hspace": hspace}
        new = {key: getattr(self, key) if value is None else float(value) for key, value in given.items()}
        if new["left"] >= new["right"]:
            raise ValueError("left cannot be >= right")
        if new["bottom"] >= new["top"]:
            raise ValueError("bottom cannot be >= top")
        self.__dict__.update(new)


class Figure:
    def __init__(self, figsize=None, dpi=None, *, facecolor=None, edgecolor=None, linewidth=0.0, frameon=None,
                 subplotpars=None, tight_layout=None, constrained_layout=None, layout=None, **given):  # fmt: skip
        size = floats(rcParams["figure.figsize"] if figsize is None else figsize)
        if len(size) != 2 or not all(math.isfinite(v) and v > 0 for v in size):
            raise ValueError(f"figure size must be positive finite not {tuple(size)}")
        self._size = size
        self.dpi = float(rcParams["figure.dpi"] if dpi is None else dpi)
        self.facecolor = rcParams["figure.facecolor"] if facecolor is None else facecolor
        to_rgba(self.facecolor)
        self.axes_, self.legends, self.texts, self.current = [], [], [], None
        self.children = []
        self.subplotpars = SubplotParams()
        if layout not in (None, "none", "tight", "constrained", "compressed"):
            raise ValueError(f"Invalid value for 'layout': {layout!r}; supported values are 'constrained', 'tight', 'none'")
        auto = tight_layout or constrained_layout or layout in ("tight", "constrained", "compressed")
        self._layout_pad = _layout.PAD if auto or rcParams["figure.autolayout"] or rcParams["figure.constrained_layout.use"] else None
        # Whether the program arranged the subplots itself; else crowded ones are moved apart.
        self._arranged = False
        self._suptitle = self._supxlabel = self._supylabel = None
        self.number = None
        self.transFigure = Transform("figure", self)
        self.patch = self
        self.set(**given)

    # What drawing asks.
    @property
    def pt(self):
        return self.dpi / 72

    def pixel_size(self):
        return self._size[0] * self.dpi, self._size[1] * self.dpi

    def set(self, **given):
        for key, value in given.items():
            setter = getattr(self, f"set_{key}", None)
            if setter is None:
                raise AttributeError(f"Figure.set() got an unexpected keyword argument {key!r}")
            setter(value)

    @property
    def axes(self):
        return list(self.axes_)

    def get_axes(self):
        return list(self.axes_)

    def gca(self):
        """The present axes of the figure; new ones if there are none."""
        return self.current if self.current in self.axes_ else self.add_subplot()

    def sca(self, axes):
        self.current = axes
        return axes

    def delaxes(self, axes):
        self.axes_.remove(axes)
        for axis in (axes.xaxis, axes.yaxis):
            axis.span.axes.remove(axes)
        if self.current is axes:
            self.current = self.axes_[-1] if self.axes_ else None

    def clear(self, keep_observers=False):
        """Empties the figure."""
        self.axes_, self.legends, self.texts, self.current, self.children = [], [], [], None, []
        self._suptitle = self._supxlabel = self._supylabel = None

    clf = clear

    def _put(self, axes):
        self.axes_.append(axes)
        self.current = axes
        return axes

    def add_axes(self, rect, **kwargs):
        """Axes in a rectangle: left, bottom, width and height in shares of the figure."""
        if isinstance(rect, Axes):
            return self._put(rect)
        self._no_projection(kwargs)
        place = floats(rect)
        if len(place) != 4 or not all(map(math.isfinite, place)):
            raise ValueError(f"all entries in rect must be finite, and there must be four of them, not {rect!r}")
        return self._put(Axes(self, position=tuple(place), **kwargs))

    def _no_projection(self, kwargs):
        kind = kwargs.pop("projection", None) or ("polar" if kwargs.pop("polar", False) else None)
        if kind not in (None, "rectilinear"):
            near = "plt.contourf or plt.imshow" if kind == "3d" else "plt.plot of r·cos(θ), r·sin(θ)"
            raise NotImplementedError(f"projection={kind!r} is not in this matplotlib; nearest here: {near}")

    def add_subplot(self, *args, **kwargs):
        """Axes at a place of a grid: (rows, columns, number), a three-digit number, or a cell of a GridSpec."""
        self._no_projection(kwargs)
        return self._put(Axes(self, subplotspec=subplot_spec(self, args), **kwargs))

    def subplots(self, nrows=1, ncols=1, *, sharex=False, sharey=False, squeeze=True, width_ratios=None, height_ratios=None,
                 subplot_kw=None, gridspec_kw=None):  # fmt: skip
        """Rows and columns of axes."""
        given = dict(gridspec_kw or {})
        for name, value in (("width_ratios", width_ratios), ("height_ratios", height_ratios)):
            if value is not None:
                given[name] = value
        if {"wspace", "hspace"} & set(given):
            self._arranged = True
        return self.subplots_of(GridSpec(nrows, ncols, self, **given), sharex, sharey, squeeze, dict(subplot_kw or {}))

    def subplots_of(self, grid, sharex, sharey, squeeze, subplot_kw):
        self._no_projection(subplot_kw)
        kinds = {True: "all", False: "none", "all": "all", "none": "none", "row": "row", "col": "col"}
        for value in (sharex, sharey):
            if value not in kinds:
                raise ValueError(f"{value!r} is not a valid value for sharex; supported values are 'all', 'row', 'col', 'none', True, False")
        share = {"sharex": kinds[sharex], "sharey": kinds[sharey]}
        table = []
        for i in range(grid.nrows):
            table.append([])
            for j in range(grid.ncols):
                first = {"all": table[0][0] if i or j else None, "row": table[i][0] if j else None, "col": table[0][j] if i else None, "none": None}
                own = {name: first[kind] for name, kind in share.items() if first[kind] is not None}
                table[i].append(self._put(Axes(self, subplotspec=grid[i, j], **own, **subplot_kw)))
        for i, row in enumerate(table):
            for j, axes in enumerate(row):
                if share["sharex"] in ("all", "col") and i < grid.nrows - 1:
                    axes.xaxis.params["labelbottom"] = False
                if share["sharey"] in ("all", "row") and j > 0:
                    axes.yaxis.params["labelleft"] = False
        if squeeze and grid.nrows == grid.ncols == 1:
            return table[0][0]
        return axes_array(table, squeeze)

    def add_gridspec(self, nrows=1, ncols=1, **kwargs):
        """A grid of cells for add_subplot."""
        return GridSpec(nrows, ncols, self, **kwargs)

    def subfigures(self, *args, **kwargs):
        raise NotImplementedError("subfigures are not in this matplotlib; nearest here: GridSpec and subgridspec")

    def subplot_mosaic(self, *args, **kwargs):
        raise NotImplementedError("subplot_mosaic is not in this matplotlib; nearest here: GridSpec, as fig.add_subplot(gs[0, :])")

    def colorbar(self, mappable, cax=None, ax=None, use_gridspec=True, *, orientation=None, location=None, fraction=0.15,
                 pad=None, shrink=1.0, aspect=20, anchor=None, label="", ticks=None, format=None, alpha=None, extend=None,
                 **kwargs):  # fmt: skip
        """The strip that tells which number has which colour, beside the axes."""
        for name in kwargs:
            if name not in ("drawedges", "spacing", "extendfrac", "panchor", "boundaries", "values"):
                raise TypeError(f"colorbar() got an unexpected keyword argument {name!r}")
        if cax is None:
            if ax is None:
                ax = getattr(mappable, "axes", None)
                if ax is None:
                    raise ValueError("Unable to determine Axes to steal space for Colorbar. Either provide the cax argument "
                                     "to use as the Axes for the Colorbar, provide the ax argument to steal space from it, "
                                     "or add mappable to an Axes.")  # fmt: skip
            parents = [ax] if isinstance(ax, Axes) else [a for a in (ax.reshape(-1).tolist() if hasattr(ax, "reshape") else _flat(ax))]
            before = self.current
            location, orientation, place = colorbar.make_place(self, parents, location, orientation, fraction, pad, shrink, aspect, anchor)
            cax = self._put(Axes(self, position=(0, 0, 1, 1), label="<colorbar>"))
            cax.moved = place
            cax.beside = parents[0] if len(parents) == 1 else None
            self.current = before
        else:
            cax._label = "<colorbar>"
        return colorbar.Colorbar(cax, mappable, orientation or "vertical", label, ticks, format, alpha, location)

    def suptitle(self, t, x=0.5, y=0.98, **kwargs):
        """A title over the whole figure."""
        self._suptitle = self._words(self._suptitle, t, x, y, {"ha": "center", "va": "top", "fontsize": rcParams["figure.titlesize"],
                                                               "fontweight": rcParams["figure.titleweight"]}, kwargs)  # fmt: skip
        return self._suptitle

    def supxlabel(self, t, x=0.5, y=0.01, **kwargs):
        self._supxlabel = self._words(self._supxlabel, t, x, y, {"ha": "center", "va": "bottom", "fontsize": "large"}, kwargs)
        return self._supxlabel

    def supylabel(self, t, x=0.02, y=0.5, **kwargs):
        self._supylabel = self._words(self._supylabel, t, x, y, {"ha": "left", "va": "center", "fontsize": "large", "rotation": 90}, kwargs)
        return self._supylabel

    def _words(self, old, text, x, y, style, kwargs):
        made = Text(x, y, text, transform=self.transFigure)
        made.set(**{**{made._canonical(k): v for k, v in style.items()}, **{made._canonical(k): v for k, v in kwargs.items()}})
        return made

    def _inset(self, parent, bounds, kwargs):
        left, bottom, width, height = floats(bounds)
        made = Axes(self, position=(0, 0, 1, 1), **kwargs)
        made.zorder = 5

        def place():
            x, y, w, h = parent.pixel_box()
            fw, fh = self.pixel_size()
            return ((x + left * w) / fw, 1 - (y + (1 - bottom) * h) / fh, width * w / fw, height * h / fh)

        made.moved = place
        self.axes_.append(made)
        return made

    def get_suptitle(self):
        return self._suptitle.get_text() if self._suptitle else ""

    def suptitle_room(self):
        if self._suptitle is None or not self._suptitle.get_text() or self._suptitle._y < 0.9:
            return 0.0
        rows = 1 + self._suptitle.get_text().count("\n")
        return self._suptitle.size * 1.2 * rows * self.pt + (1 - self._suptitle._y) * self.pixel_size()[1]

    def text(self, x, y, s, fontdict=None, **kwargs):
        """Text at a place of the figure, in shares of its width and height."""
        made = Text(x, y, s, fontdict, **{"transform": self.transFigure, **kwargs})
        self.texts.append(made)
        return made

    def legend(self, *args, **kwargs):
        """One legend for the whole figure."""
        made = legend_of(self, args, {"loc": "upper right", **kwargs}, many_axes=self.axes_)
        self.legends.append(made)
        return made

    def add_artist(self, artist, clip=False):
        raise NotImplementedError("artists of a figure are not here; nearest: ax.add_artist, fig.text")

    def tight_layout(self, *, pad=1.08, h_pad=None, w_pad=None, rect=None):
        """Gives the subplots as much room as their words need."""
        self._layout_pad, self._arranged = pad * points(None), True
        self._rect = rect
        _layout.settle(self, self._layout_pad)
        self._heed_rect()

    def _heed_rect(self):
        rect = getattr(self, "_rect", None)
        if rect is not None:
            left, bottom, right, top = floats(rect)
            p = self.subplotpars
            p.update(left=max(p.left, left + p.left * (right - left) if left else p.left), right=min(p.right, right),
                     bottom=max(p.bottom, bottom + (p.bottom if bottom else 0)), top=min(p.top, top))  # fmt: skip

    def set_layout_engine(self, layout=None, **kwargs):
        self._layout_pad = None if layout in (None, "none") else _layout.PAD

    def set_tight_layout(self, tight):
        self._layout_pad = _layout.PAD if tight else None

    set_constrained_layout = set_tight_layout

    def subplots_adjust(self, left=None, bottom=None, right=None, top=None, wspace=None, hspace=None):
        """Sets the edges of the subplots and the room between them."""
        self._arranged, self._layout_pad = True, None
        self.subplotpars.update(left, bottom, right, top, wspace, hspace)

    def autofmt_xdate(self, bottom=0.2, rotation=30, ha="right", which="major"):
        for axes in self.axes_:
            axes.tick_params(axis="x", rotation=rotation)
            axes.xaxis.params["labelha"] = ha

    def align_labels(self, axs=None):
        pass

    align_xlabels = align_ylabels = align_labels

    def set_size_inches(self, w, h=None, forward=True):
        """Sets width and height in inches."""
        self._size = floats(w if h is None else (w, h))

    def get_size_inches(self):
        import numpy as np

        return np.array(self._size)

    set_figsize = set_size_inches

    def set_figwidth(self, val, forward=True):
        self._size[0] = float(val)

    def set_figheight(self, val, forward=True):
        self._size[1] = float(val)

    def get_figwidth(self):
        return self._size[0]

    def get_figheight(self):
        return self._size[1]

    def set_dpi(self, val):
        self.dpi = float(val)

    def get_dpi(self):
        return self.dpi

    def set_facecolor(self, color):
        to_rgba(color)
        self.facecolor = color

    def get_facecolor(self):
        return to_rgba(self.facecolor)

    def set_label(self, s):
        self._label = s

    def draw(self, renderer=None):
        pass

    @property
    def canvas(self):
        return Canvas(self)

    # Drawing.
    def drawing(self):
        """The figure as data."""
        width, height = self.pixel_size()
        if self._layout_pad is not None:
            _layout.settle(self, self._layout_pad)
            self._heed_rect()
        elif not self._arranged and _layout.crowded(self):
            _layout.settle(self)
        out = Drawing(width, height, self.dpi, self.number or 0)
        face = to_rgba(self.facecolor)
        if face[3] > 0 and face[:3] != (1.0, 1.0, 1.0):
            from ._draw import colour

            out.face, out.lit = colour(face), True
        for axes in sorted(self.axes_, key=lambda a: (a.zorder, a.twin_of is not None)):
            axes.draw(out)
        for words in (self._suptitle, self._supxlabel, self._supylabel, *self.texts):
            if words is not None:
                words.draw_at(out, words._x * width, (1 - words._y) * height)
        for legend in self.legends:
            legend.draw(None, out, box=(0, 0, width, height))
        if self._suptitle is not None:
            from ._text import plain

            out.about["title"] = plain(self._suptitle.get_text())
        return out

    def show(self, warn=True):
        """Shows the figure as it is."""
        from . import _display

        _display.show(self)

    def savefig(self, fname, *, transparent=None, dpi=None, format=None, bbox_inches=None, pad_inches=None, facecolor=None,
                edgecolor=None, **kwargs):  # fmt: skip
        """Writes the figure to a file, as SVG or PNG."""
        from . import _svg

        for name in kwargs:
            if name not in ("metadata", "orientation", "papertype", "backend", "bbox_extra_artists", "pil_kwargs", "frameon"):
                raise TypeError(f"savefig() got an unexpected keyword argument {name!r}")
        named = isinstance(fname, (str, os.PathLike))
        ending = os.path.splitext(os.fspath(fname))[1][1:].lower() if named else ""
        kind = (format or ending or rcParams["savefig.format"]).lower()
        if named and not ending and format is None:
            fname = f"{os.fspath(fname)}.{kind}"
        if kind not in ("svg", "png"):
            if kind in ("pdf", "ps", "eps", "jpg", "jpeg", "tif", "tiff", "webp", "pgf"):
                raise NotImplementedError(f"savefig to {kind} is not in this matplotlib; nearest here: svg, png")
            raise ValueError(f"Format {kind!r} is not supported (supported formats: png, svg)")
        own_dpi = self.dpi
        wanted = rcParams["savefig.dpi"] if dpi is None else dpi
        try:
            if wanted != "figure" and kind == "png":
                self.dpi = float(wanted)
            out = self.drawing()
        finally:
            self.dpi = own_dpi
        tight = (rcParams["savefig.bbox"] if bbox_inches is None else bbox_inches) == "tight"
        pad = (rcParams["savefig.pad_inches"] if pad_inches is None else pad_inches) * out.dpi
        transparent = rcParams["savefig.transparent"] if transparent is None else transparent
        ground = "none" if transparent else self.facecolor if facecolor in (None, "auto") else facecolor
        content = _svg.write(out, kind, to_rgba(ground), tight, pad)
        if hasattr(fname, "write"):
            fname.write(content)
        else:
            with open(fname, "wb") as file:
                file.write(content)

    def __repr__(self):
        width, height = self.pixel_size()
        return f"<Figure size {width:g}x{height:g} with {len(self.axes_)} Axes>"

    def __str__(self):
        width, height = self.pixel_size()
        return f"Figure({width:g}x{height:g})"


class Canvas:
    """What programs ask of a window: here a drawing waits for show()."""

    def __init__(self, figure):
        self.figure = figure

    def draw(self):
        pass

    draw_idle = flush_events = draw

    def mpl_connect(self, s, func):
        raise NotImplementedError("events of a window are not in this matplotlib; nearest here: a variable in the code")

    def buffer_rgba(self):
        raise NotImplementedError("buffer_rgba is not in this matplotlib; nearest here: fig.savefig('x.png')")


def _flat(nested):
    for each in nested:
        if isinstance(each, (list, tuple)) or hasattr(each, "tolist"):
            yield from _flat(each.reshape(-1).tolist() if hasattr(each, "tolist") else each)
        else:
            yield each


def subplot_spec(figure, args):
    if not args:
        args = (1, 1, 1)
    if len(args) == 1:
        if isinstance(args[0], SubplotSpec):
            return args[0]
        if not isinstance(args[0], int) or not 100 <= args[0] <= 999:
            raise ValueError(f"Single argument to subplot must be a three-digit integer, not {args[0]!r}")
        args = tuple(map(int, str(args[0])))
    if len(args) != 3:
        raise TypeError(f"subplot() takes 1 or 3 positional arguments but {len(args)} were given")
    rows, columns, at = args
    grid = GridSpec(rows, columns, figure)
    if isinstance(at, (tuple, list)):
        first, last = at
        if not 1 <= first <= last <= rows * columns:
            raise ValueError(f"num must be a tuple of two with 1 <= first <= last <= {rows * columns}, not {at!r}")
        return grid[first - 1 : last]
    if not isinstance(at, int) or not 1 <= at <= rows * columns:
        raise ValueError(f"num must be an integer with 1 <= num <= {rows * columns}, not {at!r}")
    return grid[at - 1]
