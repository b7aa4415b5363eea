import numpy as np

rng = np.random.default_rng(0)
DEPTH, WIDTH = 40, 64


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


# {{depth}}
def ratio(layer, slope, scale):
    h, kept = rng.normal(size=(32, WIDTH)), []
    for _ in range(DEPTH):
        w = scale * rng.normal(size=(WIDTH, WIDTH)) / np.sqrt(WIDTH)
        kept.append((h, w))
        h = layer(h, w)
    d, sizes = rng.normal(size=h.shape), []
    for h, w in reversed(kept):
        sizes.append(np.linalg.norm(d))
        d = slope(h, w, d)
    return sizes[-1] / sizes[0]


found = {}
for name, layer, slope, scale in [
    ("{{small}}", lambda h, w: np.tanh(h @ w), lambda h, w, d: (d * (1 - np.tanh(h @ w) ** 2)) @ w.T, 0.5),
    ("{{large}}", lambda h, w: h @ w, lambda h, w, d: d @ w.T, 1.5),
    ("{{sigmoid}}", lambda h, w: sigmoid(h @ w), lambda h, w, d: (d * sigmoid(h @ w) * (1 - sigmoid(h @ w))) @ w.T, 1.0),
    ("{{residual}}", lambda h, w: h + np.tanh(h @ w), lambda h, w, d: d + (d * (1 - np.tanh(h @ w) ** 2)) @ w.T, 0.5),
]:
    found[name] = ratio(layer, slope, scale)
    print(f"{found[name]:10.1e}  {name}")
tiny, huge, flat, kept = found.values()
assert tiny < 1e-8 and flat < 1e-15
assert huge > 1e5
assert 0.1 < kept < 1e3

# {{clip}}
limit, g = 1.0, 1000 * rng.normal(size=50)
norm = np.linalg.norm(g)
clipped = g * np.minimum(1, limit / norm)
print(f"{norm:.0f} -> {np.linalg.norm(clipped):.3f}")
assert np.linalg.norm(clipped) <= limit + 1e-12
assert np.isclose(clipped @ g, np.linalg.norm(clipped) * norm)
