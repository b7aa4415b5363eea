"""Titles, names of axes, ticks, grids: what is set around the data."""

from .._rc import rcParams
from .._span import minor_off, minor_on
from ..axis import parse_tick_params
from ..colors import to_rgba


class Words:
    def set_title(self, label, fontdict=None, loc=None, pad=None, *, y=None, **kwargs):
        """A title over the axes: in the middle, left or right."""
        loc = (loc or rcParams["axes.titlelocation"]).lower()
        if loc not in self._titles:
            raise ValueError(f"{loc!r} is not a valid location; supported values are 'left', 'center', 'right'")
        title = self._titles[loc]
        title.set_text(label)
        title.set(**{**(fontdict or {}), **kwargs})
        title.pad = rcParams["axes.titlepad"] if pad is None else pad
        title.share = y
        return title

    def get_title(self, loc="center"):
        """The title's text."""
        return self._titles[loc.lower()].get_text()

    @property
    def title(self):
        return self._titles["center"]

    def inset_axes(self, bounds, *, transform=None, zorder=5, **kwargs):
        """Axes inside these: left, bottom, width and height in shares of these."""
        return self.figure._inset(self, bounds, kwargs)

    def set_xlabel(self, xlabel, fontdict=None, labelpad=None, *, loc=None, **kwargs):
        """The name of x."""
        return self._set_label(self.xaxis, xlabel, fontdict, labelpad, loc, kwargs)

    def set_ylabel(self, ylabel, fontdict=None, labelpad=None, *, loc=None, **kwargs):
        """The name of y."""
        return self._set_label(self.yaxis, ylabel, fontdict, labelpad, loc, kwargs)

    def _set_label(self, axis, text, fontdict, pad, loc, kwargs):
        if pad is not None:
            axis.labelpad = pad
        if loc is not None:
            shares = {"left": 0.0, "bottom": 0.0, "center": 0.5, "right": 1.0, "top": 1.0}
            axis.label_share = shares[loc]
            if axis.name == "x":
                axis.label.p["horizontalalignment"] = loc
        axis.label.chosen = {*axis.label.__dict__.get("chosen", ()), *kwargs, *(fontdict or ())}
        return axis.set_label_text(text, fontdict, **kwargs)

    def get_xlabel(self):
        """The name of x."""
        return self.xaxis.get_label_text()

    def get_ylabel(self):
        """The name of y."""
        return self.yaxis.get_label_text()

    def set_xticks(self, ticks, labels=None, *, minor=False, **kwargs):
        """Sets the ticks of x, and their labels if given."""
        self.xaxis.set_ticks(ticks, labels, minor=minor, **kwargs)

    def set_yticks(self, ticks, labels=None, *, minor=False, **kwargs):
        """Sets the ticks of y, and their labels if given."""
        self.yaxis.set_ticks(ticks, labels, minor=minor, **kwargs)

    def set_xticklabels(self, labels, *, minor=False, fontdict=None, **kwargs):
        self.xaxis.set_ticklabels(labels, minor=minor, fontdict=fontdict, **kwargs)
        return self.xaxis.get_ticklabels()

    def set_yticklabels(self, labels, *, minor=False, fontdict=None, **kwargs):
        self.yaxis.set_ticklabels(labels, minor=minor, fontdict=fontdict, **kwargs)
        return self.yaxis.get_ticklabels()

    def get_xticks(self, *, minor=False):
        return self.xaxis.get_ticklocs(minor=minor)

    def get_yticks(self, *, minor=False):
        return self.yaxis.get_ticklocs(minor=minor)

    def get_xticklabels(self, minor=False, which=None):
        return self.xaxis.get_ticklabels(minor)

    def get_yticklabels(self, minor=False, which=None):
        return self.yaxis.get_ticklabels(minor)

    def tick_params(self, axis="both", which="major", reset=False, **kwargs):
        """Sets size, colour, direction, turn and presence of ticks and their labels."""
        for each in self._axes_named(axis):
            parse_tick_params(each, which, kwargs)

    def ticklabel_format(self, *, axis="both", style=None, scilimits=None, useOffset=None, useLocale=None, useMathText=None):
        """Sets when tick labels use a power of ten or a summand."""
        for each in self._axes_named(axis):
            formatter = each.span.formatter
            if not hasattr(formatter, "set_scientific"):
                raise AttributeError("This method only works with the ScalarFormatter")
            if style is not None:
                formatter.set_scientific(style in ("sci", "scientific"))
            if scilimits is not None:
                formatter.set_powerlimits(scilimits)
            if useOffset is not None:
                formatter.set_useOffset(useOffset)

    def locator_params(self, axis="both", tight=None, **kwargs):
        """Passes settings on to the locators of the ticks."""
        for each in self._axes_named(axis):
            each.span.locator.set_params(**kwargs)

    def minorticks_on(self):
        """Shows ticks between the ticks."""
        for span in self._spans("both"):
            minor_on(span)

    def minorticks_off(self):
        """Hides the ticks between the ticks."""
        for span in self._spans("both"):
            minor_off(span)

    def grid(self, visible=None, which="major", axis="both", **kwargs):
        """Shows or hides the lines of the grid."""
        for each in self._axes_named(axis):
            each.grid(visible, which, **kwargs)

    def set_axisbelow(self, b):
        self.axisbelow = b

    def set_facecolor(self, color):
        """Colours the ground of the axes."""
        to_rgba(color)
        self.facecolor = color

    set_fc = set_facecolor

    def get_facecolor(self):
        return to_rgba(self.facecolor)

    def set_prop_cycle(self, *args, **kwargs):
        """Sets the colours (and styles) that lines take in turn."""
        from .._rc import cycler

        cycle = rcParams["axes.prop_cycle"] if args == (None,) else cycler(*args, **kwargs)
        self._lines.restart(cycle)
        self._fills.restart(cycle)
