"""tf.nn: activations, convolutions, pools and cross-entropies. Images are [batch, height, width, channels]."""

import math
from collections import namedtuple

import numpy as np
from danlu.tape import elementwise as _e
from danlu.tape.kernel import kernel as _kernel

from . import _dtypes, _math, _reductions, _shape_ops
from ._core import as_tensor, made, to_numpy
from ._math import floating
from ._reductions import moments  # noqa: F401
from .errors import InvalidArgumentError

tanh, sigmoid = _math.tanh, _math.sigmoid


def relu(features, name=None):
    x = as_tensor(features)
    return _e.relu(x) if x._a._h & 2 else _math.maximum(x, 0)


def relu6(features, name=None):
    return _e.clip(floating(features), 0.0, 6.0)


def leaky_relu(features, alpha=0.2, name=None):
    x = floating(features)
    return _kernel("leaky_relu", "LeakyRelu", [x], {"slope": float(alpha)}, double=_by_slope(lambda x: (x > 0, 1.0, float(alpha))))


def _by_slope(of):
    """The differentiable gradient of a function made of two lines."""

    def rule(node, dy, x):
        mask, above, below = of(x._a)
        return _math.multiply(dy, made(np.where(mask, above, below).astype(x._a.dtype)))

    return rule


def elu(features, name=None, alpha=1.0):
    x = floating(features)

    def double(node, dy, x):
        slope = _math.where(x._a > 0, _shape_ops.as_tensor(np.ones(x._a.shape), x.dtype), alpha * _math.exp(_math.minimum(x, 0.0)))
        return _math.multiply(dy, slope)

    return _kernel("elu", "Elu", [x], {"alpha": float(alpha)}, double=double)


_SELU = (1.0507009873554805, 1.6732632423543772)


def selu(features, name=None):
    scale, alpha = _SELU
    return scale * elu(features, alpha=alpha)


def gelu(features, approximate=False, name=None):
    x = floating(features)
    if approximate:
        inner = math.sqrt(2.0 / math.pi) * (x + 0.044715 * x * x * x)
        return 0.5 * x * (1.0 + _math.tanh(inner))
    return _kernel("gelu", "Gelu", [x], {"approximate": "none"})


def silu(features, beta=1.0, name=None):
    x = floating(features)
    return x * _math.sigmoid(x * beta if beta != 1.0 else x)


swish = silu


def softplus(features, name=None):
    x = floating(features)
    return _kernel("softplus", "Softplus", [x], {}, double=lambda node, dy, x: _math.multiply(dy, _math.sigmoid(x)))


def softsign(features, name=None):
    x = floating(features)
    return x / (1.0 + _math.abs(x))


def _axis(x, axis):
    axis = -1 if axis is None else int(axis)
    if not -x._a.ndim <= axis < x._a.ndim:
        raise InvalidArgumentError(f"`axis` must be in [{-x._a.ndim}, {x._a.ndim}), got {axis}: the logits have shape {tuple(x._a.shape)}")
    return axis


def softmax(logits, axis=None, name=None):
    x = floating(logits)
    axis = _axis(x, axis)

    def double(node, dy, y, x):
        return y * (dy - _reductions.reduce_sum(dy * y, axis, keepdims=True))

    return _kernel("softmax", "Softmax", [x], {"axis": axis}, keep=True, double=double)


def log_softmax(logits, axis=None, name=None):
    x = floating(logits)
    axis = _axis(x, axis)

    def double(node, dy, y, x):
        return dy - _math.exp(y) * _reductions.reduce_sum(dy, axis, keepdims=True)

    return _kernel("log_softmax", "LogSoftmax", [x], {"axis": axis}, keep=True, double=double)


def bias_add(value, bias, data_format=None, name=None):
    return _math.add(value, bias)


def l2_loss(t, name=None):
    return 0.5 * _reductions.reduce_sum(_math.square(floating(t)))


def l2_normalize(x, axis=None, epsilon=1e-12, name=None):
    x = floating(x)
    return x * _math.rsqrt(_math.maximum(_reductions.reduce_sum(_math.square(x), axis, keepdims=True), epsilon))


