"""Keeps every gradient: the corrected moments are weighted averages whose weights are divided by their sum."""

import numpy as np


class Adam:
    def __init__(self, lr=1e-3, betas=(0.9, 0.999), eps=1e-8):
        self.lr = lr
        self.betas = betas
        self.eps = eps
        self.seen = {}

    def average(self, values, beta):
        weights = [beta**age for age in range(len(values))][::-1]
        return sum(w * value for w, value in zip(weights, values)) / sum(weights)

    def step(self, params, grads):
        updated = []
        for i, (p, g) in enumerate(zip(params, grads)):
            if g is None:
                updated.append(p.copy())
                continue
            past = self.seen.setdefault(i, [])
            past.append(g.copy())
            first = self.average(past, self.betas[0])
            second = self.average([h * h for h in past], self.betas[1])
            updated.append(p - self.lr * (first / (second**0.5 + self.eps)))
        return updated
