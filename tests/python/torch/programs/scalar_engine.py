"""A scalar autograd of one's own, of micrograd's kind, held to torch's."""

import math
import random

import torch


class Value:
    def __init__(self, data, children=()):
        self.data, self.grad, self._prev, self._backward = data, 0.0, children, lambda: None

    def __add__(self, other):
        other = other if isinstance(other, Value) else Value(other)
        out = Value(self.data + other.data, (self, other))

        def backward():
            self.grad += out.grad
            other.grad += out.grad

        out._backward = backward
        return out

    def __mul__(self, other):
        other = other if isinstance(other, Value) else Value(other)
        out = Value(self.data * other.data, (self, other))

        def backward():
            self.grad += other.data * out.grad
            other.grad += self.data * out.grad

        out._backward = backward
        return out

    def tanh(self):
        out = Value(math.tanh(self.data), (self,))

        def backward():
            self.grad += (1 - out.data**2) * out.grad

        out._backward = backward
        return out

    def backward(self):
        order, seen = [], set()

        def visit(v):
            if v not in seen:
                seen.add(v)
                for child in v._prev:
                    visit(child)
                order.append(v)

        visit(self)
        self.grad = 1.0
        for v in reversed(order):
            v._backward()


random.seed(3)
numbers = [[random.uniform(-1, 1) for _ in range(3)] for _ in range(4)]
weights = [random.uniform(-1, 1) for _ in range(4)]
ours = [Value(w) for w in weights]
theirs = torch.tensor(weights, dtype=torch.float64, requires_grad=True)
total = Value(0.0)
loss = torch.zeros((), dtype=torch.float64)
for row in numbers:
    y = ours[3]
    for w, x in zip(ours, row):
        y = y + w * x
    y = y.tanh()
    total = total + y * y
    z = (theirs[:3] @ torch.tensor(row, dtype=torch.float64) + theirs[3]).tanh()
    loss = loss + z * z
total.backward()
loss.backward()
assert abs(total.data - loss.item()) < 1e-12
for a, b in zip(ours, theirs.grad):
    assert abs(a.grad - b.item()) < 1e-12, (a.grad, b)
print("ok")
