import numpy as np

rng = np.random.default_rng(0)
w = rng.normal(size=(64, 64)) / 8
change = rng.normal(size=(64, 4)) @ rng.normal(size=(4, 64)) / 16
x = rng.normal(size=(512, 64))
target = x @ (w + change)


def tune(r, steps=600, rate=0.1):
    a, b = rng.normal(size=(64, r)) / 8, np.zeros((r, 64))
    # {{start}}
    assert np.array_equal(x @ w + x @ a @ b, x @ w)
    for step in range(steps):
        d = (x @ w + x @ a @ b - target) / len(x)
        da, db = x.T @ (d @ b.T), (x @ a).T @ d
        if step == 0:
            assert not da.any() and db.any()
        a, b = a - rate * da, b - rate * db
    return a, b


# {{rank}}
left = {}
for r in (1, 2, 4, 8):
    a, b = tune(r)
    left[r] = np.linalg.norm(w + a @ b - w - change) / np.linalg.norm(change)
    print(f"r = {r}   {left[r]:.3f}   {a.size + b.size} / {w.size}")
assert left[1] > left[2] > 0.3
assert left[4] < 0.1 and left[8] < 0.1

# {{merge}}
merged = w + a @ b
assert np.allclose(x @ merged, x @ w + x @ a @ b)
print(f"{np.abs(x @ merged - target).max():.3f}")
