import numpy as np

rng = np.random.default_rng(0)

# {{noise}}
x = rng.normal(size=(80, 2000))
y = rng.integers(0, 2, 80)


def best_features(x, y, count=20):
    gap = np.abs(x[y == 1].mean(axis=0) - x[y == 0].mean(axis=0))
    return np.argsort(-gap)[:count]


def nearest_mean(x, y, new):
    a, b = x[y == 0].mean(axis=0), x[y == 1].mean(axis=0)
    return (((new - b) ** 2).sum(axis=1) < ((new - a) ** 2).sum(axis=1)).astype(int)


def score(x, y, select_inside):
    right = 0
    chosen = best_features(x, y)
    for fold in range(8):
        test = np.arange(len(y)) % 8 == fold
        if select_inside:
            chosen = best_features(x[~test], y[~test])
        guess = nearest_mean(x[~test][:, chosen], y[~test], x[test][:, chosen])
        right += (guess == y[test]).sum()
    return right / len(y)


leaky = score(x, y, select_inside=False)
honest = score(x, y, select_inside=True)
print(f"{{before}}: {leaky:.2f}")
print(f"{{inside}}: {honest:.2f}")
assert leaky > 0.8
assert honest < 0.65

# {{twins}}
base, label = rng.normal(size=(60, 10)), rng.integers(0, 2, 60)
copies = np.repeat(base, 4, axis=0) + 0.1 * rng.normal(size=(240, 10))
labels, group = np.repeat(label, 4), np.repeat(np.arange(60), 4)


def nearest_neighbour(train, test):
    d = ((copies[test][:, None] - copies[train][None]) ** 2).sum(axis=2)
    return (labels[train][d.argmin(axis=1)] == labels[test]).mean()


random = rng.random(240) < 0.25
by_group = group % 4 == 0
one = nearest_neighbour(~random, random)
other = nearest_neighbour(~by_group, by_group)
print(f"{one:.2f} {other:.2f}")
assert one > 0.95 and other < 0.75
