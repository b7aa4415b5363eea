"""Pictures: arrays of grey levels or of colours, one cell a pixel."""

import base64
import math
import struct
import zlib

import numpy as np

from ._rc import rcParams
from ._values import as_array
from .artist import Artist
from .cm import ScalarMappable

__all__ = ["AxesImage"]

_PLAIN = {"nearest", "none", "antialiased", "auto", None}
_SMOOTH = {
    "bilinear", "bicubic", "spline16", "spline36", "hanning", "hamming", "hermite", "kaiser", "quadric", "catrom",
    "gaussian", "bessel", "mitchell", "sinc", "lanczos",
}  # fmt: skip
# More cells than this in one direction are more than a screen shows.
MOST_CELLS = 1200


def png(width, height, rgba):
    """The bytes of a PNG of rows of RGBA bytes."""

    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    stride = 4 * width
    raw = b"".join(b"\0" + rgba[at : at + stride] for at in range(0, stride * height, stride))
    header = struct.pack(">IIBBBBB", width, height, 8, 6, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(raw, 6)) + chunk(b"IEND", b"")


def as_base64(width, height, rgba):
    return base64.b64encode(png(width, height, rgba)).decode()


def looked_up(mappable, indices, alpha=None):
    """RGBA bytes of rows of a map's table."""
    table = mappable.cmap.table()
    if alpha is not None:
        table = [(*c[:3], c[3] * alpha) for c in table]
    entries = [bytes(min(255, int(v * 255 + 0.5)) for v in colour) for colour in table]
    return b"".join([entries[i] for i in indices])


class AxesImage(Artist, ScalarMappable):
    zorder = 0
    covers = True
    PROPERTIES = {**Artist.PROPERTIES, "interpolation": None, "extent": None, "origin": "upper"}

    def __init__(self, X, *, cmap=None, norm=None, origin=None, **given):
        Artist.__init__(self)
        ScalarMappable.__init__(self, norm, cmap)
        origin = rcParams["image.origin"] if origin is None else origin
        if origin not in ("upper", "lower"):
            raise ValueError(f"{origin!r} is not a valid value for origin; supported values are 'upper', 'lower'")
        self.p["origin"] = self.origin = origin
        self.set(**{key: value for key, value in given.items() if value is not None})
        self.set_data(X)
        self._stick()

    def set_interpolation(self, s):
        if s not in _PLAIN and s not in _SMOOTH:
            raise ValueError(f"{s!r} is not a valid value for interpolation; supported values are 'nearest', 'bilinear', 'bicubic' …")
        self._put("interpolation", s)

    def set_extent(self, extent):
        self._put("extent", tuple(float(v) for v in extent))
        self._stick()

    def _stick(self):
        left, right, bottom, top = self.get_extent()
        self.sticky_x, self.sticky_y = [left, right], [bottom, top]

    def set_data(self, A):
        array = as_array(A)
        if array.ndim == 3 and array.shape[2] == 1:
            array = array.reshape(array.shape[:2])
        if array.ndim != 2 and not (array.ndim == 3 and array.shape[2] in (3, 4)):
            raise TypeError(f"Invalid shape {array.shape} for image data")
        self._image = array
        self._values = array if array.ndim == 2 else None
        self.changed()

    set_array = set_data

    def get_array(self):
        return self._image

    def get_size(self):
        return self._image.shape[:2]

    def get_extent(self):
        if self.p["extent"] is not None:
            return self.p["extent"]
        rows, columns = self._image.shape[:2]
        if self.origin == "upper":
            return (-0.5, columns - 0.5, rows - 0.5, -0.5)
        return (-0.5, columns - 0.5, -0.5, rows - 0.5)

    def spans(self):
        left, right, bottom, top = self.get_extent()
        return (left, right), (bottom, top)

    def _pixels(self):
        """(columns, rows, RGBA bytes)."""
        image = self._image
        step = max(1, math.ceil(max(image.shape[:2]) / MOST_CELLS))
        if step > 1:
            image = image[::step, ::step]
        rows, columns = image.shape[:2]
        alpha = self.p["alpha"]
        per_cell = None
        if alpha is not None and not isinstance(alpha, (int, float)):
            per_cell, alpha = np.clip(as_array(alpha)[::step, ::step] * 255, 0, 255).astype(int).reshape(-1).tolist(), None
        if image.ndim == 2:
            if self.norm.vmin is None or self.norm.vmax is None:
                self.norm.autoscale_None(self._image)
            at = self.cmap.indices(self.norm(image))
            rgba = looked_up(self, at.reshape(-1).tolist(), alpha)
        else:
            scaled = image if image.dtype.kind in "i" else image * 255 + 0.5
            levels = np.clip(scaled, 0, 255).astype(int)
            flat = bytes(levels.reshape(-1).tolist())
            opaque = round(255 * (1 if alpha is None else alpha))
            if image.shape[2] == 3:
                out = bytearray(4 * rows * columns)
                out[0::4], out[1::4], out[2::4] = flat[0::3], flat[1::3], flat[2::3]
                out[3::4] = bytes([opaque]) * (rows * columns)
            else:
                out = bytearray(flat)
                if alpha is not None:
                    out[3::4] = bytes(round(v * alpha) for v in flat[3::4])
            rgba = bytes(out)
        if per_cell is not None:
            changed = bytearray(rgba)
            changed[3::4] = bytes(per_cell)
            rgba = bytes(changed)
        return columns, rows, rgba

    def draw(self, view, out):
        if 0 in self._image.shape:
            return
        left, right, bottom, top = self.get_extent()
        (x0, x1), (y0, y1) = view.pixels([left, right], [top, bottom])
        columns, rows, rgba = self._pixels()
        if self.origin == "lower":
            # The array's first row lies at the bottom.
            rgba = b"".join(rgba[at : at + 4 * columns] for at in range(4 * columns * (rows - 1), -1, -4 * columns))
        if x1 < x0:
            rgba = mirrored(rgba, columns)
        if y1 < y0:
            rgba = b"".join(rgba[at : at + 4 * columns] for at in range(4 * columns * (rows - 1), -1, -4 * columns))
        interpolation = self.p["interpolation"] or rcParams["image.interpolation"]
        # As the real library, a picture with more cells than pixels is smoothed unless that is forbidden.
        smooth = interpolation in _SMOOTH or (interpolation in ("auto", "antialiased") and columns > abs(x1 - x0))
        box = (min(x0, x1), min(y0, y1), abs(x1 - x0), abs(y1 - y0))
        out.image(box, as_base64(columns, rows, rgba), smooth, view.clip)


