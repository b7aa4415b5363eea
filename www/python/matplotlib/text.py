"""Text in a figure, and annotations with arrows."""

import math

from ._rc import points, rcParams
from .artist import Artist
from .colors import to_rgba
from .patches import ring

__all__ = ["Annotation", "Text"]

_BOXES = ("square", "round", "round4", "circle")


class Text(Artist):
    zorder = 3
    PROPERTIES = {
        **Artist.PROPERTIES, "color": None, "fontsize": None, "fontweight": None, "fontstyle": "normal",
        "fontfamily": None, "horizontalalignment": "left", "verticalalignment": "baseline", "rotation": 0,
        "rotation_mode": "default", "bbox": None, "clip_on": False, "backgroundcolor": None, "multialignment": None,
        "linespacing": 1.2, "wrap": False, "fontstretch": None, "fontvariant": None, "usetex": False,
    }  # fmt: skip
    ALIASES = {
        "c": "color", "size": "fontsize", "weight": "fontweight", "style": "fontstyle", "family": "fontfamily",
        "fontname": "fontfamily", "name": "fontfamily", "ha": "horizontalalignment", "va": "verticalalignment",
        "ma": "multialignment",
    }  # fmt: skip

    def __init__(self, x=0, y=0, text="", fontdict=None, **given):
        super().__init__()
        self._x, self._y, self._text = x, y, str(text)
        self.p["color"], self.p["fontweight"] = rcParams["text.color"], rcParams["font.weight"]
        self.set(**{**(fontdict or {}), **given})

    def set_fontproperties(self, fp):
        raise NotImplementedError("FontProperties are not here; nearest: fontsize, fontweight, fontstyle")

    def set_font(self, fp):
        self.set_fontproperties(fp)

    def set_fontsize(self, fontsize):
        points(fontsize)
        self._put("fontsize", fontsize)

    def set_color(self, color):
        if not (isinstance(color, str) and color == "auto"):
            to_rgba(color)
        self._put("color", color)

    def set_text(self, s):
        self._text = "" if s is None else str(s)
        self.changed()

    def get_text(self):
        return self._text

    def set_position(self, xy):
        self._x, self._y = xy
        self.changed()

    def set_x(self, x):
        self.set_position((x, self._y))

    def set_y(self, y):
        self.set_position((self._x, y))

    def get_position(self):
        return self._x, self._y

    def get_rotation(self):
        angle = self.p["rotation"]
        return {"vertical": 90.0, "horizontal": 0.0, None: 0.0}.get(angle, angle) if isinstance(angle, str) or angle is None else float(angle)

    @property
    def size(self):
        return points(self.p["fontsize"])

    def style(self):
        """What Drawing.text wants to know besides the place."""
        p = self.p
        colour = "black" if p["color"] in ("auto", None) else p["color"]
        return {
            "size": self.size, "rgba": self.alpha_of(to_rgba(colour)), "ha": p["horizontalalignment"],
            "va": p["verticalalignment"], "angle": self.get_rotation(), "weight": p["fontweight"],
            "style": p["fontstyle"], "family": p["fontfamily"], "mode": p["rotation_mode"] or "default",
        }  # fmt: skip

    def draw_at(self, out, x, y, clip=None, literal=False):
        """Draws it with its box at pixels x, y; returns the corners."""
        box = self.p["bbox"]
        if box is None and self.p["backgroundcolor"] is not None:
            box = {"facecolor": self.p["backgroundcolor"], "edgecolor": self.p["backgroundcolor"]}
        if box is not None and self._text.strip():
            from ._draw import place
            from ._text import lines

            style = self.style()
            corners = place(lines(self._text), style["size"] * out.pt, x, y, style["ha"], style["va"], style["angle"], style["mode"])[1]
            draw_box(out, corners, box, style["size"], clip, literal)
        return out.text(x, y, self._text, clip=clip, literal=literal, **self.style())

    def draw(self, view, out):
        if not self._text:
            return
        (px,), (py,) = view.pixels([view.number("x", self._x)], [view.number("y", self._y)], self.in_axes_units, self.p["transform"])
        if not (px - px == 0 == py - py):
            return
        clip = view.clip if self.p["clip_on"] else None
        self.draw_at(out, px, py, clip, view.literal and view.holds(px, py))


