import torch
from torch import nn


class Trainer:
    def __init__(self, height, width, classes, seed):
        # the network and its optimiser; all randomness from the seed
        raise NotImplementedError

    def step(self, images, labels):
        # images: (N, 1, H, W) float32, labels: (N,)  →  the loss before the update, a float
        raise NotImplementedError

    def predict(self, images):
        # images: (N, 1, H, W)  →  (N,) integers
        raise NotImplementedError
