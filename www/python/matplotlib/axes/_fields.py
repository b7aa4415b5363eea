"""imshow, pcolormesh, contour: a number for every place."""

import math

import numpy as np

from .._contour import Grid
from .._rc import rcParams
from .._values import as_array, floats, is_sequence, rows
from ..collections import ContourSet, QuadMesh
from ..image import AxesImage
from ..ticker import LogLocator, MaxNLocator, ScalarFormatter

# A finer grid than this shows no more.
MOST_ROWS = 640


class Fields:
    def imshow(self, X, cmap=None, norm=None, *, aspect=None, interpolation=None, alpha=None, vmin=None, vmax=None,
               origin=None, extent=None, resample=None, filternorm=True, filterrad=4.0, interpolation_stage=None, data=None,
               **kwargs):  # fmt: skip
        """An array as a picture: numbers through a colour map, or RGB."""
        image = AxesImage(X, cmap=cmap, norm=norm, origin=origin, interpolation=interpolation, alpha=alpha,
                          extent=extent, **kwargs)  # fmt: skip
        if norm is not None and (vmin is not None or vmax is not None):
            raise ValueError("Passing a Normalize instance simultaneously with vmin/vmax is not supported.  Please pass vmin/vmax directly to the norm when creating it.")
        image.set_clim(vmin, vmax)
        image.autoscale_None()
        self.set_aspect(rcParams["image.aspect"] if aspect is None else aspect)
        self.add(image)
        left, right, bottom, top = image.get_extent()
        for span, low, high in ((self.xaxis.span, left, right), (self.yaxis.span, bottom, top)):
            if span.auto:
                span.inverted = low > high
        self._current_image = image
        return image

    def matshow(self, Z, **kwargs):
        """A matrix as a picture, with its rows numbered from the top."""
        image = self.imshow(Z, **{"origin": "upper", "interpolation": "nearest", "aspect": "equal", **kwargs})
        self.xaxis.tick_top()
        for axis in (self.xaxis, self.yaxis):
            axis.set_major_locator(MaxNLocator(nbins=9, steps=[1, 2, 5, 10], integer=True))
        return image

    def pcolormesh(self, *args, alpha=None, norm=None, cmap=None, vmin=None, vmax=None, shading="auto", antialiased=False,
                   edgecolors=None, data=None, **kwargs):  # fmt: skip
        """Cells of a grid, coloured by their numbers."""
        values = as_array(args[-1])
        if values.ndim != 2:
            raise TypeError(f"pcolormesh takes a 2-D array of values, not {values.ndim}-D")
        if shading not in ("auto", "flat", "nearest"):
            raise NotImplementedError(f"pcolormesh(shading={shading!r}) is not here; nearest: 'auto', 'flat', 'nearest'")
        n, m = values.shape
        xs, ys = (args[0], args[1]) if len(args) == 3 else (range(m + 1), range(n + 1))
        xs, ys = _mesh(xs, ys)
        for given, wanted in ((len(xs[0]), m), (len(ys), n)):
            if given not in (wanted, wanted + 1):
                raise TypeError(f"Dimensions of C {values.shape} should be one smaller than X({len(xs[0])}) and Y({len(ys)}) "
                                "while using shading='flat'")  # fmt: skip
        if len(xs[0]) == m:
            xs = [_between(row) for row in xs]
            ys = [[row[0]] + row for row in ys]
        if len(ys) == n:
            xs, ys = [xs[0]] + xs, _transposed([_between(column) for column in _transposed(ys)])
        mesh = QuadMesh(xs, ys, values, norm=norm, cmap=cmap, alpha=alpha, edgecolor=edgecolors, **kwargs)
        mesh.set_clim(vmin, vmax)
        mesh.autoscale_None()
        self._current_image = mesh
        return self.add(mesh)

    def pcolor(self, *args, **kwargs):
        """The same as pcolormesh."""
        return self.pcolormesh(*args, **kwargs)

    def contour(self, *args, **kwargs):
        """Lines of equal height."""
        return self._contours(args, False, kwargs)

    def contourf(self, *args, **kwargs):
        """The areas between heights, filled."""
        return self._contours(args, True, kwargs)

    def _contours(self, args, filled, kwargs):
        levels = kwargs.pop("levels", None)
        heights_at = 2 if len(args) > 2 else 0
        z = as_array(args[heights_at])
        if z.dtype.kind == "b":
            z = z.astype(int)
        if z.ndim != 2:
            raise TypeError(f"Input z must be 2D, not {z.ndim}D")
        if min(z.shape) < 2:
            raise TypeError(f"Input z must be at least a (2, 2) shaped array, but has shape {z.shape}")
        if levels is None and len(args) > heights_at + 1:
            levels = args[heights_at + 1]
        xs, ys = self._contour_places(args[:heights_at], z, kwargs)
        step = max(1, math.ceil(max(z.shape) / MOST_ROWS))
        heights = rows(z)
        kept = [v for row in heights for v in row if math.isfinite(v)]
        if not kept:
            raise ValueError("Contour levels need at least one finite number in z")
        low, high = min(kept), max(kept)
        if step > 1:
            at_rows = sorted({*range(0, len(heights), step), len(heights) - 1})
            at_columns = sorted({*range(0, len(heights[0]), step), len(heights[0]) - 1})
            heights = [[heights[i][j] for j in at_columns] for i in at_rows]
            xs = [[xs[i][j] for j in at_columns] for i in at_rows]
            ys = [[ys[i][j] for j in at_columns] for i in at_rows]
        norm = kwargs.pop("norm", None)
        levels = contour_levels(levels, low, high, filled, kwargs.pop("locator", None), norm)
        extend = kwargs.pop("extend", "neither")
        for name in ("antialiased", "corner_mask", "origin", "extent", "algorithm", "nchunk", "hatches", "data"):
            if kwargs.pop(name, None) is not None and name == "hatches":
                raise NotImplementedError("contourf(hatches=…) is not here; nearest: colors=")
        vmin, vmax = kwargs.pop("vmin", None), kwargs.pop("vmax", None)
        given = {"colors": kwargs.pop("colors", None), "cmap": kwargs.pop("cmap", None), "alpha": kwargs.pop("alpha", None)}
        grid = Grid(xs, ys, heights)
        made = ContourSet(grid, levels, filled, norm=norm, **given, **kwargs)
        if extend != "neither" and filled:
            _extend(made, extend, low, high)
        made.set_clim(vmin, vmax)
        self.add(made)
        if given["colors"] is None:
            self._current_image = made
        return made

    def _contour_places(self, given, z, kwargs):
        n, m = z.shape
        if not given:
            extent, origin = kwargs.get("extent"), kwargs.get("origin")
            if extent is not None:
                x0, x1, y0, y1 = floats(extent)
                if origin is None:
                    xs = [x0 + (x1 - x0) * j / (m - 1) for j in range(m)]
                    ys = [y0 + (y1 - y0) * i / (n - 1) for i in range(n)]
                else:
                    xs = [x0 + (x1 - x0) * (j + 0.5) / m for j in range(m)]
                    ys = [y0 + (y1 - y0) * (i + 0.5) / n for i in range(n)]
                    ys = ys[::-1] if origin == "upper" else ys
            else:
                xs, ys = [float(j) for j in range(m)], [float(i) for i in range(n)]
            return [xs] * n, [[y] * m for y in ys]
        xs, ys = _mesh(*given)
        if len(xs[0]) != m:
            raise TypeError(f"Length of x ({len(xs[0])}) must match number of columns in z ({m})")
        if len(ys) != n:
            raise TypeError(f"Length of y ({len(ys)}) must match number of rows in z ({n})")
        return xs, ys

    def clabel(self, CS, levels=None, *, fontsize=None, inline=True, inline_spacing=5, fmt=None, colors=None, **kwargs):
        """Writes the heights on contour lines."""
        from .._rc import points
        from ..colors import to_rgba

        wanted = CS._levels if levels is None else floats(levels)
        write = ScalarFormatter(useOffset=False)
        write.set_locs(CS._levels)
        for i, level in enumerate(CS._levels):
            if level in wanted:
                if fmt is None:
                    text = write(level)
                elif isinstance(fmt, dict):
                    text = str(fmt[level])
                else:
                    text = fmt(level) if callable(fmt) else fmt.format(level) if "{" in fmt else fmt % level
                CS.labels.append((i, text, points(fontsize), None if colors is None else to_rgba(colors)))
        return []


