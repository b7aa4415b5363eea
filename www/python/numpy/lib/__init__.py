"""numpy.lib: strides and other deep parts."""

from . import stride_tricks  # noqa: F401
