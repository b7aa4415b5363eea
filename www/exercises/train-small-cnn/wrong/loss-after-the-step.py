"""Returns the loss from after the update."""

import torch
from torch import nn


class Trainer:
    def __init__(self, height, width, classes, seed):
        torch.manual_seed(seed)
        self.net = nn.Sequential(
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
        self.optimizer = torch.optim.Adam(self.net.parameters(), lr=0.03)

    def step(self, images, labels):
        self.net.train()
        logits = self.net(torch.as_tensor(images))
        loss = nn.functional.cross_entropy(logits, torch.as_tensor(labels))
        self.optimizer.zero_grad()
        loss.backward()
        self.optimizer.step()
        with torch.no_grad():
            return nn.functional.cross_entropy(self.net(torch.as_tensor(images)), torch.as_tensor(labels)).item()

    def predict(self, images):
        self.net.eval()
        with torch.no_grad():
            return self.net(torch.as_tensor(images)).argmax(dim=1).numpy()
