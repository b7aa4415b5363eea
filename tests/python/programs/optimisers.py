"""Optimisers from scratch on the Rosenbrock function and on logistic regression."""
import numpy as np


def rosen(p):
    x, y = p
    return (1 - x) ** 2 + 100 * (y - x ** 2) ** 2


def grad(p):
    x, y = p
    return np.array([-2 * (1 - x) - 400 * x * (y - x ** 2), 200 * (y - x ** 2)])


class SGD:
    def __init__(self, lr=1e-3, momentum=0.9):
        self.lr, self.momentum, self.v = lr, momentum, 0

    def step(self, p, g):
        self.v = self.momentum * self.v - self.lr * g
        return p + self.v


class Adam:
    def __init__(self, lr=0.02, b1=0.9, b2=0.999, eps=1e-8):
        self.lr, self.b1, self.b2, self.eps = lr, b1, b2, eps
        self.m = self.s = self.t = 0

    def step(self, p, g):
        self.t += 1
        self.m = self.b1 * self.m + (1 - self.b1) * g
        self.s = self.b2 * self.s + (1 - self.b2) * g * g
        return p - self.lr * (self.m / (1 - self.b1 ** self.t)) / (np.sqrt(self.s / (1 - self.b2 ** self.t)) + self.eps)


for opt in (SGD(1e-4), Adam()):
    p = np.array([-1.2, 1.0])
    for i in range(1, 2001):
        p = opt.step(p, grad(p))
        if i % 500 == 0:
            print(type(opt).__name__, i, p, f"{rosen(p):.8e}")
rng = np.random.default_rng(4)
X = np.c_[np.ones(200), rng.normal(size=(200, 3))]
true = np.array([0.5, 2.0, -1.0, 0.0])
y = rng.binomial(1, 1 / (1 + np.exp(-X @ true)))
w, opt = np.zeros(4), Adam(0.1)
for epoch in range(20):
    order = rng.permutation(200)
    for batch in np.array_split(order, 5):
        p = 1 / (1 + np.exp(-X[batch] @ w))
        w = opt.step(w, X[batch].T @ (p - y[batch]) / len(batch))
p = np.clip(1 / (1 + np.exp(-X @ w)), 1e-12, 1 - 1e-12)
print("w", w, "nll", -np.mean(y * np.log(p) + (1 - y) * np.log1p(-p)), "acc", np.mean((p > 0.5) == y))
schedule = 0.5 * (1 + np.cos(np.linspace(0, np.pi, 7)))
print(schedule, np.geomspace(1e-3, 1, 4), np.logspace(-2, 0, 3), np.interp(2.5, [0, 5], [1, 0]))
