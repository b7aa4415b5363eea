"""A drawing as a PNG: every shape is an area between edges, and each edge says how much of each pixel lies right of it.

The planes of red, green, blue and alpha are kept apart, so that a run of equal pixels is one call on bytes.
"""

import base64
import math
import struct
import zlib

from . import _glyphs, _text
from ._svg import each_mark
from .image import png
from .patches import ring

_PLACE = {digit: at for at, digit in enumerate(_glyphs.DIGITS)}
_outlines = {}


def rgba_of(colour):
    parts = [int(colour[at : at + 2], 16) for at in range(1, len(colour), 2)]
    return (*parts[:3], (parts[3] if len(parts) > 3 else 255) / 255)


class Canvas:
    def __init__(self, width, height):
        self.width, self.height = width, height
        self.planes = [bytearray(width * height) for _ in range(4)]
        self.bounds = (0, 0, width, height)

    def clip(self, box):
        """Only pixels within (left, top, right, bottom) change from now on; None for all."""
        left, top, right, bottom = box or (0, 0, self.width, self.height)
        self.bounds = (max(0, left), max(0, top), min(self.width, right), min(self.height, bottom))

    def run(self, y, x0, x1, colour, share):
        """Lays a colour over pixels x0…x1 of a row, by a share of 0…1."""
        left, _, right, _ = self.bounds
        x0, x1 = max(left, x0), min(right, x1)
        alpha = colour[3] * share
        if x0 >= x1 or alpha < 0.002:
            return
        a, b = y * self.width + x0, y * self.width + x1
        red, green, blue, opaque = self.planes
        if b - a == 1 and opaque[a] == 255:
            # One pixel of an edge: by far the most frequent.
            rest = 1 - alpha
            red[a] = int(colour[0] * alpha + red[a] * rest + 0.5)
            green[a] = int(colour[1] * alpha + green[a] * rest + 0.5)
            blue[a] = int(colour[2] * alpha + blue[a] * rest + 0.5)
            return
        over = opaque[a:b]
        if alpha > 0.998:
            for plane, value in zip(self.planes, (*colour[:3], 255)):
                plane[a:b] = bytes([value]) * (b - a)
        elif over.count(255) == b - a:
            for plane, value in zip(self.planes, colour[:3]):
                plane[a:b] = plane[a:b].translate(_table(value, round(alpha * 255)))
        else:
            for i in range(a, b):
                before = opaque[i] / 255
                after = alpha + before * (1 - alpha)
                for plane, value in zip(self.planes, colour[:3]):
                    plane[i] = round((value * alpha + plane[i] * before * (1 - alpha)) / after)
                opaque[i] = round(255 * after)

    def fill(self, loops, colour):
        """The area within loops of (x, y); of overlaps turned the same way there is one."""
        _, top, _, bottom = self.bounds
        rows = {}
        for loop in loops:
            for (x0, y0), (x1, y1) in zip(loop, loop[1:] + loop[:1]):
                if y0 != y1:
                    _add_edge(rows, x0, y0, x1, y1, top, bottom)
        for y, cells in rows.items():
            cover, at = 0.0, None
            for x in sorted(cells):
                area, height = cells[x]
                if at is not None and x > at and abs(cover) > 0.002:
                    self.run(y, at, x, colour, min(1.0, abs(cover)))
                self.run(y, x, x + 1, colour, min(1.0, abs(cover + area)))
                cover += height
                at = x + 1

    def stroke(self, points, width, colour, closed=False):
        """A line of a width, as one piece for each segment and a round joint between them."""
        half = max(width, 0.8) / 2
        faint = min(1.0, width / 0.8)
        pieces = []
        ends = points + points[:1] if closed else points
        for (x0, y0), (x1, y1) in zip(ends, ends[1:]):
            length = math.hypot(x1 - x0, y1 - y0)
            if length:
                nx, ny = (y0 - y1) / length * half, (x1 - x0) / length * half
                pieces.append([(x0 + nx, y0 + ny), (x0 - nx, y0 - ny), (x1 - nx, y1 - ny), (x1 + nx, y1 + ny)])
        if half > 0.7:
            pieces += [ring(x, y, half, half)[:-1:8] for x, y in (ends[1:-1] if not closed else points)]
        self.fill(pieces, (*colour[:3], colour[3] * faint))

    def png(self):
        pixels = bytearray(4 * self.width * self.height)
        for i, plane in enumerate(self.planes):
            pixels[i::4] = plane
        return png(self.width, self.height, bytes(pixels))


