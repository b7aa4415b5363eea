# Two nets against each other: transposed convolutions, two optimisers, labels that are filled anew, a gradient penalty.
import random

import torch
import torch.nn as nn
import torch.nn.parallel
import torch.backends.cudnn as cudnn
import torch.optim as optim

random.seed(5)
torch.manual_seed(5)
cudnn.benchmark = True
noise_size, width = 12, 6


def draw_weights(module):
    kind = type(module).__name__
    if "Conv" in kind:
        nn.init.normal_(module.weight.data, 0.0, 0.05)
    elif "BatchNorm" in kind:
        nn.init.normal_(module.weight.data, 1.0, 0.05)
        nn.init.zeros_(module.bias.data)


forger = nn.Sequential(
    nn.ConvTranspose2d(noise_size, width * 2, 4, bias=False), nn.BatchNorm2d(width * 2), nn.ReLU(True),
    nn.ConvTranspose2d(width * 2, width, 4, 2, 1, bias=False), nn.BatchNorm2d(width), nn.ReLU(True),
    nn.ConvTranspose2d(width, 1, 4, 2, 1), nn.Tanh(),
).apply(draw_weights)  # fmt: skip
judge = nn.Sequential(
    nn.Conv2d(1, width, 4, 2, 1), nn.LeakyReLU(0.2, inplace=True),
    nn.Conv2d(width, width * 2, 4, 2, 1, bias=False), nn.BatchNorm2d(width * 2), nn.LeakyReLU(0.2, inplace=True),
    nn.Conv2d(width * 2, 1, 4), nn.Sigmoid(), nn.Flatten(0),
).apply(draw_weights)  # fmt: skip
print(forger, judge, sep="\n")
pictures = torch.rand(24, 1, 16, 16) * 2 - 1
loss_of = nn.BCELoss()
settings = dict(lr=2e-3, betas=(0.5, 0.999))
of_judge, of_forger = optim.Adam(judge.parameters(), **settings), optim.Adam(forger.parameters(), **settings)
for step, real in enumerate(pictures.split(8)):
    judge.zero_grad()
    labels = torch.full((real.size(0),), 1.0)
    on_real = judge(real)
    loss_real = loss_of(on_real, labels)
    loss_real.backward()
    fake = forger(torch.randn(real.size(0), noise_size, 1, 1))
    on_fake = judge(fake.detach())
    loss_fake = loss_of(on_fake, labels.fill_(0.0))
    loss_fake.backward()
    of_judge.step()
    forger.zero_grad()
    loss_forger = loss_of(judge(fake), labels.fill_(1.0))
    loss_forger.backward()
    of_forger.step()
    print(f"{step} judge {(loss_real + loss_fake).item():.4f} forger {loss_forger.item():.4f} real {on_real.mean().item():.4f} fake {on_fake.mean():.4f}")

# Wasserstein's way: a critic whose gradient is held near 1.
critic = nn.Sequential(nn.Conv2d(1, 4, 3, 2, 1), nn.SiLU(inplace=True), nn.AvgPool2d(2), nn.Conv2d(4, 4, 3, groups=2), nn.ELU(), nn.Flatten(), nn.Linear(16, 1))
nn.utils.vector_to_parameters(torch.linspace(-0.4, 0.5, sum(p.numel() for p in critic.parameters())), critic.parameters())
for step in range(3):
    fake = forger(torch.randn(8, noise_size, 1, 1)).detach()
    share = torch.rand(8, 1, 1, 1)
    between = (share * pictures[:8] + (1 - share) * fake).requires_grad_(True)
    (slope,) = torch.autograd.grad(critic(between).sum(), between, create_graph=True)
    penalty = 10 * ((slope.flatten(1).norm(2, dim=1) - 1) ** 2).mean()
    loss = critic(fake).mean() - critic(pictures[:8]).mean() + penalty
    critic.zero_grad()
    loss.backward()
    with torch.no_grad():
        for p in critic.parameters():
            p.sub_(p.grad, alpha=0.01)
            p.clamp_(-1, 1)
    print(f"{step} {loss.item():.4f} {penalty.item():.4f}")