def dropout(x, rate, noise_shape=None, seed=None, name=None):
    from . import random

    x = floating(x)
    rate = float(to_numpy(rate))
    if not 0 <= rate < 1:
        raise ValueError(f"`rate` must be a scalar tensor or a float in the range [0, 1). Received: rate={rate}")
    if not rate:
        return x
    kept = random._generator(seed).random(tuple(noise_shape or x._a.shape)) >= rate
    return x * made((kept / (1.0 - rate)).astype(x._a.dtype))


# ── windows ────────────────────────────────────────────────────────────────────────────────────


def _pair(value, what):
    """(down, across) of one size, two, or four with 1 at batch and channels."""
    if isinstance(value, (int, np.integer)):
        return int(value), int(value)
    value = [int(n) for n in (value if isinstance(value, (list, tuple)) else np.asarray(to_numpy(value)).tolist())]
    if len(value) == 1:
        return value[0], value[0]
    if len(value) == 2:
        return tuple(value)
    if len(value) == 4 and value[0] == value[3] == 1:
        return value[1], value[2]
    if len(value) == 4:
        raise InvalidArgumentError(f"Current implementation does not yet support {what} in the batch and depth dimensions: {value}")
    raise ValueError(f"{what} should be of length 1, 2 or 4 but was {len(value)}")


def _padding(padding):
    """As the engine takes it: a name, or (top, bottom, left, right)."""
    if isinstance(padding, str):
        name = padding.upper()
        if name not in ("SAME", "VALID"):
            raise ValueError(f"Value for attr 'padding' of {padding!r} is not in the list of allowed values: \"SAME\", \"VALID\"")
        return name.lower()
    pairs = [tuple(p) for p in padding]
    return (*pairs[1], *pairs[2])


def _image(input, what):
    x = floating(input)
    if x._a.ndim != 4:
        raise InvalidArgumentError(
            f"{what} takes images of shape [batch, height, width, channels], got shape {tuple(x._a.shape)}: "
            f"{'tf.expand_dims(x, 0) adds a batch, ' if x._a.ndim == 3 else ''}tf.reshape(x, (-1, height, width, channels)) makes one"
        )
    return x


def _nhwc(data_format):
    if data_format not in (None, "NHWC"):
        raise NotImplementedError(f"data_format={data_format!r} is not in this TensorFlow; nearest here: 'NHWC'")


def conv2d(input, filters, strides=1, padding="VALID", data_format="NHWC", dilations=None, name=None, *, bias=None):
    """Shape: input [N, H, W, C], filters [KH, KW, C, O] → [N, OH, OW, O]."""
    _nhwc(data_format)
    x, w = _image(input, "conv2d"), floating(filters)
    if w._a.ndim != 4:
        raise InvalidArgumentError(f"filter must be 4-dimensional: [{','.join(map(str, w._a.shape))}] [Op:Conv2D]")
    groups = x._a.shape[3] // max(w._a.shape[2], 1)
    if w._a.shape[2] * groups != x._a.shape[3] or groups == 0:
        raise InvalidArgumentError(
            f"input depth must be evenly divisible by filter depth: {x._a.shape[3]} vs {w._a.shape[2]} (images "
            f"{tuple(x._a.shape)}, filters {tuple(w._a.shape)}: filters of shape ({w._a.shape[0]}, {w._a.shape[1]}, "
            f"{x._a.shape[3]}, {w._a.shape[3]}) would fit) [Op:Conv2D]"
        )
    settings = {"stride": _pair(strides, "strides"), "padding": _padding(padding)}
    if dilations is not None:
        settings["dilation"] = _pair(dilations, "dilations")
    if groups > 1:
        settings["groups"] = groups
    return _windowed("conv2d", "Conv2D", [x, w] if bias is None else [x, w, floating(bias)], settings)


def _windowed(name, label, inputs, settings):
    try:
        return _kernel(name, label, inputs, settings)
    except ValueError as error:
        shapes = ", ".join(str(tuple(x._a.shape)) for x in inputs)
        raise InvalidArgumentError(f"{name} of shapes {shapes} with {settings}: {error} [Op:{label}]") from None


