"""The other definition: put zeros between the pixels, pad, and correlate with the flipped kernel at stride 1."""

import numpy as np


def both(value):
    return [value] * 2 if isinstance(value, int) else list(value)


def conv2d_transpose(x, w, b=None, stride=1, padding=0, output_padding=0):
    stride, padding, extra = both(stride), both(padding), both(output_padding)
    kernel, size = w.shape[:2], x.shape[1:3]
    out = [(l - 1) * s + k - 2 * p + e for l, s, k, p, e in zip(size, stride, kernel, padding, extra)]
    if min(out) <= 0 or any(e >= s for e, s in zip(extra, stride)):
        raise ValueError("no such output")
    # Room for K - 1 zeros before and after, and for the output padding after that.
    lengths = [(l - 1) * s + 1 + 2 * (k - 1) + e for l, s, k, e in zip(size, stride, kernel, extra)]
    stuffed = np.zeros((x.shape[0], lengths[0], lengths[1], x.shape[3]), dtype=x.dtype)
    for i in range(size[0]):
        for j in range(size[1]):
            stuffed[:, kernel[0] - 1 + i * stride[0], kernel[1] - 1 + j * stride[1]] = x[:, i, j]
    flipped = w[::-1, ::-1]
    y = np.zeros((x.shape[0], out[0], out[1], w.shape[2]), dtype=x.dtype)
    for i in range(out[0]):
        for j in range(out[1]):
            top, left = i + padding[0], j + padding[1]
            window = stuffed[:, top:top + kernel[0], left:left + kernel[1]]
            y[:, i, j] = np.einsum("npqc,pqoc->no", window, flipped)
    return y if b is None else y + b
