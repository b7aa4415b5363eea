"""Keeps every gradient it ever saw and adds them up again with powers of the momentum: the definition, unrolled."""

import numpy as np


class SGD:
    def __init__(self, lr, momentum=0.0, nesterov=False):
        if nesterov and not momentum > 0:
            raise ValueError("momentum must be positive for nesterov")
        self.lr = lr
        self.mu = momentum
        self.nesterov = nesterov
        self.history = []

    def step(self, params, grads):
        self.history.append([g.copy() for g in grads])
        updated = []
        for i, p in enumerate(params):
            move = np.zeros_like(p)
            for age, past in enumerate(reversed(self.history)):
                weight = self.mu ** age if age else 1.0
                if self.nesterov:
                    weight = weight * self.mu + (1.0 if age == 0 else 0.0)
                move = move + weight * past[i]
            updated.append(p - self.lr * move)
        return tuple(updated)
