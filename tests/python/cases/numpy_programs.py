"""Whole NumPy programs of the teaching kind run as they are, and leave no array behind."""

import gc

import _danlu
import numpy as np


def softmax(x):
    e = np.exp(x - x.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


def numerical_gradient(f, x, h=1e-5):
    """Central differences, element by element, with nditer."""
    gradient = np.zeros_like(x)
    it = np.nditer(x, flags=["multi_index"], op_flags=["readwrite"])
    while not it.finished:
        i = it.multi_index
        kept = x[i]
        x[i] = kept + h
        above = f(x)
        x[i] = kept - h
        below = f(x)
        x[i] = kept
        gradient[i] = (above - below) / (2 * h)
        it.iternext()
    return gradient


def im2col(image, kh, kw, stride=1, pad=0):
    n, c, h, w = image.shape
    oh, ow = (h + 2 * pad - kh) // stride + 1, (w + 2 * pad - kw) // stride + 1
    image = np.pad(image, [(0, 0), (0, 0), (pad, pad), (pad, pad)], "constant")
    columns = np.zeros((n, c, kh, kw, oh, ow))
    for y in range(kh):
        for x in range(kw):
            columns[:, :, y, x] = image[:, :, y : y + stride * oh : stride, x : x + stride * ow : stride]
    return columns.transpose(0, 4, 5, 1, 2, 3).reshape(n * oh * ow, -1), oh, ow


def convolutions_agree():
    rng = np.random.default_rng(0)
    n, c, o, k = 2, 3, 4, 3
    x, w, b = rng.normal(size=(n, c, 6, 5)), rng.normal(size=(o, c, k, k)), rng.normal(size=o)
    columns, oh, ow = im2col(x, k, k, pad=1)
    fast = (columns @ w.reshape(o, -1).T + b).reshape(n, oh, ow, o).transpose(0, 3, 1, 2)
    padded = np.pad(x, ((0, 0), (0, 0), (1, 1), (1, 1)))
    loops = np.empty((n, o, oh, ow))
    for i in range(n):
        for j in range(o):
            for y in range(oh):
                for z in range(ow):
                    total = 0.0
                    for q in range(c):
                        for u in range(k):
                            for v in range(k):
                                total += padded[i, q, y + u, z + v] * w[j, q, u, v]
                    loops[i, j, y, z] = total + b[j]
    windows = np.lib.stride_tricks.sliding_window_view(padded, (k, k), axis=(2, 3))
    summed = np.einsum("nchwuv,ocuv->nohw", windows, w) + b[:, None, None]
    np.testing.assert_allclose(fast, loops, rtol=1e-12, atol=1e-12)
    np.testing.assert_allclose(summed, loops, rtol=1e-12, atol=1e-12)


def gradients_agree():
    rng = np.random.default_rng(1)
    x, w, labels = rng.normal(size=(5, 3)), rng.normal(size=(3, 4)), np.array([0, 3, 1, 1, 2])

    def loss(w):
        return -np.log(softmax(x @ w)[np.arange(5), labels]).mean()

    d = softmax(x @ w)
    d[np.arange(5), labels] -= 1
    np.testing.assert_allclose(x.T @ d / 5, numerical_gradient(loss, w), rtol=1e-6, atol=1e-9)


def sigmoid_network_learns_xor():
    np.random.seed(1)
    x, y = np.array([[0, 0], [0, 1], [1, 0], [1, 1]]), np.array([[0, 1, 1, 0]]).T
    sigmoid = lambda z: 1 / (1 + np.exp(-z))  # noqa: E731
    w1, w2 = 2 * np.random.random((2, 8)) - 1, 2 * np.random.random((8, 1)) - 1
    for _ in range(3000):
        h = sigmoid(np.dot(x, w1))
        out = sigmoid(np.dot(h, w2))
        d_out = (y - out) * out * (1 - out)
        d_h = d_out.dot(w2.T) * h * (1 - h)
        w2 += 2 * h.T.dot(d_out)
        w1 += 2 * x.T.dot(d_h)
    assert np.array_equal((out > 0.5).astype(int), y), out


def lacks_are_named():
    for program, name in (("np.fft", "fft"), ("np.zeros(2, np.int8)", "int8"), ("np.array(['a'])", "str")):
        try:
            eval(program)
        except NotImplementedError as error:
            assert name in str(error), error
        else:
            raise AssertionError(program)


convolutions_agree()
gradients_agree()
sigmoid_network_learns_xor()
lacks_are_named()
gc.collect()
assert _danlu.np_live() == 0, _danlu.np_live()
print("ok")
