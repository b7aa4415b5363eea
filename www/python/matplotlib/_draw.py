"""A drawing as data: what a figure looks like, in pixels, as a list of items that hold numbers and strings only.

The page builds its picture from these, `_svg` writes a file from them, `_raster` a bitmap. A colour is '#rrggbb', with
two more digits where it is translucent. An item that is `lit` lies on a picture or a coloured ground, and keeps its
colours in the page's dark theme; of others black is ink and white is paper.
"""

import math

from . import _text
from ._values import all_finite

POINTS_PER_LINE = 4000


def colour(rgba):
    """'#rrggbb', '#rrggbbaa', or None for nothing to be seen."""
    if rgba is None or rgba[3] <= 0:
        return None
    digits = "".join(f"{round(255 * min(1, max(0, v))):02x}" for v in rgba)
    return f"#{digits[:6] if digits.endswith('ff') else digits}"


def _round(v):
    return round(v, 2)


class Drawing:
    def __init__(self, width, height, dpi, number):
        self.width, self.height, self.dpi, self.number = width, height, dpi, number
        self.pt = dpi / 72
        self.items, self.clips, self._clip_numbers = [], [], {}
        self.face = None
        self.lit = False
        # Whether a later drawing of the same figure takes its place.
        self.live = False
        self.about = {"title": "", "axes": []}
        # What texts cover, for a figure cut to its contents.
        self.reach = [0.0, 0.0, float(width), float(height)]
        self.inked = []

    def data(self):
        x0, y0, x1, y1 = self.reach
        return {
            "width": _round(x1 - x0), "height": _round(y1 - y0), "left": _round(x0), "top": _round(y0),
            "number": self.number, "dpi": self.dpi, "live": self.live, "face": self.face, "lit": self.lit, "clips": self.clips, "items": self.items,
            "about": self.about,
        }  # fmt: skip

    def clip(self, box):
        """The number of a clipping rectangle (left, top, width, height)."""
        key = tuple(map(_round, box))
        if key not in self._clip_numbers:
            self._clip_numbers[key] = len(self.clips)
            self.clips.append(list(key))
        return self._clip_numbers[key]

    def _add(self, kind, clip, literal, **fields):
        item = {"kind": kind}
        if clip is not None:
            item["clip"] = clip
        if literal or self.lit:
            item["lit"] = True
        item.update({key: value for key, value in fields.items() if value is not None})
        self.items.append(item)

    def _touch(self, x0, y0, x1, y1):
        self.inked.append((x0, y0, x1, y1))
        reach = self.reach
        limit = 2 * max(self.width, self.height)
        if -limit < x0 and x1 < self.width + limit and -limit < y0 and y1 < self.height + limit:
            reach[0], reach[1] = min(reach[0], x0 - 2), min(reach[1], y0 - 2)
            reach[2], reach[3] = max(reach[2], x1 + 2), max(reach[3], y1 + 2)

    def line(self, xs, ys, rgba, width, dashes, clip, literal):
        """An open line; what is not a number breaks it. `width` and `dashes` in points."""
        stroke = colour(rgba)
        if stroke is None or width <= 0:
            return
        loops = []
        for part in _whole_parts(xs, ys):
            loops.append(_thinned(part))
        if loops:
            self.shape(loops, None, rgba, width, dashes, clip, literal, closed=False)

    def shape(self, loops, face, edge, width, dashes, clip, literal, closed=True):
        """Areas (even-odd) or lines, each a list of (x, y)."""
        fill, stroke = colour(face), colour(edge) if width > 0 else None
        kept = [loop for loop in loops if len(loop) > 1 and all(x - x == 0 == y - y for x, y in loop)]
        if not kept or fill is None and stroke is None:
            return
        if clip is None:
            for loop in kept:
                self._touch(min(p[0] for p in loop), min(p[1] for p in loop), max(p[0] for p in loop), max(p[1] for p in loop))
        self._add(
            "path", clip, literal,
            loops=[[_round(_bounded(v)) for point in loop for v in point] for loop in kept],
            open=None if closed else True, fill=fill, stroke=stroke,
            width=_round(width * self.pt) if stroke else None,
            dash=[_round(v * self.pt) for v in dashes] if stroke and dashes else None,
        )  # fmt: skip

    def marks(self, xs, ys, outline, sizes, faces, edges, width, clip, literal):
        """The same outline at many places; sizes (points), faces and edges are one for all or one for each."""
        if not xs:
            return
        known = {c: colour(c) for c in {*faces, *edges}}
        fills = [known[c] for c in faces]
        strokes = [known[c] for c in edges] if width > 0 else [None]
        if not any(fills) and not any(strokes):
            return
        palette = {}

        def numbered(colours):
            if len(colours) == 1:
                return colours[0]
            return [palette.setdefault(c or "", len(palette)) for c in colours]

        fill, stroke = numbered(fills), numbered(strokes)
        scaled = [_round(s * self.pt) for s in sizes]
        self._add(
            "marks", clip, literal,
            at=_places(xs, ys),
            outline=None if outline.loops is None else [[_round(v) for p in loop for v in p] for loop in outline.loops],
            open=None if outline.filled else True,
            size=scaled[0] if len(set(scaled)) == 1 else scaled,
            fill=fill, stroke=stroke, palette=list(palette) or None,
            width=_round(width * self.pt) if any(strokes) else None,
        )  # fmt: skip

    def image(self, box, png, smooth, clip, alpha=None):
        """A PNG as base64, stretched over (left, top, width, height)."""
        self._add("image", clip, True, box=list(map(_round, box)), png=png, smooth=True if smooth else None, alpha=alpha)

    def text(self, x, y, text, size, rgba, ha="left", va="baseline", angle=0.0, weight="normal", style="normal",
             family=None, clip=None, literal=False, mode="default", measured=None):  # fmt: skip
        """Lines of text whose box stands at x, y; `size` in points. Returns the box's corners."""
        rows = _text.lines(text)
        px = size * self.pt
        placed = place(rows, px, x, y, ha, va, angle, mode)
        (ox, oy), corners = placed
        fill = colour(rgba)
        if fill is None or not any(run[0] for row in rows for run in row):
            return corners
        if clip is None:
            self._touch(min(c[0] for c in corners), min(c[1] for c in corners), max(c[0] for c in corners), max(c[1] for c in corners))
        self._add(
            "text", clip, literal, x=_round(ox), y=_round(oy), size=_round(px), fill=fill,
            anchor={"left": "start", "center": "middle", "right": "end"}[ha], angle=_round(-angle % 360) or None,
            bold=True if is_bold(weight) else None, italic=True if style in ("italic", "oblique") else None,
            mono=True if family and "mono" in str(family).lower() else None,
            lines=[[[run[0], run[1], 1 if run[2] else 0] for run in row] for row in rows],
        )  # fmt: skip
        return corners


