import copy
import itertools

import torch
import torch.nn as nn
import torch.nn.functional as F

torch.manual_seed(11)


class Twice(nn.Module):
    def __init__(self, i, o, mid=None):
        super().__init__()
        mid = mid or o
        self.both = nn.Sequential(nn.Conv2d(i, mid, 3, padding=1), nn.GroupNorm(2, mid), nn.SiLU(inplace=True), nn.Conv2d(mid, o, 3, padding=1), nn.InstanceNorm2d(o, affine=True), nn.PReLU(o))

    def forward(self, x):
        return self.both(x)


class Wider(nn.Module):
    def __init__(self, i, o, bilinear):
        super().__init__()
        if bilinear:
            self.up = nn.Sequential(nn.Upsample(scale_factor=2, mode="bilinear", align_corners=True), nn.Conv2d(i, i // 2, 1))
        else:
            self.up = nn.ConvTranspose2d(i, i // 2, kernel_size=2, stride=2)
        self.conv = Twice(i, o)

    def forward(self, x1, x2):
        x1 = self.up(x1)
        dy, dx = x2.size()[2] - x1.size()[2], x2.size()[3] - x1.size()[3]
        x1 = F.pad(x1, [dx // 2, dx - dx // 2, dy // 2, dy - dy // 2])
        return self.conv(torch.cat([x2, x1], dim=1))


class Segments(nn.Module):
    def __init__(self, bilinear=False):
        super().__init__()
        self.first = Twice(1, 4)
        self.down = nn.Sequential(nn.MaxPool2d(2), Twice(4, 8))
        self.up = Wider(8, 4, bilinear)
        self.last = nn.Conv2d(4, 2, 1)

    def forward(self, x):
        a = self.first(x)
        return self.last(self.up(self.down(a), a))


def dice(pred, target, eps=1e-6):
    inter = 2 * (pred * target).sum(dim=(-1, -2))
    sets = pred.sum(dim=(-1, -2)) + target.sum(dim=(-1, -2))
    sets = torch.where(sets == 0, inter, sets)
    return ((inter + eps) / (sets + eps)).mean()


for bilinear in (False, True):
    net = Segments(bilinear)
    x = torch.randn(2, 1, 9, 10)
    mask = (torch.rand(2, 9, 10) > 0.5).long()
    opt = torch.optim.RMSprop(net.parameters(), lr=1e-3, weight_decay=1e-8, momentum=0.9, foreach=True)
    for _ in range(3):
        out = net(x)
        loss = F.cross_entropy(out, mask)
        loss += 1 - dice(F.softmax(out, dim=1).float(), F.one_hot(mask, 2).permute(0, 3, 1, 2).float())
        opt.zero_grad(set_to_none=True)
        loss.backward()
        opt.step()
        print(f"{loss.item():.5f}")


class Pairs(nn.Module):
    def __init__(self):
        super().__init__()
        self.net = nn.Sequential(nn.Conv1d(2, 4, 3, padding="same"), nn.BatchNorm1d(4), nn.ELU(), nn.AdaptiveMaxPool1d(4), nn.Flatten(), nn.LazyLinear(6))

    def forward(self, x):
        return F.normalize(self.net(x), p=2, dim=1)


s = Pairs()
a, p, n = torch.randn(5, 2, 9), torch.randn(5, 2, 9), torch.randn(5, 2, 9)
ea, ep, en = s(a), s(p), s(n)
print(nn.TripletMarginLoss(margin=1.0)(ea, ep, en).item())
print(nn.CosineEmbeddingLoss()(ea, ep, torch.tensor([1, -1, 1, -1, 1])).item())
print(F.pairwise_distance(ea, en), F.cosine_similarity(ea, ep))
print((ea @ ep.T / 0.07).shape, torch.cdist(ea, ep).shape)
s.apply(lambda m: print(type(m).__name__))

teacher, student = nn.Linear(4, 3), nn.Linear(4, 3)
teacher.requires_grad_(False).eval()
xs, ys, T = torch.randn(6, 4), torch.randint(3, (6,)), 2.0
kd = nn.KLDivLoss(reduction="batchmean")(F.log_softmax(student(xs) / T, dim=1), F.softmax(teacher(xs) / T, dim=1)) * T * T
ce = F.cross_entropy(student(xs), ys)
(0.5 * kd + 0.5 * ce).backward()
print(kd.item(), ce.item(), student.weight.grad.norm().item())

ema = copy.deepcopy(student)
with torch.no_grad():
    for e, q in zip(ema.parameters(), student.parameters()):
        e.mul_(0.9).add_(q, alpha=0.1)
print(ema.weight[0], next(itertools.islice(student.named_parameters(), 1, 2))[0])

x = torch.randn(1, 1, 4, 4, requires_grad=True)
with torch.enable_grad():
    (g,) = torch.autograd.grad(net(F.interpolate(x, size=(8, 8), mode="nearest")).sum(), x)
print(g.shape, g.sign().abs().sum())
adv = torch.clamp(x + 0.1 * g.sign(), -1, 1)
print(adv.detach().abs().max() <= 1)
scaler = torch.amp.GradScaler("cpu", enabled=False)
with torch.autocast(device_type="cpu", enabled=False):
    l = student(xs).sum()
scaler.scale(l).backward()
print(torch.nn.utils.parameters_to_vector(student.parameters()).shape)
print(torch.cuda.is_available(), torch.backends.mps.is_available(), torch.get_default_dtype())
