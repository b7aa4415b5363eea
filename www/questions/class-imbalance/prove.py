import numpy as np

rng = np.random.default_rng(0)
y = (rng.random(4000) < 0.03).astype(float)
x = np.column_stack([rng.normal(size=(4000, 2)) + 1.5 * y[:, None], np.ones(4000)])
share = y.mean()


def fit(weight):
    w = np.zeros(3)
    for _ in range(400):
        p = 1 / (1 + np.exp(-x @ w))
        w -= 1.0 * x.T @ (weight * (p - y)) / weight.sum()
    return 1 / (1 + np.exp(-x @ w))


def report(name, guess):
    hit = (guess * y).sum()
    recall, precision = hit / y.sum(), hit / max(guess.sum(), 1)
    f1 = 2 * precision * recall / max(precision + recall, 1e-9)
    print(f"{(guess == y).mean():.3f} {recall:.2f} {precision:.2f} {f1:.2f}  {name}")
    return recall, f1


plain = fit(np.ones(4000))
weight = np.where(y == 1, 0.5 / share, 0.5 / (1 - share))
weighted = fit(weight)
nothing = report("{{lazy}}", np.zeros(4000))
at_half = report("{{plain}}", (plain > 0.5) * 1.0)
by_weight = report("{{weighted}}", (weighted > 0.5) * 1.0)
moved = report("{{moved}}", (plain > share) * 1.0)
assert nothing[0] == 0
assert by_weight[0] > at_half[0] + 0.3
assert abs(moved[0] - by_weight[0]) < 0.1

print(f"{plain.mean():.3f} {weighted.mean():.3f} {share:.3f}  {{calibration}}")
assert abs(plain.mean() - share) < 0.005
assert weighted.mean() > 4 * share
