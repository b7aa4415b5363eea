"""rcParams: the settings that are heeded here, with matplotlib's defaults; others are refused by name."""

import difflib

TEN = ["#1f77b4", "#ff7f0e", "#2ca02c", "#d62728", "#9467bd", "#8c564b", "#e377c2", "#7f7f7f", "#bcbd22", "#17becf"]


class Cycle:
    """What `cycler(color=[…])` makes: properties that lines take in turn."""

    def __init__(self, keys):
        self._keys = keys

    def by_key(self):
        return {key: list(values) for key, values in self._keys.items()}

    def __len__(self):
        return max((len(v) for v in self._keys.values()), default=0)

    def __iter__(self):
        for i in range(len(self)):
            yield {key: values[i % len(values)] for key, values in self._keys.items()}

    def __add__(self, other):
        if len(self) != len(other):
            raise ValueError(f"Can only add equal length cycles, not {len(self)} and {len(other)}")
        return Cycle({**self._keys, **other._keys})

    def __eq__(self, other):
        return isinstance(other, Cycle) and self._keys == other._keys

    __hash__ = None

    def __repr__(self):
        return " + ".join(f"cycler({key!r}, {values!r})" for key, values in self._keys.items())


def cycler(*args, **kwargs):
    """cycler(color=[…]), cycler('color', […])."""
    if len(args) == 1 and isinstance(args[0], Cycle):
        return args[0]
    if len(args) == 2:
        kwargs = {args[0]: args[1]}
    names = {"c": "color", "ls": "linestyle", "lw": "linewidth"}
    return Cycle({names.get(key, key): list(values) for key, values in kwargs.items()})


DEFAULTS = {
    "figure.figsize": [6.4, 4.8], "figure.dpi": 100.0, "figure.facecolor": "white", "figure.edgecolor": "white",
    "figure.autolayout": False, "figure.constrained_layout.use": False, "figure.titlesize": "large",
    "figure.titleweight": "normal", "figure.max_open_warning": 20,
    "figure.subplot.left": 0.125, "figure.subplot.right": 0.9, "figure.subplot.bottom": 0.11,
    "figure.subplot.top": 0.88, "figure.subplot.wspace": 0.2, "figure.subplot.hspace": 0.2,
    "font.size": 10.0, "font.family": ["sans-serif"], "font.sans-serif": ["DejaVu Sans"], "font.weight": "normal",
    "font.serif": [], "font.monospace": [], "mathtext.fontset": "dejavusans", "text.usetex": False,
    "text.color": "black", "axes.unicode_minus": True,
    "lines.linewidth": 1.5, "lines.linestyle": "-", "lines.color": "C0", "lines.marker": "None", "lines.markersize": 6.0,
    "lines.markeredgewidth": 1.0, "lines.markerfacecolor": "auto", "lines.markeredgecolor": "auto",
    "lines.antialiased": True, "patch.linewidth": 1.0, "patch.facecolor": "C0", "patch.edgecolor": "black",
    "patch.force_edgecolor": False, "scatter.marker": "o", "scatter.edgecolors": "face", "hist.bins": 10,
    "axes.facecolor": "white", "axes.edgecolor": "black", "axes.linewidth": 0.8, "axes.grid": False,
    "axes.grid.axis": "both", "axes.grid.which": "major", "axes.axisbelow": "line", "axes.titlesize": "large",
    "axes.titleweight": "normal", "axes.titlepad": 6.0, "axes.titlelocation": "center", "axes.titlecolor": "auto",
    "axes.labelsize": "medium", "axes.labelpad": 4.0, "axes.labelweight": "normal", "axes.labelcolor": "black",
    "axes.spines.left": True, "axes.spines.bottom": True, "axes.spines.top": True, "axes.spines.right": True,
    "axes.xmargin": 0.05, "axes.ymargin": 0.05, "axes.autolimit_mode": "data", "axes.formatter.useoffset": True,
    "axes.formatter.limits": [-5, 6], "axes.formatter.use_mathtext": False,
    "axes.prop_cycle": Cycle({"color": TEN}),
    "grid.color": "#b0b0b0", "grid.linestyle": "-", "grid.linewidth": 0.8, "grid.alpha": 1.0,
    "xtick.labelsize": "medium", "ytick.labelsize": "medium", "xtick.color": "black", "ytick.color": "black",
    "xtick.labelcolor": "inherit", "ytick.labelcolor": "inherit", "xtick.direction": "out", "ytick.direction": "out",
    "xtick.major.size": 3.5, "ytick.major.size": 3.5, "xtick.minor.size": 2.0, "ytick.minor.size": 2.0,
    "xtick.major.width": 0.8, "ytick.major.width": 0.8, "xtick.major.pad": 3.5, "ytick.major.pad": 3.5,
    "xtick.minor.visible": False, "ytick.minor.visible": False, "xtick.bottom": True, "ytick.left": True,
    "xtick.top": False, "ytick.right": False, "xtick.labelbottom": True, "ytick.labelleft": True,
    "legend.loc": "best", "legend.fontsize": "medium", "legend.frameon": True, "legend.framealpha": 0.8,
    "legend.title_fontsize": None, "legend.edgecolor": "0.8", "legend.facecolor": "inherit", "legend.numpoints": 1,
    "legend.scatterpoints": 1, "legend.fancybox": True, "legend.shadow": False, "legend.labelspacing": 0.5,
    "image.cmap": "viridis", "image.interpolation": "auto", "image.origin": "upper", "image.aspect": "equal",
    "image.lut": 256, "contour.negative_linestyle": "dashed", "contour.linewidth": None,
    "errorbar.capsize": 0.0, "boxplot.showfliers": True, "boxplot.showmeans": False,
    "savefig.dpi": "figure", "savefig.format": "png", "savefig.bbox": None, "savefig.transparent": False,
    "savefig.facecolor": "auto", "savefig.edgecolor": "auto", "savefig.pad_inches": 0.1, "savefig.directory": "",
    "backend": "inline", "interactive": False, "pdf.fonttype": 3, "ps.fonttype": 3, "svg.fonttype": "path",
    "path.simplify": True, "agg.path.chunksize": 0, "date.autoformatter.day": "%Y-%m-%d",
}  # fmt: skip


