"""Convolutions and pools: PyTorch's NCHW at the edge, the engine's NHWC inside.

Each is one node: its arrays are turned on their way in and out, which costs nothing where the memory
lies as the engine has it, as the result of another of these does.
"""

import math
import operator

import numpy as np

from danlu import tape
from danlu.tape import constant
from danlu.tape import shape
from danlu.tape.kernel import kernel
from numpy import _engine
from numpy._array import view
from numpy._bridge import give

from . import _spatial_twice as twice
from ._base import wrap
from ._tensor import Tensor


def tuple_of(value, n, name="kernel_size"):
    if isinstance(value, (tuple, list)):
        value = tuple([operator.index(v) for v in value])
        if len(value) == 1:
            return value * n
        if len(value) != n:
            raise RuntimeError(f"{name} is one number or {n}, not {value}")
        return value
    return (operator.index(value),) * n


def _turned(array, order):
    give(order)
    made = view(array, _engine.permute(array._h))
    shape_of = array.shape
    made._shape = tuple([shape_of[i] for i in order])
    return made


_IN = {3: (0, 2, 1), 4: (0, 2, 3, 1)}
_OUT = {3: (0, 2, 1), 4: (0, 3, 1, 2)}
_WEIGHT = {3: (2, 1, 0), 4: (2, 3, 1, 0)}
_WEIGHT_BACK = {3: (2, 1, 0), 4: (3, 2, 0, 1)}


def _rule(node, dy, *saved):
    inner, edges, back, double = node.extra
    if tape.state.on:
        if double is not None:
            return double(node, dy, *saved)
        raise NotImplementedError(
            f"{node.name}: the gradient of this gradient is not here (create_graph=True); linear layers, activations "
            "and arithmetic have it"
        )
    n = dy._a.ndim
    parts = iter(inner.rule(inner, constant(_turned(dy._a, _IN[n])), *inner.saved))
    answers = []
    for edge, order in zip(edges, back):
        g = next(parts)
        if edge is None or g is None:
            answers.append(None)
        elif order is None:
            answers.append(constant(g._a, node.cls))
        else:
            answers.append(constant(_turned(g._a, order), node.cls))
    return answers


def spatial(op, label, x, weights, settings, double=None, to_engine=_WEIGHT, from_engine=_WEIGHT_BACK):
    """The engine's op on a tensor [N, C, ...] and its weights, of which the first is turned too."""
    n = x._a.ndim
    inputs = [x, *weights]
    arrays = [_turned(x._a, _IN[n])]
    back = [_OUT[n]]
    for at, w in enumerate(weights):
        arrays.append(_turned(w._a, to_engine[n]) if at == 0 else w._a)
        back.append(from_engine[n] if at == 0 else None)
    values = []
    for t, array in zip(inputs, arrays):
        value = constant(array)
        value._requires = t.requires_grad
        values.append(value)
    made = kernel(op, label, values, settings)
    array = _turned(made._a, _OUT[n])
    out = constant(array, Tensor)
    if made._edge:
        inner = made._edge[0]
        node = tape.node_of(label, inputs, _rule, tuple([t for t in inputs if t._requires] and inputs))
        node.extra, node.like, node.cls = (inner, node.edges, back, double), array, Tensor
        # The engine's record holds the arrays; the versions are looked at through `saved`.
        inner.saved, inner.versions, inner.edges = (), [], [edge and (None, 0) for edge in node.edges]
        out._edge, out._requires = (node, 0), True
    return out


# ── convolutions ───────────────────────────────────────────────────────────────────────────────


def _check_conv(name, n, x, weight, bias, groups, layer=None, transposed=False):
    """x with its batch axis, after PyTorch's checks."""
    sizes = x._a.shape
    if len(sizes) not in (n + 1, n + 2):
        raise RuntimeError(
            f"Expected {n + 1}D (unbatched) or {n + 2}D (batched) input to {name}, but got input of size: {list(sizes)}"
        )
    if (x._a._h ^ weight._a._h) & 3:
        kinds = [("Bool", "Long", "Float", "Double")[t._a._h & 3] for t in (x, weight)]
        kind = kinds[0].lower()
        raise RuntimeError(f"Input type ({kind}) and bias type ({kinds[1].lower()}) should be the same")
    batched = x if len(sizes) == n + 2 else shape.unsqueeze(x, 0)
    channels = batched._a.shape[1]
    wanted = weight._a.shape[0] if transposed else weight._a.shape[1] * groups
    if channels != wanted:
        raise RuntimeError(
            f"Given {'transposed=1, ' if transposed else f'groups={groups}, '}weight of size {list(weight._a.shape)}, "
            f"expected input{list(batched._a.shape)} to have {wanted} channels, but got {channels} channels instead"
        )
    return batched, len(sizes) == n + 1


