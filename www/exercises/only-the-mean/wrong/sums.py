"""Sums instead of averaging, which scales the same wrong gradient."""

import torch
from torch import nn


def build():
    return nn.Sequential(nn.Linear(6, 32), nn.Tanh(), nn.Linear(32, 32), nn.Tanh(), nn.Linear(32, 1))


def squared_error(prediction, y):
    """The mean squared error of a batch. prediction: (N, 1), as the net gives it; y: (N,)."""
    return ((prediction - y) ** 2).sum()


def train(batches, monitor):
    torch.manual_seed(0)
    model = build()
    monitor.watch(model)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.05, momentum=0.9)
    for x, y in batches:
        loss = squared_error(model(x), y)
        optimizer.zero_grad()
        loss.backward()
        monitor.step(loss=loss)
        optimizer.step()
    return model
