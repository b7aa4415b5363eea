import numpy as np

rng = np.random.default_rng(0)

# {{batch}}
x = rng.normal(size=20000)
g = (1.5 * x + rng.normal(size=20000)) * x
spread = {}
for batch in (16, 256):
    means = rng.choice(g, size=(400, batch)).mean(axis=1)
    spread[batch] = means.std()
    print(f"B = {batch}: {{deviation}} {spread[batch]:.3f}")
assert 3 < spread[16] / spread[256] < 5

# {{init}}
n = 256
for name, scale in [("0.01", 0.01), ("Xavier", np.sqrt(1.0 / n)), ("He", np.sqrt(2 / n))]:
    h = rng.normal(size=(64, n))
    for _ in range(20):
        h = np.maximum(h @ (scale * rng.normal(size=(n, n))), 0)
    size = (h**2).mean()
    print(f"{name:8s} {size:.1e}")
assert 0.1 < size < 10

# {{zero}}
w1, w2 = np.full((4, 8), 0.5), np.full((8, 1), 0.5)
x = rng.normal(size=(64, 4))
y = x[:, :1] * x[:, 1:2]
for _ in range(50):
    h = np.maximum(x @ w1, 0)
    dy = (h @ w2 - y) / len(x)
    dw1 = x.T @ ((dy @ w2.T) * (h > 0))
    w2 -= 0.1 * h.T @ dy
    w1 -= 0.1 * dw1
distinct = len(np.unique(w1.round(12), axis=1).T)
print(f"{{distinct}}: {distinct}")
assert distinct == 1

# {{drop}}
p, h = 0.4, rng.normal(size=1000) + 2
kept = np.mean([h * (rng.random(1000) > p) / (1 - p) for _ in range(2000)], axis=0)
print(f"{h.mean():.3f} {kept.mean():.3f}")
assert abs(kept.mean() - h.mean()) < 0.01

# {{decay}}
w = np.array([1.0, 1.0])
for _ in range(100):
    w -= 0.1 * (np.array([w[0] - 1.0, 0.0]) + 0.05 * w)
print(w.round(3))
assert abs(w[1] - (1 - 0.1 * 0.05) ** 100) < 1e-12 and w[0] > 0.9