class RcParams(dict):
    def __init__(self):
        super().__init__()
        self.forget()

    def forget(self):
        """Back to the defaults: each run starts with these."""
        dict.clear(self)
        for key, value in DEFAULTS.items():
            dict.__setitem__(self, key, list(value) if isinstance(value, list) else value)

    def __setitem__(self, key, value):
        if key not in DEFAULTS:
            close = difflib.get_close_matches(str(key), DEFAULTS, 1, 0.5)
            hint = f"; nearest here: {close[0]}" if close else ""
            raise KeyError(f"{key} is not a valid rc parameter of this matplotlib{hint}")
        if key == "axes.prop_cycle" and not isinstance(value, Cycle):
            raise ValueError(f"axes.prop_cycle takes a cycler, as cycler(color=[…]), not {value!r}")
        if key == "text.usetex" and value:
            raise NotImplementedError("text.usetex: TeX is not here; nearest: $…$ in a label, without usetex")
        dict.__setitem__(self, key, value)

    def update(self, *args, **kwargs):
        for key, value in dict(*args, **kwargs).items():
            self[key] = value

    def copy(self):
        return dict(self)

    def find_all(self, pattern):
        import re

        return {key: value for key, value in self.items() if re.search(pattern, key)}


rcParams = RcParams()

_SIZES = {
    "xx-small": 0.579, "x-small": 0.694, "small": 0.833, "medium": 1.0, "large": 1.2, "x-large": 1.44,
    "xx-large": 1.728, "smaller": 0.833, "larger": 1.2,
}  # fmt: skip


def points(size):
    """A font size in points: a number, or 'large' relative to font.size."""
    if size is None:
        return float(rcParams["font.size"])
    if isinstance(size, str):
        if size not in _SIZES:
            raise ValueError(f"{size!r} is not a valid font size; valid font sizes are numbers or {', '.join(_SIZES)}")
        return rcParams["font.size"] * _SIZES[size]
    return float(size)
