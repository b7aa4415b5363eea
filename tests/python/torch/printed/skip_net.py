import torch
import torch.nn as nn
import torch.nn.functional as F

torch.manual_seed(0)


def three(i, o, stride=1):
    return nn.Conv2d(i, o, kernel_size=3, stride=stride, padding=1, bias=False)


class Block(nn.Module):
    expansion = 1

    def __init__(self, came, channels, stride=1):
        super(Block, self).__init__()
        self.conv1 = three(came, channels, stride)
        self.bn1 = nn.BatchNorm2d(channels)
        self.relu = nn.ReLU(inplace=True)
        self.conv2 = three(channels, channels)
        self.bn2 = nn.BatchNorm2d(channels)
        self.shortcut = None
        if stride != 1 or came != channels:
            self.shortcut = nn.Sequential(nn.Conv2d(came, channels, 1, stride=stride, bias=False), nn.BatchNorm2d(channels))

    def forward(self, x):
        before = x
        out = self.relu(self.bn1(self.conv1(x)))
        out = self.bn2(self.conv2(out))
        if self.shortcut is not None:
            before = self.shortcut(x)
        out += before
        return self.relu(out)


class SkipNet(nn.Module):
    def __init__(self, block, layers, num_classes=5):
        super().__init__()
        self.came = 8
        self.conv1 = nn.Conv2d(3, 8, 3, padding=1, bias=False)
        self.bn1 = nn.BatchNorm2d(8)
        self.first = self._stage(block, 8, layers[0])
        self.second = self._stage(block, 16, layers[1], stride=2)
        self.avgpool = nn.AdaptiveAvgPool2d((1, 1))
        self.fc = nn.Linear(16 * block.expansion, num_classes)
        for m in self.modules():
            if isinstance(m, nn.Conv2d):
                nn.init.kaiming_normal_(m.weight, mode="fan_out", nonlinearity="relu")
            elif isinstance(m, (nn.BatchNorm2d, nn.GroupNorm)):
                nn.init.constant_(m.weight, 1)
                nn.init.constant_(m.bias, 0)

    def _stage(self, block, channels, blocks, stride=1):
        layers = [block(self.came, channels, stride)]
        self.came = channels * block.expansion
        for _ in range(1, blocks):
            layers.append(block(self.came, channels))
        return nn.Sequential(*layers)

    def forward(self, x):
        x = F.relu(self.bn1(self.conv1(x)))
        x = self.second(self.first(x))
        x = torch.flatten(self.avgpool(x), 1)
        return self.fc(x)


net = SkipNet(Block, [2, 1])
total = sum(p.numel() for p in net.parameters())
print(total)
features = {}


def hook(name):
    def f(module, inp, out):
        features[name] = out.detach()

    return f


handle = net.second[0].register_forward_hook(hook("second"))
x, y = torch.randn(16, 3, 12, 12), torch.randint(0, 5, (16,))
opt = torch.optim.SGD(net.parameters(), lr=0.05, momentum=0.9, weight_decay=5e-4)
sched = torch.optim.lr_scheduler.MultiStepLR(opt, milestones=[2, 4], gamma=0.1)
for it in range(5):
    opt.zero_grad()
    out = net(x)
    loss = F.cross_entropy(out, y)
    loss.backward()
    opt.step()
    sched.step()
    _, predicted = torch.max(out.data, 1)
    print("%d loss: %.4f acc %d%% lr %g" % (it, loss.item(), 100 * (predicted == y).sum().item() / y.size(0), opt.param_groups[0]["lr"]))
print(features["second"].shape)
handle.remove()
for name, b in net.named_buffers():
    if "first.0" in name:
        print(name, tuple(b.shape), round(float(b.float().mean()), 5))
net.eval()
print(net(x).argmax(1))
for p in net.parameters():
    p.requires_grad = False
net.fc = nn.Linear(net.fc.in_features, 2)
print([n for n, p in net.named_parameters() if p.requires_grad])
print(net.first)
