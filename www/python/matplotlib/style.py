"""Style sheets by name: a few settings of rcParams at once."""

import contextlib

from ._rc import Cycle, rcParams

__all__ = ["available", "context", "library", "use"]

_DARK = {
    "axes.facecolor": "black", "figure.facecolor": "black", "text.color": "white", "axes.edgecolor": "white",
    "axes.labelcolor": "white", "xtick.color": "white", "ytick.color": "white", "grid.color": "white",
    "lines.color": "white", "patch.edgecolor": "white", "legend.facecolor": "black",
    "axes.prop_cycle": Cycle({"color": ["#8dd3c7", "#feffb3", "#bfbbd9", "#fa8174", "#81b1d2", "#fdb462", "#b3de69", "#bc82bd", "#ccebc4", "#ffed6f"]}),
}  # fmt: skip
_GGPLOT = {
    "axes.facecolor": "#E5E5E5", "axes.edgecolor": "white", "axes.grid": True, "axes.axisbelow": True, "grid.color": "white",
    "axes.labelcolor": "#555555", "xtick.color": "#555555", "ytick.color": "#555555", "axes.linewidth": 1.0,
    "axes.titlesize": "x-large", "axes.labelsize": "large", "patch.linewidth": 0.5, "patch.edgecolor": "#EEEEEE",
    "axes.prop_cycle": Cycle({"color": ["#E24A33", "#348ABD", "#988ED5", "#777777", "#FBC15E", "#8EBA42", "#FFB5B8"]}),
}  # fmt: skip
_538 = {
    "lines.linewidth": 4.0, "axes.grid": True, "axes.axisbelow": True, "grid.color": "#cbcbcb", "axes.titlesize": "x-large",
    "axes.labelsize": "large", "font.size": 14.0, "xtick.major.size": 0.0, "ytick.major.size": 0.0,
    "axes.prop_cycle": Cycle({"color": ["#008fd5", "#fc4f30", "#e5ae38", "#6d904f", "#8b8b8b", "#810f7c"]}),
}  # fmt: skip
_WHITEGRID = {"axes.grid": True, "axes.axisbelow": True, "axes.edgecolor": ".8", "grid.color": ".8", "xtick.major.size": 0.0, "ytick.major.size": 0.0}
_SEABORN = {"axes.facecolor": "#EAEAF2", "axes.edgecolor": "white", "axes.grid": True, "axes.axisbelow": True, "grid.color": "white", "xtick.major.size": 0.0, "ytick.major.size": 0.0}
_COLORBLIND = {"axes.prop_cycle": Cycle({"color": ["#006BA4", "#FF800E", "#ABABAB", "#595959", "#5F9ED1", "#C85200", "#898989", "#A2C8EC", "#FFBC79", "#CFCFCF"]})}
_GREY = {"axes.prop_cycle": Cycle({"color": ["0.00", "0.40", "0.60", "0.70"]}), "image.cmap": "gray"}

library = {
    "default": {}, "classic": {}, "dark_background": _DARK, "ggplot": _GGPLOT, "fivethirtyeight": _538, "bmh": _WHITEGRID,
    "grayscale": _GREY, "tableau-colorblind10": _COLORBLIND, "seaborn-v0_8": _SEABORN, "seaborn-v0_8-darkgrid": _SEABORN,
    "seaborn-v0_8-whitegrid": _WHITEGRID, "seaborn-v0_8-white": {"axes.edgecolor": ".15"}, "seaborn-v0_8-ticks": {},
    "seaborn-v0_8-colorblind": _COLORBLIND, "seaborn-v0_8-notebook": {}, "seaborn-v0_8-talk": {"font.size": 14.0},
    "seaborn-v0_8-paper": {"font.size": 8.0}, "seaborn-v0_8-poster": {"font.size": 16.0, "figure.figsize": [12.8, 8.8]},
    "seaborn-v0_8-deep": {}, "seaborn-v0_8-muted": {}, "seaborn-v0_8-dark": {}, "seaborn-v0_8-bright": {},
    "seaborn-v0_8-pastel": {},
}  # fmt: skip
available = sorted(name for name in library if name != "default")


def use(style):
    """Takes the settings of a style sheet, or of several."""
    for one in style if isinstance(style, (list, tuple)) else [style]:
        if isinstance(one, dict):
            rcParams.update(one)
            continue
        if one not in library:
            raise OSError(f"{one!r} is not a valid package style; available here: {', '.join(available)}")
        if one == "default":
            rcParams.forget()
        rcParams.update(library[one])


@contextlib.contextmanager
def context(style, after_reset=False):
    """The settings of a style sheet for a block of code only."""
    before = dict(rcParams)
    if after_reset:
        rcParams.forget()
    use(style)
    try:
        yield
    finally:
        dict.update(rcParams, before)
