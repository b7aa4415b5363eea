"""Walks the windows one by one and cuts each at the image's edge: nothing is ever padded."""

import math

import numpy as np


def windows(shape, size, stride, padding):
    size = (size, size) if isinstance(size, int) else size
    stride = size if stride is None else (stride, stride) if isinstance(stride, int) else stride
    starts = []
    for length, k, s in zip(shape[1:3], size, stride):
        if padding == "same":
            count = math.ceil(length / s)
            first = -(max(0, (count - 1) * s + k - length) // 2)
        else:
            count, first = (length - k) // s + 1, 0
        starts.append([(max(first + i * s, 0), min(first + i * s + k, length)) for i in range(count)])
    for i, (top, bottom) in enumerate(starts[0]):
        for j, (left, right) in enumerate(starts[1]):
            yield i, j, top, bottom, left, right


def pooled(x, reduce, size, stride, padding):
    places = list(windows(x.shape, size, stride, padding))
    n, c = x.shape[0], x.shape[3]
    y = np.zeros((n, places[-1][0] + 1, places[-1][1] + 1, c), dtype=x.dtype)
    for i, j, top, bottom, left, right in places:
        y[:, i, j] = reduce(x[:, top:bottom, left:right])
    return y


def max_pool(x, size=2, stride=None, padding="valid"):
    return pooled(x, lambda cut: cut.max(axis=(1, 2)), size, stride, padding)


def avg_pool(x, size=2, stride=None, padding="valid"):
    return pooled(x, lambda cut: cut.mean(axis=(1, 2)), size, stride, padding)


def max_pool_backward(dy, x, size=2, stride=None, padding="valid"):
    dx = np.zeros(x.shape, dtype=x.dtype)
    for i, j, top, bottom, left, right in windows(x.shape, size, stride, padding):
        for n in range(x.shape[0]):
            for c in range(x.shape[3]):
                place = int(x[n, top:bottom, left:right, c].argmax())
                row, column = divmod(place, right - left)
                dx[n, top + row, left + column, c] += dy[n, i, j, c]
    return dx


def avg_pool_backward(dy, x, size=2, stride=None, padding="valid"):
    dx = np.zeros(x.shape, dtype=x.dtype)
    for i, j, top, bottom, left, right in windows(x.shape, size, stride, padding):
        area = (bottom - top) * (right - left)
        dx[:, top:bottom, left:right] += dy[:, i:i + 1, j:j + 1] / area
    return dx