def draw_box(out, corners, box, size, clip, literal):
    box = dict(box)
    shape, _, rest = str(box.pop("boxstyle", "square")).partition(",")
    given = dict(part.split("=") for part in rest.replace(" ", "").split(",") if "=" in part)
    if shape not in _BOXES:
        raise NotImplementedError(f"boxstyle {shape!r} is not here; nearest: {', '.join(map(repr, _BOXES))}")
    pad = float(given.get("pad", box.pop("pad", 0.3))) * size * out.pt
    xs, ys = [c[0] for c in corners], [c[1] for c in corners]
    x0, x1, y0, y1 = min(xs) - pad, max(xs) + pad, min(ys) - pad, max(ys) + pad
    alpha = box.pop("alpha", None)
    both = box.pop("color", None)
    face = to_rgba(box.pop("facecolor", box.pop("fc", both if both is not None else "C0")), alpha)
    edge = to_rgba(box.pop("edgecolor", box.pop("ec", both if both is not None else "black")), alpha)
    width = box.pop("linewidth", box.pop("lw", rcParams["patch.linewidth"]))
    if shape == "circle":
        r = math.hypot(x1 - x0, y1 - y0) / 2
        loop = ring((x0 + x1) / 2, (y0 + y1) / 2, r, r)[:-1]
    elif shape == "square":
        loop = [(x0, y0), (x1, y0), (x1, y1), (x0, y1)]
    else:
        loop = rounded(x0, y0, x1, y1, pad)
    out.shape([loop], face, edge, width, (), clip, literal)


def rounded(x0, y0, x1, y1, r):
    r = min(r, (x1 - x0) / 2, (y1 - y0) / 2)
    return (
        ring(x1 - r, y0 + r, r, r, -90, 0) + ring(x1 - r, y1 - r, r, r, 0, 90)
        + ring(x0 + r, y1 - r, r, r, 90, 180) + ring(x0 + r, y0 + r, r, r, 180, 270)
    )  # fmt: skip


class Annotation(Text):
    def __init__(self, text, xy, xytext=None, xycoords="data", textcoords=None, arrowprops=None, **given):
        given.pop("annotation_clip", None)
        super().__init__(0, 0, text, **given)
        self.xy, self.xyann = xy, xy if xytext is None else xytext
        self._coords = xycoords
        self._text_coords = xycoords if textcoords is None else textcoords
        self.arrowprops = arrowprops
        known = ("data", "axes fraction", "figure fraction", "offset points", "offset pixels", "axes pixels")
        for coords in (self._coords, self._text_coords):
            if not hasattr(coords, "kind") and coords not in known:
                raise NotImplementedError(f"coordinates {coords!r} are not here; nearest: {', '.join(map(repr, known))}")

    def spans(self):
        return (), ()

    def _place(self, view, xy, coords, base=None):
        if coords == "offset points":
            return base[0] + xy[0] * view.pt, base[1] - xy[1] * view.pt
        if coords == "offset pixels":
            return base[0] + xy[0], base[1] - xy[1]
        kind = getattr(coords, "kind", coords)
        if kind in ("figure fraction", "figure"):
            return xy[0] * view.figure_size[0], (1 - xy[1]) * view.figure_size[1]
        own = kind in ("axes fraction", "axes")
        (px,), (py,) = view.pixels([view.number("x", xy[0])], [view.number("y", xy[1])], (own, own))
        return px, py

    def draw(self, view, out):
        tip = self._place(view, self.xy, self._coords)
        tx, ty = self._place(view, self.xyann, self._text_coords, tip)
        if not all(v - v == 0 for v in (*tip, tx, ty)):
            return
        literal = view.literal and view.holds(tx, ty)
        if self.arrowprops is not None:
            self._arrow(view, out, tip, tx, ty, literal)
        if self._text:
            self.draw_at(out, tx, ty, None, literal)

    def _arrow(self, view, out, tip, tx, ty, literal):
        from ._draw import place
        from ._text import lines

        style, props = self.style(), dict(self.arrowprops)
        corners = place(lines(self._text), style["size"] * out.pt, tx, ty, style["ha"], style["va"], style["angle"], style["mode"])[1]
        xs, ys = [c[0] for c in corners], [c[1] for c in corners]
        pad = 0.3 * style["size"] * out.pt
        start = leave((min(xs) - pad, min(ys) - pad, max(xs) + pad, max(ys) + pad), tip) if self._text else (tx, ty)
        colour = props.get("color", props.get("ec", props.get("edgecolor", props.get("facecolor", props.get("fc", "black")))))
        rgba = to_rgba(colour, props.get("alpha"))
        fancy = "arrowstyle" in props
        width = props.get("lw", props.get("linewidth", 1.0 if fancy else props.get("width", 4)))
        shrink = props.get("shrinkB", 2.0) * out.pt if fancy else 0.0
        length = math.hypot(tip[0] - start[0], tip[1] - start[1])
        if not fancy and "shrink" in props:
            shrink = props["shrink"] * length
            start = _along(start, tip, shrink)
        if length <= shrink:
            return
        end = _along(tip, start, shrink)
        arrow_head(out, start, end, rgba, width, props.get("arrowstyle"), props, literal)


