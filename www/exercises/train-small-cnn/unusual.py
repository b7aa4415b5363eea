"""Sixteen templates of 5 × 5 and where each fits best, without batch norm; gradients by torch.autograd.grad."""

import numpy as np
import torch


class Trainer:
    def __init__(self, height, width, classes, seed):
        generator = torch.Generator().manual_seed(seed)
        shapes = [(16, 1, 5, 5), (16,), (16, classes), (classes,)]
        spreads = [0.2, 0.0, 0.25, 0.0]
        self.weights = [(torch.randn(*s, generator=generator) * spread).requires_grad_() for s, spread in zip(shapes, spreads)]
        self.speeds = [torch.zeros(*s) for s in shapes]

    def scores(self, images):
        kernels, shifts, w, b = self.weights
        padded = torch.nn.functional.pad(images, (2, 2, 2, 2))
        fits = torch.relu(torch.nn.functional.conv2d(padded, kernels, shifts))
        return fits.amax(dim=(2, 3)) @ w + b

    def step(self, images, labels):
        logits = self.scores(torch.tensor(images))
        loss = torch.logsumexp(logits, dim=1).mean() - logits[torch.arange(len(labels)), torch.tensor(labels)].mean()
        for weight, speed, slope in zip(self.weights, self.speeds, torch.autograd.grad(loss, self.weights)):
            speed.mul_(0.9).add_(slope)
            weight.data.sub_(0.1 * speed)
        return float(loss)

    def predict(self, images):
        return np.array([int(row.argmax()) for row in self.scores(torch.tensor(images)).detach()], dtype=np.int64)
