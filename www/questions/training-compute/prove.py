import numpy as np

rng = np.random.default_rng(0)
x, w, y = rng.normal(size=(64, 32)), rng.normal(size=(32, 8)), rng.normal(size=(64, 8))


def gradient(x, y):
    return x.T @ (x @ w - y) / len(x)


# {{parallel}}
whole = gradient(x, y)
for workers in (2, 4, 8):
    parts = [gradient(a, b) for a, b in zip(np.split(x, workers), np.split(y, workers))]
    together = np.mean(parts, axis=0)
    gap = np.abs(together - whole).max()
    print(f"{workers}: {{gap}} {gap:.1e}")
    assert gap < 1e-12
    sent = 2 * (workers - 1) / workers
    print(f"   {{ring}} {sent:.2f}")
    assert sent < 2

# {{quant}}
w = w * np.logspace(-2, 0, 8)


def squared_error(step):
    rest = w - step * np.round(w / step)
    return (rest**2).mean()


per_tensor = squared_error(np.abs(w).max() / 127)
per_channel = squared_error(np.abs(w).max(axis=0) / 127)
print(f"{{tensor}} {per_tensor:.2e}")
print(f"{{channel}} {per_channel:.2e}")
assert per_channel < per_tensor / 2
assert per_tensor <= (np.abs(w).max() / 127 / 2) ** 2

# {{prune}}
w = rng.normal(size=(32, 8))
for share in (0.5, 0.9):
    small = np.abs(w) < np.quantile(np.abs(w), share)
    error = np.linalg.norm(x @ np.where(small, 0, w) - x @ w) / np.linalg.norm(x @ w)
    print(f"{share:.0%}: {error:.2f}")
    assert error < share
