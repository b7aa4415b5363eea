"""Operators of tensors and variables."""

from . import _linalg, _math, _shape_ops
from ._core import Tensor
from ._variable import BaseVariable


def _refused(other):
    """What has its own answer to the operator, or none: a symbolic tensor, text."""
    return type(other).__name__ == "KerasTensor" or isinstance(other, str) or other is None


def _binary(method, function, reflected=True):
    def forward(self, other):
        return NotImplemented if _refused(other) else function(self, other)

    def backward(self, other):
        return NotImplemented if _refused(other) else function(other, self)

    for kind in (Tensor, BaseVariable):
        setattr(kind, f"__{method}__", forward)
        if reflected:
            setattr(kind, f"__r{method}__", backward)


for _method, _function in (
    ("add", _math.add), ("sub", _math.subtract), ("mul", _math.multiply), ("truediv", _math.divide), ("pow", _math.pow),
    ("floordiv", _math.floordiv), ("mod", _math.mod), ("matmul", _linalg.matmul),
):  # fmt: skip
    _binary(_method, _function)
for _method, _function in (
    ("lt", _math.less), ("le", _math.less_equal), ("gt", _math.greater), ("ge", _math.greater_equal),
):  # fmt: skip
    _binary(_method, _function, reflected=False)
for _method, _function in (("and", _math.logical_and), ("or", _math.logical_or), ("xor", _math.logical_xor)):
    _binary(_method, _function)


def _equal(self, other):
    return False if _refused(other) else _math.equal(self, other)


def _not_equal(self, other):
    return True if _refused(other) else _math.not_equal(self, other)


_tensor_hash, _variable_hash = Tensor.__hash__, BaseVariable.__hash__
for _kind in (Tensor, BaseVariable):
    _kind.__eq__, _kind.__ne__ = _equal, _not_equal
    _kind.__neg__ = lambda self: _math.negative(self)
    _kind.__pos__ = lambda self: _math.add(self, 0)
    _kind.__abs__ = lambda self: _math.abs(self)
    _kind.__invert__ = lambda self: _math.logical_not(self)
    _kind.__getitem__ = lambda self, key: _shape_ops.get_item(self, key)
Tensor.__hash__, BaseVariable.__hash__ = _tensor_hash, _variable_hash


def _no_assignment(self, key, value):
    raise TypeError(
        f"'{'ResourceVariable' if isinstance(self, BaseVariable) else 'tensorflow.python.framework.ops.EagerTensor'}' object "
        "does not support item assignment. Write tf.tensor_scatter_nd_update(x, [[i]], [value]), or change the numpy array "
        "before it becomes a tensor."
    )


Tensor.__setitem__ = BaseVariable.__setitem__ = _no_assignment
