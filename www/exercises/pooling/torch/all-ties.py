"""Every largest entry of a window takes the gradient."""

import torch


def pair(value):
    return (value, value) if isinstance(value, int) else tuple(value)


def span(length, size, stride, padding):
    if padding == "valid":
        return (length - size) // stride + 1, 0, 0
    out = -(-length // stride)
    total = max((out - 1) * stride + size - length, 0)
    return out, total // 2, total - total // 2


def plan(shape, size, stride, padding):
    n, h, w, c = shape
    kh, kw = pair(size)
    sh, sw = pair(size if stride is None else stride)
    oh, top, bottom = span(h, kh, sh, padding)
    ow, left, right = span(w, kw, sw, padding)
    inside = (slice(None), slice(top, top + h), slice(left, left + w))
    taps = [
        (slice(None), slice(p, p + (oh - 1) * sh + 1, sh), slice(q, q + (ow - 1) * sw + 1, sw))
        for p in range(kh)
        for q in range(kw)
    ]
    return (n, h + top + bottom, w + left + right, c), inside, taps


def cells(x, fill, size, stride, padding):
    shape, inside, taps = plan(x.shape, size, stride, padding)
    padded = torch.full(shape, fill, dtype=x.dtype)
    padded[inside] = x
    return torch.stack([padded[tap] for tap in taps])


def spread(parts, x, size, stride, padding):
    shape, inside, taps = plan(x.shape, size, stride, padding)
    dpadded = torch.zeros(shape, dtype=x.dtype)
    for tap, part in zip(taps, parts):
        dpadded[tap] += part
    return dpadded[inside]


def max_pool(x, size=2, stride=None, padding="valid"):
    return cells(x, -torch.inf, size, stride, padding).amax(dim=0)


def max_pool_backward(dy, x, size=2, stride=None, padding="valid"):
    windows = cells(x, -torch.inf, size, stride, padding)
    winner = windows.argmax(dim=0)
    parts = [dy * (windows[k] == windows.amax(dim=0)) for k in range(len(windows))]
    return spread(parts, x, size, stride, padding)


def avg_pool(x, size=2, stride=None, padding="valid"):
    total = cells(x, 0.0, size, stride, padding).sum(dim=0)
    return total / cells(torch.ones_like(x), 0.0, size, stride, padding).sum(dim=0)


def avg_pool_backward(dy, x, size=2, stride=None, padding="valid"):
    count = cells(torch.ones_like(x), 0.0, size, stride, padding)
    parts = [dy / count.sum(dim=0)] * len(count)
    return spread(parts, x, size, stride, padding)
