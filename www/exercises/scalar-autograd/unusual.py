"""Closures instead of slopes, and the order by age: the newest node first, out of a heap."""

import heapq
import itertools
import math

ages = itertools.count()


class Value:
    def __init__(self, data):
        self.data = float(data)
        self.grad = 0.0
        self.age = next(ages)
        self.pull = lambda gradient: ()

    def __lt__(self, other):
        return self.age > other.age

    def __add__(self, other):
        return binary(self, other, lambda a, b: a + b, lambda a, b, g: (g, g))

    def __radd__(self, other):
        return binary(other, self, lambda a, b: a + b, lambda a, b, g: (g, g))

    def __sub__(self, other):
        return binary(self, other, lambda a, b: a - b, lambda a, b, g: (g, -g))

    def __rsub__(self, other):
        return binary(other, self, lambda a, b: a - b, lambda a, b, g: (g, -g))

    def __mul__(self, other):
        return binary(self, other, lambda a, b: a * b, lambda a, b, g: (g * b, g * a))

    def __rmul__(self, other):
        return binary(other, self, lambda a, b: a * b, lambda a, b, g: (g * b, g * a))

    def __truediv__(self, other):
        return binary(self, other, lambda a, b: a / b, lambda a, b, g: (g / b, -g * a / (b * b)))

    def __rtruediv__(self, other):
        return binary(other, self, lambda a, b: a / b, lambda a, b, g: (g / b, -g * a / (b * b)))

    def __neg__(self):
        return 0.0 - self

    def __pow__(self, n):
        return unary(self, self.data**n, lambda g: g * n * self.data ** (n - 1))

    def relu(self):
        return unary(self, self.data if self.data > 0 else 0.0, lambda g: g if self.data > 0 else 0.0)

    def tanh(self):
        y = math.tanh(self.data)
        return unary(self, y, lambda g: g * (1.0 + y) * (1.0 - y))

    def exp(self):
        y = math.exp(self.data)
        return unary(self, y, lambda g: g * y)

    def backward(self):
        gradients, waiting = {self.age: 1.0}, [self]
        while waiting:
            node = heapq.heappop(waiting)
            gradient = gradients.pop(node.age)
            node.grad += gradient
            for parent, part in node.pull(gradient):
                if parent.age not in gradients:
                    gradients[parent.age] = 0.0
                    heapq.heappush(waiting, parent)
                gradients[parent.age] += part


def binary(a, b, forward, backward):
    a, b = (v if isinstance(v, Value) else Value(v) for v in (a, b))
    out = Value(forward(a.data, b.data))
    out.pull = lambda g: zip((a, b), backward(a.data, b.data, g))
    return out


def unary(a, data, backward):
    out = Value(data)
    out.pull = lambda g: ((a, backward(g)),)
    return out
