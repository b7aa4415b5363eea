# A PyTorch network learns two spirals; the colours show what it answers everywhere.
import matplotlib.pyplot as plt
import torch
from torch import nn

torch.manual_seed(0)

n = 150
turn = torch.linspace(0.3, 1, n) * 3.2 * torch.pi / 1.4
spiral = torch.stack([turn * torch.cos(turn), turn * torch.sin(turn)], dim=1) / 7
x = torch.cat([spiral, -spiral]) + 0.02 * torch.randn(2 * n, 2)
y = torch.cat([torch.zeros(n), torch.ones(n)]).long()

model = nn.Sequential(nn.Linear(2, 32), nn.Tanh(), nn.Linear(32, 32), nn.Tanh(), nn.Linear(32, 2))
optimizer = torch.optim.Adam(model.parameters(), lr=0.02)
criterion = nn.CrossEntropyLoss()

losses = []
for epoch in range(250):
    optimizer.zero_grad()
    loss = criterion(model(x), y)
    loss.backward()
    optimizer.step()
    losses.append(loss.item())
    if epoch % 50 == 0:
        print(f"epoch {epoch:3d}  loss {losses[-1]:.4f}")

with torch.no_grad():
    accuracy = (model(x).argmax(dim=1) == y).float().mean().item()
    axis = torch.linspace(-1.1, 1.1, 100)
    grid = torch.stack([axis.repeat(100), axis.repeat_interleave(100)], dim=1)
    answer = torch.softmax(model(grid), dim=1)[:, 1].reshape(100, 100)
print(f"accuracy {accuracy:.1%}")

fig, (left, right) = plt.subplots(1, 2, figsize=(10, 4.2))
left.semilogy(losses)
left.set(title="loss", xlabel="epoch")
left.grid(alpha=0.3)
mesh = right.contourf(axis.numpy(), axis.numpy(), answer.numpy(), levels=20, cmap="coolwarm")
right.scatter(x[:, 0].numpy(), x[:, 1].numpy(), c=y.numpy(), cmap="coolwarm", s=12, edgecolors="k", linewidths=0.4)
right.set_aspect("equal")
right.set_title("P(second spiral)")
fig.colorbar(mesh, ax=right)
plt.tight_layout()
plt.show()
