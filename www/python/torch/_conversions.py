"""Methods that change a tensor's dtype, or its own shape in place."""

import numpy as np

from danlu import tape
from danlu.tape import index

from ._base import axis_of, cast, sizes_of
from ._dtypes import DTYPES, Lacking, code_of, dtype
from ._methods import METHODS
from ._shapes import squeeze, t, transpose, unsqueeze


def _to(code):
    return lambda self, memory_format=None: cast(self, code)


METHODS.update(bool=_to(0), long=_to(1), float=_to(2), double=_to(3), type_as=lambda self, other: cast(self, other._a._h & 3))


def as_type(self, dtype_=None, non_blocking=False):
    """The name of the tensor's type, or the tensor in another dtype."""
    if dtype_ is None:
        return DTYPES[self._a._h & 3]._legacy
    if isinstance(dtype_, (dtype, Lacking)) or dtype_ in (bool, int, float):
        return cast(self, code_of(dtype_))
    name = dtype_ if isinstance(dtype_, str) else f"torch.{dtype_.__name__}"
    for d in DTYPES:
        if d._legacy == name:
            return cast(self, d._code)
    raise NotImplementedError(f"tensor.type({name!r}) is not here: torch.FloatTensor, DoubleTensor, LongTensor or BoolTensor")


METHODS["type"] = as_type


def _reshaped(function):
    """A change of shape in place: the tensor becomes what the function gives."""

    def in_place(self, *args):
        made = function(self, *args)
        self._a = made._a
        if tape.state.on and made._requires:
            self._edge, self._requires = made._edge, True
        return self

    return in_place


METHODS.update(
    unsqueeze_=_reshaped(unsqueeze), squeeze_=_reshaped(squeeze), t_=_reshaped(t), transpose_=_reshaped(transpose)
)


def resize_(self, *sizes):
    sizes = sizes_of(sizes)
    n = 1
    for size in sizes:
        n *= size
    flat = np.zeros(n, self._a.dtype)
    kept = min(n, self._a.size)
    flat[:kept] = self._a.reshape(-1)[:kept]
    self._a = flat.reshape(sizes)
    return self


METHODS["resize_"] = resize_


def unfold(self, dimension, size, step):
    """Windows along an axis, as a new last one."""
    at = axis_of(dimension, self.ndim)
    n = self._a.shape[at]
    if size > n:
        raise RuntimeError(f"maximum size for tensor at dimension {at} is {n} but size is {size}")
    places = np.arange(0, n - size + 1, step).reshape(-1, 1) + np.arange(size)
    windows = index.getitem(self, (slice(None),) * at + (places,))
    order = [i for i in range(windows.ndim) if i != at + 1] + [at + 1]
    return windows.permute(order)


METHODS["unfold"] = unfold
