"""By definition: dx as the correlation of the zero-stuffed dy with the flipped kernel, dw pixel by pixel."""

import math

import numpy as np


def before(length, kernel, stride, padding):
    if padding == "valid":
        return 0
    return max(0, (math.ceil(length / stride) - 1) * stride + kernel - length) // 2


def conv2d_backward(dy, x, w, stride=1, padding="valid"):
    sh, sw = stride if isinstance(stride, tuple) else (stride, stride)
    n, h, width, c = x.shape
    kh, kw, _, o = w.shape
    top, left = before(h, kh, sh, padding), before(width, kw, sw, padding)
    oh, ow = dy.shape[1:3]

    # Room for kh - 1 rows on each side of every position that a kernel touches.
    stuffed = np.zeros((n, h + top + 2 * kh + sh * oh, width + left + 2 * kw + sw * ow, o), dtype=dy.dtype)
    stuffed[:, kh - 1:kh - 1 + (oh - 1) * sh + 1:sh, kw - 1:kw - 1 + (ow - 1) * sw + 1:sw] = dy
    flipped = w[::-1, ::-1]
    dx = np.zeros(x.shape, dtype=x.dtype)
    for i in range(h):
        for j in range(width):
            window = stuffed[:, i + top:i + top + kh, j + left:j + left + kw]
            dx[:, i, j] = np.einsum("npqo,pqco->nc", window, flipped)

    dw = np.zeros(w.shape, dtype=w.dtype)
    for i in range(oh):
        for j in range(ow):
            for p in range(kh):
                for q in range(kw):
                    r, s = i * sh + p - top, j * sw + q - left
                    if 0 <= r < h and 0 <= s < width:
                        dw[p, q] += np.einsum("nc,no->co", x[:, r, s], dy[:, i, j])
    return dx, dw, np.einsum("nijo->o", dy)
