"""Looks at the width alone before it refuses."""

import numpy as np


def pair(value):
    return (value, value) if isinstance(value, int) else tuple(value)


def conv2d_transpose(x, w, b=None, stride=1, padding=0, output_padding=0):
    n, h, width, c = x.shape
    kh, kw, o, _ = w.shape
    (sh, sw), (ph, pw), (eh, ew) = pair(stride), pair(padding), pair(output_padding)
    if ew >= sw:
        raise ValueError(f"output_padding {ew} must be below the stride {sw}")
    oh = (h - 1) * sh + kh - 2 * ph + eh
    ow = (width - 1) * sw + kw - 2 * pw + ew
    if ow < 1:
        raise ValueError(f"nothing is left of the output: {(oh, ow)}")

    full = np.zeros((n, oh + 2 * ph, ow + 2 * pw, o), dtype=x.dtype)
    for p in range(kh):
        for q in range(kw):
            rows = slice(p, p + (h - 1) * sh + 1, sh)
            columns = slice(q, q + (width - 1) * sw + 1, sw)
            full[:, rows, columns] += x @ w[p, q].T
    y = full[:, ph:ph + oh, pw:pw + ow]
    return y if b is None else y + b
