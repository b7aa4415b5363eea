import torch


class SGD:
    def __init__(self, lr, momentum=0.0, nesterov=False):
        if nesterov and momentum == 0:
            raise ValueError("nesterov needs a momentum above 0")
        self.lr, self.momentum, self.nesterov = lr, momentum, nesterov
        self.velocities = None

    def step(self, params, grads):
        if self.velocities is None:
            self.velocities = [torch.zeros_like(p) for p in params]
        self.velocities = [self.momentum * v + g for v, g in zip(self.velocities, grads)]
        if self.nesterov:
            moves = [g + self.momentum * v for v, g in zip(self.velocities, grads)]
        else:
            moves = self.velocities
        return [p - self.lr * move for p, move in zip(params, moves)]
