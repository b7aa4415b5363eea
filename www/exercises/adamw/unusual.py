"""Plain Adam over a gradient that a function prepares, and the decay as a second pass over the old parameters."""

import numpy as np


class AdamW:
    def __init__(self, lr=1e-3, betas=(0.9, 0.999), eps=1e-8, weight_decay=0.01, decoupled=True):
        self.lr = lr
        self.b1, self.b2 = betas
        self.eps = eps
        self.pull = weight_decay
        self.decoupled = decoupled
        self.steps, self.first, self.second = {}, {}, {}

    def adam(self, name, g):
        self.steps[name] = self.steps.get(name, 0) + 1
        self.first[name] = self.b1 * self.first.get(name, 0.0) + (1 - self.b1) * g
        self.second[name] = self.b2 * self.second.get(name, 0.0) + (1 - self.b2) * g * g
        root = np.sqrt(self.second[name]) / (1 - self.b2 ** self.steps[name]) ** 0.5
        return self.first[name] / (root + self.eps) / (1 - self.b1 ** self.steps[name])

    def step(self, params, grads):
        updated = dict(params)
        for name, g in grads.items():
            old = params[name]
            shrink = self.pull * old if len(old.shape) >= 2 else np.zeros_like(old)
            move = self.adam(name, g) + shrink if self.decoupled else self.adam(name, g + shrink)
            updated[name] = old - self.lr * move
        return updated
