"""Products, windows and losses of keras.ops."""

from tensorflow import _linalg, _math, _reductions, _shape_ops, nn
from tensorflow._core import as_tensor

from .._symbolic import symbolic
from ._promote import both as _both


@symbolic
def matmul(x1, x2):
    return _linalg.matmul(*_both(x1, x2)) if len(x1.shape) > 1 and len(x2.shape) > 1 else _linalg.tensordot(x1, x2, 1)


@symbolic
def dot(x1, x2):
    a, b = _both(x1, x2)
    if not a._a.ndim or not b._a.ndim:
        return _math.multiply(a, b)
    return _linalg.tensordot(a, b, [[a._a.ndim - 1], [max(b._a.ndim - 2, 0)]])


@symbolic
def tensordot(x1, x2, axes=2):
    return _linalg.tensordot(x1, x2, axes)


def einsum(subscripts, *operands, **kwargs):
    return _einsum(*operands, subscripts=subscripts)


_einsum = symbolic(lambda *operands, subscripts: _linalg.einsum(subscripts, *operands), "einsum")


@symbolic
def conv(inputs, kernel, strides=1, padding="valid", data_format=None, dilation_rate=1, groups=1, bias=None):
    if as_tensor(kernel)._a.ndim == 3:
        return nn.conv1d(inputs, kernel, strides, padding, dilations=dilation_rate, groups=groups, bias=bias)
    return nn.conv2d(inputs, kernel, strides, padding.upper(), dilations=dilation_rate, bias=bias)


@symbolic
def depthwise_conv(inputs, kernel, strides=1, padding="valid", data_format=None, dilation_rate=1):
    return nn.depthwise_conv2d(inputs, kernel, strides, padding.upper(), dilations=dilation_rate)


@symbolic
def separable_conv(inputs, depthwise_kernel, pointwise_kernel, strides=1, padding="valid", data_format=None, dilation_rate=1):
    return nn.separable_conv2d(inputs, depthwise_kernel, pointwise_kernel, strides, padding.upper(), dilations=dilation_rate)


@symbolic
def conv_transpose(inputs, kernel, strides=1, padding="valid", output_padding=None, data_format=None, dilation_rate=1):
    return nn.conv2d_transpose(inputs, kernel, None, strides, padding.upper())


def _pool(kind):
    def op(inputs, pool_size, strides=None, padding="valid", data_format=None):
        x = as_tensor(inputs)
        size = (pool_size,) * (x._a.ndim - 2) if isinstance(pool_size, int) else tuple(pool_size)
        step = size if strides is None else (strides,) * len(size) if isinstance(strides, int) else tuple(strides)
        if len(size) == 1:
            return nn.pool1d("max" if kind == "max" else "avg", x, size[0], step[0], padding.upper())
        return (nn.max_pool2d if kind == "max" else nn.avg_pool2d)(x, size, step, padding.upper())

    return symbolic(op, f"{kind}_pool")


max_pool, average_pool = _pool("max"), _pool("average")


@symbolic
def binary_crossentropy(target, output, from_logits=False):
    x, z = as_tensor(output), _math.cast(as_tensor(target), as_tensor(output).dtype)
    if from_logits:
        return nn.sigmoid_cross_entropy_with_logits(z, x)
    x = _math.clip_by_value(x, 1e-7, 1.0 - 1e-7)
    return -(z * _math.log(x) + (1.0 - z) * _math.log(1.0 - x))


@symbolic
def categorical_crossentropy(target, output, from_logits=False, axis=-1):
    x, p = as_tensor(output), as_tensor(target)
    if p._a.ndim != x._a.ndim:
        raise ValueError(
            "Arguments `target` and `output` must have the same rank (ndim). Received: "
            f"target.shape={_open(p)}, output.shape={_open(x)}"
        )
    if p._a.shape[1:] != x._a.shape[1:]:
        raise ValueError(
            "Arguments `target` and `output` must have the same shape. Received: "
            f"target.shape={_open(p)}, output.shape={_open(x)}"
        )
    p = _math.cast(p, x.dtype)
    if from_logits:
        return nn.softmax_cross_entropy_with_logits(p, x, axis)
    x = x / _reductions.reduce_sum(x, axis, keepdims=True)
    x = _math.clip_by_value(x, 1e-7, 1.0 - 1e-7)
    return -_reductions.reduce_sum(p * _math.log(x), axis)


def _open(x):
    """A shape with the batch left open, as Keras writes it."""
    return (None, *tuple(x.shape)[1:])


@symbolic
def sparse_categorical_crossentropy(target, output, from_logits=False, axis=-1):
    x, at = as_tensor(output), as_tensor(target)
    if at._a.ndim == x._a.ndim and at._a.shape[-1] == 1:
        at = _shape_ops.squeeze(at, [-1])
    if at._a.ndim != x._a.ndim - 1:
        raise ValueError(
            "Argument `output` must have rank (ndim) `target.ndim - 1`. Received: "
            f"target.shape={_open(at)}, output.shape={_open(x)}"
        )
    if tuple(at._a.shape) != tuple(x._a.shape[:-1]):
        raise ValueError(
            "Arguments `target` and `output` must have the same shape up until the last dimension: "
            f"target.shape={_open(at)}, output.shape={_open(x)}"
        )
    if not from_logits:
        x = _math.log(_math.clip_by_value(x, 1e-7, 1.0 - 1e-7))
    return nn.sparse_softmax_cross_entropy_with_logits(at, x)
