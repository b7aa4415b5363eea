"""plt: one present figure and its present axes, on which every call works."""

import contextlib as _contextlib
import functools as _functools
import inspect as _inspect

from . import _display, cm, colors, style, ticker  # noqa: F401
from . import get_backend, rc, rc_context, rcdefaults, rcParams, rcParamsDefault, set_loglevel  # noqa: F401
from ._rc import cycler  # noqa: F401
from .artist import getp, setp  # noqa: F401
from .axes import Axes
from .cm import colormaps, get_cmap  # noqa: F401
from .colors import Normalize  # noqa: F401
from .figure import Figure
from .gridspec import GridSpec, SubplotSpec  # noqa: F401
from .lines import Line2D  # noqa: F401
from .patches import Circle, Polygon, Rectangle  # noqa: F401
from .text import Annotation, Text  # noqa: F401
from .ticker import (  # noqa: F401
    AutoLocator, FixedFormatter, FixedLocator, FormatStrFormatter, FuncFormatter, LinearLocator, Locator, LogLocator,
    MaxNLocator, MultipleLocator, NullFormatter, NullLocator, ScalarFormatter,
)

_figures = {}
_present = [None]


def _begin():
    _figures.clear()
    _present[0] = None


def _end():
    """After a run: what was drawn and never shown is shown now."""
    show()


def figure(num=None, figsize=None, dpi=None, *, facecolor=None, edgecolor=None, frameon=True, FigureClass=Figure, clear=False,
           **kwargs):  # fmt: skip
    """Makes a figure, or makes the one of that number the present one."""
    if isinstance(num, Figure):
        _present[0] = num.number
        return num
    if num is not None and num in _by_label():
        num = _by_label()[num]
    label = num if isinstance(num, str) else None
    if num is None or label is not None:
        num = max(_figures, default=0) + 1
    if num not in _figures:
        made = Figure(figsize, dpi, facecolor=facecolor, edgecolor=edgecolor, **kwargs)
        made.number, made._label = num, label or ""
        _figures[num] = made
        limit = rcParams["figure.max_open_warning"]
        if limit and len(_figures) == limit + 1:
            import warnings

            warnings.warn(f"More than {limit} figures have been opened. Figures created through the pyplot interface "
                          "(`matplotlib.pyplot.figure`) are retained until explicitly closed and may consume too much memory.",
                          RuntimeWarning, stacklevel=2)  # fmt: skip
    elif clear:
        _figures[num].clear()
    _present[0] = num
    return _figures[num]


def _by_label():
    return {f._label: n for n, f in _figures.items() if getattr(f, "_label", "")}


def gcf():
    """The present figure; a new one if there is none."""
    return _figures[_present[0]] if _present[0] in _figures else figure()


def gca():
    """The present axes; new ones if there are none."""
    return gcf().gca()


def sca(ax):
    """Makes these axes, and their figure, the present ones."""
    figure(ax.figure)
    ax.figure.sca(ax)


def fignum_exists(num):
    """Whether a figure of that number or name is open."""
    return num in _figures or num in _by_label()


def get_fignums():
    """The numbers of the open figures."""
    return sorted(_figures)


def get_figlabels():
    """The names of the open figures."""
    return [_figures[n]._label for n in get_fignums()]


def close(fig=None):
    """Closes a figure without showing it; the present one, one by number or name, or "all"."""
    if fig is None:
        _figures.pop(_present[0], None)
    elif fig == "all":
        _figures.clear()
    elif isinstance(fig, Figure):
        for number, one in list(_figures.items()):
            if one is fig:
                del _figures[number]
    else:
        _figures.pop(_by_label().get(fig, fig), None)
    if _present[0] not in _figures:
        _present[0] = max(_figures, default=None)


def clf():
    """Empties the present figure."""
    gcf().clear()


def cla():
    """Empties the present axes."""
    gca().clear()


def delaxes(ax=None):
    """Takes axes out of their figure."""
    ax = gca() if ax is None else ax
    ax.remove()


def show(*args, block=None):
    """Every open figure appears, in the order of their numbers, and is closed."""
    for number in get_fignums():
        shown = _figures.pop(number)
        if shown.axes_ or shown._suptitle or shown.texts:
            _display.show(shown)
        elif _display.page() is None:
            print(repr(shown))
    _present[0] = None


def pause(interval):
    """The present figure appears as it is; it stays open."""
    import time

    if _figures:
        _display.show(gcf(), live=True)
    time.sleep(min(interval, 1.0))


def draw():
    """Nothing to do here: a figure is drawn when it is shown."""
    pass


