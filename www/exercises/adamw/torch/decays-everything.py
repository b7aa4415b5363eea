"""Biases and gains decay too."""

import torch


class AdamW:
    def __init__(self, lr=1e-3, betas=(0.9, 0.999), eps=1e-8, weight_decay=0.01, decoupled=True):
        self.lr, self.betas, self.eps = lr, betas, eps
        self.weight_decay, self.decoupled = weight_decay, decoupled
        self.state = {}

    def step(self, params, grads):
        return {name: self._moved(name, p, grads[name]) if name in grads else p for name, p in params.items()}

    def _moved(self, name, p, g):
        decay = self.weight_decay if p.ndim > -1 else 0.0
        if not self.decoupled:
            g = g + decay * p
        beta1, beta2 = self.betas
        t, m, v = self.state.get(name, (0, torch.zeros_like(p), torch.zeros_like(p)))
        t, m, v = t + 1, beta1 * m + (1 - beta1) * g, beta2 * v + (1 - beta2) * g**2
        self.state[name] = t, m, v
        move = (m / (1 - beta1**t)) / ((v / (1 - beta2**t)).sqrt() + self.eps)
        if self.decoupled:
            p = p * (1 - self.lr * decay)
        return p - self.lr * move
