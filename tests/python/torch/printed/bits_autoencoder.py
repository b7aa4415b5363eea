# A variational autoencoder of bits: settings by argparse, sums as losses, samples at the end.
import argparse

import torch
import torch.nn.functional as F
from torch import nn, optim
from torch.utils.data import DataLoader, TensorDataset

parser = argparse.ArgumentParser()
parser.add_argument("--batch-size", type=int, default=32)
parser.add_argument("--epochs", type=int, default=3)
parser.add_argument("--latent", type=int, default=6)
parser.add_argument("--no-cuda", action="store_true", default=False)
args = parser.parse_args([])
use_cuda = not args.no_cuda and torch.cuda.is_available()
device = torch.device("cuda" if use_cuda else "cpu")
torch.manual_seed(1)
loader_settings = {"num_workers": 1, "pin_memory": True} if use_cuda else {}
bits = torch.zeros(96, 1, 6, 6)
bits[::2, :, ::2] = 1
bits[1::2, :, :, ::3] = 1
loader = DataLoader(TensorDataset(bits, torch.arange(96) % 2), batch_size=args.batch_size, shuffle=True, **loader_settings)


class BitsAutoencoder(nn.Module):
    def __init__(self, latent):
        super(BitsAutoencoder, self).__init__()
        self.body = nn.Sequential(nn.Flatten(), nn.Linear(36, 24), nn.Tanh())
        self.mean = nn.Linear(24, latent)
        self.log_variance = nn.Linear(24, latent)
        self.decoder = nn.Sequential(nn.Linear(latent, 24), nn.ReLU(inplace=True), nn.Linear(24, 36), nn.Unflatten(1, (1, 6, 6)))

    def forward(self, x):
        h = self.body(x)
        mean, log_variance = self.mean(h), self.log_variance(h)
        z = mean + torch.randn_like(mean) * torch.exp(log_variance / 2) if self.training else mean
        return self.decoder(z), mean, log_variance


def bound(logits, x, mean, log_variance):
    fit = F.binary_cross_entropy_with_logits(logits, x, reduction="sum")
    distance = 0.5 * (mean.pow(2) + log_variance.exp() - 1 - log_variance).sum()
    return fit, distance


net = BitsAutoencoder(args.latent).to(device)
print(net)
optimizer = optim.Adam(net.parameters(), lr=3e-3)
for epoch in range(1, args.epochs + 1):
    net.train()
    running = 0.0
    for step, (x, _) in enumerate(loader):
        x = x.to(device, non_blocking=True)
        fit, distance = bound(*(lambda out: (out[0], x, *out[1:]))(net(x)))
        loss = (fit + distance) / len(x)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        running += loss.item() * len(x)
        print(f"epoch {epoch} [{step * len(x):2d}/{len(loader.dataset)}] fit {fit.item() / len(x):8.4f} distance {distance.item() / len(x):.5f}")
    print(f"epoch {epoch}: {running / len(loader.dataset):.4f}")
net.eval()
with torch.no_grad():
    again = torch.sigmoid(net(bits[:4].to(device))[0])
    print(again.shape, again.mean(), (again > 0.5).float().sum((1, 2, 3)))
