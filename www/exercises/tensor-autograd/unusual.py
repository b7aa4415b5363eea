"""One global tape: every operation appends itself, and backward reads the tape from its end."""

import numpy as np

tape = []


def shrink(g, shape):
    while g.ndim > len(shape):
        g = g.sum(axis=0)
    for axis in range(g.ndim):
        if shape[axis] != g.shape[axis]:
            g = g.sum(axis=axis, keepdims=True)
    return g


class Tensor:
    __array_ufunc__ = None

    def __init__(self, data):
        self.data = np.array(data, dtype=np.float64)
        self.grad = np.zeros_like(self.data)

    def record(self, value, *pairs):
        out = Tensor(value)
        tape.append((out, pairs))
        return out

    def lift(self, other):
        return other if isinstance(other, Tensor) else Tensor(other)

    def __add__(self, other):
        other = self.lift(other)
        return self.record(self.data + other.data, (self, lambda g: g), (other, lambda g: g))

    def __radd__(self, other):
        return self.lift(other) + self

    def __sub__(self, other):
        other = self.lift(other)
        return self.record(self.data - other.data, (self, lambda g: g), (other, lambda g: -g))

    def __rsub__(self, other):
        return self.lift(other) - self

    def __mul__(self, other):
        other = self.lift(other)
        return self.record(self.data * other.data, (self, lambda g: g * other.data), (other, lambda g: g * self.data))

    def __rmul__(self, other):
        return self.lift(other) * self

    def __truediv__(self, other):
        other = self.lift(other)
        y = self.data / other.data
        return self.record(y, (self, lambda g: g / other.data), (other, lambda g: -g * y / other.data))

    def __rtruediv__(self, other):
        return self.lift(other) / self

    def __matmul__(self, other):
        other = self.lift(other)
        left = lambda g: np.einsum("...ik,...jk->...ij", g, other.data)  # noqa: E731
        right = lambda g: np.einsum("...ij,...ik->...jk", self.data, g)  # noqa: E731
        return self.record(np.matmul(self.data, other.data), (self, left), (other, right))

    def __rmatmul__(self, other):
        return self.lift(other) @ self

    def __neg__(self):
        return self.record(-self.data, (self, lambda g: -g))

    def __pow__(self, n):
        return self.record(self.data**n, (self, lambda g: n * g * self.data ** (n - 1)))

    def exp(self):
        y = np.exp(self.data)
        return self.record(y, (self, lambda g: g * y))

    def log(self):
        return self.record(np.log(self.data), (self, lambda g: g / self.data))

    def relu(self):
        on = self.data > 0
        return self.record(np.where(on, self.data, 0.0), (self, lambda g: np.where(on, g, 0.0)))

    def reshape(self, shape):
        return self.record(self.data.reshape(shape), (self, lambda g: g.reshape(self.data.shape)))

    @property
    def T(self):
        return self.record(np.transpose(self.data), (self, np.transpose))

    def reduce(self, axis, keepdims, scale):
        with_ones = self.data.sum(axis=axis, keepdims=True) * 0 + scale
        y = self.data.sum(axis=axis, keepdims=keepdims) * scale
        return self.record(y, (self, lambda g: g.reshape(with_ones.shape) * scale + 0 * self.data))

    def sum(self, axis=None, keepdims=False):
        return self.reduce(axis, keepdims, 1.0)

    def mean(self, axis=None, keepdims=False):
        return self.reduce(axis, keepdims, self.data.sum(axis=axis).size / self.data.size)

    def backward(self, gradient=None):
        if gradient is None and self.data.size != 1:
            raise ValueError("which gradient?")
        waiting = {id(self): np.ones_like(self.data) if gradient is None else np.array(gradient, dtype=np.float64)}
        nodes = {id(self): self}
        for out, pairs in reversed(tape):
            if id(out) not in waiting:
                continue
            for parent, pull in pairs:
                part = shrink(pull(waiting[id(out)]), parent.data.shape)
                waiting[id(parent)] = waiting.get(id(parent), 0.0) + part
                nodes[id(parent)] = parent
        for key, node in nodes.items():
            node.grad = node.grad + waiting[key]
