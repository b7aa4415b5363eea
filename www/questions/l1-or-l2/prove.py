import numpy as np

rng = np.random.default_rng(0)

# {{data}}
x = rng.normal(size=(60, 20))
truth = np.zeros(20)
truth[[2, 7, 11]] = [2.0, -1.5, 1.0]
y = x @ truth + 0.3 * rng.normal(size=60)


def fit(penalty, kind, x=x, y=y, start=None, rate=0.05, steps=2000):
    w = np.zeros(x.shape[1]) if start is None else np.array(start)
    for _ in range(steps):
        w = w - rate * x.T @ (x @ w - y) / len(x)
        if kind == "L2":
            w = w / (1 + rate * penalty)
        else:
            w = np.sign(w) * np.maximum(np.abs(w) - rate * penalty, 0)
    return w


for kind in ("L2", "L1"):
    w = fit(0.1, kind)
    print(f"{kind}  {{zeros}}: {(w == 0).sum()}   {np.abs(w - truth).max():.2f}")
l1, l2 = fit(0.1, "L1"), fit(0.1, "L2")
assert (l1 == 0).sum() >= 10 and (l2 == 0).sum() == 0
assert (l1[[2, 7, 11]] != 0).all()

# {{twins}}
twins = np.stack([x[:, 2], x[:, 2]], axis=1)
target = 2 * x[:, 2]
for kind in ("L2", "L1"):
    print(kind, fit(0.1, kind, twins, target, [1.5, 0.0]).round(2))
a = fit(0.1, "L2", twins, target, [1.5, 0.0])
assert np.allclose(a[0], a[1], atol=1e-3)
b = fit(0.1, "L1", twins, target, [1.5, 0.0])
assert abs(b[0] - b[1]) > 0.5
