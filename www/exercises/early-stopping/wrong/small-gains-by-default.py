"""Asks for a gain of 0.0001 though nobody did."""

import numpy as np


class EarlyStopping:
    def __init__(self, patience, min_delta=1e-4, mode="min"):
        if patience < 1:
            raise ValueError(f"patience must be at least 1, got {patience}")
        if mode not in ("min", "max"):
            raise ValueError(f"mode must be 'min' or 'max', got {mode!r}")
        self.patience, self.min_delta = patience, min_delta
        self.sign = 1 if mode == "min" else -1
        self.best = self.best_epoch = self.kept = None
        self.epoch, self.waited = 0, 0

    def update(self, metric, weights):
        if self.best is None:
            better = metric == metric
        else:
            better = self.sign * metric < self.sign * self.best - self.min_delta
        if better:
            self.best, self.best_epoch, self.waited = metric, self.epoch, 0
            self.kept = [w.copy() for w in weights]
        else:
            self.waited += 1
        self.epoch += 1
        return self.waited >= self.patience

    def restore(self):
        if self.kept is None:
            raise ValueError("no epoch had a metric to keep")
        return [w.copy() for w in self.kept]
