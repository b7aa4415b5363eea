"""Keeps the whole history of metrics and asks each time how long ago the best epoch was."""

import copy
import math

import numpy as np


class EarlyStopping:
    def __init__(self, patience, min_delta=0.0, mode="min"):
        if patience <= 0 or mode not in {"min", "max"}:
            raise ValueError((patience, mode))
        self.patience = patience
        self.margin = min_delta
        self.mode = mode
        self.history = []
        self.best = None
        self.best_epoch = None
        self.snapshot = None

    def gain(self, metric):
        if math.isnan(metric):
            return -math.inf
        if self.best is None:
            return math.inf
        return self.best - metric if self.mode == "min" else metric - self.best

    def update(self, metric, weights):
        self.history.append(metric)
        if self.gain(metric) > self.margin:
            self.best, self.best_epoch = metric, len(self.history) - 1
            self.snapshot = copy.deepcopy(weights)
        since = len(self.history) - 1 - (-1 if self.best_epoch is None else self.best_epoch)
        return since >= self.patience

    def restore(self):
        if self.snapshot is None:
            raise ValueError("nothing kept")
        return copy.deepcopy(self.snapshot)
