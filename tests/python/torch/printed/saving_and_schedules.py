import os
import tempfile
from pathlib import Path

import numpy as np
import torch
from torch import nn
from torch.optim import lr_scheduler
from torch.utils.data import ConcatDataset, DataLoader, Subset, TensorDataset, WeightedRandomSampler

torch.manual_seed(0)
np.random.seed(0)
X = np.random.randn(200, 10).astype(np.float32)
w_true = np.arange(10, dtype=np.float32)
Y = X @ w_true[:, None] + 0.1 * np.random.randn(200, 1).astype(np.float32)
ds = TensorDataset(torch.from_numpy(X), torch.from_numpy(Y))
train, val = Subset(ds, range(160)), Subset(ds, range(160, 200))
both = ConcatDataset([train, val])
print(len(train), len(val), len(both), both[170][1])
loader = DataLoader(train, batch_size=16, shuffle=True, generator=torch.Generator().manual_seed(7))


class Net(nn.Module):
    def __init__(self, sizes):
        super().__init__()
        self.layers = nn.ModuleList(nn.Linear(a, b) for a, b in zip(sizes[:-1], sizes[1:]))
        self.acts = nn.ModuleDict({"relu": nn.ReLU(), "tanh": nn.Tanh()})
        self.scale = nn.Parameter(torch.ones(1))
        self.register_buffer("steps", torch.zeros((), dtype=torch.long))

    def forward(self, x):
        self.steps += 1
        for layer in self.layers[:-1]:
            x = self.acts["relu"](layer(x))
        return self.layers[-1](x) * self.scale

    def extra_repr(self):
        return "hello"


net = Net([10, 16, 8, 1])
print(net)
decay = [p for n, p in net.named_parameters() if p.dim() > 1]
no_decay = [p for n, p in net.named_parameters() if p.dim() <= 1]
opt = torch.optim.AdamW([{"params": decay, "weight_decay": 0.1}, {"params": no_decay, "weight_decay": 0.0}], lr=1e-2)
sched = lr_scheduler.SequentialLR(opt, [lr_scheduler.LinearLR(opt, 0.1, total_iters=3), lr_scheduler.CosineAnnealingLR(opt, 5)], milestones=[3])
plateau = lr_scheduler.ReduceLROnPlateau(opt, mode="min", factor=0.5, patience=1)
crit = nn.SmoothL1Loss()
best = float("inf")
folder = tempfile.mkdtemp()
for epoch in range(6):
    net.train()
    for xb, yb in loader:
        opt.zero_grad()
        loss = crit(net(xb), yb)
        loss.backward()
        opt.step()
    sched.step()
    net.eval()
    with torch.no_grad():
        vl = torch.stack([crit(net(x[None]), y[None]) for x, y in val]).mean()
    print(epoch, f"{vl.item():.4f}", [round(g["lr"], 6) for g in opt.param_groups])
    if vl < best:
        best = vl.item()
        torch.save({"epoch": epoch, "model_state_dict": net.state_dict(), "optimizer_state_dict": opt.state_dict(), "loss": best}, os.path.join(folder, "best.pt"))
ck = torch.load(os.path.join(folder, "best.pt"), weights_only=True)
print(ck["epoch"], list(ck["model_state_dict"])[:3], round(ck["loss"], 3))
other = Net([10, 16, 8, 1])
print(other.load_state_dict(ck["model_state_dict"]))
o2 = torch.optim.AdamW([{"params": [p for p in other.parameters() if p.dim() > 1], "weight_decay": 0.1}, {"params": [p for p in other.parameters() if p.dim() <= 1]}], lr=1e-2)
o2.load_state_dict(ck["optimizer_state_dict"])
print(o2)
x = torch.randn(3, 10)
print(torch.allclose(net(x), other(x)), net.steps)
missing = other.load_state_dict({"scale": torch.ones(1), "bogus": torch.ones(2)}, strict=False)
print(missing)
try:
    other.load_state_dict({"scale": torch.ones(3)})
except RuntimeError as e:
    print(e)
sampler = WeightedRandomSampler([0.1, 0.9, 0.5], 10, replacement=True)
print(len(list(sampler)))
print({k: tuple(v.shape) for k, v in net.state_dict().items()})
