"""How samples become a batch."""

import numpy as np

from ..._base import wrap
from ..._create import tensor
from ..._dtypes import float64
from ..._shapes import stack
from ..._tensor import Tensor


def default_collate(batch):
    """Tensors are stacked, numbers become tensors, tuples and dictionaries go part by part."""
    first = batch[0]
    if isinstance(first, Tensor):
        return stack(batch)
    if isinstance(first, np.ndarray):
        return stack([wrap(np.asarray(x)) for x in batch])
    if isinstance(first, np.generic):
        return wrap(np.array([x.item() for x in batch], np.asarray(first).dtype))
    if isinstance(first, bool) or isinstance(first, int):
        return tensor(batch)
    if isinstance(first, float):
        return tensor(batch, dtype=float64)
    if isinstance(first, (str, bytes)):
        return batch
    if isinstance(first, dict):
        return {key: default_collate([x[key] for x in batch]) for key in first}
    if isinstance(first, tuple) and hasattr(first, "_fields"):
        return type(first)(*[default_collate(list(part)) for part in zip(*batch)])
    if isinstance(first, (tuple, list)):
        if any(len(x) != len(first) for x in batch):
            raise RuntimeError("each element in list of batch should be of equal size")
        return [default_collate(list(part)) for part in zip(*batch)]
    raise TypeError(
        "default_collate: batch must contain tensors, numpy arrays, numbers, dicts or lists; found " + str(type(first))
    )
