"""Colour maps by name: `plt.cm.viridis`, `plt.get_cmap("tab10", 4)`, `matplotlib.colormaps["Blues"]`."""

import difflib

import numpy as np

from . import _colormap_points
from ._values import as_array
from .colors import Colormap, LinearSegmentedColormap, ListedColormap, Normalize

__all__ = ["Colormaps", "ScalarMappable", "colormaps", "get_cmap"]

_SAME = {"grey": "gray", "gist_gray": "gray", "gist_grey": "gray", "Grays": "Greys", "gist_yarg": "binary"}
# Maps that the real library keeps as a list of 256 colours, so that resampling takes some of these.
_LISTED = {"viridis", "plasma", "inferno", "magma", "cividis", "turbo"}


def _rgba(digits):
    return (*(int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4)), 1.0)


def _make(name):
    name = _SAME.get(name, name)
    if name.endswith("_r"):
        return _make(name[:-2]).reversed()
    if name in _colormap_points.QUALITATIVE:
        text = _colormap_points.QUALITATIVE[name]
        return ListedColormap([_rgba(text[at : at + 6]) for at in range(0, len(text), 6)], name)
    text = _colormap_points.CONTINUOUS[name]
    points = [(int(text[at : at + 2], 16) / 255, _rgba(text[at + 2 : at + 8])) for at in range(0, len(text), 8)]
    smooth = LinearSegmentedColormap(name, points)
    return ListedColormap(smooth.colours(), name) if name in _LISTED else smooth


_BASE = [*_colormap_points.CONTINUOUS, *_colormap_points.QUALITATIVE, *_SAME]


class Colormaps:
    """All colour maps, made when first asked for."""

    def __init__(self):
        self._made = {}

    def __iter__(self):
        for name in _BASE:
            yield name
            yield f"{name}_r"
        yield from (name for name in self._made if name not in _BASE and name.removesuffix("_r") not in _BASE)

    def __contains__(self, name):
        return name in self._made or str(name).removesuffix("_r") in _BASE

    def __getitem__(self, name):
        if name not in self:
            close = difflib.get_close_matches(str(name), list(self), 3, 0.5)
            raise KeyError(f"{name!r} is not a known colormap name" + (f"; nearest here: {', '.join(close)}" if close else ""))
        if name not in self._made:
            made = _make(name)
            made.name = name
            self._made[name] = made
        return self._made[name].copy()

    def __len__(self):
        return sum(1 for _ in self)

    def register(self, cmap, *, name=None, force=False):
        name = name or cmap.name
        if name in self and not force:
            raise ValueError(f'A colormap named "{name}" is already registered.')
        self._made[name] = cmap

    def get_cmap(self, cmap):
        return get_cmap(cmap)

    def forget(self):
        self._made.clear()


colormaps = Colormaps()


def get_cmap(name=None, lut=None):
    """The colour map of that name, with lut colours if given."""
    if name is None:
        from . import rcParams

        name = rcParams["image.cmap"]
    if isinstance(name, Colormap):
        return name
    if not isinstance(name, str):
        raise TypeError(f"get_cmap expects None or an instance of a str or Colormap, but got {name!r}")
    if name not in colormaps:
        close = difflib.get_close_matches(name, list(colormaps), 3, 0.5)
        raise ValueError(f"{name!r} is not a valid value for cmap" + (f"; nearest here: {', '.join(close)}" if close else ""))
    found = colormaps[name]
    return found if lut is None else found.resampled(lut)


class ScalarMappable:
    """Numbers with the norm and the map that make colours of them."""

    def __init__(self, norm=None, cmap=None):
        self._values = None
        self.colorbar = None
        self.cmap = get_cmap(cmap)
        self.norm = norm if norm is not None else Normalize()

    def set_array(self, A):
        self._values = None if A is None else as_array(A)

    def get_array(self):
        return self._values

    def get_cmap(self):
        return self.cmap

    def set_cmap(self, cmap):
        self.cmap = get_cmap(cmap)

    def set_norm(self, norm):
        self.norm = norm

    def get_clim(self):
        return self.norm.vmin, self.norm.vmax

    def set_clim(self, vmin=None, vmax=None):
        if vmax is None and isinstance(vmin, (tuple, list)):
            vmin, vmax = vmin
        if vmin is not None:
            self.norm.vmin = float(vmin)
        if vmax is not None:
            self.norm.vmax = float(vmax)

    def autoscale(self):
        self.norm.autoscale(self._values)

    def autoscale_None(self):
        if self._values is not None:
            self.norm.autoscale_None(self._values)

    def indices(self):
        """For each value its row in the map's table."""
        self.autoscale_None()
        return self.cmap.indices(self.norm(self._values))

    def to_rgba(self, x, alpha=None, bytes=False, norm=True):
        return self.cmap(self.norm(x) if norm else np.asarray(x), alpha=alpha, bytes=bytes)


def __getattr__(name):
    if not name.startswith("_") and name in colormaps:
        return colormaps[name]
    from ._missing import nearest

    raise nearest("matplotlib.cm", dict.fromkeys(colormaps), name)
