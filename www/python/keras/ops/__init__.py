"""keras.ops: operations that compute on values, and make nodes where they meet symbolic tensors."""

import numpy as np
from tensorflow import _linalg, _math, _reductions, _shape_ops, nn
from tensorflow import _create
from tensorflow._core import Tensor, as_tensor, made, to_numpy
from tensorflow._tape import stop_gradient as _stop_gradient

from .._symbolic import KerasTensor, symbolic
from ._nn import (
    average_pool, binary_crossentropy, categorical_crossentropy, conv, conv_transpose, depthwise_conv, dot, einsum, matmul,
    max_pool, separable_conv, sparse_categorical_crossentropy, tensordot,
)
from ._promote import both as _both



def is_float(x):
    return x.dtype.is_floating


def convert_to_tensor(x, dtype=None, sparse=None, ragged=None):
    """x as a tensor; numpy's float64 and Python's floats become float32, as in Keras."""
    if isinstance(x, KerasTensor):
        return x
    if dtype is None and isinstance(x, (np.ndarray, np.generic)) and not isinstance(x, bool):
        x = as_tensor(x)
        return x
    return as_tensor(x, dtype)


def convert_to_numpy(x):
    return np.asarray(to_numpy(x)).copy()


def is_tensor(x):
    return isinstance(x, Tensor)


def _two(name, function):
    def op(x1, x2):
        return function(*_both(x1, x2))

    op.__name__ = name
    return symbolic(op, name)


def _divided(a, b):
    return _math.divide(*(_math.floating(x) for x in (a, b)))


def _powered(a, b):
    return _math.pow(a, b)


add, subtract, multiply = _two("add", _math.add), _two("subtract", _math.subtract), _two("multiply", _math.multiply)
true_divide, divide = _two("true_divide", _divided), _two("divide", _divided)
power, mod, floor_divide = _two("power", _powered), _two("mod", _math.mod), _two("floor_divide", _math.floordiv)
maximum, minimum = _two("maximum", _math.maximum), _two("minimum", _math.minimum)
less, less_equal = _two("less", _math.less), _two("less_equal", _math.less_equal)
greater, greater_equal = _two("greater", _math.greater), _two("greater_equal", _math.greater_equal)
equal, not_equal = _two("equal", _math.equal), _two("not_equal", _math.not_equal)
squared_difference = _two("squared_difference", _math.squared_difference)


def _one(name, function):
    def op(x):
        return function(as_tensor(x))

    op.__name__ = name
    return symbolic(op, name)


for _name in ("exp", "expm1", "log", "log1p", "log2", "log10", "sqrt", "rsqrt", "sin", "cos", "tan", "tanh", "sinh", "cosh",
              "sigmoid", "floor", "ceil", "sign", "square", "reciprocal", "negative"):  # fmt: skip
    globals()[_name] = _one(_name, getattr(_math, _name))
arcsin, arccos, arctan = _one("arcsin", _math.asin), _one("arccos", _math.acos), _one("arctan", _math.atan)
absolute, abs = _one("absolute", _math.abs), _one("abs", _math.abs)
isnan, isinf, isfinite = _one("isnan", _math.is_nan), _one("isinf", _math.is_inf), _one("isfinite", _math.is_finite)
relu, relu6, selu = _one("relu", nn.relu), _one("relu6", nn.relu6), _one("selu", nn.selu)
silu, swish = _one("silu", nn.silu), _one("swish", nn.silu)
softplus, softsign = _one("softplus", nn.softplus), _one("softsign", nn.softsign)
log_sigmoid = _one("log_sigmoid", lambda x: -nn.softplus(-x))
hard_sigmoid = _one("hard_sigmoid", lambda x: nn.relu6(x + 3.0) / 6.0)
hard_silu = hard_swish = _one("hard_silu", lambda x: x * nn.relu6(x + 3.0) / 6.0)
mish = _one("mish", lambda x: x * _math.tanh(nn.softplus(x)))
stop_gradient = _one("stop_gradient", _stop_gradient)


def _boolean(function):
    return lambda *xs: function(*(_math.cast(as_tensor(x), "bool") for x in xs))


logical_and = symbolic(_boolean(_math.logical_and), "logical_and")
logical_or = symbolic(_boolean(_math.logical_or), "logical_or")
logical_not = symbolic(_boolean(_math.logical_not), "logical_not")


@symbolic
def round(x, decimals=0):
    x = as_tensor(x)
    return _math.round(x) if not decimals else _math.round(x * 10.0**decimals) / 10.0**decimals


