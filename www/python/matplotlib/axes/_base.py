"""Axes: where they stand, what they show, and how they are drawn."""

import math

from .._rc import rcParams
from .._span import Span, minor_on
from .._values import floats
from ..artist import Transform
from ..axis import Axis
from ..patches import Patch, Rectangle
from ..text import Annotation, Text
from ._frame import SIDES, Box, Spine, Spines
from ._view import View
from ._words import Words


class Cycler:
    """Colours (and what else the prop_cycle has) in turn."""

    def __init__(self):
        self.restart(rcParams["axes.prop_cycle"])

    def restart(self, cycle):
        self._all, self._at = list(cycle) or [{"color": "k"}], 0

    def next(self):
        self._at += 1
        return self._all[(self._at - 1) % len(self._all)]

    def color(self):
        return self.next().get("color", "k")


class AxesBase(Words):
    name = "rectilinear"

    def __init__(self, figure, position=None, subplotspec=None, sharex=None, sharey=None, label="", **given):
        self.figure = figure
        self._position, self._spec = position, subplotspec
        self._label = label
        self.xaxis = Axis(self, "x", sharex.xaxis.span if sharex is not None else Span("x"))
        self.yaxis = Axis(self, "y", sharey.yaxis.span if sharey is not None else Span("y"))
        self.patch = Rectangle((0, 0), 1, 1)
        self.transAxes, self.transData = Transform("axes", self), Transform("data", self)
        self.zorder, self.twin_of, self._visible = 0, None, True
        # Set by a colorbar: (side, fraction, pad) of the room that it takes from these axes.
        self.given_away = []
        self.moved = None
        self.clear(keep_spans=sharex is not None or sharey is not None)
        self.set(**given)

    def clear(self, keep_spans=False):
        """Empties the axes."""
        self.children, self.legend_ = [], None
        self._aspect, self._adjustable, self._anchor, self.box_aspect = "auto", "box", "C", None
        self.frame_on = self.axison = True
        self.spines = Spines({side: Spine(side) for side in SIDES})
        self.facecolor = rcParams["axes.facecolor"]
        self._titles = {"center": self._new_title("center"), "left": self._new_title("left"), "right": self._new_title("right")}
        self._lines, self._fills = Cycler(), Cycler()
        self._current_image, self.axisbelow = None, rcParams["axes.axisbelow"]
        for axis in (self.xaxis, self.yaxis):
            axis.clear()
            if not keep_spans and len(axis.span.axes) == 1:
                axis.span.clear()
            if rcParams[f"{axis.name}tick.minor.visible"]:
                minor_on(axis.span)

    cla = clear

    def _new_title(self, loc):
        title = Text(0, 0, "", fontsize=rcParams["axes.titlesize"], fontweight=rcParams["axes.titleweight"],
                     horizontalalignment=loc, verticalalignment="baseline")  # fmt: skip
        if rcParams["axes.titlecolor"] != "auto":
            title.set_color(rcParams["axes.titlecolor"])
        title.pad = rcParams["axes.titlepad"]
        return title

    def changed(self, data=True):
        """Something here is other than before: limits and drawings are to be made anew."""
        if data:
            self.xaxis.span.stale = self.yaxis.span.stale = True

    def add(self, artist):
        artist.axes, artist.figure = self, self.figure
        self.children.append(artist)
        self.changed()
        return artist

    add_artist = add_patch = add_line = add_collection = add_image = lambda self, artist, *_, **__: self.add(artist)
    add_table = None

    def axis_of(self, name):
        return self.xaxis if name == "x" else self.yaxis

    def convert(self, x, y):
        return self.xaxis.span.numbers(x), self.yaxis.span.numbers(y)

    # Lists of what was drawn.
    @property
    def lines(self):
        from ..lines import Line2D

        return [c for c in self.children if isinstance(c, Line2D)]

    @property
    def patches(self):
        return [c for c in self.children if isinstance(c, Patch)]

    @property
    def collections(self):
        from ..collections import Collection

        return [c for c in self.children if isinstance(c, Collection)]

    @property
    def images(self):
        from ..image import AxesImage

        return [c for c in self.children if isinstance(c, AxesImage)]

    @property
    def texts(self):
        return [c for c in self.children if isinstance(c, Text)]

    def get_lines(self):
        return self.lines

    def get_images(self):
        return self.images

    def get_children(self):
        return list(self.children)

    def has_data(self):
        return bool(self.children)

    @property
    def containers(self):
        return self.__dict__.setdefault("_containers", [])

    # Limits and scales.
    def set_xlim(self, left=None, right=None, *, auto=False, xmin=None, xmax=None, emit=True):
        """Sets the limits of x."""
        return self._set_limits(self.xaxis.span, left, right, xmin, xmax, auto)

    def set_ylim(self, bottom=None, top=None, *, auto=False, ymin=None, ymax=None, emit=True):
        """Sets the limits of y."""
        return self._set_limits(self.yaxis.span, bottom, top, ymin, ymax, auto)

    def _set_limits(self, span, low, high, least, most, auto):
        if high is None and low is not None and hasattr(low, "__len__") and not isinstance(low, str):
            low, high = low
        span.set_limits(least if low is None else low, most if high is None else high, auto)
        return tuple(map(float, span.limits()))

    def get_xlim(self):
        """The limits of x."""
        return tuple(map(float, self.xaxis.span.limits()))

    def get_ylim(self):
        """The limits of y."""
        return tuple(map(float, self.yaxis.span.limits()))

    set_xbound, set_ybound = set_xlim, set_ylim

    def get_xbound(self):
        return tuple(sorted(self.get_xlim()))

    def get_ybound(self):
        return tuple(sorted(self.get_ylim()))

    def invert_xaxis(self):
        """Turns x round."""
        self.xaxis.span.inverted = not self.xaxis.span.inverted

    def invert_yaxis(self):
        """Turns y round."""
        self.yaxis.span.inverted = not self.yaxis.span.inverted

    def xaxis_inverted(self):
        return self.xaxis.span.inverted

    def yaxis_inverted(self):
        return self.yaxis.span.inverted

    def set_xscale(self, value, **kwargs):
        """How x is spaced: "linear", "log" or "symlog"."""
        self.xaxis.span.set_scale(value, **kwargs)

    def set_yscale(self, value, **kwargs):
        """How y is spaced: "linear", "log" or "symlog"."""
        self.yaxis.span.set_scale(value, **kwargs)

    def get_xscale(self):
        return self.xaxis.span.scale.name

    def get_yscale(self):
        return self.yaxis.span.scale.name

    def margins(self, *margins, x=None, y=None, tight=True):
        """Sets how much room is left around the data, as a share of their range."""
        if margins:
            x, y = margins * 2 if len(margins) == 1 else margins
        if x is None and y is None:
            return self.xaxis.span.margin, self.yaxis.span.margin
        for span, value in ((self.xaxis.span, x), (self.yaxis.span, y)):
            if value is not None:
                span.margin, span.stale = value, True

    def set_xmargin(self, m):
        self.margins(x=m)

    def set_ymargin(self, m):
        self.margins(y=m)

    def autoscale(self, enable=True, axis="both", tight=None):
        """Lets the limits follow the data again; tight=True without margins."""
        for span in self._spans(axis):
            if enable is not None:
                span.auto = bool(enable)
            if tight:
                span.margin = 0.0
            span.stale = True

    def autoscale_view(self, tight=None, scalex=True, scaley=True):
        """Lets limits be found anew."""
        for span, wanted in ((self.xaxis.span, scalex), (self.yaxis.span, scaley)):
            if wanted and span.auto:
                span.stale = True

    def relim(self, visible_only=False):
        """Lets limits be found anew from what the axes hold."""
        self.changed()

    def _spans(self, axis):
        if axis not in ("x", "y", "both"):
            raise ValueError(f"{axis!r} is not a valid value for axis; supported values are 'x', 'y', 'both'")
        return [a.span for a in self._axes_named(axis)]

    def _axes_named(self, axis):
        return [a for a in (self.xaxis, self.yaxis) if axis in (a.name, "both")]

    def axis(self, arg=None, /, *, emit=True, **kwargs):
        """"off", "on", "equal", "scaled", "image", "tight", "square", or the four limits."""
        if isinstance(arg, (bool, str)):
            kind = {True: "on", False: "off"}.get(arg, arg)
            if kind in ("on", "off"):
                self.axison = kind == "on"
            elif kind in ("equal", "scaled", "image", "tight", "auto", "square"):
                self.autoscale(True)
                self.set_aspect("auto")
                if kind == "equal":
                    self.set_aspect("equal", adjustable="datalim")
                elif kind in ("scaled", "image"):
                    self.set_aspect("equal", adjustable="box", anchor="C")
                    for span in self._spans("both"):
                        span.limits()
                        span.auto = False
                elif kind == "square":
                    (x0, x1), (y0, y1) = self.get_xlim(), self.get_ylim()
                    edge = max(abs(x1 - x0), abs(y1 - y0))
                    self.set_xlim(x0, x0 + edge)
                    self.set_ylim(y0, y0 + edge)
                    self.set_aspect("equal", adjustable="box")
                elif kind == "auto":
                    self.set_aspect("auto")
            else:
                raise ValueError(f"Unrecognized string {arg!r} to axis; try 'on' or 'off'")
        elif arg is not None:
            if len(arg) != 4:
                raise TypeError("the first argument to axis() must be an iterable of the form [xmin, xmax, ymin, ymax]")
            self.set_xlim(arg[0], arg[1])
            self.set_ylim(arg[2], arg[3])
        elif kwargs:
            self.set_xlim(kwargs.get("xmin"), kwargs.get("xmax"))
            self.set_ylim(kwargs.get("ymin"), kwargs.get("ymax"))
        return (*self.get_xlim(), *self.get_ylim())

    def set_axis_off(self):
        self.axison = False

    def set_axis_on(self):
        self.axison = True

    def set_frame_on(self, b):
        self.frame_on = bool(b)

    def set_aspect(self, aspect, adjustable=None, anchor=None, share=False):
        """How long a unit of y is, in units of x: "auto", "equal" or a number."""
        self._aspect = 1.0 if aspect == "equal" else aspect if aspect == "auto" else float(aspect)
        self._adjustable = adjustable or self._adjustable
        self._anchor = anchor or self._anchor

    def get_aspect(self):
        return self._aspect

    def set_box_aspect(self, aspect=None):
        self.box_aspect = aspect

    def set_adjustable(self, adjustable, share=False):
        self._adjustable = adjustable

    def set_anchor(self, anchor, share=False):
        self._anchor = anchor

    def set(self, **kwargs):
        """Sets several properties at once: title, xlabel, xlim, xticks and so on."""
        for key, value in kwargs.items():
            setter = getattr(self, f"set_{key}", None)
            if setter is None:
                raise AttributeError(f"Axes.set() got an unexpected keyword argument {key!r}")
            if key in ("xlim", "ylim") and hasattr(value, "__len__"):
                setter(*value)
            else:
                setter(value)

    def set_visible(self, b):
        self._visible = bool(b)

    def get_visible(self):
        return self._visible

    def set_zorder(self, level):
        self.zorder = level

    def set_label(self, s):
        self._label = str(s)

    def get_label(self):
        return self._label

    def get_figure(self):
        return self.figure

    def get_legend(self):
        return self.legend_

    def get_xaxis(self):
        return self.xaxis

    def get_yaxis(self):
        return self.yaxis

    def get_xaxis_transform(self):
        return Transform("blend_y_axes", self)

    def get_yaxis_transform(self):
        return Transform("blend_x_axes", self)

    def get_subplotspec(self):
        return self._spec

    def remove(self):
        """Takes the axes out of the figure."""
        self.figure.delaxes(self)

    def set_position(self, pos, which="both"):
        self._position, self._spec = tuple(floats(getattr(pos, "bounds", pos))), None

    def get_position(self, original=False):
        return Box(*self.place())

    def text(self, x, y, s, fontdict=None, **kwargs):
        """Text at a place of the data."""
        return self.add(Text(x, y, s, fontdict, **kwargs))

    def annotate(self, text, xy, xytext=None, xycoords="data", textcoords=None, arrowprops=None, annotation_clip=None, **kwargs):
        """Text about a point, with an arrow if wished."""
        return self.add(Annotation(text, xy, xytext, xycoords, textcoords, arrowprops, **kwargs))

    def legend(self, *args, **kwargs):
        """The box that says which line is which."""
        from ..legend import legend_of

        self.legend_ = legend_of(self, args, kwargs)
        return self.legend_

    def get_legend_handles_labels(self, legend_handler_map=None):
        from ..legend import labelled

        return labelled([self])

    def twinx(self):
        """Axes over these with the same x and their own y on the right."""
        return self._twin("x")

    def twiny(self):
        """Axes over these with the same y and their own x on top."""
        return self._twin("y")

    def _twin(self, shared):
        other = type(self)(self.figure, self._position, self._spec, **{f"share{shared}": self})
        other.twin_of = self.twin_of or self
        other.set_facecolor("none")
        own, common = (other.yaxis, other.xaxis) if shared == "x" else (other.xaxis, other.yaxis)
        getattr(own, "tick_right" if shared == "x" else "tick_top")()
        own.label_side = "right" if shared == "x" else "top"
        common.visible = False
        self.figure.axes_.append(other)
        return other

    def sharex(self, other):
        self._share("x", other)

    def sharey(self, other):
        self._share("y", other)

    def _share(self, name, other):
        axis = self.axis_of(name)
        axis.span.axes.remove(self)
        axis.span = other.axis_of(name).span
        axis.span.axes.append(self)
        axis.span.stale = True

    def label_outer(self, remove_inner_ticks=False):
        """Hides labels that face other subplots."""
        spec = self._spec
        if spec is None:
            return
        if not spec.is_last_row():
            self.xaxis.params["labelbottom"] = False
            self.xaxis.label.set_text("")
        if not spec.is_first_col():
            self.yaxis.params["labelleft"] = False
            self.yaxis.label.set_text("")

    # Places.
    def place(self):
        """(left, bottom, width, height) in shares of the figure, before any aspect."""
        if self.twin_of is not None:
            return self.twin_of.place()
        if self.moved is not None:
            return self.moved()
        rect = self._position if self._spec is None else self._spec.place(self.figure)
        for side, fraction, pad in self.given_away:
            left, bottom, width, height = rect
            if side in ("left", "right"):
                kept = width * (1 - fraction - pad)
                rect = (left + (width - kept if side == "left" else 0), bottom, kept, height)
            else:
                kept = height * (1 - fraction - pad)
                rect = (left, bottom + (height - kept if side == "bottom" else 0), width, kept)
        return rect

    def pixel_box(self):
        """(left, top, width, height) in pixels, with the aspect heeded."""
        if self.twin_of is not None and self._aspect == "auto":
            return self.twin_of.pixel_box()
        left, bottom, width, height = self.place()
        w, h = self.figure.pixel_size()
        box = (left * w, (1 - bottom - height) * h, width * w, height * h)
        ratio = self.box_aspect
        if ratio is None and self._aspect != "auto" and self._adjustable == "box":
            x0, x1 = map(self.xaxis.span.scale.forward, self.get_xlim())
            y0, y1 = map(self.yaxis.span.scale.forward, self.get_ylim())
            ratio = self._aspect * abs((y1 - y0) / (x1 - x0))
        if ratio is None or not math.isfinite(ratio) or ratio <= 0:
            return box
        fitted_w = min(box[2], box[3] / ratio)
        fitted_h = fitted_w * ratio
        across = {"W": 0.0, "E": 1.0}.get(self._anchor[-1], 0.5)
        down = {"N": 0.0, "S": 1.0}.get(self._anchor[0], 0.5)
        return (box[0] + (box[2] - fitted_w) * across, box[1] + (box[3] - fitted_h) * down, fitted_w, fitted_h)

    def widen_to_aspect(self):
        """axis('equal'): the interval that shows too little grows."""
        if self._aspect == "auto" or self._adjustable != "datalim":
            return
        _, _, width, height = self.pixel_box()
        (x0, x1), (y0, y1) = self.get_xlim(), self.get_ylim()
        unit_x, unit_y = abs(x1 - x0) / width, abs(y1 - y0) / height / self._aspect
        if abs(unit_x - unit_y) < 1e-9 * max(unit_x, unit_y):
            return
        if unit_x < unit_y:
            grow = (unit_y / unit_x - 1) * (x1 - x0) / 2
            self.xaxis.span.set_limits(x0 - grow, x1 + grow, None)
        else:
            grow = (unit_x / unit_y - 1) * (y1 - y0) / 2
            self.yaxis.span.set_limits(y0 - grow, y1 + grow, None)
        self.xaxis.span.stale = self.yaxis.span.stale = False

    def to_pixels(self, values):
        import numpy as np

        pairs = np.asarray(values).reshape(-1, 2)
        xs, ys = View(self, None).pixels(pairs[:, 0].tolist(), pairs[:, 1].tolist())
        height = self.figure.pixel_size()[1]
        return np.array([xs, [height - y for y in ys]]).T.reshape(np.asarray(values).shape)
