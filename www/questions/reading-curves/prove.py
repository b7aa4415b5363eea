import numpy as np

rng = np.random.default_rng(0)
x = rng.uniform(-2, 2, size=(400, 2))
y = np.sin(2 * x[:, :1]) * np.cos(2 * x[:, 1:]) + 0.1 * rng.normal(size=(400, 1))
xv = rng.uniform(-2, 2, size=(400, 2))
yv = np.sin(2 * xv[:, :1]) * np.cos(2 * xv[:, 1:]) + 0.1 * rng.normal(size=(400, 1))


def run(x, y, hidden=64, rate=0.1, steps=1500):
    r = np.random.default_rng(1)
    w1, b1 = 1.5 * r.normal(size=(2, hidden)), r.normal(size=hidden)
    w2, b2 = r.normal(size=(hidden, 1)) / np.sqrt(hidden), np.zeros(1)
    curve = []
    for step in range(steps):
        h = np.tanh(x @ w1 + b1)
        d = (h @ w2 + b2 - y) / len(x)
        if step % 100 == 0:
            valid = ((np.tanh(xv @ w1 + b1) @ w2 + b2 - yv) ** 2).mean()
            curve.append(((d * len(x)) ** 2).mean() + 1j * valid)
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
    print(f"{c[0].real:7.3f} -> {c[-1].real:8.3f}   {c[0].imag:7.3f} -> {c[-1].imag:8.3f}   {name}")
good, slow, fast, over, small = runs.values()
assert good[-1].real < 0.1 and good[-1].imag < 2 * good[-1].real
assert slow[-1].real > 2 * good[-1].real
assert not fast[-1].real < 0.5
assert over[-1].imag > 5 * over[-1].real
assert small[-1].real > 2 * good[-1].real and small[-1].imag < 1.5 * small[-1].real
