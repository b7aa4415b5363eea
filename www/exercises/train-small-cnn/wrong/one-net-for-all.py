"""Keeps the network in the class, where all trainers share it."""

import torch
from torch import nn


class Trainer:
    def __init__(self, height, width, classes, seed):
        torch.manual_seed(seed)
        Trainer.net = nn.Sequential(
            nn.Conv2d(1, 8, 3, padding=1, bias=False),
            nn.BatchNorm2d(8),
            nn.ReLU(),
            nn.Conv2d(8, 8, 3, padding=1, bias=False),
            nn.BatchNorm2d(8),
            nn.ReLU(),
            nn.AdaptiveAvgPool2d(1),
            nn.Flatten(),
            nn.Linear(8, classes),
        )
        self.optimizer = torch.optim.Adam(Trainer.net.parameters(), lr=0.03)

    def step(self, images, labels):
        Trainer.net.train()
        logits = Trainer.net(torch.as_tensor(images))
        loss = nn.functional.cross_entropy(logits, torch.as_tensor(labels))
        self.optimizer.zero_grad()
        loss.backward()
        self.optimizer.step()
        return loss.item()

    def predict(self, images):
        Trainer.net.eval()
        with torch.no_grad():
            return Trainer.net(torch.as_tensor(images)).argmax(dim=1).numpy()
