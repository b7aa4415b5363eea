"""What to say about a name of matplotlib's that is not here."""

import difflib

_INSTEAD = {
    "animation": "one figure for each moment, or plt.pause", "FuncAnimation": "plt.pause in a loop",
    "widgets": "a variable in the code", "plot_surface": "plt.contourf or plt.imshow", "Axes3D": "plt.contourf",
    "plot3D": "plt.plot", "quiver": "plt.annotate with arrowprops", "streamplot": "plt.contour",
    "polar": "plt.plot of r·cos(θ), r·sin(θ)", "violinplot": "plt.boxplot", "hexbin": "plt.hist2d",
    "specgram": "plt.imshow", "psd": "plt.plot of np.abs(…)**2", "table": "plt.text", "tripcolor": "plt.pcolormesh",
    "tricontour": "plt.contour", "tricontourf": "plt.contourf", "trisurf": "plt.contourf", "barbs": "plt.scatter",
    "subplot_mosaic": "plt.subplots with GridSpec", "ginput": "a variable in the code", "connect": "plt.pause",
    "xkcd": "plt.style.use", "spy": "plt.imshow(a != 0, cmap='binary')", "matshow": "plt.imshow",
    "eventplot": "plt.vlines", "stackplot": "plt.fill_between", "sankey": "plt.barh", "loglog": "plt.loglog",
    "imread": "np.load", "triplot": "plt.plot", "magnitude_spectrum": "plt.plot", "acorr": "np.correlate and plt.stem",
    "xcorr": "np.correlate and plt.stem", "figimage": "plt.imshow", "broken_barh": "plt.barh(left=…)",
}  # fmt: skip


DIFFERENCES = (
    ("figures", "are drawn by the page, in its light or dark: black is its ink and white its paper, except on pictures; "
     "without a page, show() prints a line"),
    ("savefig", "writes svg and png; the letters of a png are DejaVu Sans, Chinese ones are boxes there"),
    ("subplots", "whose words would overlap are moved apart when the program arranged nothing itself"),
    ("plt.pause", "draws the figure anew in its place and waits at most a second"),
    ("arrays of axes", "are indexed, sliced, iterated and flattened as NumPy's, but are no ndarray"),
    ("text", "knows the TeX of labels: Greek letters, ^, _, \\frac, \\sqrt and common signs"),
)  # fmt: skip


def nearest(module, namespace, name):
    """The exception for `module.name`."""
    if name.startswith("_"):
        return AttributeError(f"module {module!r} has no attribute {name!r}")
    short = {"matplotlib.pyplot": "plt"}.get(module, module)
    if name in _INSTEAD:
        return NotImplementedError(f"{short}.{name} is not in this matplotlib; nearest here: {_INSTEAD[name]}")
    close = difflib.get_close_matches(name, [n for n in namespace if not n.startswith("_")], 1, 0.5)
    hint = f"; nearest here: {short}.{close[0]}" if close else ""
    return NotImplementedError(f"{short}.{name} is not in this matplotlib{hint}")
