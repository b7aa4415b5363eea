import numpy as np

rng = np.random.default_rng(0)
n, depth = 64, 50


# {{flow}}
def flow(residual, scale):
    h, kept = rng.normal(size=(16, n)), []
    for _ in range(depth):
        w1 = scale * rng.normal(size=(n, n)) * np.sqrt(2 / n)
        w2 = scale * rng.normal(size=(n, n)) * np.sqrt(1 / n)
        if residual:
            w2 = w2 / np.sqrt(depth)
        a = np.maximum(h @ w1, 0)
        kept.append((w1, w2, a))
        h = h + a @ w2 if residual else a @ w2
    d, sizes = rng.normal(size=h.shape), []
    for w1, w2, a in reversed(kept):
        sizes.append(np.linalg.norm(d))
        back = ((d @ w2.T) * (a > 0)) @ w1.T
        if residual:
            d = d + back
        else:
            d = back
    return sizes[-1] / sizes[0]


print("         {{plain}}   {{residual}}")
found = {}
for scale in (0.7, 1.0, 1.4):
    found[scale] = flow(False, scale), flow(True, scale)
    print(f"{scale:.1f}   {found[scale][0]:9.1e}   {found[scale][1]:9.1e}")
assert found[0.7][0] < 1e-6 and found[1.4][0] > 1e6
assert all(0.5 < residual < 50 for _, residual in found.values())

# {{identity}}
x = rng.normal(size=(4, n))
h = x
for _ in range(depth):
    w1, w2 = rng.normal(size=(n, n)), np.zeros((n, n))
    h = h + np.maximum(h @ w1, 0) @ w2
assert np.array_equal(h, x)
