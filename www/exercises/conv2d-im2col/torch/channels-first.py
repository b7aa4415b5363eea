"""A row has its channels first."""

import torch


def pair(value):
    return (value, value) if isinstance(value, int) else tuple(value)


def span(length, kernel, stride, padding):
    if padding == "valid":
        return (length - kernel) // stride + 1, 0, 0
    out = -(-length // stride)
    total = max((out - 1) * stride + kernel - length, 0)
    return out, total // 2, total - total // 2


def plan(shape, kernel, stride, padding):
    n, h, w, c = shape
    (kh, kw), (sh, sw) = pair(kernel), pair(stride)
    oh, top, bottom = span(h, kh, sh, padding)
    ow, left, right = span(w, kw, sw, padding)
    inside = (slice(None), slice(top, top + h), slice(left, left + w))
    taps = [
        (slice(None), slice(p, p + (oh - 1) * sh + 1, sh), slice(q, q + (ow - 1) * sw + 1, sw))
        for p in range(kh)
        for q in range(kw)
    ]
    return (n, h + top + bottom, w + left + right, c), (oh, ow), inside, taps


def im2col(x, kernel, stride=1, padding="valid"):
    shape, _, inside, taps = plan(x.shape, kernel, stride, padding)
    padded = torch.zeros(shape, dtype=x.dtype)
    padded[inside] = x
    cells = torch.stack([padded[tap] for tap in taps], dim=3)
    n, oh, ow, k, c = cells.shape
    return cells.transpose(3, 4).reshape(n * oh * ow, k * c)


def col2im(columns, shape, kernel, stride=1, padding="valid"):
    padded_shape, (oh, ow), inside, taps = plan(shape, kernel, stride, padding)
    cells = columns.reshape(shape[0], oh, ow, len(taps), shape[3])
    padded = torch.zeros(padded_shape, dtype=columns.dtype)
    for k, tap in enumerate(taps):
        padded[tap] += cells[:, :, :, k]
    return padded[inside]


def conv2d(x, w, b=None, stride=1, padding="valid"):
    kh, kw, c, o = w.shape
    _, (oh, ow), _, _ = plan(x.shape, (kh, kw), stride, padding)
    y = im2col(x, (kh, kw), stride, padding) @ w.reshape(kh * kw * c, o)
    y = y.reshape(x.shape[0], oh, ow, o)
    return y if b is None else y + b
