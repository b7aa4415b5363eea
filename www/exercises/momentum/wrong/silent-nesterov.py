"""Accepts Nesterov without momentum and does nothing about it."""

import numpy as np


class SGD:
    def __init__(self, lr, momentum=0.0, nesterov=False):

        self.lr, self.momentum, self.nesterov = lr, momentum, nesterov
        self.velocities = None

    def step(self, params, grads):
        if self.velocities is None:
            self.velocities = [np.zeros_like(p) for p in params]
        self.velocities = [self.momentum * v + g for v, g in zip(self.velocities, grads)]
        if self.nesterov:
            moves = [g + self.momentum * v for v, g in zip(self.velocities, grads)]
        else:
            moves = self.velocities
        return [p - self.lr * move for p, move in zip(params, moves)]
