"""The matplotlib that teaching programs use, drawn as data for the page, as SVG or PNG for files.

What matplotlib has and this lacks raises NotImplementedError naming it and the nearest thing here.
"""

import contextlib as _contextlib

from ._rc import RcParams, cycler, rcParams  # noqa: F401
from .cm import colormaps

__version__ = "3.11.0"
rcParamsDefault = RcParams()


def use(backend, *, force=True):
    """Any backend will do: what is shown appears in the page, or is told in a line."""


def get_backend():
    """The name of what draws: here always one and the same."""
    return rcParams["backend"]


def rc(group, **kwargs):
    """Sets several settings of one group: rc("lines", linewidth=2)."""
    short = {"lw": "linewidth", "ls": "linestyle", "c": "color", "fc": "facecolor", "ec": "edgecolor", "mew": "markeredgewidth"}
    for one in (group,) if isinstance(group, str) else group:
        for name, value in kwargs.items():
            rcParams[f"{one}.{short.get(name, name)}"] = value


def rcdefaults():
    """All settings as at first."""
    rcParams.forget()


@_contextlib.contextmanager
def rc_context(rc=None, fname=None):
    """Settings for a block of code only."""
    before = dict(rcParams)
    if rc:
        rcParams.update(rc)
    try:
        yield
    finally:
        dict.update(rcParams, before)


def set_loglevel(level):
    """Nothing is logged here."""
    pass


def _begin():
    """Called before each run of a learner's code: settings and colour maps are as at first, no figure is open."""
    rcParams.forget()
    colormaps.forget()
    import sys

    pyplot = sys.modules.get("matplotlib.pyplot")
    if pyplot is not None:
        pyplot._begin()


# Loaded when first used.
_MODULES = (
    "artist", "axes", "axis", "cm", "collections", "colorbar", "colors", "container", "figure", "gridspec", "image", "legend",
    "lines", "patches", "pyplot", "scale", "style", "text", "ticker",
)  # fmt: skip


def __dir__():
    return [*globals(), *_MODULES]


def __getattr__(name):
    import importlib

    if name in _MODULES:
        return importlib.import_module(f"matplotlib.{name}")
    from ._missing import nearest

    raise nearest("matplotlib", globals(), name)
