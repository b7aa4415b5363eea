"""Making tensors of data, of numbers, and of other tensors."""

import builtins
import math

import numpy as np

from danlu.tape import _make, clone, constant

from ._base import number_of, sizes_of, wrap
from ._dtypes import check_device, code_of, default
from ._methods import METHODS
from ._tensor import Tensor

_NAMES = ("bool", "int64", "float32", "float64")


def finish(made, requires_grad=False, device=None, pin_memory=False, layout=None, memory_format=None, **unknown):
    """A new tensor with what every function that makes one may be told besides."""
    if unknown:
        raise TypeError(f"got an unexpected keyword argument '{next(iter(unknown))}'")
    check_device(device)
    if requires_grad:
        if made._a._h & 3 < 2:
            raise RuntimeError("Only Tensors of floating point and complex dtype can require gradients")
        made._requires = True
    return made


def _depth(data, at=0):
    """Checks that nested lists are even, as PyTorch words it."""
    if isinstance(data, (list, tuple)) and data and isinstance(data[0], (list, tuple)):
        n = len(data[0])
        for part in data:
            got = len(part) if isinstance(part, (list, tuple)) else None
            if got is None:
                raise TypeError("not a sequence")
            if got != n:
                raise ValueError(f"expected sequence of length {n} at dim {at + 1} (got {got})")
            _depth(part, at + 1)


def _unwrapped(data):
    """Nested lists with tensors and numpy arrays in them as numbers."""
    if isinstance(data, (list, tuple)):
        return [_unwrapped(item) for item in data]
    if isinstance(data, Tensor):
        return data._a.tolist() if data.ndim else data._a.item()
    if isinstance(data, np.ndarray):
        return data.tolist()
    return data


def _first(data):
    while isinstance(data, (list, tuple)) and data:
        data = data[0]
    return data


def array_of(data, code=None):
    """A new array of a learner's data; the dtype that PyTorch would take where none is said."""
    if isinstance(data, Tensor):
        data = data._a
    if isinstance(data, np.ndarray):
        return data.astype(_NAMES[code if code is not None else data._h & 3])
    if isinstance(data, np.generic):
        return np.asarray(data, _NAMES[code] if code is not None else None)
    if isinstance(data, str):
        raise TypeError("new(): invalid data type 'str'")
    if data is None:
        raise RuntimeError("Could not infer dtype of NoneType")
    if isinstance(data, range):
        data = list(data)
    number = number_of(data)
    if number is None and not isinstance(data, (list, tuple)):
        if hasattr(data, "__array__"):
            return np.asarray(data.__array__(), _NAMES[code] if code is not None else None)
        if hasattr(data, "__len__") and hasattr(data, "__getitem__"):
            data = [data[i] for i in builtins.range(len(data))]
        else:
            raise RuntimeError(f"Could not infer dtype of {type(data).__name__}")
    if number is None:
        first = _first(data)
        if isinstance(first, str):
            raise ValueError("too many dimensions 'str'")
        if isinstance(first, (Tensor, np.ndarray, np.generic)) and code is None:
            code = first._a._h & 3 if isinstance(first, Tensor) else np.asarray(first)._h & 3
        _depth(data)
        data = _unwrapped(data)
    made = np.asarray(data)
    if code is None:
        code = default.code if made._h & 3 > 1 or not made.size else made._h & 3
    return made.astype(_NAMES[code], copy=False)


def tensor(data, *, dtype=None, device=None, requires_grad=False, pin_memory=False):
    """A new tensor of numbers, nested lists of them, or an array, which is copied."""
    if isinstance(data, Tensor):
        import warnings

        warnings.warn(
            "To copy construct from a tensor, it is recommended to use sourceTensor.detach().clone() or "
            "sourceTensor.detach().clone().requires_grad_(True), rather than torch.tensor(sourceTensor).",
            UserWarning,
            stacklevel=2,
        )
    array = array_of(data, None if dtype is None else code_of(dtype))
    if isinstance(data, (np.ndarray, Tensor)):
        array = array.copy()
    return finish(wrap(array), requires_grad, device)


def as_tensor(data, dtype=None, device=None):
    code = None if dtype is None else code_of(dtype)
    check_device(device)
    if isinstance(data, Tensor):
        return data.to(dtype) if dtype is not None else data
    if isinstance(data, np.ndarray) and code in (None, data._h & 3):
        return from_numpy(data)
    return wrap(array_of(data, code))


asarray = as_tensor


def from_numpy(ndarray):
    """A tensor that shares the array's memory."""
    if not isinstance(ndarray, np.ndarray):
        raise TypeError(f"expected np.ndarray (got {type(ndarray).__name__})")
    return wrap(ndarray.view())


def scalar_tensor(value, *, dtype=None, **kwargs):
    return full((), value, dtype=dtype or (default_dtype()), **kwargs)


def default_dtype():
    from ._dtypes import DTYPES

    return DTYPES[default.code]


def _filled(value):
    def make(*size, dtype=None, out=None, **kwargs):
        if "size" in kwargs:
            size = (kwargs.pop("size"),)
        sizes = sizes_of(size)
        for n in sizes:
            if n < 0:
                raise RuntimeError(f"{make.__name__}: Dimension size must be non-negative.")
        return finish(wrap(_make.full(sizes, value, code_of(dtype))), **kwargs)

    return make


zeros, ones, empty = _filled(0.0), _filled(1.0), _filled(0.0)
zeros.__name__, ones.__name__, empty.__name__ = "zeros", "ones", "empty"


