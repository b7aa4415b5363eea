"""Not here: says so when it is imported."""

raise NotImplementedError("matplotlib.animation is not in this matplotlib; nearest here: plt.pause in a loop, or one figure for each moment")
