"""dw is averaged over the batch."""

import torch


def pair(value):
    return (value, value) if isinstance(value, int) else tuple(value)


def padding_of(length, kernel, stride, padding):
    if padding == "valid":
        return 0, 0
    out = -(-length // stride)
    total = max((out - 1) * stride + kernel - length, 0)
    return total // 2, total - total // 2


def conv2d_backward(dy, x, w, stride=1, padding="valid"):
    n, h, width, c = x.shape
    kh, kw, _, o = w.shape
    _, oh, ow, _ = dy.shape
    sh, sw = pair(stride)
    top, bottom = padding_of(h, kh, sh, padding)
    left, right = padding_of(width, kw, sw, padding)

    inside = (slice(None), slice(top, top + h), slice(left, left + width))
    padded = torch.zeros((n, h + top + bottom, width + left + right, c), dtype=x.dtype)
    padded[inside] = x
    dpadded = torch.zeros_like(padded)
    dw = torch.zeros_like(w)
    rows = dy.reshape(-1, o)
    for p in range(kh):
        for q in range(kw):
            tap = (
                slice(None),
                slice(p, p + (oh - 1) * sh + 1, sh),
                slice(q, q + (ow - 1) * sw + 1, sw),
            )
            dw[p, q] = padded[tap].reshape(-1, c).T @ rows / n
            dpadded[tap] += dy @ w[p, q].T
    return dpadded[inside], dw, rows.sum(dim=0)