@symbolic
def leaky_relu(x, negative_slope=0.2):
    return nn.leaky_relu(x, negative_slope)


@symbolic
def elu(x, alpha=1.0):
    return nn.elu(x, alpha=alpha)


@symbolic
def celu(x, alpha=1.0):
    x = _math.floating(x)
    return nn.relu(x) + alpha * _math.expm1(_math.minimum(x, 0.0) / alpha)


@symbolic
def gelu(x, approximate=True):
    return nn.gelu(x, approximate)


@symbolic
def softmax(x, axis=-1):
    return nn.softmax(x, axis)


@symbolic
def log_softmax(x, axis=-1):
    return nn.log_softmax(x, axis)


@symbolic
def clip(x, x_min, x_max):
    return _math.clip_by_value(x, x_min, x_max)


@symbolic
def where(condition, x1=None, x2=None):
    if x1 is None and x2 is None:
        return tuple(made(np.asarray(a)) for a in np.nonzero(to_numpy(condition)))
    return _math.where(_math.cast(as_tensor(condition), "bool"), *_both(x1, x2))


def cast(x, dtype):
    return _cast(x, dtype=str(getattr(dtype, "name", dtype)))


_cast = symbolic(lambda x, dtype: _math.cast(x, dtype), "cast")


# ── reductions ─────────────────────────────────────────────────────────────────────────────────


def _reduction(name, function, floats=False):
    def op(x, axis=None, keepdims=False):
        x = as_tensor(x)
        if floats:
            x = _math.floating(x)
        elif x.dtype.name == "bool":
            x = _math.cast(x, "int32")
        return function(x, axis, keepdims)

    op.__name__ = name
    return symbolic(op, name)


sum, prod = _reduction("sum", _reductions.reduce_sum), _reduction("prod", _reductions.reduce_prod)
mean, var = _reduction("mean", _reductions.reduce_mean, True), _reduction("var", _reductions.reduce_variance, True)
std, logsumexp = _reduction("std", _reductions.reduce_std, True), _reduction("logsumexp", _reductions.reduce_logsumexp, True)
max, min = _reduction("max", _reductions.reduce_max), _reduction("min", _reductions.reduce_min)
amax, amin = max, min


def _truth(name, function):
    return symbolic(lambda x, axis=None, keepdims=False: function(_math.cast(as_tensor(x), "bool"), axis, keepdims), name)


any, all = _truth("any", _reductions.reduce_any), _truth("all", _reductions.reduce_all)


def _place(name, function):
    def op(x, axis=None, keepdims=False):
        array = function(to_numpy(x), axis=axis)
        array = np.expand_dims(array, axis) if keepdims else array
        return _math.cast(made(np.asarray(array)), "int32")

    return symbolic(op, name)


argmax, argmin = _place("argmax", np.argmax), _place("argmin", np.argmin)


@symbolic
def cumsum(x, axis=None, dtype=None):
    return _reductions.cumsum(x if axis is not None else _shape_ops.reshape(x, (-1,)), axis or 0)


@symbolic
def moments(x, axes, keepdims=False, synchronized=False):
    return _reductions.moments(x, axes, keepdims=keepdims)


@symbolic
def norm(x, ord=None, axis=None, keepdims=False):
    return _linalg.norm(x, "euclidean" if ord is None else ord, axis, keepdims)


@symbolic
def normalize(x, axis=-1, order=2, epsilon=None):
    x = _math.floating(x)
    if order == 2:
        return nn.l2_normalize(x, axis, 1e-12 if epsilon is None else epsilon**2)
    return x / _math.maximum(_linalg.norm(x, order, axis, True), 1e-12 if epsilon is None else epsilon)


@symbolic
def count_nonzero(x, axis=None):
    return _reductions.count_nonzero(x, axis, dtype="int32")


# ── shapes ─────────────────────────────────────────────────────────────────────────────────────


def _sizes(x):
    return tuple(-1 if n is None else n for n in ((x,) if isinstance(x, int) else x))


@symbolic
def reshape(x, newshape):
    return _shape_ops.reshape(x, _sizes(newshape))


@symbolic
def transpose(x, axes=None):
    return _shape_ops.transpose(x, axes)


@symbolic
def expand_dims(x, axis):
    return _shape_ops.expand_dims(x, axis)


@symbolic
def squeeze(x, axis=None):
    return _shape_ops.squeeze(x, axis)


@symbolic
def concatenate(xs, axis=-1):
    return _shape_ops.concat(xs, axis)


