"""The running variance takes the batch variance as it is, divided by N."""

import torch


class BatchNorm:
    def __init__(self, features, momentum=0.1, eps=1e-5):
        self.gamma = torch.ones(features, dtype=torch.float64)
        self.beta = torch.zeros(features, dtype=torch.float64)
        self.running_mean = torch.zeros(features, dtype=torch.float64)
        self.running_var = torch.ones(features, dtype=torch.float64)
        self.momentum, self.eps = momentum, eps

    def forward(self, x, training):
        axes = tuple(range(x.ndim - 1))
        self.training, self.axes = training, axes
        self.count = x.numel() // x.shape[-1]
        if training:
            if self.count < 2:
                raise ValueError(f"training needs two values for each channel, got {self.count}")
            mean = x.mean(dim=axes)
            var = ((x - mean) ** 2).mean(dim=axes)
            unbiased = var * self.count / (self.count - 1)
            self.running_mean = (1 - self.momentum) * self.running_mean + self.momentum * mean
            self.running_var = (1 - self.momentum) * self.running_var + self.momentum * var
        else:
            mean, var = self.running_mean, self.running_var
        self.inverse_std = 1 / (var + self.eps).sqrt()
        self.x_hat = (x - mean) * self.inverse_std
        return self.gamma * self.x_hat + self.beta

    def backward(self, dy):
        dgamma = (dy * self.x_hat).sum(dim=self.axes)
        dbeta = dy.sum(dim=self.axes)
        scale = self.gamma * self.inverse_std
        if not self.training:
            return scale * dy, dgamma, dbeta
        dx = scale * (dy - (dbeta + self.x_hat * dgamma) / self.count)
        return dx, dgamma, dbeta
