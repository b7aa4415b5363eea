"""Walks the graph node by node: centre, square, mean, root, quotient, each with its own backward line."""

import numpy as np


class BatchNorm:
    def __init__(self, features, momentum=0.1, eps=1e-5):
        self.gamma, self.beta = np.ones(features), np.zeros(features)
        self.running_mean, self.running_var = np.zeros(features), np.ones(features)
        self.rate, self.eps = momentum, eps

    def forward(self, x, training):
        self.shape, self.fixed = x.shape, not training
        rows = x.reshape(-1, x.shape[-1])
        n = len(rows)
        if training and n == 1:
            raise ValueError("one value has no variance")
        centre = rows.mean(axis=0) if training else self.running_mean
        self.centred = rows - centre
        self.var = (self.centred**2).mean(axis=0) if training else self.running_var
        if training:
            self.running_mean = self.running_mean + self.rate * (centre - self.running_mean)
            self.running_var = self.running_var + self.rate * (rows.var(axis=0, ddof=1) - self.running_var)
        self.std = np.sqrt(self.var + self.eps)
        return (self.gamma * (self.centred / self.std) + self.beta).reshape(x.shape)

    def backward(self, dy):
        rows = dy.reshape(self.centred.shape)
        n = len(rows)
        normed = self.centred / self.std
        d_normed = rows * self.gamma
        d_centred = d_normed / self.std
        if not self.fixed:
            d_std = -(d_normed * self.centred).sum(axis=0) / self.std**2
            d_var = d_std / (2 * self.std)
            d_centred = d_centred + d_var * 2 * self.centred / n
            d_centred = d_centred - d_centred.mean(axis=0)
        return [d_centred.reshape(self.shape), (rows * normed).sum(axis=0), rows.sum(axis=0)]
