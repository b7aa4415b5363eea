"""The backward pass of a small convolutional network by im2col, held to differences taken with nditer."""

import numpy as np

np.random.seed(0)


def im2col(x, size, stride=1):
    n, c, h, w = x.shape
    oh, ow = (h - size) // stride + 1, (w - size) // stride + 1
    col = np.zeros((n, c, size, size, oh, ow))
    for y in range(size):
        for z in range(size):
            col[:, :, y, z, :, :] = x[:, :, y : y + stride * oh : stride, z : z + stride * ow : stride]
    return col.transpose(0, 4, 5, 1, 2, 3).reshape(n * oh * ow, -1)


def col2im(col, shape, size, stride=1):
    n, c, h, w = shape
    oh, ow = (h - size) // stride + 1, (w - size) // stride + 1
    col = col.reshape(n, oh, ow, c, size, size).transpose(0, 3, 4, 5, 1, 2)
    x = np.zeros(shape)
    for y in range(size):
        for z in range(size):
            x[:, :, y : y + stride * oh : stride, z : z + stride * ow : stride] += col[:, :, y, z, :, :]
    return x


def forward(params, x, y, backward=False):
    n, size = x.shape[0], params["W1"].shape[2]
    col = im2col(x, size)
    w1 = params["W1"].reshape(len(params["W1"]), -1).T
    z = np.dot(col, w1) + params["b1"]
    h = np.maximum(z, 0)
    flat = h.reshape(n, -1)
    scores = np.dot(flat, params["W2"]) + params["b2"]
    scores = scores - np.max(scores, axis=1, keepdims=True)
    p = np.exp(scores) / np.sum(np.exp(scores), axis=1, keepdims=True)
    loss = -np.sum(np.log(p[np.arange(n), y] + 1e-12)) / n
    if not backward:
        return loss
    d = p.copy()
    d[np.arange(n), y] -= 1
    d /= n
    grads = {"W2": np.dot(flat.T, d), "b2": np.sum(d, axis=0)}
    dh = np.dot(d, params["W2"].T).reshape(h.shape)
    dh[z <= 0] = 0
    grads["W1"] = np.dot(col.T, dh).T.reshape(params["W1"].shape)
    grads["b1"] = np.sum(dh, axis=0)
    grads["x"] = col2im(np.dot(dh, w1.T), x.shape, size)
    return loss, grads


def numerical(f, x, h=1e-5):
    grad = np.zeros_like(x)
    it = np.nditer(x, flags=["multi_index"], op_flags=["readwrite"])
    while not it.finished:
        at = it.multi_index
        kept = x[at]
        x[at] = float(kept) + h
        above = f()
        x[at] = float(kept) - h
        below = f()
        grad[at] = (above - below) / (2 * h)
        x[at] = kept
        it.iternext()
    return grad


x, y = np.random.randn(3, 2, 5, 5), np.random.randint(0, 4, 3)
params = {
    "W1": np.random.randn(3, 2, 3, 3) * 0.5,
    "b1": np.random.randn(3) * 0.1,
    "W2": np.random.randn(27, 4) * 0.5,
    "b2": np.zeros(4),
}
loss, grads = forward(params, x, y, backward=True)
print("loss %.8f" % loss)
for name in ("W1", "b1", "W2", "b2"):
    error = np.abs(grads[name] - numerical(lambda: forward(params, x, y), params[name])).max()
    print(name, params[name].shape, "agrees" if error < 1e-7 else "differs by %g" % error)
error = np.abs(grads["x"] - numerical(lambda: forward(params, x, y), x)).max()
print("x", x.shape, "agrees" if error < 1e-7 else "differs by %g" % error)
