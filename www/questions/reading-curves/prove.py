import numpy as np

rng = np.random.default_rng(0)
x = rng.uniform(-2, 2, size=(200, 2))
y = np.sin(2 * x[:, :1]) * np.cos(2 * x[:, 1:]) + 0.1 * rng.normal(size=(200, 1))
xv = rng.uniform(-2, 2, size=(200, 2))
yv = np.sin(2 * xv[:, :1]) * np.cos(2 * xv[:, 1:]) + 0.1 * rng.normal(size=(200, 1))


def run(x, y, hidden=64, rate=0.1, steps=600):
    r = np.random.default_rng(1)
    w1, b1 = 1.5 * r.normal(size=(2, hidden)), r.normal(size=hidden)
    w2, b2 = r.normal(size=(hidden, 1)) / np.sqrt(hidden), np.zeros(1)
    curve = []
    for step in range(steps):
        h = np.tanh(x @ w1 + b1)
        d = (h @ w2 + b2 - y) / len(x)
        if step % 60 == 0:
            valid = ((np.tanh(xv @ w1 + b1) @ w2 + b2 - yv) ** 2).mean()
            curve.append((((d * len(x)) ** 2).mean(), valid))
        dh = (d @ w2.T) * (1 - h**2)
        w2, b2 = w2 - rate * h.T @ d, b2 - rate * d.sum(axis=0)
        w1, b1 = w1 - rate * x.T @ dh, b1 - rate * dh.sum(axis=0)
    return np.array(curve)


# {{runs}}
print("{{head}}")
with np.errstate(all="ignore"):
    runs = {
        "{{good}}": run(x, y),
        "{{slow}}": run(x, y, rate=0.0003),
        "{{fast}}": run(x, y, rate=5.0),
        "{{over}}": run(x[:30], y[:30]),
        "{{small}}": run(x, y, hidden=2),
    }
for name, c in runs.items():
    (t0, v0), (t1, v1) = c[0], c[-1]
    print(f"{t0:7.3f} -> {t1:8.3f}   {v0:7.3f} -> {v1:8.3f}   {name}")
good, slow, fast, over, small = (c[-1] for c in runs.values())
assert good[0] < 0.1 and good[1] < 2 * good[0]
assert slow[0] > 2 * good[0]
assert not fast[0] < 0.5
assert over[1] > 5 * over[0]
assert small[0] > 2 * good[0] and small[1] < 1.5 * small[0]
