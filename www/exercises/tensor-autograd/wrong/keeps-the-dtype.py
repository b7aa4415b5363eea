"""Keeps the dtype that it is given, for data and gradient alike."""

import numpy as np


class Tensor:
    __array_ufunc__ = None

    def __init__(self, data, parents=()):
        self.data = np.array(data)
        self.grad = np.zeros_like(self.data)
        self._parents = parents

    def __add__(self, other):
        other = tensor(other)
        return Tensor(self.data + other.data, ((self, lambda g: g), (other, lambda g: g)))

    def __mul__(self, other):
        other = tensor(other)
        return Tensor(self.data * other.data, ((self, lambda g: g * other.data), (other, lambda g: g * self.data)))

    def __pow__(self, exponent):
        return Tensor(self.data**exponent, ((self, lambda g: g * exponent * self.data ** (exponent - 1)),))

    def __matmul__(self, other):
        other = tensor(other)
        pulls = (lambda g: g @ np.swapaxes(other.data, -1, -2), lambda g: np.swapaxes(self.data, -1, -2) @ g)
        return Tensor(self.data @ other.data, ((self, pulls[0]), (other, pulls[1])))

    def sum(self, axis=None, keepdims=False):
        kept = self.data.sum(axis=axis, keepdims=True)
        y = kept if keepdims else self.data.sum(axis=axis)
        return Tensor(y, ((self, lambda g: np.broadcast_to(g.reshape(kept.shape), self.data.shape)),))

    def mean(self, axis=None, keepdims=False):
        total = self.sum(axis, keepdims)
        return total * (total.data.size / self.data.size)

    def exp(self):
        y = np.exp(self.data)
        return Tensor(y, ((self, lambda g: g * y),))

    def log(self):
        return Tensor(np.log(self.data), ((self, lambda g: g / self.data),))

    def relu(self):
        return Tensor(np.maximum(self.data, 0), ((self, lambda g: g * (self.data > 0)),))

    def reshape(self, shape):
        return Tensor(self.data.reshape(shape), ((self, lambda g: g.reshape(self.data.shape)),))

    @property
    def T(self):
        return Tensor(self.data.T, ((self, lambda g: g.T),))

    def __neg__(self):
        return self * -1.0

    def __sub__(self, other):
        return self + -tensor(other)

    def __rsub__(self, other):
        return tensor(other) - self

    def __truediv__(self, other):
        return self * tensor(other) ** -1

    def __rtruediv__(self, other):
        return tensor(other) / self

    def __rmatmul__(self, other):
        return tensor(other) @ self

    __radd__ = __add__
    __rmul__ = __mul__

    def backward(self, gradient=None):
        if gradient is None:
            if self.data.size != 1:
                raise ValueError(f"backward of shape {self.data.shape} needs a gradient")
            gradient = np.ones(self.data.shape)
        arrived = {self: np.asarray(gradient, dtype=np.float64)}
        for node in reversed(operands_first(self)):
            g = arrived.pop(node)
            node.grad = node.grad + g
            for parent, pull in node._parents:
                part = unbroadcast(pull(g), parent.data.shape)
                arrived[parent] = arrived[parent] + part if parent in arrived else part


def tensor(x):
    return x if isinstance(x, Tensor) else Tensor(x)


def unbroadcast(g, shape):
    g = g.sum(axis=tuple(range(g.ndim - len(shape))))
    return g.sum(axis=tuple(i for i, size in enumerate(shape) if size == 1), keepdims=True)


def operands_first(root):
    order, seen, stack = [], {root}, [(root, iter(root._parents))]
    while stack:
        node, parents = stack[-1]
        for parent, _ in parents:
            if parent not in seen:
                seen.add(parent)
                stack.append((parent, iter(parent._parents)))
                break
        else:
            order.append(node)
            stack.pop()
    return order
