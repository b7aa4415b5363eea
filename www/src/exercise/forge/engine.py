"""Every part by Danlu's engine: what stands where the reader's code doesn't."""

import numpy as np

from danlu import ops


def conv2d(x, w, b):
    return ops.vjp(ops.conv2d, x, w, b)[0]


def conv2d_backward(dy, x, w):
    _, pull = ops.vjp(ops.conv2d, x, w)
    dx, dw = pull(dy)
    return dx, dw, dy.sum(axis=(0, 1, 2))


def activate(name, x):
    return ops.vjp(ops.relu, x)[0]


def activate_backward(name, x, dy):
    return ops.vjp(ops.relu, x)[1](dy)[0]


def max_pool(x):
    return ops.vjp(ops.max_pool2d, x)[0]


def max_pool_backward(dy, x):
    return ops.vjp(ops.max_pool2d, x)[1](dy)[0]


def dense(x, w, b):
    return ops.vjp(ops.dense, x, w, b)[0]


def dense_backward(dy, x, w):
    _, pull = ops.vjp(ops.matmul, x, w)
    dx, dw = pull(dy)
    return dx, dw, dy.sum(axis=0)


def cross_entropy(logits, labels):
    return ops.vjp(lambda z: ops.cross_entropy(z, labels), logits)[0]


def softmax_ce_backward(logits, labels):
    return ops.vjp(lambda z: ops.cross_entropy(z, labels), logits)[1](np.array(1.0))[0]


def gradients(params, x, labels):
    """All of the net on one tape: what the engine can do where no part is anybody else's."""

    def loss(kernel, kernel_bias, weight, bias):
        pooled = ops.max_pool2d(ops.relu(ops.conv2d(x, kernel, kernel_bias)))
        return ops.cross_entropy(ops.dense(ops.reshape(pooled, (len(x), -1)), weight, bias), labels)

    y, pull = ops.vjp(loss, *params)
    return float(y), list(pull(np.array(1.0)))


class Adam:
    def __init__(self, lr):
        self.lr, self.t, self.moments = lr, 0, None

    def step(self, params, grads):
        if self.moments is None:
            self.moments = [(np.zeros_like(p), np.zeros_like(p)) for p in params]
        self.t += 1
        self.moments = [(0.9 * m + 0.1 * g, 0.999 * v + 0.001 * g * g) for (m, v), g in zip(self.moments, grads)]
        scale = self.lr * np.sqrt(1 - 0.999**self.t) / (1 - 0.9**self.t)
        return [p - scale * m / (np.sqrt(v) + 1e-8) for p, (m, v) in zip(params, self.moments)]
