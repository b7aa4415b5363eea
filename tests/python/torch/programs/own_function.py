"""Layers whose backward is written by hand, checked by gradcheck, used in a net that learns."""

import torch
from torch import nn
from torch.autograd import Function, gradcheck


class LinearFunction(Function):
    @staticmethod
    def forward(ctx, x, w, b):
        ctx.save_for_backward(x, w)
        return x @ w.t() + b

    @staticmethod
    def backward(ctx, dy):
        x, w = ctx.saved_tensors
        dx = dw = db = None
        if ctx.needs_input_grad[0]:
            dx = dy @ w
        if ctx.needs_input_grad[1]:
            dw = dy.t() @ x
        if ctx.needs_input_grad[2]:
            db = dy.sum(0)
        return dx, dw, db


class Swish(Function):
    @staticmethod
    def forward(ctx, x):
        s = torch.sigmoid(x)
        ctx.save_for_backward(x, s)
        return x * s

    @staticmethod
    def backward(ctx, dy):
        x, s = ctx.saved_tensors
        return dy * (s + x * s * (1 - s))


torch.manual_seed(0)
wanted = dict(dtype=torch.double, requires_grad=True)
assert gradcheck(LinearFunction.apply, (torch.randn(4, 3, **wanted), torch.randn(2, 3, **wanted), torch.randn(2, **wanted)))
assert gradcheck(Swish.apply, (torch.randn(5, **wanted),))


class Layer(nn.Module):
    def __init__(self, n, m):
        super().__init__()
        self.w, self.b = nn.Parameter(torch.randn(m, n) * 0.5), nn.Parameter(torch.zeros(m))

    def forward(self, x):
        return LinearFunction.apply(x, self.w, self.b)


a, b = Layer(2, 16), Layer(16, 1)
x = torch.rand(64, 2) * 2 - 1
y = (x[:, :1] * x[:, 1:] > 0).float()
optimizer = torch.optim.Adam([*a.parameters(), *b.parameters()], lr=0.05)
for _ in range(150):
    optimizer.zero_grad()
    loss = nn.functional.binary_cross_entropy_with_logits(b(Swish.apply(a(x))), y)
    loss.backward()
    optimizer.step()
assert loss.item() < 0.2, loss
print("ok")
