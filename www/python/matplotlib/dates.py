"""Not here: says so when it is imported."""

raise NotImplementedError("matplotlib.dates is not in this matplotlib; nearest here: numbers, or strings as categories")
