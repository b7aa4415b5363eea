"""Areas with an edge: rectangles, circles, polygons, wedges, arrows."""

import math

from ._rc import rcParams
from ._values import floats
from .artist import Artist
from .colors import to_rgba
from .lines import dashes

__all__ = ["Circle", "Ellipse", "FancyArrow", "Patch", "Polygon", "Rectangle", "Wedge"]


def ring(cx, cy, rx, ry, start=0.0, end=360.0, angle=0.0):
    """Points of an arc; degrees against the clock."""
    n = max(8, int(abs(end - start) / 3))
    turn = math.radians(angle)
    points = []
    for i in range(n + 1):
        t = math.radians(start + (end - start) * i / n)
        x, y = rx * math.cos(t), ry * math.sin(t)
        points.append((cx + x * math.cos(turn) - y * math.sin(turn), cy + x * math.sin(turn) + y * math.cos(turn)))
    return points


class Patch(Artist):
    zorder = 1
    PROPERTIES = {
        **Artist.PROPERTIES, "facecolor": None, "edgecolor": None, "linewidth": None, "linestyle": "-", "fill": True,
        "capstyle": None, "joinstyle": None,
    }  # fmt: skip
    ALIASES = {"fc": "facecolor", "ec": "edgecolor", "lw": "linewidth", "ls": "linestyle"}

    def __init__(self, **given):
        super().__init__()
        self.p["linewidth"] = rcParams["patch.linewidth"]
        self.set(**given)

    def set_color(self, c):
        self.set_facecolor(c)
        self.set_edgecolor(c)

    set_c = set_color

    def set_facecolor(self, c):
        if c is not None:
            to_rgba(c)
        self._put("facecolor", c)

    def set_edgecolor(self, c):
        if c is not None:
            to_rgba(c)
        self._put("edgecolor", c)

    def get_facecolor(self):
        return self.colours()[0]

    def get_edgecolor(self):
        return self.colours()[1]

    def colours(self):
        p = self.p
        face = to_rgba(rcParams["patch.facecolor"] if p["facecolor"] is None else p["facecolor"])
        face = self.alpha_of(face) if p["fill"] else (0, 0, 0, 0)
        edge = p["edgecolor"]
        if edge is None:
            forced = rcParams["patch.force_edgecolor"] or not p["fill"]
            edge = rcParams["patch.edgecolor"] if forced else (0, 0, 0, 0)
        return face, self.alpha_of(to_rgba(edge))

    def outline(self):
        """Loops of points in the axes' data."""
        raise NotImplementedError("Patch is a base; nearest: Rectangle, Circle, Polygon")

    def spans(self):
        loops = self.outline()
        x_own, y_own = self.in_axes_units
        xs = [x for loop in loops for x, _ in loop]
        ys = [y for loop in loops for _, y in loop]
        return () if x_own else xs, () if y_own else ys

    def draw(self, view, out):
        loops = []
        for loop in self.outline():
            px, py = view.pixels([p[0] for p in loop], [p[1] for p in loop], self.in_axes_units)
            loops.append(list(zip(px, py)))
        face, edge = self.colours()
        width = self.p["linewidth"]
        pattern = dashes(self.p["linestyle"], width)
        clip = view.clip if self.p["clip_on"] else None
        out.shape(loops, face, edge if pattern is not None else None, width, pattern, clip, view.literal)

    def key(self, out, x, y, w, h):
        face, edge = self.colours()
        loop = [(x, y), (x + w, y), (x + w, y + h), (x, y + h)]
        out.shape([loop], face, edge, self.p["linewidth"], dashes(self.p["linestyle"], self.p["linewidth"]), None, False)


class Rectangle(Patch):
    def __init__(self, xy, width, height, *, angle=0.0, **given):
        self._x, self._y, self._w, self._h = float(xy[0]), float(xy[1]), float(width), float(height)
        self._angle = angle
        super().__init__(**given)

    def outline(self):
        x, y, w, h = self._x, self._y, self._w, self._h
        corners = [(x, y), (x + w, y), (x + w, y + h), (x, y + h)]
        if self._angle:
            t = math.radians(self._angle)
            corners = [
                (x + (a - x) * math.cos(t) - (b - y) * math.sin(t), y + (a - x) * math.sin(t) + (b - y) * math.cos(t))
                for a, b in corners
            ]
        return [corners]

    def get_x(self):
        return self._x

    def get_y(self):
        return self._y

    def get_xy(self):
        return self._x, self._y

    def get_width(self):
        return self._w

    def get_height(self):
        return self._h

    def set_height(self, h):
        self._h = float(h)
        self.changed()

    def set_width(self, w):
        self._w = float(w)
        self.changed()

    def set_xy(self, xy):
        self._x, self._y = float(xy[0]), float(xy[1])
        self.changed()

    def set_x(self, x):
        self.set_xy((x, self._y))

    def set_y(self, y):
        self.set_xy((self._x, y))


class Ellipse(Patch):
    def __init__(self, xy, width, height, *, angle=0.0, **given):
        self.center, self.width, self.height, self.angle = (float(xy[0]), float(xy[1])), width, height, angle
        super().__init__(**given)

    def outline(self):
        return [ring(*self.center, self.width / 2, self.height / 2, angle=self.angle)[:-1]]


class Circle(Ellipse):
    def __init__(self, xy, radius=5, **given):
        self.radius = radius
        super().__init__(xy, 2 * radius, 2 * radius, **given)


class Polygon(Patch):
    def __init__(self, xy, *, closed=True, **given):
        points = xy.tolist() if hasattr(xy, "tolist") else xy
        self._points = [tuple(floats(p)) for p in points]
        super().__init__(**given)

    def get_xy(self):
        import numpy as np

        return np.array(self._points)

    def outline(self):
        return [self._points]


class Wedge(Patch):
    def __init__(self, center, r, theta1, theta2, *, width=None, **given):
        self.center, self.r, self.theta1, self.theta2, self.width = tuple(center), r, theta1, theta2, width
        super().__init__(**given)

    def outline(self):
        cx, cy = self.center
        outer = ring(cx, cy, self.r, self.r, self.theta1, self.theta2)
        if self.width is not None and self.width < self.r:
            inner = self.r - self.width
            return [outer + ring(cx, cy, inner, inner, self.theta1, self.theta2)[::-1]]
        return [outer if abs(self.theta2 - self.theta1) >= 360 else [(cx, cy), *outer]]


class FancyArrow(Polygon):
    """plt.arrow: a shaft and a head, all in data units."""

    def __init__(self, x, y, dx, dy, *, width=0.001, length_includes_head=False, head_width=None, head_length=None, **given):
        head_width = 3 * width if head_width is None else head_width
        head_length = 1.5 * head_width if head_length is None else head_length
        length = math.hypot(dx, dy)
        total = length if length_includes_head else length + head_length
        neck = max(total - head_length, 0)
        side = [(0, width / 2), (neck, width / 2), (neck, head_width / 2), (total, 0)]
        shape = side + [(a, -b) for a, b in side[::-1][1:]]
        cos, sin = (dx / length, dy / length) if length else (1, 0)
        super().__init__([(x + a * cos - b * sin, y + a * sin + b * cos) for a, b in shape], **given)


def __getattr__(name):
    from ._missing import nearest

    raise nearest("matplotlib.patches", globals(), name)
