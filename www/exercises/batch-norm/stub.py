import numpy as np


class BatchNorm:
    def __init__(self, features, momentum=0.1, eps=1e-5):
        self.gamma = np.ones(features)
        self.beta = np.zeros(features)
        self.running_mean = np.zeros(features)
        self.running_var = np.ones(features)
        self.momentum, self.eps = momentum, eps

    def forward(self, x, training):
        # x: (..., C)  →  y: (..., C)
        raise NotImplementedError

    def backward(self, dy):
        # dy: (..., C)  →  dx: (..., C), dgamma: (C,), dbeta: (C,)
        raise NotImplementedError