def full(size, fill_value, *, dtype=None, **kwargs):
    value = fill_value.item() if isinstance(fill_value, Tensor) else number_of(fill_value)
    if dtype is None:
        code = default.code if isinstance(value, float) else 0 if isinstance(value, bool) else 1
    else:
        code = code_of(dtype)
    return finish(wrap(_make.full(sizes_of((size,)), value, code)), **kwargs)


def _like(value):
    def make(input, *, dtype=None, **kwargs):
        code = input._a._h & 3 if dtype is None else code_of(dtype)
        return finish(wrap(_make.full(input._a.shape, value, code)), **kwargs)

    return make


zeros_like, ones_like, empty_like = _like(0.0), _like(1.0), _like(0.0)


def full_like(input, fill_value, *, dtype=None, **kwargs):
    code = input._a._h & 3 if dtype is None else code_of(dtype)
    value = fill_value.item() if isinstance(fill_value, Tensor) else fill_value
    return finish(wrap(_make.full(input._a.shape, int(value) if code == 1 else value, code)), **kwargs)


def _new(make):
    def method(self, *args, dtype=None, **kwargs):
        return make(*args, dtype=dtype or self.dtype, **kwargs)

    return method


def _new_of_this_kind(self, *sizes):
    """The old name: sizes give room, a list its values."""
    if len(sizes) == 1 and isinstance(sizes[0], (list, Tensor)) or len(sizes) == 1 and isinstance(sizes[0], tuple) and type(sizes[0]).__name__ != "Size":
        return tensor(sizes[0], dtype=self.dtype)
    return empty(*(sizes or (0,)), dtype=self.dtype)


METHODS.update(
    new=_new_of_this_kind,
    new_zeros=_new(zeros), new_ones=_new(ones), new_empty=_new(empty), new_full=_new(full), new_tensor=_new(tensor)
)


def arange(*bounds, dtype=None, out=None, **kwargs):
    bounds = [*bounds]
    if "end" in kwargs or "start" in kwargs:
        bounds = [kwargs.pop("start", bounds.pop(0) if bounds else 0), kwargs.pop("end", *bounds[:1]), *bounds[1:]]
    if "step" in kwargs:
        bounds = [*(bounds if len(bounds) > 1 else [0, *bounds]), kwargs.pop("step")]
    bounds = [b.item() if isinstance(b, Tensor) else number_of(b) for b in bounds]
    start, end, step = (0, bounds[0], 1) if len(bounds) == 1 else (*bounds, 1) if len(bounds) == 2 else bounds
    if step == 0:
        raise RuntimeError("step must be nonzero")
    if (end - start) * step < 0:
        raise RuntimeError("upper bound and lower bound inconsistent with step sign")
    whole = builtins.all(isinstance(b, int) for b in (start, end, step))
    code = code_of(dtype) if dtype is not None else 1 if whole else default.code
    count = math.ceil((end - start) / step)
    # In float64 and rounded once, as PyTorch accumulates.
    made = np.asarray(np.arange(count) * step + start).astype(_NAMES[code])
    return finish(wrap(made), **kwargs)


def range_(start, end, step=1, **kwargs):
    return arange(start, end + step / 2, step, dtype=default_dtype(), **kwargs)


def linspace(start, end, steps, *, dtype=None, out=None, **kwargs):
    start, end = (b.item() if isinstance(b, Tensor) else b for b in (start, end))
    return finish(wrap(np.linspace(start, end, steps).astype(_NAMES[code_of(dtype)])), **kwargs)


def logspace(start, end, steps, base=10.0, *, dtype=None, **kwargs):
    return finish(wrap((base ** np.linspace(start, end, steps)).astype(_NAMES[code_of(dtype)])), **kwargs)


def eye(n, m=None, *, dtype=None, **kwargs):
    return finish(wrap(np.eye(n, m, dtype=_NAMES[code_of(dtype)])), **kwargs)


def vander(x, N=None, increasing=False):
    n = x.numel() if N is None else N
    powers = range(n) if increasing else range(n)[::-1]
    return x.reshape(-1, 1) ** tensor(list(powers))


def complex_refused(*_, **__):
    raise NotImplementedError("complex tensors are not here; nearest: two real tensors, one for each part")


def frombuffer(buffer, *, dtype, count=-1, offset=0, requires_grad=False):
    return finish(wrap(np.frombuffer(buffer, _NAMES[code_of(dtype)], count, offset)), requires_grad)


def legacy(code, *args, **kwargs):
    """torch.Tensor(2, 3), torch.FloatTensor([1, 2]) and their kin."""
    if len(args) == 1 and not isinstance(args[0], int):
        data = args[0]
        if type(data).__name__ == "Size":
            return wrap(_make.full(tuple(data), 0.0, code))
        return wrap(array_of(data, code))
    return wrap(_make.full(tuple(args), 0.0, code)) if args else wrap(np.zeros(0, _NAMES[code]))


def _legacy_type(code):
    class Legacy(type):
        def __call__(cls, *args, **kwargs):
            return legacy(code, *args, **kwargs)

        def __instancecheck__(cls, value):
            return isinstance(value, Tensor) and value._a._h & 3 == code

    return Legacy(("Bool", "Long", "Float", "Double")[code] + "Tensor", (), {"__module__": "torch"})


BoolTensor, LongTensor, FloatTensor, DoubleTensor = map(_legacy_type, range(4))


def complete(input):
    """A copy that nothing else holds, without history."""
    return constant(clone(constant(input._a, Tensor))._a, Tensor)


