"""Axes: one set of axes with all that can be drawn in it."""

import difflib

from .._missing import _INSTEAD
from ._bars import Bars
from ._base import AxesBase
from ._fields import Fields
from ._lines import Lines
from ._paint import Painting

__all__ = ["Axes", "Subplot"]


class Axes(AxesBase, Lines, Bars, Fields, Painting):
    def __getattr__(self, name):
        if name in _INSTEAD:
            near = _INSTEAD[name].replace("plt.", "ax.")
            raise NotImplementedError(f"Axes.{name} is not in this matplotlib; nearest here: {near}")
        close = difflib.get_close_matches(name, [n for n in dir(type(self)) if not n.startswith("_")], 1, 0.6)
        hint = f"; nearest here: {close[0]}" if close else ""
        raise AttributeError(f"'Axes' object has no attribute {name!r}{hint}")

    def __repr__(self):
        return f"<Axes: title={{'center': {self.get_title()!r}}}>" if self.get_title() else "<Axes: >"


Subplot = Axes