_tables = {}


def _table(value, alpha):
    key = value, alpha
    if key not in _tables:
        if len(_tables) > 20_000:
            _tables.clear()
        _tables[key] = bytes((value * alpha + old * (255 - alpha) + 127) // 255 for old in range(256))
    return _tables[key]


def _add_edge(rows, x0, y0, x1, y1, top, bottom):
    """Adds, for each row that the edge crosses, to the cells it touches: (area right of it, height)."""
    sign = 1.0
    if y0 > y1:
        x0, y0, x1, y1, sign = x1, y1, x0, y0, -1.0
    slope = (x1 - x0) / (y1 - y0)
    y = max(y0, top)
    end = min(y1, bottom)
    while y < end:
        row = math.floor(y)
        until = min(row + 1, end)
        xa, xb = x0 + (y - y0) * slope, x0 + (until - y0) * slope
        cells = rows.setdefault(row, {})
        height = (until - y) * sign
        low, high = (xa, xb) if xa <= xb else (xb, xa)
        first, last = math.floor(low), math.floor(high)
        if first == last:
            _add(cells, first, height * (first + 1 - (xa + xb) / 2), height)
        else:
            per_x = height / (high - low)
            for x in range(first, last + 1):
                a, b = max(low, x), min(high, x + 1)
                if b > a:
                    part = per_x * (b - a)
                    _add(cells, x, part * (x + 1 - (a + b) / 2), part)
        y = until


def _add(cells, x, area, height):
    old = cells.get(x)
    cells[x] = (area, height) if old is None else (old[0] + area, old[1] + height)


def _dashed(points, dashes):
    """The pieces of a line that a pattern of on and off leaves."""
    pieces, piece, at, left = [], [points[0]], 0, dashes[0]
    for (x0, y0), (x1, y1) in zip(points, points[1:]):
        length = math.hypot(x1 - x0, y1 - y0)
        done = 0.0
        while length - done > left:
            done += left
            t = done / length
            place = (x0 + (x1 - x0) * t, y0 + (y1 - y0) * t)
            if at % 2 == 0:
                pieces.append([*piece, place])
            piece = [place]
            at += 1
            left = max(dashes[at % len(dashes)], 0.01)
        left -= length - done
        if at % 2 == 0:
            piece.append((x1, y1))
    if at % 2 == 0 and len(piece) > 1:
        pieces.append(piece)
    return pieces


def outline(letter):
    """A letter's loops in shares of an em, y down; a box for letters without one."""
    if letter not in _outlines:
        text = _glyphs.GLYPHS.get(letter)
        if text is None:
            wide = 0.9 if ord(letter) > 0x2E7F else 0.5
            loops = [] if letter.isspace() else [[(0.08, -0.7), (wide, -0.7), (wide, 0), (0.08, 0)], [(0.14, -0.64), (0.14, -0.06), (wide - 0.06, -0.06), (wide - 0.06, -0.64)]]
        else:
            def number(at, loop):
                return (64 * _PLACE[loop[at]] + _PLACE[loop[at + 1]] - 1024) / 1024

            loops = [[(number(i, loop), -number(i + 2, loop)) for i in range(0, len(loop), 4)] for loop in text.split()]
        _outlines[letter] = loops
    return _outlines[letter]


def _draw_text(canvas, item, shift):
    colour, size = rgba_of(item["fill"]), item["size"]
    turn = math.radians(item.get("angle", 0.0))
    cos, sin = math.cos(turn), math.sin(turn)
    ox, oy = item["x"] - shift[0], item["y"] - shift[1]
    loops = []
    for row, line in enumerate(item["lines"]):
        x = -{"start": 0.0, "middle": 0.5, "end": 1.0}[item["anchor"]] * _text.width(line, size)
        for text, level, italic in line:
            scale = size * (_text.RAISED_SIZE if level else 1.0)
            down = row * _text.LINE_HEIGHT * size + {1: -0.36, -1: 0.2, 0: 0.0}[level] * size
            lean = 0.2 if italic or item.get("italic") else 0.0
            for letter in text:
                for loop in outline(letter):
                    placed = [(x + (gx - lean * gy) * scale, down + gy * scale) for gx, gy in loop]
                    loops.append([(ox + px * cos - py * sin, oy + px * sin + py * cos) for px, py in placed])
                x += _text.width([(letter, 0, 0)], scale)
    canvas.fill(loops, colour)
    if item.get("bold"):
        canvas.fill([[(x + 0.05 * size, y) for x, y in loop] for loop in loops], colour)


def _pairs(loop, shift):
    return [(loop[i] - shift[0], loop[i + 1] - shift[1]) for i in range(0, len(loop), 2)]


def _draw_path(canvas, item, shift):
    loops = [_pairs(loop, shift) for loop in item["loops"]]
    closed = not item.get("open")
    if item.get("fill"):
        canvas.fill(loops, rgba_of(item["fill"]))
    if item.get("stroke"):
        for loop in loops:
            pieces = _dashed(loop + loop[:1] if closed else loop, item["dash"]) if item.get("dash") and sum(item["dash"]) > 0 else None
            if pieces is None:
                canvas.stroke(loop, item["width"], rgba_of(item["stroke"]), closed)
            else:
                for piece in pieces:
                    canvas.stroke(piece, item["width"], rgba_of(item["stroke"]))


_CIRCLE = [(math.cos(math.pi * i / 10), math.sin(math.pi * i / 10)) for i in range(20)]


def _draw_marks(canvas, item, shift):
    shape = item.get("outline")
    shapes = [_CIRCLE] if shape is None else [[(loop[i], loop[i + 1]) for i in range(0, len(loop), 2)] for loop in shape]
    closed = not item.get("open")
    for x, y, size, fill, stroke in each_mark(item):
        scale = size / 2 if shape is None else size
        loops = [[(x - shift[0] + px * scale, y - shift[1] + py * scale) for px, py in loop] for loop in shapes]
        if fill and closed:
            canvas.fill(loops, rgba_of(fill))
        if stroke:
            for loop in loops:
                canvas.stroke(loop, item["width"], rgba_of(stroke), closed)


def unpacked(data):
    """(width, height, RGBA bytes) of a PNG that `image.png` wrote."""
    width, height = struct.unpack(">II", data[16:24])
    length = struct.unpack(">I", data[33:37])[0]
    raw = zlib.decompress(data[41 : 41 + length])
    stride = 4 * width + 1
    return width, height, b"".join(raw[at + 1 : at + stride] for at in range(0, stride * height, stride))


def _draw_image(canvas, item, shift):
    columns, rows, pixels = unpacked(base64.b64decode(item["png"]))
    left, top, width, height = item["box"]
    left, top = left - shift[0], top - shift[1]
    x0, x1 = round(left), round(left + width)
    for y in range(max(round(top), canvas.bounds[1]), min(round(top + height), canvas.bounds[3])):
        row = min(rows - 1, max(0, int((y + 0.5 - top) / height * rows)))
        x = x0
        for column in range(columns):
            until = x1 if column == columns - 1 else round(left + (column + 1) * width / columns)
            if until > x:
                r, g, b, a = pixels[4 * (row * columns + column) : 4 * (row * columns + column) + 4]
                canvas.run(y, x, until, (r, g, b, a / 255), 1.0)
                x = until


_ITEMS = {"path": _draw_path, "marks": _draw_marks, "image": _draw_image, "text": _draw_text}


def render(out, ground, box):
    left, top, right, bottom = box
    canvas = Canvas(round(right - left), round(bottom - top))
    if ground[3] > 0:
        colour = (*(round(255 * v) for v in ground[:3]), ground[3])
        for y in range(canvas.height):
            canvas.run(y, 0, canvas.width, colour, 1.0)
    for item in out.items:
        canvas.clip(None)
        if "clip" in item:
            x, y, width, height = out.clips[item["clip"]]
            canvas.clip((round(x - left), round(y - top), round(x - left + width), round(y - top + height)))
        _ITEMS[item["kind"]](canvas, item, (left, top))
    return canvas.png()
