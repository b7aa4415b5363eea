"""Moves the running statistics by a hundredth where nothing is said."""

import numpy as np


class BatchNorm:
    def __init__(self, features, momentum=0.01, eps=1e-5):
        self.gamma = np.ones(features)
        self.beta = np.zeros(features)
        self.running_mean = np.zeros(features)
        self.running_var = np.ones(features)
        self.momentum, self.eps = momentum, eps

    def forward(self, x, training):
        axes = tuple(range(x.ndim - 1))
        self.training, self.axes = training, axes
        self.count = x.size // x.shape[-1]
        if training:
            if self.count < 2:
                raise ValueError(f"training needs two values for each channel, got {self.count}")
            mean = x.mean(axis=axes)
            var = ((x - mean) ** 2).mean(axis=axes)
            unbiased = var * self.count / (self.count - 1)
            self.running_mean = (1 - self.momentum) * self.running_mean + self.momentum * mean
            self.running_var = (1 - self.momentum) * self.running_var + self.momentum * unbiased
        else:
            mean, var = self.running_mean, self.running_var
        self.inverse_std = 1 / np.sqrt(var + self.eps)
        self.x_hat = (x - mean) * self.inverse_std
        return self.gamma * self.x_hat + self.beta

    def backward(self, dy):
        dgamma = (dy * self.x_hat).sum(axis=self.axes)
        dbeta = dy.sum(axis=self.axes)
        scale = self.gamma * self.inverse_std
        if not self.training:
            return scale * dy, dgamma, dbeta
        dx = scale * (dy - (dbeta + self.x_hat * dgamma) / self.count)
        return dx, dgamma, dbeta
