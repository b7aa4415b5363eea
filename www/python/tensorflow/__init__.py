"""The TensorFlow that textbooks use, eager, over Danlu's engine.

What TensorFlow has and this lacks says so, and names the nearest thing that is here. `tf.keras` is
this page's Keras. Random numbers are seeded, but not TensorFlow's own streams; integers below int64
are kept in int64 and wrap as their dtype does.
"""

import sys as _sys

from . import _operators  # noqa: F401  (it completes Tensor and Variable)
from . import _linalg as linalg
from . import _math, _reductions, errors, nn, random, train
from ._core import Tensor
from ._create import (
    constant, convert_to_tensor, eye, fill, identity, is_tensor, linspace, meshgrid, ones, ones_like, range,
    sequence_mask, zeros, zeros_like,
)
from ._dtypes import DType, as_dtype, bool, double, float32, float64, int8, int16, int32, int64, uint8
from ._linalg import einsum, matmul, norm, tensordot
from ._math import (
    abs, acos, acosh, add, add_n, asin, asinh, atan, atanh, cast, clip_by_value, cos, cosh, divide, equal, exp, floor,
    greater, greater_equal, less, less_equal, logical_and, logical_not, logical_or, maximum, minimum, multiply, negative,
    not_equal, pow, round, sigmoid, sign, sin, sinh, sqrt, square, subtract, tan, tanh, truediv, where,
)
from ._debugging import assert_equal, assert_greater, assert_less, assert_rank
from ._modules import autograph, compat, config, data, debugging, dtypes, function, image, initializers, io, math, test, version
from ._reductions import (
    argmax, argmin, cumsum, reduce_all, reduce_any, reduce_logsumexp, reduce_max, reduce_mean, reduce_min, reduce_prod,
    reduce_sum,
)
from ._shape_ops import (
    argsort, boolean_mask, broadcast_to, concat, expand_dims, gather, gather_nd, one_hot, pad, rank, repeat, reshape,
    reverse, roll, scatter_nd, shape, size, sort, split, squeeze, stack, tensor_scatter_nd_update, tile, transpose,
    unique, unstack,
)
from ._shape_ops import slice_ as slice
from ._shapes import TensorShape
from ._tape import GradientTape, custom_gradient, stop_gradient
from ._variable import Variable

__version__ = "2.21.0"
newaxis = None


def executing_eagerly():
    return True


def print(*inputs, output_stream=None, sep=" ", end="\n", **kwargs):
    """Values as tf.print writes them: to standard error in a terminal, here to the output."""
    _sys.stdout.write(sep.join(str(x.numpy()) if hasattr(x, "numpy") else str(x) for x in inputs) + end)


def clip_by_norm(t, clip_norm, axes=None, name=None):
    norms = linalg.norm(t, axis=axes, keepdims=axes is not None)
    return t * (clip_norm / maximum(norms, clip_norm))


def global_norm(t_list, name=None):
    return sqrt(add_n([reduce_sum(square(t)) for t in t_list if t is not None]))


def clip_by_global_norm(t_list, clip_norm, use_norm=None, name=None):
    whole = global_norm(t_list) if use_norm is None else use_norm
    scale = clip_norm / maximum(whole, clip_norm)
    return [None if t is None else t * scale for t in t_list], whole


def zeros_initializer():
    return initializers.Zeros()


def ones_initializer():
    return initializers.Ones()


def get_static_value(tensor, partial=False):
    return tensor.numpy()


def device(name):
    import contextlib

    return contextlib.nullcontext()


def name_scope(name):
    import contextlib

    return contextlib.nullcontext(name)


class Module:
    """tf.Module: finds the variables of its attributes."""

    def __init__(self, name=None):
        self.name = name or type(self).__name__.lower()

    def _found(self):
        from ._variable import BaseVariable

        # By the names of the attributes, in their order.
        in_order = lambda module: [value for _, value in sorted(vars(module).items())]  # noqa: E731
        found, pending, seen = [], in_order(self), set()
        while pending:
            x = pending.pop(0)
            if id(x) in seen:
                continue
            seen.add(id(x))
            if isinstance(x, BaseVariable):
                found.append(x)
            elif isinstance(x, Module):
                pending += in_order(x)
            elif isinstance(x, (list, tuple)):
                pending += list(x)
            elif isinstance(x, dict):
                pending += list(x.values())
            elif hasattr(x, "weights") and hasattr(x, "call"):
                found += x.weights
        return tuple(found)

    @property
    def variables(self):
        return self._found()

    @property
    def trainable_variables(self):
        return tuple(v for v in self._found() if v.trainable)


import keras  # noqa: E402

for _name, _module in list(_sys.modules.items()):
    if _name == "keras" or _name.startswith("keras."):
        _sys.modules[f"tensorflow.{_name}"] = _module
_sys.modules["tensorflow.data"] = data


def __getattr__(name):
    from ._missing import module_attribute

    raise module_attribute("tf", globals(), name)
