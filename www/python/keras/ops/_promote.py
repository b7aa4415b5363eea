"""How Keras makes two operands alike."""

import numpy as np
from tensorflow import _math
from tensorflow._core import Tensor, as_tensor

_RANK = {"bool": 0, "uint8": 1, "int8": 1, "int16": 2, "int32": 3, "int64": 4, "float32": 5, "float64": 6}


def both(a, b):
    """Two operands in one dtype: the wider, as Keras promotes; Python's numbers bend to the other."""
    ta, tb = _typed(a), _typed(b)
    x = as_tensor(a) if ta or not tb else None
    y = as_tensor(b) if tb or not ta else None
    if x is None:
        x = as_tensor(a, "float32" if isinstance(a, float) and not y.dtype.is_floating else y.dtype)
    if y is None:
        y = as_tensor(b, "float32" if isinstance(b, float) and not x.dtype.is_floating else x.dtype)
    if x.dtype.name != y.dtype.name:
        wide = x.dtype if _RANK[x.dtype.name] >= _RANK[y.dtype.name] else y.dtype
        x, y = _math.cast(x, wide), _math.cast(y, wide)
    return x, y


def _typed(x):
    return isinstance(x, (Tensor, np.ndarray, np.generic)) or hasattr(type(x), "_read") or isinstance(x, (list, tuple))
