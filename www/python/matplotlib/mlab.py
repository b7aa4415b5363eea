"""Not here: says so when it is imported."""

raise NotImplementedError("matplotlib.mlab is not in this matplotlib; nearest here: numpy")
