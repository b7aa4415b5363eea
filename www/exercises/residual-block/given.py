import numpy as np


def conv2d(x, w, stride=1):
    """A convolution without bias, padded by (K - 1) / 2 on each side.

    Shape: x (N, H, W, C), w (K, K, C, O), K odd → (N, OH, OW, O), OH = (H - 1) // stride + 1.
    """
    n, h, width, _ = x.shape
    k, pad = w.shape[0], (w.shape[0] - 1) // 2
    oh, ow = (h - 1) // stride + 1, (width - 1) // stride + 1
    padded = np.pad(x, ((0, 0), (pad, pad), (pad, pad), (0, 0)))
    y = np.zeros((n, oh, ow, w.shape[3]), dtype=x.dtype)
    for i in range(k):
        for j in range(k):
            y += padded[:, i : i + stride * (oh - 1) + 1 : stride, j : j + stride * (ow - 1) + 1 : stride] @ w[i, j]
    return y


def conv2d_backward(dy, x, w, stride=1):
    """(dx, dw) of conv2d."""
    n, h, width, c = x.shape
    k, pad = w.shape[0], (w.shape[0] - 1) // 2
    oh, ow = dy.shape[1:3]
    padded = np.pad(x, ((0, 0), (pad, pad), (pad, pad), (0, 0)))
    dpadded, dw = np.zeros_like(padded), np.zeros_like(w)
    rows = dy.reshape(-1, dy.shape[3])
    for i in range(k):
        for j in range(k):
            down = slice(i, i + stride * (oh - 1) + 1, stride)
            across = slice(j, j + stride * (ow - 1) + 1, stride)
            dw[i, j] = padded[:, down, across].reshape(-1, c).T @ rows
            dpadded[:, down, across] += dy @ w[i, j].T
    return dpadded[:, pad : pad + h, pad : pad + width], dw