draw_if_interactive = draw


def ion():
    """Interactive mode on; figures appear at show() and pause() all the same."""
    rcParams["interactive"] = True
    return _contextlib.nullcontext()


def ioff():
    """Interactive mode off."""
    rcParams["interactive"] = False
    return _contextlib.nullcontext()


def isinteractive():
    """Whether interactive mode is on."""
    return rcParams["interactive"]


def switch_backend(newbackend):
    """Any backend will do."""
    pass


def savefig(*args, **kwargs):
    """Writes the present figure to a file, as SVG or PNG."""
    return gcf().savefig(*args, **kwargs)


def suptitle(t, **kwargs):
    """A title over the whole figure."""
    return gcf().suptitle(t, **kwargs)


def figtext(x, y, s, fontdict=None, **kwargs):
    """Text at a place of the figure, in shares of its width and height."""
    return gcf().text(x, y, s, fontdict, **kwargs)


def figlegend(*args, **kwargs):
    """One legend for the whole figure."""
    return gcf().legend(*args, **kwargs)


def tight_layout(**kwargs):
    """Gives the subplots as much room as their words need."""
    gcf().tight_layout(**kwargs)


def subplots_adjust(**kwargs):
    """Sets the edges of the subplots and the room between them."""
    gcf().subplots_adjust(**kwargs)


def subplot(*args, **kwargs):
    """The axes at that place of the present figure: those that are there, or new ones."""
    from .figure import subplot_spec

    fig = gcf()
    fig._no_projection(kwargs)
    spec = subplot_spec(fig, args)
    for axes in fig.axes_:
        there = axes.get_subplotspec()
        if there is not None and (there is spec or there.key() == spec.key() and there.gridspec.parent is spec.gridspec.parent):
            if kwargs:
                axes.set(**{key: value for key, value in kwargs.items() if key not in ("sharex", "sharey")})
            return fig.sca(axes)
    return fig.add_subplot(spec, **kwargs)


def subplots(nrows=1, ncols=1, *, sharex=False, sharey=False, squeeze=True, width_ratios=None, height_ratios=None,
             subplot_kw=None, gridspec_kw=None, **fig_kw):  # fmt: skip
    """A new figure with rows and columns of axes; returns both."""
    fig = figure(**fig_kw)
    return fig, fig.subplots(nrows, ncols, sharex=sharex, sharey=sharey, squeeze=squeeze, width_ratios=width_ratios,
                             height_ratios=height_ratios, subplot_kw=subplot_kw, gridspec_kw=gridspec_kw)  # fmt: skip


def subplot2grid(shape, loc, rowspan=1, colspan=1, fig=None, **kwargs):
    """Axes at a place of a grid, over several cells if wished."""
    fig = gcf() if fig is None else fig
    spec = GridSpec(*shape, fig)[loc[0] : loc[0] + rowspan, loc[1] : loc[1] + colspan]
    return fig.add_subplot(spec, **kwargs)


def axes(arg=None, **kwargs):
    """New axes, in all of the figure or in a rectangle of its shares."""
    fig = gcf()
    if isinstance(arg, Axes):
        sca(arg)
        return arg
    return fig.add_subplot(**kwargs) if arg is None else fig.add_axes(arg, **kwargs)


def twinx(ax=None):
    """Axes over the present ones with the same x and their own y on the right."""
    made = (gca() if ax is None else ax).twinx()
    gcf().sca(made)
    return made


def twiny(ax=None):
    """Axes over the present ones with the same y and their own x on top."""
    made = (gca() if ax is None else ax).twiny()
    gcf().sca(made)
    return made


def colorbar(mappable=None, cax=None, ax=None, **kwargs):
    """The strip that tells which number has which colour, beside the axes."""
    if mappable is None:
        mappable = gci()
        if mappable is None:
            raise RuntimeError("No mappable was found to use for colorbar creation. First define a mappable such as an image "
                               "(with imshow) or a contour set (with contourf).")  # fmt: skip
    return gcf().colorbar(mappable, cax=cax, ax=ax, **kwargs)


def gci():
    """The picture, scatter or contours that a colour bar would belong to."""
    found = gca()._current_image if _figures else None
    if found is None and _figures:
        for one in reversed(gcf().axes_):
            if one._current_image is not None:
                return one._current_image
    return found


def sci(im):
    """Makes this the one that a colour bar would belong to."""
    gca()._current_image = im


def clim(vmin=None, vmax=None):
    """Sets the numbers at the two ends of the present picture's colours."""
    gci().set_clim(vmin, vmax)