def _along(a, b, distance):
    """The point at a distance from a towards b."""
    length = math.hypot(b[0] - a[0], b[1] - a[1]) or 1.0
    return a[0] + (b[0] - a[0]) * distance / length, a[1] + (b[1] - a[1]) * distance / length


def leave(box, tip):
    """Where the line from a box's middle to `tip` leaves the box."""
    x0, y0, x1, y1 = box
    cx, cy = (x0 + x1) / 2, (y0 + y1) / 2
    dx, dy = tip[0] - cx, tip[1] - cy
    shares = [abs(half / d) for half, d in (((x1 - x0) / 2, dx), ((y1 - y0) / 2, dy)) if d]
    share = min([1.0, *shares])
    return cx + dx * share, cy + dy * share


def arrow_head(out, start, end, rgba, width, style, props, literal):
    head_length, head_width = 0.4 * 10 * out.pt, 0.2 * 10 * out.pt
    name = str(style or "simple").partition(",")[0]
    if style is None:
        head_length = 1.5 * props.get("headwidth", 12) * out.pt if "headlength" not in props else props["headlength"] * out.pt
        head_width = props.get("headwidth", 12) / 2 * out.pt
    known = ("-", "->", "<-", "<->", "-|>", "<|-", "<|-|>", "simple", "fancy", "wedge", "|-|")
    if name not in known:
        raise NotImplementedError(f"arrowstyle {name!r} is not here; nearest: {', '.join(map(repr, known[:7]))}")
    filled = "|" in name or name in ("simple", "fancy", "wedge")
    line_start, line_end = start, end
    heads = []
    if ">" in name or name in ("simple", "fancy", "wedge"):
        heads.append((end, start))
    if "<" in name:
        heads.append((start, end))
    solid = filled and name != "|-|"
    for tip, other in heads:
        back = _along(tip, other, head_length)
        nx, ny = (tip[1] - other[1]), -(tip[0] - other[0])
        length = math.hypot(nx, ny) or 1.0
        nx, ny = nx / length * head_width, ny / length * head_width
        sides = [(back[0] + nx, back[1] + ny), tip, (back[0] - nx, back[1] - ny)]
        if solid:
            out.shape([sides], rgba, rgba, 0.5, (), None, literal)
            if tip is end:
                line_end = back
            else:
                line_start = back
        else:
            out.line([s[0] for s in sides], [s[1] for s in sides], rgba, width, (), None, literal)
    out.line([line_start[0], line_end[0]], [line_start[1], line_end[1]], rgba, width, (), None, literal)