def conv1d(input, filters, stride=1, padding="VALID", data_format="NWC", dilations=None, name=None, *, groups=1, bias=None):
    x, w = floating(input), floating(filters)
    pads = padding.lower() if isinstance(padding, str) else tuple(padding)
    settings = {"stride": int(_pair(stride, "stride")[1]), "padding": pads}
    if dilations is not None:
        settings["dilation"] = int(_pair(dilations, "dilations")[1])
    if groups > 1:
        settings["groups"] = groups
    return _windowed("conv1d", "Conv1D", [x, w] if bias is None else [x, w, floating(bias)], settings)


def depthwise_conv2d(input, filter, strides=1, padding="VALID", data_format=None, dilations=None, name=None):
    """Shape: filter [KH, KW, C, M]; channel c gives channels c·M to c·M + M − 1."""
    x, w = _image(input, "depthwise_conv2d"), floating(filter)
    kh, kw, channels, times = w._a.shape
    if channels != x._a.shape[3]:
        raise InvalidArgumentError(f"input and filter must have the same depth: {x._a.shape[3]} vs {channels} [Op:DepthwiseConv2dNative]")
    w = _shape_ops.reshape(w, (kh, kw, 1, channels * times))
    settings = {"stride": _pair(strides, "strides"), "padding": _padding(padding), "groups": channels}
    if dilations is not None:
        settings["dilation"] = _pair(dilations, "dilations")
    return _windowed("conv2d", "DepthwiseConv2dNative", [x, w], settings)


def separable_conv2d(input, depthwise_filter, pointwise_filter, strides=1, padding="VALID", data_format=None, dilations=None, name=None):
    x = depthwise_conv2d(input, depthwise_filter, strides, padding, data_format, dilations)
    return conv2d(x, pointwise_filter, 1, "VALID")


def conv2d_transpose(input, filters, output_shape, strides=1, padding="SAME", data_format="NHWC", dilations=None, name=None):
    """The gradient of conv2d by its input. Shape: filters [KH, KW, O, C]."""
    x, w = _image(input, "conv2d_transpose"), floating(filters)
    (sh, sw), (kh, kw) = _pair(strides, "strides"), w._a.shape[:2]
    sizes = x._a.shape[1:3]
    if output_shape is None:
        wanted = tuple(n * s if padding.upper() == "SAME" else n * s + max(k - s, 0) for n, s, k in zip(sizes, (sh, sw), (kh, kw)))
    else:
        given = _shape_ops.numbers(output_shape)
        wanted = tuple(given[1:3]) if len(given) == 4 else tuple(given)
    full = [(n - 1) * s + k for n, s, k in zip(sizes, (sh, sw), (kh, kw))]
    y = _windowed("conv_transpose2d", "Conv2DBackpropInput", [x, w], {"stride": (sh, sw), "padding": 0})
    # What windows would have covered beyond the image is cut off, the odd rest at the end.
    key = [slice(None)]
    for size, goal, k, s in zip(full, wanted, (kh, kw), (sh, sw)):
        over = max(size - goal, 0) if padding.upper() == "SAME" else 0
        begin = over // 2
        key.append(slice(begin, begin + goal))
        if size < goal:
            pads = [[0, 0]] * 4
            pads[len(key) - 1] = [0, goal - size]
            y = _shape_ops.pad(y, pads)
    return _shape_ops.get_item(y, tuple(key))


def _pooled(op, label, input, ksize, strides, padding):
    x = _image(input, op)
    size = _pair(ksize, "ksize")
    settings = {"size": size, "stride": _pair(strides, "strides") if strides is not None else size, "padding": _padding(padding)}
    return _windowed(op, label, [x], settings)


def max_pool2d(input, ksize, strides, padding="VALID", data_format="NHWC", name=None):
    _nhwc(data_format)
    return _pooled("max_pool2d", "MaxPool", input, ksize, strides, padding)


def avg_pool2d(input, ksize, strides, padding="VALID", data_format="NHWC", name=None):
    _nhwc(data_format)
    return _pooled("avg_pool2d", "AvgPool", input, ksize, strides, padding)


max_pool, avg_pool = max_pool2d, avg_pool2d