def _around(padding, n, kernel_sizes, dilation, stride):
    """Padding as (before, behind) for each axis."""
    if isinstance(padding, str):
        if padding == "valid":
            return [(0, 0)] * n
        if padding != "same":
            raise ValueError(f"Invalid padding string {padding!r}, should be one of 'valid', 'same'")
        if any(s != 1 for s in stride):
            raise ValueError("padding='same' is not supported for strided convolutions")
        total = [d * (k - 1) for k, d in zip(kernel_sizes, dilation)]
        return [(t // 2, t - t // 2) for t in total]
    return [(p, p) for p in tuple_of(padding, n, "padding")]


def _too_large(x, weight, around, dilation):
    padded = [s + a + b for s, (a, b) in zip(x._a.shape[2:], around)]
    reach = [d * (k - 1) + 1 for k, d in zip(weight._a.shape[2:], dilation)]
    if any(p < r for p, r in zip(padded, reach)):
        join = " x ".join
        raise RuntimeError(
            f"Calculated padded input size per channel: ({join(map(str, padded))}). Kernel size: "
            f"({join(map(str, reach))}). Kernel size can't be greater than actual input size"
        )


def conv2d(input, weight, bias=None, stride=1, padding=0, dilation=1, groups=1):
    x, single = _check_conv("conv2d", 2, input, weight, bias, groups)
    stride, dilation = tuple_of(stride, 2, "stride"), tuple_of(dilation, 2, "dilation")
    height, width = weight._a.shape[2:]
    (top, bottom), (left, right) = around = _around(padding, 2, (height, width), dilation, stride)
    _too_large(x, weight, around, dilation)
    if height != width:
        # The engine's kernels are square: zeros at the end of the shorter side, and as many around.
        side = max(height, width)
        weight = shape.pad(weight, (0, 0, 0, 0), (0, 0, side - height, side - width))
        bottom, right = bottom + (side - height) * dilation[0], right + (side - width) * dilation[1]
    settings = {"stride": stride, "padding": (top, bottom, left, right), "dilation": dilation, "groups": groups}
    inputs = [weight] if bias is None else [weight, bias]
    double = twice.convolution(stride, [(top, bottom), (left, right)], dilation, groups)
    y = spatial("conv2d", "ConvolutionBackward0", x, inputs, settings, double)
    return shape.squeeze(y, (0,)) if single else y


def conv1d(input, weight, bias=None, stride=1, padding=0, dilation=1, groups=1):
    x, single = _check_conv("conv1d", 1, input, weight, bias, groups)
    (stride,), (dilation,) = tuple_of(stride, 1, "stride"), tuple_of(dilation, 1, "dilation")
    around = _around(padding, 1, weight._a.shape[2:], (dilation,), (stride,))
    _too_large(x, weight, around, (dilation,))
    settings = {"stride": stride, "padding": around[0], "dilation": dilation, "groups": groups}
    double = twice.convolution((stride,), around, (dilation,), groups)
    y = spatial("conv1d", "ConvolutionBackward0", x, [weight] if bias is None else [weight, bias], settings, double)
    return shape.squeeze(y, (0,)) if single else y


# PyTorch's transposed weight is [in, out / groups, K, K]; the engine's, as Keras's, [K, K, out / groups, in].
def conv_transpose2d(input, weight, bias=None, stride=1, padding=0, output_padding=0, groups=1, dilation=1):
    x, single = _check_conv("conv_transpose2d", 2, input, weight, bias, groups, transposed=True)
    stride, dilation = tuple_of(stride, 2, "stride"), tuple_of(dilation, 2, "dilation")
    around, extra = tuple_of(padding, 2, "padding"), tuple_of(output_padding, 2, "output_padding")
    if any(e >= max(s, d) for e, s, d in zip(extra, stride, dilation)):
        raise RuntimeError(
            f"output padding must be smaller than either stride or dilation, but got output_padding_height: {extra[0]} "
            f"output_padding_width: {extra[1]} stride_height: {stride[0]} stride_width: {stride[1]} dilation_height: "
            f"{dilation[0]} dilation_width: {dilation[1]}"
        )
    height, width = weight._a.shape[2:]
    crop = None
    if height != width:
        side = max(height, width)
        weight = shape.pad(weight, (0, 0, 0, 0), (0, 0, side - height, side - width))
        crop = [(n - 1) * s - 2 * p + d * (k - 1) + e + 1
                for n, s, p, d, k, e in zip(x._a.shape[2:], stride, around, dilation, (height, width), extra)]  # fmt: skip
    settings = {"stride": stride, "padding": (around[0], around[0], around[1], around[1]), "output_padding": extra,
                "dilation": dilation, "groups": groups}  # fmt: skip
    double = twice.transposed_convolution(stride, around, extra, dilation, groups)
    y = spatial("conv_transpose2d", "ConvolutionBackward0", x, [weight] if bias is None else [weight, bias], settings, double)
    if crop:
        y = y[:, :, : crop[0], : crop[1]]
    return shape.squeeze(y, (0,)) if single else y


def conv_transpose1d(input, weight, bias=None, stride=1, padding=0, output_padding=0, groups=1, dilation=1):
    """As of images one row high."""
    one = [tuple_of(v, 1)[0] for v in (stride, padding, output_padding, dilation)]
    y = conv_transpose2d(input.unsqueeze(-2), weight.unsqueeze(-2), bias, (1, one[0]), (0, one[1]), (0, one[2]), groups, (1, one[3]))
    return y.squeeze(-2)


# ── pools ──────────────────────────────────────────────────────────────────────────────────────


def _check_pool(name, n, x):
    sizes = x._a.shape
    if len(sizes) not in (n + 1, n + 2):
        raise RuntimeError(
            f"{name}(): Expected {n + 1}D or {n + 2}D input (unbatched or batched), but got input of size: {list(sizes)}"
        )
    return (x, False) if len(sizes) == n + 2 else (shape.unsqueeze(x, 0), True)


def _pool_size(size, kernel_size, stride, padding, dilation, ceil_mode):
    reach = dilation * (kernel_size - 1) + 1
    whole = size + 2 * padding - reach
    n = (-(-whole // stride) if ceil_mode else whole // stride) + 1
    # The last window begins inside the input or its left padding.
    return n - 1 if ceil_mode and (n - 1) * stride >= size + padding else n


def _window(input, kernel_size, stride, padding, dilation, ceil_mode):
    """Sizes, and the padding that rounding up adds behind."""
    kernel_size = tuple_of(kernel_size, 2)
    stride = kernel_size if stride is None or stride == [] else tuple_of(stride, 2, "stride")
    padding, dilation = tuple_of(padding, 2, "padding"), tuple_of(dilation, 2, "dilation")
    for k, p in zip(kernel_size, padding):
        if 2 * p > k:
            raise RuntimeError(
                f"pad should be at most half of effective kernel size, but got pad={p}, kernel_size={k} and dilation={dilation[0]}"
            )
    out = [_pool_size(n, k, s, p, d, ceil_mode) for n, k, s, p, d in zip(input._a.shape[2:], kernel_size, stride, padding, dilation)]
    if min(out) < 1:
        c, h, w = input._a.shape[1:]
        raise RuntimeError(
            f"Given input size: ({c}x{h}x{w}). Calculated output size: ({c}x{out[0]}x{out[1]}). Output size is too small"
        )
    behind = [max((o - 1) * s + d * (k - 1) + 1 - n - p, p)
              for o, n, k, s, p, d in zip(out, input._a.shape[2:], kernel_size, stride, padding, dilation)]  # fmt: skip
    return kernel_size, stride, padding, dilation, behind


def max_pool2d(input, kernel_size, stride=None, padding=0, dilation=1, ceil_mode=False, return_indices=False):
    x, single = _check_pool("max_pool2d", 2, input)
    size, stride, padding, dilation, behind = _window(x, kernel_size, stride, padding, dilation, ceil_mode)
    if return_indices or dilation != (1, 1):
        y, places = _max_by_indices(x, size, stride, padding, dilation, behind)
        y, places = (shape.squeeze(v, (0,)) if single else v for v in (y, places))
        return (y, places) if return_indices else y
    if any(b >= k for b, k in zip(behind, size)):
        x = shape.pad(x, (0, 0, 0, 0), (0, 0, *[b - p for b, p in zip(behind, padding)]), -math.inf)
        behind = padding
    settings = {"size": size, "stride": stride, "padding": (padding[0], behind[0], padding[1], behind[1])}
    y = spatial("max_pool2d", "MaxPool2DWithIndicesBackward0", x, [], settings, twice.max_pool(size, stride, padding, behind))
    return shape.squeeze(y, (0,)) if single else y


def _max_by_indices(x, size, stride, padding, dilation, behind):
    """Maxima with the flat places, in the plane, of the elements that they are."""
    n, c, h, w = x._a.shape
    padded = shape.pad(constant(x._a, Tensor), (0, 0, *padding), (0, 0, *behind), -math.inf)._a
    windows = np.lib.stride_tricks.sliding_window_view(
        padded, [d * (k - 1) + 1 for k, d in zip(size, dilation)], axis=(2, 3)
    )[:, :, :: stride[0], :: stride[1], :: dilation[0], :: dilation[1]]
    flat = windows.reshape((*windows.shape[:4], size[0] * size[1]))
    best = np.argmax(flat, -1)
    rows = np.arange(windows.shape[2]).reshape(-1, 1) * stride[0] + best // size[1] * dilation[0] - padding[0]
    columns = np.arange(windows.shape[3]) * stride[1] + best % size[1] * dilation[1] - padding[1]
    places = rows * w + columns
    picked = tape.index.gather(x.reshape(n, c, h * w), 2, places.reshape(n, c, -1)).reshape(places.shape)
    return picked, wrap(places)


def max_unpool2d(input, indices, kernel_size, stride=None, padding=0, output_size=None):
    size = tuple_of(kernel_size, 2)
    stride = size if stride is None else tuple_of(stride, 2)
    padding = tuple_of(padding, 2)
    if output_size is None:
        output_size = [(n - 1) * s - 2 * p + k for n, s, p, k in zip(input.shape[-2:], stride, padding, size)]
    h, w = output_size[-2:]
    n, c = input.shape[:2]
    flat = input.new_zeros(n, c, h * w).scatter(2, indices.reshape(n, c, -1), input.reshape(n, c, -1))
    return flat.reshape(n, c, h, w)


def avg_pool2d(input, kernel_size, stride=None, padding=0, ceil_mode=False, count_include_pad=True, divisor_override=None):
    x, single = _check_pool("avg_pool2d", 2, input)
    size, stride, padding, _, behind = _window(x, kernel_size, stride, padding, 1, ceil_mode)
    if any(b > p for b, p in zip(behind, padding)):
        raise NotImplementedError("avg_pool2d with ceil_mode=True where it adds a window is not here; nearest: F.pad before it")
    settings = {"size": size, "stride": stride, "padding": (padding[0], behind[0], padding[1], behind[1]),
                "count_include_pad": bool(count_include_pad)}  # fmt: skip
    double = twice.mean_pool(size, stride, padding, behind, count_include_pad)
    y = spatial("avg_pool2d", "AvgPool2DBackward0", x, [], settings, double)
    if divisor_override is not None:
        y = y * (size[0] * size[1] / divisor_override)
    return shape.squeeze(y, (0,)) if single else y


def adaptive_avg_pool2d(input, output_size):
    x, single = _check_pool("adaptive_avg_pool2d", 2, input)
    size = _adaptive(x, output_size)
    if size == (1, 1):
        y = x.mean((2, 3), keepdim=True)
    else:
        y = spatial("adaptive_avg_pool2d", "AdaptiveAvgPool2DBackward0", x, [], {"size": size}, twice.adaptive_mean_pool(size))
    return shape.squeeze(y, (0,)) if single else y


def adaptive_max_pool2d(input, output_size, return_indices=False):
    if return_indices:
        raise NotImplementedError("adaptive_max_pool2d with return_indices=True is not here; nearest: max_pool2d with it")
    x, single = _check_pool("adaptive_max_pool2d", 2, input)
    size = _adaptive(x, output_size)
    y = spatial("adaptive_max_pool2d", "AdaptiveMaxPool2DBackward0", x, [], {"size": size}, twice.adaptive_max_pool(size))
    return shape.squeeze(y, (0,)) if single else y


def _adaptive(x, size):
    size = tuple(size) if isinstance(size, (tuple, list)) else (size, size)
    return tuple([n if s is None else s for s, n in zip(size, x._a.shape[2:])])


def _of_rows(pool):
    """A pool of sequences: that of images one row high."""

    def pool1d(input, kernel_size, stride=None, padding=0, **settings):
        one = tuple_of(kernel_size, 1)[0]
        step = one if stride is None else tuple_of(stride, 1)[0]
        if "dilation" in settings:
            settings["dilation"] = (1, tuple_of(settings["dilation"], 1)[0])
        made = pool(input.unsqueeze(-2), (1, one), (1, step), (0, tuple_of(padding, 1)[0]), **settings)
        return tuple([y.squeeze(-2) for y in made]) if isinstance(made, tuple) else made.squeeze(-2)

    return pool1d


max_pool1d, avg_pool1d = _of_rows(max_pool2d), _of_rows(avg_pool2d)


def adaptive_avg_pool1d(input, output_size):
    size = tuple_of(output_size, 1)[0]
    return adaptive_avg_pool2d(input.unsqueeze(-2), (1, size)).squeeze(-2)


def adaptive_max_pool1d(input, output_size):
    size = tuple_of(output_size, 1)[0]
    return adaptive_max_pool2d(input.unsqueeze(-2), (1, size)).squeeze(-2)


# ── patches ────────────────────────────────────────────────────────────────────────────────────


def _patch_places(h, w, kernel_size, dilation, padding, stride):
    """The flat places, in the padded plane, of each patch's elements: [K·K, patches]."""
    (kh, kw), (dh, dw), (ph, pw), (sh, sw) = kernel_size, dilation, padding, stride
    rows = (h + 2 * ph - dh * (kh - 1) - 1) // sh + 1
    columns = (w + 2 * pw - dw * (kw - 1) - 1) // sw + 1
    taps = (np.arange(kh) * dh).reshape(-1, 1) * (w + 2 * pw) + np.arange(kw) * dw
    starts = (np.arange(rows) * sh).reshape(-1, 1) * (w + 2 * pw) + np.arange(columns) * sw
    return taps.reshape(-1, 1) + starts.reshape(1, -1)


def _patch_settings(kernel_size, dilation, padding, stride):
    return [tuple_of(v, 2) for v in (kernel_size, dilation, padding, stride)]


def unfold(input, kernel_size, dilation=1, padding=0, stride=1):
    sizes = _patch_settings(kernel_size, dilation, padding, stride)
    n, c, h, w = input.shape
    ph, pw = sizes[2]
    flat = shape.pad(input, (0, 0, ph, pw), (0, 0, ph, pw)).reshape(n, c, -1)
    places = _patch_places(h, w, *sizes)
    return flat[:, :, wrap(places.reshape(-1))].reshape(n, c * places.shape[0], places.shape[1])


def fold(input, output_size, kernel_size, dilation=1, padding=0, stride=1):
    sizes = _patch_settings(kernel_size, dilation, padding, stride)
    h, w = tuple_of(output_size, 2)
    ph, pw = sizes[2]
    places = _patch_places(h, w, *sizes)
    n, c = input.shape[0], input.shape[1] // places.shape[0]
    flat = input.new_zeros(n, c, (h + 2 * ph) * (w + 2 * pw))
    index = np.broadcast_to(places.reshape(1, 1, -1), (n, c, places.size))
    flat = flat.scatter_add(2, wrap(index.copy()), input.reshape(n, c, -1))
    return flat.reshape(n, c, h + 2 * ph, w + 2 * pw)[:, :, ph : ph + h, pw : pw + w]