def set_cmap(cmap):
    """Sets the colour map of the present picture and of those to come."""
    rcParams["image.cmap"] = get_cmap(cmap).name
    if gci() is not None:
        gci().set_cmap(cmap)


def xlim(*args, **kwargs):
    """Sets or gets the limits of x."""
    return gca().set_xlim(*args, **kwargs) if args or kwargs else gca().get_xlim()


def ylim(*args, **kwargs):
    """Sets or gets the limits of y."""
    return gca().set_ylim(*args, **kwargs) if args or kwargs else gca().get_ylim()


def _ticks(axis, ticks, labels, minor, kwargs):
    if ticks is not None:
        axis.set_ticks(ticks, labels, minor=minor, **({} if labels is None else kwargs))
        if labels is None and kwargs:
            axis._dress_labels(kwargs)
    elif kwargs or labels is not None:
        if labels is not None:
            raise TypeError("xticks(): Parameter 'labels' can't be set without setting 'ticks'")
        axis._dress_labels(kwargs)
    return axis.get_ticklocs(minor=minor), axis.get_ticklabels(minor)


def xticks(ticks=None, labels=None, *, minor=False, **kwargs):
    """Sets or gets the ticks of x and their labels."""
    return _ticks(gca().xaxis, ticks, labels, minor, kwargs)


def yticks(ticks=None, labels=None, *, minor=False, **kwargs):
    """Sets or gets the ticks of y and their labels."""
    return _ticks(gca().yaxis, ticks, labels, minor, kwargs)


def title(label, fontdict=None, loc=None, pad=None, *, y=None, **kwargs):
    """A title over the axes."""
    return gca().set_title(label, fontdict, loc, pad, y=y, **kwargs)


def xlabel(xlabel, fontdict=None, labelpad=None, *, loc=None, **kwargs):
    """The name of x."""
    return gca().set_xlabel(xlabel, fontdict, labelpad, loc=loc, **kwargs)


def ylabel(ylabel, fontdict=None, labelpad=None, *, loc=None, **kwargs):
    """The name of y."""
    return gca().set_ylabel(ylabel, fontdict, labelpad, loc=loc, **kwargs)


def xscale(value, **kwargs):
    """How x is spaced: "linear", "log" or "symlog"."""
    gca().set_xscale(value, **kwargs)


def yscale(value, **kwargs):
    """How y is spaced: "linear", "log" or "symlog"."""
    gca().set_yscale(value, **kwargs)


def box(on=None):
    """Shows or hides the frame of the axes."""
    gca().set_frame_on(not gca().frame_on if on is None else on)


def matshow(A, fignum=None, **kwargs):
    """A matrix as a picture, with its rows numbered from the top."""
    ax = gca() if fignum == 0 else figure(fignum).add_subplot()
    return ax.matshow(A, **kwargs)


def imsave(fname, arr, vmin=None, vmax=None, cmap=None, format=None, origin=None, dpi=100, **kwargs):
    """The array as a PNG, one cell a pixel."""
    from .image import AxesImage, png

    picture = AxesImage(arr, cmap=cmap, origin=origin)
    picture.set_clim(vmin, vmax)
    columns, rows, rgba = picture._pixels()
    if picture.origin == "lower":
        rgba = b"".join(rgba[at : at + 4 * columns] for at in range(4 * columns * (rows - 1), -1, -4 * columns))
    data = png(columns, rows, rgba)
    if hasattr(fname, "write"):
        fname.write(data)
    else:
        with open(fname, "wb") as file:
            file.write(data)


def _on_present_axes(name):
    method = getattr(Axes, name)

    @_functools.wraps(method)
    def call(*args, **kwargs):
        return getattr(gca(), name)(*args, **kwargs)

    # As it is called here: without the axes.
    known = _inspect.signature(method)
    call.__signature__ = known.replace(parameters=list(known.parameters.values())[1:])
    call.__module__ = __name__
    return call


for _name in (
    "plot scatter bar barh bar_label hist hist2d boxplot pie imshow pcolormesh pcolor contour contourf clabel fill_between "
    "fill_betweenx fill errorbar stem step semilogx semilogy loglog axhline axvline axline axhspan axvspan hlines vlines arrow "
    "text annotate legend grid axis margins autoscale tick_params ticklabel_format locator_params minorticks_on minorticks_off"
).split():
    globals()[_name] = _on_present_axes(_name)
del _name


def __getattr__(name):
    if not name.startswith("_") and name in colormaps:
        return lambda: set_cmap(name)
    from ._missing import nearest

    raise nearest("matplotlib.pyplot", globals(), name)
