import torch
from torch import nn


class LoRAConv2d(nn.Module):
    def __init__(self, conv, rank=4, alpha=8):
        super().__init__()
        self.conv = conv.requires_grad_(False)
        self.a = nn.Conv2d(conv.in_channels, rank, conv.kernel_size, conv.stride, conv.padding, bias=False)
        self.b = nn.Conv2d(rank, conv.out_channels, 1, bias=False)
        nn.init.zeros_(self.b.weight)
        self.scale = alpha / rank

    def forward(self, x):
        return self.conv(x) + self.scale * self.b(self.a(x))

    def merged(self):
        change = torch.einsum("or,rchw->ochw", self.b.weight[:, :, 0, 0], self.a.weight)
        with torch.no_grad():
            self.conv.weight += self.scale * change
        return self.conv


layer = LoRAConv2d(nn.Conv2d(16, 32, 3, padding=1))
x = torch.randn(8, 16, 14, 14)
assert torch.equal(layer(x), layer.conv(x))

trained = [p for p in layer.parameters() if p.requires_grad]
print(sum(p.numel() for p in trained), "/", layer.conv.weight.numel())

target = torch.randn(8, 32, 14, 14)
optimizer = torch.optim.Adam(trained, lr=0.01)
for step in range(20):
    optimizer.zero_grad()
    loss = nn.functional.mse_loss(layer(x), target)
    loss.backward()
    optimizer.step()

beside = layer(x)
print(f"{(layer.merged()(x) - beside).abs().max().item():.1e}")
