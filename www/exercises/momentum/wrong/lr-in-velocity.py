"""Keeps lr · g in the velocity, Keras's way: after a change of lr old steps go on at the old rate."""

import numpy as np


class SGD:
    def __init__(self, lr, momentum=0.0, nesterov=False):
        if nesterov and momentum == 0:
            raise ValueError("nesterov needs a momentum above 0")
        self.lr, self.momentum, self.nesterov = lr, momentum, nesterov
        self.velocities = None

    def step(self, params, grads):
        if self.velocities is None:
            self.velocities = [np.zeros_like(p) for p in params]
        grads = [self.lr * g for g in grads]
        self.velocities = [self.momentum * v + g for v, g in zip(self.velocities, grads)]
        if self.nesterov:
            moves = [g + self.momentum * v for v, g in zip(self.velocities, grads)]
        else:
            moves = self.velocities
        return [p - move for p, move in zip(params, moves)]