def is_bold(weight):
    return weight in ("bold", "semibold", "demibold", "demi", "heavy", "extra bold", "black") or (
        isinstance(weight, (int, float)) and weight >= 600
    )


def place(rows, px, x, y, ha, va, angle, mode="default"):
    """Where the first line's anchor goes so that the text's box (turned by `angle`) stands at x, y; and its corners."""
    width, height = _text.measure(rows, px)
    share = {"left": 0.0, "center": 0.5, "right": 1.0}.get(ha)
    if share is None:
        raise ValueError(f"{ha!r} is not a valid value for horizontalalignment; supported values are 'center', 'right', 'left'")
    left, right = -share * width, (1 - share) * width
    top, bottom = -_text.ASCENT * px, height - _text.ASCENT * px
    turn = math.radians(-angle)
    cos, sin = math.cos(turn), math.sin(turn)
    corners = [(cx * cos - cy * sin, cx * sin + cy * cos) for cx, cy in ((left, top), (right, top), (right, bottom), (left, bottom))]

    def offset(low, high, middle, base):
        offsets = {"top": low, "bottom": high, "center": (low + high) / 2, "baseline": base, "center_baseline": middle}
        if va not in offsets:
            raise ValueError(f"{va!r} is not a valid value for verticalalignment; supported values are {', '.join(map(repr, offsets))}")
        return offsets[va]

    if angle % 360 == 0:
        dx, dy = 0.0, offset(top, bottom, -_text.MIDDLE * px + (height - px) / 2, 0.0)
    elif mode == "anchor":
        down = offset(top, bottom, -_text.MIDDLE * px, 0.0)
        dx, dy = -down * sin, down * cos
    else:
        xs, ys = [c[0] for c in corners], [c[1] for c in corners]
        low, high = min(xs), max(xs)
        dx = {"left": low, "center": (low + high) / 2, "right": high}[ha]
        dy = offset(min(ys), max(ys), (min(ys) + max(ys)) / 2, 0.0)
    ox, oy = x - dx, y - dy
    return (ox, oy), [(ox + cx, oy + cy) for cx, cy in corners]


def _places(xs, ys):
    """x, y, x, y …, as fine as so many of them can be seen."""
    digits = 2 if len(xs) < 5000 else 1
    if max(map(abs, xs)) > 20000 or max(map(abs, ys)) > 20000:
        xs, ys = map(_bounded, xs), map(_bounded, ys)
    return [round(v, digits) for pair in zip(xs, ys) for v in pair]


def _bounded(v):
    """Far outside is far enough: browsers lose precision beyond."""
    return min(20000.0, max(-20000.0, v))


def _whole_parts(xs, ys):
    if xs and all_finite(xs) and all_finite(ys):
        yield list(zip(xs, ys))
        return
    part = []
    for x, y in zip(xs, ys):
        if x - x == 0 == y - y:
            part.append((x, y))
        elif part:
            yield part
            part = []
    if part:
        yield part


def _thinned(points):
    """A long line without the points that nobody could see: of each half pixel the first, least, most and last."""
    if len(points) == 1:
        return [points[0], points[0]]
    if len(points) <= POINTS_PER_LINE:
        return points
    kept = []
    start = 0
    while start < len(points):
        column = math.floor(points[start][0] * 2)
        end = start
        while end < len(points) and math.floor(points[end][0] * 2) == column:
            end += 1
        if end - start <= 4:
            kept += points[start:end]
        else:
            part = points[start:end]
            low = min(range(len(part)), key=lambda i: part[i][1])
            high = max(range(len(part)), key=lambda i: part[i][1])
            kept += [part[i] for i in sorted({0, low, high, len(part) - 1})]
        start = end
    return kept
