import torch
from torch import nn


class Net(nn.Module):
    """A base, as if pretrained, and a new head."""

    def __init__(self, inputs=6, width=8, classes=3):
        super().__init__()
        self.base = nn.Sequential(
            nn.Linear(inputs, width), nn.BatchNorm1d(width), nn.ReLU(), nn.Dropout(0.5),
            nn.Linear(width, width), nn.ReLU(),
        )
        self.head = nn.Sequential(nn.BatchNorm1d(width), nn.Linear(width, classes))

    def forward(self, x):
        return self.head(self.base(x))


class Blocks(nn.Module):
    """Names that begin alike."""

    def __init__(self):
        super().__init__()
        self.block1 = nn.Linear(4, 3)
        self.block10 = nn.Linear(3, 3)
        self.block = nn.Sequential(nn.Linear(3, 3), nn.Linear(3, 2))

    def forward(self, x):
        return self.block(self.block10(self.block1(x)))


class Tied(nn.Module):
    """The head uses the embedding's weight, as language models do."""

    def __init__(self):
        super().__init__()
        self.embedding = nn.Linear(5, 4, bias=False)
        self.middle = nn.Linear(4, 5)
        self.head = nn.Linear(5, 4, bias=False)
        self.head.weight = self.embedding.weight

    def forward(self, x):
        return self.head(self.middle(self.embedding(x)))


def state(model):
    """{name: array}, parameters and buffers."""
    return {name: value.detach().numpy().copy() for name, value in model.state_dict().items()}


def load(model, arrays):
    """Puts arrays into a model, which then computes in float64."""
    model.double()
    model.load_state_dict({name: torch.as_tensor(array) for name, array in arrays.items()})
    return model
