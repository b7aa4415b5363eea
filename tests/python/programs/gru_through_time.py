"""A GRU cell by hand, forward and through time, on adding two numbers."""
import numpy as np

rng = np.random.RandomState(3)
D, H, T = 2, 8, 6


def sigmoid(x):
    return 1.0 / (1.0 + np.exp(-x))


def glorot(*shape):
    limit = np.sqrt(6.0 / sum(shape))
    return rng.uniform(-limit, limit, size=shape)


P = {name: glorot(D + H, H) for name in ("Wz", "Wr", "Wh")}
P.update({name: np.zeros(H) for name in ("bz", "br", "bh")})
P["Wy"], P["by"] = glorot(H, 1), np.zeros(1)


def forward(x, P):
    h = np.zeros((x.shape[0], H))
    cache = []
    for t in range(T):
        xh = np.hstack((x[:, t], h))
        z, r = sigmoid(xh @ P["Wz"] + P["bz"]), sigmoid(xh @ P["Wr"] + P["br"])
        xrh = np.concatenate([x[:, t], r * h], axis=1)
        c = np.tanh(xrh @ P["Wh"] + P["bh"])
        new = (1 - z) * h + z * c
        cache.append((xh, z, r, xrh, c, h))
        h = new
    return h @ P["Wy"] + P["by"], h, cache


def backward(dy, h, cache, P):
    G = {k: np.zeros_like(v) for k, v in P.items()}
    G["Wy"], G["by"] = h.T @ dy, dy.sum(0)
    dh = dy @ P["Wy"].T
    for xh, z, r, xrh, c, hp in reversed(cache):
        dz, dc, dhp = dh * (c - hp) * z * (1 - z), dh * z * (1 - c ** 2), dh * (1 - z)
        dxrh = dc @ P["Wh"].T
        dr = dxrh[:, D:] * hp * r * (1 - r)
        dhp = dhp + dxrh[:, D:] * r
        for name, d in (("z", dz), ("r", dr)):
            G["W" + name] += xh.T @ d
            G["b" + name] += d.sum(axis=0)
            dhp += (d @ P["W" + name].T)[:, D:]
        G["Wh"] += xrh.T @ dc
        G["bh"] += dc.sum(axis=0)
        dh = dhp
    return G


def batch(n):
    x = rng.rand(n, T, 2)
    x[:, :, 1] = 0
    for row in x:
        row[rng.choice(T, 2, replace=False), 1] = 1
    return x, (x[..., 0] * x[..., 1]).sum(axis=1, keepdims=True)


x, y = batch(4)
out, h, cache = forward(x, P)
G = backward((out - y) / len(x), h, cache, P)
for name in ("Wz", "Wr", "Wh", "bz", "Wy"):
    i = tuple(rng.randint(s) for s in P[name].shape)
    old, eps, f = P[name][i], 1e-6, []
    for e in (eps, -eps):
        P[name][i] = old + e
        f.append(0.5 * ((forward(x, P)[0] - y) ** 2).mean())
    P[name][i] = old
    print(name, i, f"{G[name][i]:.8f}", f"{(f[0] - f[1]) / (2 * eps):.8f}")
for step in range(301):
    x, y = batch(32)
    out, h, cache = forward(x, P)
    G = backward((out - y) / len(x), h, cache, P)
    norm = np.sqrt(sum((g ** 2).sum() for g in G.values()))
    for k in P:
        P[k] -= 0.5 * G[k] * min(1.0, 1.0 / norm)
    if step % 100 == 0:
        print(step, "loss %.5f" % (0.5 * np.mean((out - y) ** 2)))
