import numpy as np

rng = np.random.default_rng(0)


# {{task}}
def pictures(n):
    labels = rng.integers(0, 2, n)
    images = 0.7 * rng.normal(size=(n, 8, 8))
    rows = rng.integers(0, 3, n) + 5 * labels
    images[np.arange(n), rows, rng.integers(0, 8, n)] += 4
    return images, labels


def fit(images, labels):
    x = images.reshape(len(images), -1)
    w, b = np.zeros(64), 0.0
    for _ in range(300):
        d = 1 / (1 + np.exp(-(x @ w + b))) - labels
        w, b = w - 0.1 * (x.T @ d / len(x) + 0.02 * w), b - 0.1 * d.mean()
    return w, b


images, labels = pictures(60)
test, truth = pictures(2000)
flip_columns = images[:, :, ::-1]
flip_rows = images[:, ::-1]
result = {}
for name, more in [("{{none}}", images[:0]), ("{{honest}}", flip_columns), ("{{lies}}", flip_rows)]:
    w, b = fit(np.concatenate([images, more]), np.concatenate([labels, labels[: len(more)]]))
    result[name] = ((test.reshape(2000, -1) @ w + b > 0) == truth).mean()
    print(f"{result[name]:.3f}  {name}")
none, honest, lies = result.values()
assert honest > none
assert lies < none - 0.1
