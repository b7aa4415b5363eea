"""Not here: says so when it is imported."""

raise NotImplementedError("matplotlib.tri is not in this matplotlib; nearest here: plt.contourf over a grid")
