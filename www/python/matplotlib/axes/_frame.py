"""The sides of axes, and boxes."""

from .._rc import rcParams
from ..colors import to_rgba

SIDES = ("left", "right", "bottom", "top")


class Spine:
    def __init__(self, side):
        self.side, self.visible, self.position = side, rcParams[f"axes.spines.{side}"], None
        self.color, self.linewidth, self.linestyle = rcParams["axes.edgecolor"], rcParams["axes.linewidth"], "-"

    def set_visible(self, b):
        self.visible = bool(b)

    def get_visible(self):
        return self.visible

    def set_color(self, c):
        to_rgba(c)
        self.color = c

    set_edgecolor = set_color

    def set_linewidth(self, w):
        self.linewidth = w

    def set_linestyle(self, ls):
        self.linestyle = ls

    def set_position(self, position):
        self.position = ("data", 0.0) if position == "zero" else ("axes", 0.5) if position == "center" else position
        if not isinstance(self.position, tuple) or self.position[0] not in ("data", "axes", "outward"):
            raise ValueError("position[0] should be one of 'outward', 'axes', or 'data'")

    def set(self, **kwargs):
        for key, value in kwargs.items():
            getattr(self, f"set_{key}")(value)


class Spines(dict):
    def __getattr__(self, name):
        if name in self:
            return self[name]
        raise AttributeError(f"'Spines' object does not contain a '{name}' spine")

    def __getitem__(self, key):
        if isinstance(key, slice) or isinstance(key, (list, tuple)):
            return _Several([dict.__getitem__(self, k) for k in (self if isinstance(key, slice) else key)])
        return dict.__getitem__(self, key)


class _Several:
    def __init__(self, each):
        self._each = each

    def __getattr__(self, name):
        return lambda *args, **kwargs: [getattr(each, name)(*args, **kwargs) for each in self._each] and None


class Box:
    """A rectangle in shares of the figure."""

    def __init__(self, x0, y0, width, height):
        self.x0, self.y0, self.width, self.height = x0, y0, width, height
        self.x1, self.y1 = x0 + width, y0 + height
        self.bounds = (x0, y0, width, height)

    def __iter__(self):
        return iter(((self.x0, self.y0), (self.x1, self.y1)))

    def __repr__(self):
        return f"Bbox([[{self.x0}, {self.y0}], [{self.x1}, {self.y1}]])"
