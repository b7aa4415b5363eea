# One curve fitted in five ways: by hand, by autograd, by a Function of one's own, by modules, by LBFGS.
import math

import numpy as np
import torch

torch.manual_seed(2)
x = torch.linspace(-2, 2, 400)
y = torch.exp(-x) * torch.sin(3 * x)
a, b, c = (torch.randn((), requires_grad=True) for _ in range(3))
for step in range(200):
    loss = (a + b * x + c * x**2 - y).pow(2).mean()
    loss.backward()
    with torch.no_grad():
        for p in (a, b, c):
            p -= 0.05 * p.grad
            p.grad = None
    if step % 50 == 49:
        print(step, f"{loss.item():.6f}")
print(f"{a.item():.4f} {b.item():.4f} {c.item():.4f}", a.grad, a.is_leaf, loss.grad_fn.next_functions[0][0].name())
n = np.linspace(-2, 2, 400)
w = np.zeros(3)
basis = np.stack([np.ones_like(n), n, n**2], axis=1)
for _ in range(200):
    w -= 0.05 * 2 * basis.T @ (basis @ w - y.numpy()) / 400
print(w.round(3))


class Hermite(torch.autograd.Function):
    @staticmethod
    def forward(ctx, t):
        ctx.save_for_backward(t)
        return t**3 - 3 * t

    @staticmethod
    def backward(ctx, dy):
        (t,) = ctx.saved_tensors
        return dy * (3 * t**2 - 3)


print(torch.autograd.gradcheck(Hermite.apply, (torch.randn(5, dtype=torch.double, requires_grad=True),)))
k = torch.full((), 0.1, requires_grad=True)
(k * Hermite.apply(0.5 * x) - y).pow(2).sum().backward()
print(k.grad)
powers = x.unsqueeze(-1).pow(torch.arange(1, 6))
model = torch.nn.Sequential(torch.nn.Linear(5, 1), torch.nn.Flatten(0, 1))
loss_fn = torch.nn.MSELoss(reduction="sum")
for make, steps in ((torch.optim.RMSprop, 60), (torch.optim.Adagrad, 40), (torch.optim.NAdam, 40)):
    optimizer = make(model.parameters(), lr=0.01)
    for _ in range(steps):
        optimizer.zero_grad()
        loss = loss_fn(model(powers), y)
        loss.backward()
        optimizer.step()
    print(make.__name__, f"{loss.item():.3f}")
optimizer = torch.optim.LBFGS(model.parameters(), lr=0.5, max_iter=5)


def closure():
    optimizer.zero_grad()
    loss = loss_fn(model(powers), y)
    loss.backward()
    return loss


for _ in range(3):
    print(f"LBFGS {optimizer.step(closure).item():.3f}")


class Shared(torch.nn.Module):
    """Uses a weight several times."""

    def __init__(self):
        super().__init__()
        self.a, self.b = (torch.nn.Parameter(torch.randn(())) for _ in range(2))

    def forward(self, t):
        out = self.a + self.b * t
        for power in range(2, 4):
            out = out + self.b * t**power / math.factorial(power)
        return out


shared = Shared()
shared(x).mean().backward()
print(shared, {n: p.grad for n, p in shared.named_parameters()})
z = torch.tensor([[1.0, -2.0], [0.5, 3.0]], requires_grad=True)
out = (z * z).mean()
out.backward(retain_graph=True)
out.backward()
print(z.grad, z.requires_grad, out, z.detach().requires_grad, torch.is_tensor(z))
J = torch.autograd.functional.jacobian(lambda t: t**2, torch.tensor([1.0, 2.0, 3.0]))
H = torch.autograd.functional.hessian(lambda t: (t**3).sum(), torch.tensor([1.0, 2.0]))
print(J, H)
print(torch.from_numpy(np.arange(3)).add_(1), torch.ones(2).numpy().dtype, np.exp(torch.zeros(2)))
