"""Keeps the signal alive by batch norm before each ReLU, with the usual first weights."""

import torch
import torch.nn.functional as F
from torch import nn

DEPTH, WIDTH = 6, 48


def build():
    layers, width = [], 64
    for _ in range(DEPTH):
        layers += [nn.Linear(width, WIDTH), nn.BatchNorm1d(WIDTH), nn.ReLU()]
        width = WIDTH
    return nn.Sequential(*layers, nn.Linear(WIDTH, 10))


def train(batches, monitor):
    torch.manual_seed(0)
    model = build()
    monitor.watch(model)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.02, momentum=0.9)
    for x, y in batches:
        loss = F.cross_entropy(model(x), y)
        optimizer.zero_grad()
        loss.backward()
        monitor.step(loss=loss)
        optimizer.step()
    return model
