"""LeNet as textbooks write it: lazy layers, sigmoids, average pools, first values by Xavier, a class that trains."""

import torch
from torch import nn
from torch.nn import functional as F


def init_cnn(module):
    if type(module) is nn.Linear or type(module) is nn.Conv2d:
        nn.init.xavier_uniform_(module.weight)


net = nn.Sequential(
    nn.LazyConv2d(6, kernel_size=5, padding=2), nn.Sigmoid(),
    nn.AvgPool2d(kernel_size=2, stride=2),
    nn.LazyConv2d(16, kernel_size=5), nn.Sigmoid(),
    nn.AvgPool2d(kernel_size=2, stride=2),
    nn.Flatten(),
    nn.LazyLinear(120), nn.Sigmoid(),
    nn.LazyLinear(84), nn.Sigmoid(),
    nn.LazyLinear(10),
)  # fmt: skip
torch.manual_seed(0)
X = torch.randn(1, 1, 28, 28)
shapes = []
for layer in net:
    X = layer(X)
    shapes.append((layer.__class__.__name__, tuple(X.shape)))
assert shapes[0] == ("Conv2d", (1, 6, 28, 28)) and shapes[5] == ("AvgPool2d", (1, 16, 5, 5)) and shapes[-1] == ("Linear", (1, 10)), shapes
net.apply(init_cnn)
assert sum(p.numel() for p in net.parameters()) == 61706

# Bars that lie or stand, by the same net with rectifiers, which begins faster than one of sigmoids.
net = nn.Sequential(*[nn.ReLU() if isinstance(layer, nn.Sigmoid) else layer for layer in net])
lying = torch.zeros(32, 1, 28, 28)
standing = torch.zeros(32, 1, 28, 28)
for i in range(32):
    at = int(torch.randint(4, 24, (1,)))
    lying[i, 0, at : at + 3, 4:24] = 1
    standing[i, 0, 4:24, at : at + 3] = 1
data, labels = torch.cat([lying, standing]), torch.tensor([0] * 32 + [1] * 32)
optimizer = torch.optim.Adam(net.parameters(), lr=0.002)
for step in range(20):
    optimizer.zero_grad()
    loss = F.cross_entropy(net(data), labels)
    loss.backward()
    optimizer.step()
accuracy = (net(data).argmax(1) == labels).float().mean().item()
assert accuracy > 0.95, (accuracy, loss.item())
print("ok")
