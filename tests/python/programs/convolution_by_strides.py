"""Convolution by as_strided and sliding_window_view, pooling by reshape, edge filters."""
import numpy as np
from numpy.lib.stride_tricks import as_strided, sliding_window_view

np.random.seed(0)
img = np.add.outer(np.arange(8) ** 2, np.arange(8) * 3).astype(np.float32)
k = np.array([[1, 0, -1], [2, 0, -2], [1, 0, -1]], np.float32)
s0, s1 = img.strides
win = as_strided(img, shape=(6, 6, 3, 3), strides=(s0, s1, s0, s1))
out = np.einsum("ijkl,kl->ij", win, k)
print(out, out.dtype)
print(np.allclose(out, np.tensordot(sliding_window_view(img, (3, 3)), k, axes=((2, 3), (0, 1)))))
x = np.random.randn(2, 3, 7, 7)
w = np.random.randn(4, 3, 3, 3)


def conv(x, w, stride=1, pad=1):
    xp = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)), mode="constant")
    n, c, H, W = xp.shape
    f, _, kh, kw = w.shape
    oh, ow = (H - kh) // stride + 1, (W - kw) // stride + 1
    s = xp.strides
    cols = as_strided(xp, (n, oh, ow, c, kh, kw), (s[0], s[2] * stride, s[3] * stride, s[1], s[2], s[3]))
    return (cols.reshape(n * oh * ow, -1) @ w.reshape(f, -1).T).reshape(n, oh, ow, f).transpose(0, 3, 1, 2)


y = conv(x, w, stride=2)
print(y.shape, y.strides, y.flags["C_CONTIGUOUS"])
print(y[0, 0].round(4))
pooled = y[:, :, :4, :4].reshape(2, 4, 2, 2, 2, 2).max(axis=(3, 5))
print(pooled[1, 3])
mask = y[:, :, :4, :4].reshape(2, 4, 2, 2, 2, 2) == pooled[:, :, :, None, :, None]
print(mask.sum(), np.argwhere(mask[0, 0].any(axis=(1, 3))).tolist())
print(np.pad(np.arange(4), (2, 1), mode="reflect"), np.pad(img[:2, :2], 1, mode="edge"))
print(np.convolve([1, 2, 3], [0, 1, 0.5], "same"), np.correlate([1, 2, 3, 4], [1, -1]))
print(np.flip(k), np.rot90(k), np.roll(k, 1, axis=1), sep="\n")
