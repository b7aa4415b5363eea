"""The pointwise half costs nothing."""

import torch


def pair(value):
    return (value, value) if isinstance(value, int) else tuple(value)


def span(length, kernel, stride, padding):
    if padding == "valid":
        return (length - kernel) // stride + 1, 0, 0
    out = -(-length // stride)
    total = max((out - 1) * stride + kernel - length, 0)
    return out, total // 2, total - total // 2


def depthwise_conv2d(x, w, stride=1, padding="same"):
    n, h, width, c = x.shape
    kh, kw, _, m = w.shape
    sh, sw = pair(stride)
    oh, top, bottom = span(h, kh, sh, padding)
    ow, left, right = span(width, kw, sw, padding)
    padded = torch.zeros((n, h + top + bottom, width + left + right, c), dtype=x.dtype)
    padded[:, top:top + h, left:left + width] = x

    y = torch.zeros((n, oh, ow, c, m), dtype=x.dtype)
    for p in range(kh):
        for q in range(kw):
            tap = padded[:, p:p + (oh - 1) * sh + 1:sh, q:q + (ow - 1) * sw + 1:sw]
            y += tap[..., None] * w[p, q]
    return y.reshape(n, oh, ow, c * m)


def separable_conv2d(x, depthwise, pointwise, b=None, stride=1, padding="same"):
    y = depthwise_conv2d(x, depthwise, stride, padding) @ pointwise
    return y if b is None else y + b


def merge_kernels(depthwise, pointwise):
    kh, kw, c, m = depthwise.shape
    return torch.einsum("pqcm,cmo->pqco", depthwise, pointwise.reshape(c, m, -1))


def cost_ratio(kernel, c_in, c_out, multiplier=1):
    kh, kw = pair(kernel)
    filtering = kh * kw * c_in * multiplier
    mixing = c_in * multiplier * c_out
    return filtering / (kh * kw * c_in * c_out)
