"""Channel by channel and position by position; the cost by its closed form."""

import math

import numpy as np


def depthwise_conv2d(x, w, stride=1, padding="same"):
    strides = (stride, stride) if isinstance(stride, int) else stride
    kernel, sizes = w.shape[:2], x.shape[1:3]
    pads = [(0, 0), (0, 0)]
    if padding == "same":
        need = [max(0, (math.ceil(l / s) - 1) * s + k - l) for l, s, k in zip(sizes, strides, kernel)]
        pads = [(p // 2, p - p // 2) for p in need]
    x = np.pad(x, [(0, 0), *pads, (0, 0)])
    out = [(x.shape[1 + a] - kernel[a]) // strides[a] + 1 for a in (0, 1)]
    channels = []
    for c in range(w.shape[2]):
        for m in range(w.shape[3]):
            plane = np.zeros((x.shape[0], out[0], out[1]), dtype=x.dtype)
            for i in range(out[0]):
                for j in range(out[1]):
                    top, left = i * strides[0], j * strides[1]
                    window = x[:, top:top + kernel[0], left:left + kernel[1], c]
                    plane[:, i, j] = (window * w[:, :, c, m]).sum(axis=(1, 2))
            channels.append(plane)
    return np.stack(channels, axis=-1)


def separable_conv2d(x, depthwise, pointwise, b=None, stride=1, padding="same"):
    y = np.einsum("nijd,do->nijo", depthwise_conv2d(x, depthwise, stride, padding), pointwise)
    return y if b is None else b + y


def merge_kernels(depthwise, pointwise):
    kh, kw, c, m = depthwise.shape
    merged = np.zeros((kh, kw, c, pointwise.shape[1]), dtype=depthwise.dtype)
    for row in range(c * m):
        channel, copy = divmod(row, m)
        for o in range(pointwise.shape[1]):
            merged[:, :, channel, o] += depthwise[:, :, channel, copy] * pointwise[row, o]
    return merged


def cost_ratio(kernel, c_in, c_out, multiplier=1):
    cells = kernel**2 if isinstance(kernel, int) else kernel[0] * kernel[1]
    return multiplier * (1 / c_out + 1 / cells)
