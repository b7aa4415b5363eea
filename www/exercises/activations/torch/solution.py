import torch

SLOPE = 0.01
ROOT = 0.7978845608028654
CUBIC = 0.044715


def sigmoid(x):
    e = torch.exp(-x.abs())
    return torch.where(x >= 0, 1, e) / (1 + e)


def activate(name, x):
    if name == "relu":
        return x.clamp(min=0)
    if name == "leaky_relu":
        return torch.where(x > 0, x, SLOPE * x)
    if name == "sigmoid":
        return sigmoid(x)
    if name == "tanh":
        return torch.tanh(x)
    if name == "silu":
        return x * sigmoid(x)
    if name == "softplus":
        return x.clamp(min=0) + torch.log1p(torch.exp(-x.abs()))
    if name == "gelu":
        return 0.5 * x * (1 + torch.tanh(ROOT * (x + CUBIC * x**3)))
    raise ValueError(f"unknown activation {name!r}")


def activate_backward(name, x, dy):
    if name == "relu":
        return dy * (x > 0)
    if name == "leaky_relu":
        return torch.where(x > 0, dy, SLOPE * dy)
    if name == "tanh":
        return dy * (1 - torch.tanh(x) ** 2)
    if name == "softplus":
        return dy * sigmoid(x)
    if name in ("sigmoid", "silu"):
        s = sigmoid(x)
        return dy * (s * (1 - s) if name == "sigmoid" else s + x * s * (1 - s))
    if name == "gelu":
        t = torch.tanh(ROOT * (x + CUBIC * x**3))
        du = ROOT * (1 + 3 * CUBIC * x**2)
        return dy * (0.5 * (1 + t) + 0.5 * x * (1 - t**2) * du)
    raise ValueError(f"unknown activation {name!r}")
