"""Numerical gradients with nditer against layers of several kinds."""
import numpy as np

rng = np.random.default_rng(11)


def numeric(f, x, h=1e-5):
    grad = np.zeros_like(x)
    it = np.nditer(x, flags=["multi_index"], op_flags=["readwrite"])
    while not it.finished:
        ix = it.multi_index
        old = x[ix]
        x[ix] = old + h
        up = f(x)
        x[ix] = old - h
        down = f(x)
        x[ix] = old
        grad[ix] = (up - down) / (2 * h)
        it.iternext()
    return grad


def rel(a, b):
    return np.max(np.abs(a - b) / np.maximum(1e-8, np.abs(a) + np.abs(b)))


def layernorm(x, g, b, eps=1e-5):
    mu, var = x.mean(-1, keepdims=True), x.var(-1, keepdims=True)
    xhat = (x - mu) / np.sqrt(var + eps)
    return g * xhat + b, (xhat, var, g, eps)


def layernorm_back(dy, cache):
    xhat, var, g, eps = cache
    dx = dy * g
    return (dx - dx.mean(-1, keepdims=True) - xhat * (dx * xhat).mean(-1, keepdims=True)) / np.sqrt(var + eps), (dy * xhat).sum(0), dy.sum(0)


x, g, b = rng.normal(size=(3, 4)), rng.normal(size=4), rng.normal(size=4)
dy = rng.standard_normal((3, 4))
out, cache = layernorm(x, g, b)
dx, dg, db = layernorm_back(dy, cache)
for name, mine, f, at in (
    ("x", dx, lambda v: (layernorm(v, g, b)[0] * dy).sum(), x),
    ("gamma", dg, lambda v: (layernorm(x, v, b)[0] * dy).sum(), g),
    ("beta", db, lambda v: (layernorm(x, g, v)[0] * dy).sum(), b),
):
    print(name, rel(mine, numeric(f, at)) < 1e-6)
    print(np.array2string(mine, precision=5, suppress_small=True))
for i, v in np.ndenumerate(dx[:2, :2]):
    print(i, f"{v:+.6f}")
with np.nditer(x, op_flags=["readwrite"]) as it:
    for v in it:
        v[...] = max(0.0, v)
print(x)
for a, c in np.nditer([np.arange(3), np.arange(3) * 10]):
    print(int(a), c)
