import numpy as np

rng = np.random.default_rng(0)
n, depth = 64, 50


# {{flow}}
def flow(residual):
    h, kept = rng.normal(size=(16, n)), []
    for _ in range(depth):
        w1 = rng.normal(size=(n, n)) * np.sqrt(1 / n)
        w2 = rng.normal(size=(n, n)) * np.sqrt(1 / n) / np.sqrt(depth)
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


plain, residual = flow(False), flow(True)
print(f"{plain:.1e}  {{plain}}")
print(f"{residual:.1e}  {{residual}}")
assert plain < 1e-20
assert 0.5 < residual < 5

# {{identity}}
x = rng.normal(size=(4, n))
h = x
for _ in range(depth):
    w1, w2 = rng.normal(size=(n, n)), np.zeros((n, n))
    h = h + np.maximum(h @ w1, 0) @ w2
assert np.array_equal(h, x)