def _transposed(table):
    return [list(column) for column in zip(*table)]


def _mesh(x, y):
    """Rows of x and rows of y, from vectors or from meshgrid's arrays."""
    ax, ay = (as_array(list(v) if isinstance(v, range) else v) for v in (x, y))
    if ax.ndim == 2 or ay.ndim == 2:
        if ax.ndim != 2 or ay.ndim != 2 or ax.shape != ay.shape:
            raise TypeError(f"Shapes of x {ax.shape} and y {ay.shape} do not match")
        return rows(ax), rows(ay)
    xs, ys = floats(ax), floats(ay)
    return [list(xs) for _ in ys], [[v] * len(xs) for v in ys]


def _between(centres):
    """The borders of cells from their centres."""
    if len(centres) < 2:
        return [centres[0] - 0.5, centres[0] + 0.5]
    inner = [(a + b) / 2 for a, b in zip(centres, centres[1:])]
    return [2 * centres[0] - inner[0], *inner, 2 * centres[-1] - inner[-1]]


def contour_levels(levels, low, high, filled, locator=None, norm=None):
    """The heights: those given, or about as many as wished at round numbers, as the real library chooses them."""
    if is_sequence(levels):
        given = floats(levels)
        if any(b <= a for a, b in zip(given, given[1:])):
            raise ValueError("Contour levels must be increasing")
    else:
        if locator is None:
            wished = 7 if levels is None else int(levels)
            locator = LogLocator() if type(norm).__name__ == "LogNorm" else MaxNLocator(wished + 1, min_n_ticks=1)
        places = locator.tick_values(low, high)
        first, last = 0, len(places)
        under = [i for i, v in enumerate(places) if v < low]
        over = [i for i, v in enumerate(places) if v > high]
        if under:
            first = under[-1]
        if over:
            last = over[0] + 1
        if last - first < 3:
            first, last = 0, len(places)
        given = places[first:last]
    if not filled and not any(low < v < high for v in given):
        import warnings

        warnings.warn("No contour levels were found within the data range.", UserWarning, stacklevel=4)
        given = [low]
    if filled and len(given) < 2:
        raise ValueError("Filled contours require at least 2 levels.")
    return np.array(given)


def _extend(made, extend, low, high):
    """Areas below the first level and above the last, in the colours of the map's ends."""
    levels = made._levels
    below = extend in ("min", "both") and low < levels[0]
    above = extend in ("max", "both") and high > levels[-1]
    values = floats(made._values)
    if below:
        levels = [low - 1 - abs(low) * 1e-9, *levels]
        values = [values[0] - 1e9, *values]
    if above:
        levels = [*levels, high + 1 + abs(high) * 1e-9]
        values = [*values, values[-1] + 1e9]
    made._levels = levels
    made.set_array(values)
