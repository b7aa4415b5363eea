import numpy as np


class EarlyStopping:
    def __init__(self, patience, min_delta=0.0, mode="min"):
        self.best = None
        self.best_epoch = None
        self.patience, self.min_delta, self.mode = patience, min_delta, mode

    def update(self, metric, weights):
        # Called after each epoch; weights: a list of arrays  →  True to stop
        raise NotImplementedError

    def restore(self):
        # → the weights of the best epoch
        raise NotImplementedError
