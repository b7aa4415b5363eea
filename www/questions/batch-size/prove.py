import numpy as np

rng = np.random.default_rng(0)
N, D = 1024, 20
x = rng.normal(size=(N, D)) * np.logspace(0, -0.7, D)
truth = rng.normal(size=D)
y = x @ truth + 1.0 * rng.normal(size=N)
best = np.linalg.lstsq(x, y, rcond=None)[0]
floor = ((x @ best - y) ** 2).mean()


def grad(w, pick):
    return x[pick].T @ (x[pick] @ w - y[pick]) / len(pick)


def steps_to(batch, rate, most=1500):
    w = np.zeros(D)
    for step in range(most):
        loss = ((x @ w - y) ** 2).mean() if step % 5 == 0 else 0.0
        if 0 < loss < floor + 0.05:
            return step
        if loss > 1e6:
            return most
        w -= rate * grad(w, rng.integers(0, N, batch))
    return most


# {{goal}}
print("{{head}}")
steps = {}
for batch in (1, 4, 16, 64, 256):
    steps[batch] = min(steps_to(batch, rate) for rate in (0.01, 0.05, 0.2, 0.8))
    print(f"{batch:5d} {steps[batch]:8d} {batch * steps[batch]:10d}")

assert steps[1] / steps[16] > 8
assert steps[16] / steps[256] < 8