def pool1d(kind, x, size, stride, padding):
    """Pools of [batch, steps, channels], as images of one row."""
    x = _shape_ops.expand_dims(floating(x), 1)
    y = _pooled(f"{kind}_pool2d", "MaxPool" if kind == "max" else "AvgPool", x, (1, size), (1, stride), padding)
    return _shape_ops.squeeze(y, [1])


# ── losses ─────────────────────────────────────────────────────────────────────────────────────


def softmax_cross_entropy_with_logits(labels, logits, axis=-1, name=None):
    """−Σ labels · log softmax(logits) along the axis."""
    x = floating(logits)
    p = _math.cast(as_tensor(labels), x.dtype)
    if p._a.shape[-1] != x._a.shape[-1] and axis == -1:
        raise InvalidArgumentError(
            f"logits and labels must be broadcastable: logits_size=[{','.join(map(str, x._a.shape))}] labels_size="
            f"[{','.join(map(str, p._a.shape))}] [Op:SoftmaxCrossEntropyWithLogits]"
        )
    return _math.negative(_reductions.reduce_sum(_math.multiply(p, log_softmax(x, axis)), axis))


def sparse_softmax_cross_entropy_with_logits(labels, logits, name=None):
    """−log softmax(logits)[label] of each row."""
    x = floating(logits)
    at = np.asarray(to_numpy(labels)).astype(np.int64)
    if tuple(at.shape) != tuple(x._a.shape[:-1]):
        raise ValueError(
            "`labels.shape` must equal `logits.shape` except for the last dimension. Received: labels.shape="
            f"{tuple(at.shape)} and logits.shape={tuple(x._a.shape)}"
            if at.ndim == x._a.ndim - 1
            else "`labels.shape.rank` must equal `logits.shape.rank - 1`. Received: labels.shape="
            f"{tuple(at.shape)} of rank {at.ndim} and logits.shape={tuple(x._a.shape)} of rank {x._a.ndim}"
        )
    classes = x._a.shape[-1]
    if at.size and (at.min() < 0 or at.max() >= classes):
        bad = int(at.max()) if at.max() >= classes else int(at.min())
        raise InvalidArgumentError(
            f"Received a label value of {bad} which is outside the valid range of [0, {classes}).  Label values: "
            f"{' '.join(map(str, at.reshape(-1).tolist()[:20]))} [Op:SparseSoftmaxCrossEntropyWithLogits]"
        )
    picked = _shape_ops.take_along_axis(log_softmax(x, -1), at[..., None], -1)
    return _math.negative(_shape_ops.squeeze(picked, [-1]))


def sigmoid_cross_entropy_with_logits(labels, logits, name=None):
    """max(x, 0) − x·z + log(1 + e^−|x|)."""
    x = floating(logits)
    z = _math.cast(as_tensor(labels), x.dtype)
    if x._a.shape != z._a.shape:
        raise ValueError(f"`logits` and `labels` must have the same shape, received ({tuple(x._a.shape)} vs {tuple(z._a.shape)}).")
    return relu(x) - x * z + _math.log1p(_math.exp(-_math.abs(x)))


def embedding_lookup(params, ids, name=None):
    return _shape_ops.gather(params, ids)


TopKV2 = namedtuple("TopKV2", ["values", "indices"])


def top_k(input, k=1, sorted=True, name=None):
    x = as_tensor(input)
    at = np.argsort(-x._a, axis=-1, kind="stable")[..., :k]
    return TopKV2(_shape_ops.take_along_axis(x, at, -1), _math.cast(made(np.asarray(at).copy()), _dtypes.int32))


def in_top_k(targets, predictions, k, name=None):
    p, t = np.asarray(to_numpy(predictions)), np.asarray(to_numpy(targets)).astype(np.int64)
    own = p[np.arange(len(t)), t]
    return made(np.asarray((p > own[:, None]).sum(axis=1) < k))


def batch_normalization(x, mean, variance, offset, scale, variance_epsilon, name=None):
    y = (floating(x) - mean) * _math.rsqrt(as_tensor(variance) + variance_epsilon)
    y = y if scale is None else y * scale
    return y if offset is None else y + offset


def __getattr__(name):
    from ._missing import module_attribute

    raise module_attribute("tf.nn", globals(), name)
