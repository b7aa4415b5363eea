import torch
import torch.nn as nn
import torch.nn.functional as F

torch.manual_seed(42)


class Patches(nn.Module):
    def __init__(self, size=16, side=4, channels=1, dim=32):
        super().__init__()
        self.num_patches = (size // side) ** 2
        self.proj = nn.Conv2d(channels, dim, kernel_size=side, stride=side)

    def forward(self, x):
        return self.proj(x).flatten(2).transpose(1, 2)


class Looking(nn.Module):
    def __init__(self, dim, num_heads=4, qkv_bias=True):
        super().__init__()
        self.num_heads = num_heads
        self.scale = (dim // num_heads) ** -0.5
        self.qkv = nn.Linear(dim, dim * 3, bias=qkv_bias)
        self.proj = nn.Linear(dim, dim)

    def forward(self, x):
        B, N, C = x.shape
        qkv = self.qkv(x).reshape(B, N, 3, self.num_heads, C // self.num_heads).permute(2, 0, 3, 1, 4)
        q, k, v = qkv.unbind(0)
        attn = (q @ k.transpose(-2, -1)) * self.scale
        attn = attn.softmax(dim=-1)
        x = (attn @ v).transpose(1, 2).reshape(B, N, C)
        return self.proj(x)


class Wider(nn.Module):
    def __init__(self, dim, hidden):
        super().__init__()
        self.fc1, self.act, self.fc2 = nn.Linear(dim, hidden), nn.GELU(), nn.Linear(hidden, dim)

    def forward(self, x):
        return self.fc2(self.act(self.fc1(x)))


class Block(nn.Module):
    def __init__(self, dim, heads):
        super().__init__()
        self.norm1 = nn.LayerNorm(dim)
        self.attn = Looking(dim, heads)
        self.norm2 = nn.LayerNorm(dim, eps=1e-6)
        self.mlp = Wider(dim, dim * 2)

    def forward(self, x):
        x = x + self.attn(self.norm1(x))
        return x + self.mlp(self.norm2(x))


class PatchNet(nn.Module):
    def __init__(self, dim=32, depth=2, heads=4, classes=4):
        super().__init__()
        self.patches = Patches(dim=dim)
        self.summary = nn.Parameter(torch.zeros(1, 1, dim))
        self.places = nn.Parameter(torch.randn(1, self.patches.num_patches + 1, dim) * 0.02)
        self.blocks = nn.Sequential(*[Block(dim, heads) for _ in range(depth)])
        self.norm = nn.LayerNorm(dim)
        self.head = nn.Linear(dim, classes)
        nn.init.normal_(self.summary, std=0.02)
        self.apply(self._draw)

    def _draw(self, m):
        if isinstance(m, nn.Linear):
            nn.init.xavier_uniform_(m.weight)
            if isinstance(m, nn.Linear) and m.bias is not None:
                nn.init.zeros_(m.bias)
        elif isinstance(m, nn.LayerNorm):
            nn.init.ones_(m.weight)
            nn.init.zeros_(m.bias)

    def forward(self, x):
        x = self.patches(x)
        cls = self.summary.expand(x.shape[0], -1, -1)
        x = torch.cat((cls, x), dim=1) + self.places
        return self.head(self.norm(self.blocks(x))[:, 0])


model = PatchNet()
print(sum(p.numel() for p in model.parameters() if p.requires_grad))
x = torch.randn(32, 1, 16, 16)
y = torch.randint(0, 4, (32,))
x[torch.arange(32), 0, y * 3, :] += 2
opt = torch.optim.AdamW(model.parameters(), lr=1e-3, weight_decay=0.05)
sched = torch.optim.lr_scheduler.CosineAnnealingLR(opt, T_max=8)
for step in range(8):
    logits = model(x)
    loss = F.cross_entropy(logits, y, label_smoothing=0.1)
    opt.zero_grad(set_to_none=True)
    loss.backward()
    gn = torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
    opt.step()
    sched.step()
    acc = (logits.argmax(-1) == y).float().mean()
    print(f"step {step} loss {loss.item():.4f} acc {acc:.3f} norm {gn:.3f} lr {sched.get_last_lr()[0]:.6f}")
print(model.blocks[0])
for name, p in list(model.named_parameters())[:6]:
    print(name, tuple(p.shape), p.requires_grad, f"{p.norm():.4f}")