def mirrored(rgba, columns):
    words = memoryview(rgba).cast("I")
    return b"".join(words[at : at + columns][::-1].tobytes() for at in range(0, len(words), columns))


def cells(mesh, view, out):
    """Draws a mesh of even cells as a picture; False when its cells are uneven or lined."""
    edge = mesh.p["edgecolor"]
    if edge is not None and edge not in ("face", "none"):
        return False
    xs, ys = mesh._xs[0], [row[0] for row in mesh._ys]
    if any(row != xs for row in mesh._xs) or any(v != row[0] for row in mesh._ys for v in row):
        return False
    px, _ = view.pixels(xs, [ys[0]] * len(xs))
    _, py = view.pixels([xs[0]] * len(ys), ys)

    def even(places):
        step = (places[-1] - places[0]) / (len(places) - 1)
        return step != 0 and all(abs(p - places[0] - i * step) < 0.05 for i, p in enumerate(places))

    if not even(px) or not even(py):
        return False
    columns, rows = len(xs) - 1, len(ys) - 1
    rgba = looked_up(mesh, mesh.indices().reshape(-1).tolist(), mesh.p["alpha"])
    if px[-1] < px[0]:
        rgba = mirrored(rgba, columns)
    if py[-1] < py[0]:
        rgba = b"".join(rgba[at : at + 4 * columns] for at in range(4 * columns * (rows - 1), -1, -4 * columns))
    box = (min(px[0], px[-1]), min(py[0], py[-1]), abs(px[-1] - px[0]), abs(py[-1] - py[0]))
    out.image(box, as_base64(columns, rows, rgba), False, view.clip)
    return True