@symbolic
def stack(x, axis=0):
    return _shape_ops.stack(x, axis)


@symbolic
def split(x, indices_or_sections, axis=0):
    if not isinstance(indices_or_sections, int):
        size = as_tensor(x)._a.shape[axis]
        edges = [0, *indices_or_sections, size]
        indices_or_sections = [b - a for a, b in zip(edges, edges[1:])]
    return _shape_ops.split(x, indices_or_sections, axis)


@symbolic
def get_item(x, key):
    return as_tensor(x)[key]


@symbolic
def take(x, indices, axis=None):
    x = as_tensor(x)
    if axis is None:
        x, axis = _shape_ops.reshape(x, (-1,)), 0
    at = np.asarray(to_numpy(indices)).astype(np.int64)
    at = np.where(at < 0, at + x._a.shape[axis], at)
    return _shape_ops.gather(x, at, axis=axis)


@symbolic
def take_along_axis(x, indices, axis=None):
    return _shape_ops.take_along_axis(x, indices, axis)


@symbolic
def repeat(x, repeats, axis=None):
    return _shape_ops.repeat(x, repeats, axis)


@symbolic
def tile(x, repeats):
    return _shape_ops.tile(x, (repeats,) if isinstance(repeats, int) else repeats)


@symbolic
def flip(x, axis=None):
    return _shape_ops.reverse(x, range(as_tensor(x)._a.ndim) if axis is None else axis)


@symbolic
def pad(x, pad_width, mode="constant", constant_values=None):
    return _shape_ops.pad(x, pad_width, mode, constant_values or 0)


@symbolic
def swapaxes(x, axis1, axis2):
    axes = list(range(as_tensor(x)._a.ndim))
    axes[axis1], axes[axis2] = axes[axis2], axes[axis1]
    return _shape_ops.transpose(x, axes)


@symbolic
def moveaxis(x, source, destination):
    axes = list(range(as_tensor(x)._a.ndim))
    axes.insert(destination % len(axes), axes.pop(source % len(axes)))
    return _shape_ops.transpose(x, axes)


@symbolic
def broadcast_to(x, shape):
    return _shape_ops.broadcast_to(x, shape)


@symbolic
def roll(x, shift, axis=None):
    return _shape_ops.roll(x, shift, axis)


@symbolic
def sort(x, axis=-1):
    return _shape_ops.sort(x, axis)


@symbolic
def argsort(x, axis=-1):
    return _shape_ops.argsort(x, axis)


@symbolic
def top_k(x, k, sorted=True):
    return nn.top_k(x, k)


@symbolic
def one_hot(x, num_classes, axis=-1, dtype=None, sparse=False):
    return _shape_ops.one_hot(x, num_classes, axis=axis, dtype=dtype or "float32")


def _cut(x, side, k):
    """x where one side of the diagonal is, else 0."""
    x = as_tensor(x)
    return _math.where(side(np.ones(x._a.shape), k) > 0, x, _create.zeros_like(x))


@symbolic
def tril(x, k=0):
    return _cut(x, np.tril, k)


@symbolic
def triu(x, k=0):
    return _cut(x, np.triu, k)


def shape(x):
    return tuple(x.shape)


def ndim(x):
    return len(x.shape)


def size(x):
    return int(np.prod(x.shape))


# ── making tensors ─────────────────────────────────────────────────────────────────────────────


def zeros(shape, dtype=None):
    return _create.zeros(shape, dtype or "float32")


def ones(shape, dtype=None):
    return _create.ones(shape, dtype or "float32")


def full(shape, fill_value, dtype=None):
    return _math.cast(_create.fill(shape, fill_value), dtype or "float32")


zeros_like = symbolic(lambda x, dtype=None: _create.zeros_like(x, dtype), "zeros_like")
ones_like = symbolic(lambda x, dtype=None: _create.ones_like(x, dtype), "ones_like")


def eye(N, M=None, k=0, dtype=None):
    return as_tensor(np.eye(N, M, k), dtype or "float32")


def arange(start, stop=None, step=1, dtype=None):
    return _create.range(start, stop, step, dtype)


def linspace(start, stop, num=50, **kwargs):
    return as_tensor(np.linspace(start, stop, num), "float32")


def array(x, dtype=None):
    return convert_to_tensor(x, dtype)


from . import image, numpy  # noqa: E402


def __getattr__(name):
    from .._missing import module_attribute

    raise module_attribute("keras.ops", globals(), name)
