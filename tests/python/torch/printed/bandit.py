from collections import deque, namedtuple
import random

import torch
import torch.nn as nn
import torch.nn.functional as F
import torch.optim as optim
from torch.distributions import Categorical, Normal

torch.manual_seed(7)
random.seed(0)
Taken = namedtuple("Taken", ["log_prob", "value"])


class Player(nn.Module):
    def __init__(self):
        super(Player, self).__init__()
        self.body = nn.Linear(4, 32)
        self.choice = nn.Linear(32, 2)
        self.worth = nn.Linear(32, 1)
        self.taken = []
        self.rewards = []

    def forward(self, x):
        x = F.relu(self.body(x))
        return F.softmax(self.choice(x), dim=-1), self.worth(x)


model = Player()
optimizer = optim.Adam(model.parameters(), lr=3e-2)
eps = torch.finfo(torch.float32).eps
states = torch.randn(12, 4)
for episode in range(3):
    for i, s in enumerate(states):
        probs, value = model(s)
        m = Categorical(probs)
        action = torch.tensor(i % 2)
        model.taken.append(Taken(m.log_prob(action), value))
        model.rewards.append(1.0 if (s[0] > 0) == bool(action) else 0.0)
    R, returns = 0, []
    for r in model.rewards[::-1]:
        R = r + 0.99 * R
        returns.insert(0, R)
    returns = torch.tensor(returns)
    returns = (returns - returns.mean()) / (returns.std() + eps)
    pl, vl = [], []
    for (log_prob, value), R in zip(model.taken, returns):
        advantage = R - value.item()
        pl.append(-log_prob * advantage)
        vl.append(F.smooth_l1_loss(value, torch.tensor([R])))
    optimizer.zero_grad()
    loss = torch.stack(pl).sum() + torch.stack(vl).sum()
    loss.backward()
    optimizer.step()
    print(episode, f"{loss.item():.5f}", m.entropy())
    del model.rewards[:]
    del model.taken[:]
n = Normal(torch.tensor([0.0]), torch.tensor([1.0]))
print(n, n.log_prob(torch.tensor([0.3])), n.entropy())
print(Categorical(logits=torch.tensor([0.1, 0.2, 0.7])).probs)
Moment = namedtuple("Moment", ("state", "action", "next_state", "reward"))
memory = deque([], maxlen=100)
for k in range(32):
    memory.append(Moment(torch.randn(1, 4), torch.tensor([[k % 2]]), torch.randn(1, 4) if k % 5 else None, torch.tensor([1.0])))
batch = Moment(*zip(*random.sample(memory, 16)))
mask = torch.tensor(tuple(map(lambda s: s is not None, batch.next_state)), dtype=torch.bool)
goes_on = torch.cat([s for s in batch.next_state if s is not None])
q = nn.Sequential(nn.Linear(4, 16), nn.ReLU(), nn.Linear(16, 2))
target = nn.Sequential(nn.Linear(4, 16), nn.ReLU(), nn.Linear(16, 2))
target.load_state_dict(q.state_dict())
sav = q(torch.cat(batch.state)).gather(1, torch.cat(batch.action))
nsv = torch.zeros(16)
with torch.no_grad():
    nsv[mask] = target(goes_on).max(1).values
expected = nsv * 0.99 + torch.cat(batch.reward)
loss = nn.SmoothL1Loss()(sav, expected.unsqueeze(1))
loss.backward()
torch.nn.utils.clip_grad_value_(q.parameters(), 0.05)
print(loss.item(), [float(p.grad.abs().max()) for p in q.parameters()])
tsd, qsd = target.state_dict(), q.state_dict()
for key in qsd:
    tsd[key] = qsd[key] * 0.005 + tsd[key] * (1 - 0.005)
target.load_state_dict(tsd)
print(F.one_hot(torch.arange(3) % 2, 3), torch.where(mask)[0][:3])
