import numpy as np

rng = np.random.default_rng(0)
x = rng.normal(size=(6400, 10))
y = x @ rng.normal(size=10) + rng.normal(size=6400)


def grad(w, rows):
    return x[rows].T @ (x[rows] @ w - y[rows]) / len(rows)


# {{same}}
for k in (2, 4, 8, 16):
    w = np.zeros(10)
    for part in np.split(np.arange(32 * k), k):
        w = w - 0.02 * grad(w, part)
    all_at_once = grad(np.zeros(10), np.arange(32 * k))
    scaled = -k * 0.02 * all_at_once
    unscaled = -0.02 * all_at_once
    gap = np.linalg.norm(w - scaled) / np.linalg.norm(w)
    lazy = np.linalg.norm(w - unscaled) / np.linalg.norm(w)
    print(f"k = {k:2d}   {gap:.2f}   {{unscaled}}: {lazy:.2f}")
    assert gap < lazy
    if k == 2:
        assert gap < 0.05

# {{fails}}
curvature = np.linalg.eigvalsh(x.T @ x / len(x)).max()
for rate in (1.0, 1.9, 2.1):
    w = np.zeros(10)
    for _ in range(300):
        w = w - rate / curvature * grad(w, np.arange(6400))
    print(f"{rate} / {curvature:.2f}:  {((x @ w - y) ** 2).mean():.3g}")
    assert (((x @ w - y) ** 2).mean() < 2) == (rate < 2)
