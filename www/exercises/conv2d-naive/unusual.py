"""Loops over the kernel only: each tap multiplies one strided view of the whole image."""

import math

import numpy as np


def conv2d(x, w, b=None, stride=1, padding="valid", dilation=1, groups=1):
    sizes, kernels = x.shape[1:3], w.shape[:2]
    strides = (stride, stride) if isinstance(stride, int) else stride
    dilations = (dilation, dilation) if isinstance(dilation, int) else dilation
    spans = [(k - 1) * d + 1 for k, d in zip(kernels, dilations)]
    if padding == "same":
        need = [
            max(0, (math.ceil(size / s) - 1) * s + span - size)
            for size, s, span in zip(sizes, strides, spans)
        ]
        padding = [(p // 2, p - p // 2) for p in need]
    elif padding == "valid":
        padding = [(0, 0), (0, 0)]
    x = np.pad(x, [(0, 0), *padding, (0, 0)])
    oh, ow = [(x.shape[1 + a] - spans[a]) // strides[a] + 1 for a in (0, 1)]

    c_group, o_group = w.shape[2], w.shape[3] // groups
    parts = []
    for g in range(groups):
        part = 0
        for p in range(kernels[0]):
            for q in range(kernels[1]):
                tap = x[
                    :,
                    p * dilations[0]:p * dilations[0] + (oh - 1) * strides[0] + 1:strides[0],
                    q * dilations[1]:q * dilations[1] + (ow - 1) * strides[1] + 1:strides[1],
                    g * c_group:(g + 1) * c_group,
                ]
                part = part + tap @ w[p, q, :, g * o_group:(g + 1) * o_group]
        parts.append(part)
    y = np.concatenate(parts, axis=-1)
    return y if b is None else y + b
