"""Gradients that are differentiated themselves (create_graph=True) of convolutions and pools: the same function in recorded
operations, differentiated anew. Slower and larger than the engine's way back, which serves all else."""

import numpy as np

from danlu import tape
from danlu.tape import shape

from ._base import wrap


def again(slow):
    """The rule of a node whose function is `slow` of what it saved."""

    def double(node, dy, *saved):
        # Views, at which the inner sweep ends: one of them may have come from another.
        own = [shape.reshape(x, x._a.shape) for x in saved]
        return tape.grad([slow(*own)], own, [dy], True, True)

    return double


def _images(x):
    """Sequences as images one row high."""
    return x.unsqueeze(-2) if x.ndim == 3 else x


def _biased(y, bias):
    return y if bias is None else y + bias.reshape(1, -1, 1, 1)


def convolution(stride, around, dilation, groups):
    """`around`: (before, behind) of each axis."""
    flat = len(stride) == 1
    if flat:
        stride, around, dilation = (1, *stride), [(0, 0), *around], (1, *dilation)

    def slow(x, weight, bias=None):
        from ._spatial import unfold

        x, weight = _images(x), _images(weight)
        x = shape.pad(x, (0, 0, *[a for a, _ in around]), (0, 0, *[b for _, b in around]))
        n, c, height, width = x.shape
        kernel = tuple(weight.shape[2:])
        rows, columns = [(size - d * (k - 1) - 1) // s + 1 for size, d, k, s in zip((height, width), dilation, kernel, stride)]
        patches = unfold(x, kernel, dilation, 0, stride).reshape(n, groups, -1, rows * columns)
        y = weight.reshape(groups, weight.shape[0] // groups, -1) @ patches
        y = _biased(y.reshape(n, weight.shape[0], rows, columns), bias)
        return y.squeeze(-2) if flat else y

    return again(slow)


def transposed_convolution(stride, padding, extra, dilation, groups):
    def slow(x, weight, bias=None):
        from ._spatial import fold

        n, c, rows, columns = x.shape
        kernel = tuple(weight.shape[2:])
        parts = weight.reshape(groups, c // groups, -1).transpose(1, 2) @ x.reshape(n, groups, c // groups, rows * columns)
        whole = [(m - 1) * s + d * (k - 1) + 1 for m, s, d, k in zip((rows, columns), stride, dilation, kernel)]
        y = fold(parts.reshape(n, -1, rows * columns), whole, kernel, dilation, 0, stride)
        y = shape.pad(y, (0, 0, 0, 0), (0, 0, *extra))
        (top, left), (bottom, right) = padding, [size + e - p for size, e, p in zip(whole, extra, padding)]
        return _biased(y[:, :, top:bottom, left:right], bias)

    return again(slow)


def _sums(spans, size, dtype):
    """A matrix whose rows sum the elements between `low` and `high`, divided by `count`."""
    made = np.zeros((len(spans), size), dtype)
    for row, (low, high, count) in enumerate(spans):
        made[row, low:high] = 1.0 / count
    return wrap(made)


def _averages(spans):
    """Means over windows are one product from the left and one from the right."""

    def slow(x):
        height, width = x.shape[2:]
        rows, columns = (_sums(spans(axis, size), size, x._a.dtype) for axis, size in enumerate((height, width)))
        return rows @ x @ columns.t()

    return again(slow)


def mean_pool(size, stride, padding, behind, with_padding):
    def spans(axis, length):
        k, s, before, after = size[axis], stride[axis], padding[axis], behind[axis]
        for first in range(-before, length + after - k + 1, s):
            low, high = max(first, 0), min(first + k, length)
            yield low, high, k if with_padding else high - low

    return _averages(lambda axis, length: [*spans(axis, length)])


def _adaptive_spans(wanted, length):
    for i in range(wanted):
        low, high = i * length // wanted, -(-(i + 1) * length // wanted)
        yield low, high, high - low


def adaptive_mean_pool(size):
    return _averages(lambda axis, length: [*_adaptive_spans(size[axis], length)])


def max_pool(size, stride, padding, behind):
    def slow(x):
        from ._spatial import _max_by_indices

        return _max_by_indices(x, size, stride, padding, (1, 1), behind)[0]

    return again(slow)


def adaptive_max_pool(size):
    def slow(x):
        n, c, height, width = x.shape
        places = np.zeros((n, c, *size), dtype=int)
        for i, (top, bottom, _) in enumerate(_adaptive_spans(size[0], height)):
            for j, (left, right, _) in enumerate(_adaptive_spans(size[1], width)):
                best = np.argmax(x._a[:, :, top:bottom, left:right].reshape(n, c, -1), -1)
                places[:, :, i, j] = (top + best // (right - left)) * width + left + best % (right - left)
        picked = tape.index.gather(x.reshape(n, c, height * width), 2, places.reshape(n, c, -1))
        return picked.reshape(places.shape)

    return again(slow)
