import numpy as np

rng = np.random.default_rng(0)
n = 512
relu = lambda z: np.maximum(z, 0)

# {{half}}
z = rng.normal(size=100000)
print(f"{(relu(z) ** 2).mean() / (z**2).mean():.3f}")
assert abs((relu(z) ** 2).mean() / (z**2).mean() - 0.5) < 0.01


def through(activation, scale, layers=30):
    h = rng.normal(size=(32, n))
    begin = (h**2).mean()
    for _ in range(layers):
        h = activation(h @ (scale * rng.normal(size=(n, n))))
    return (h**2).mean() / begin


# {{layers}}
xavier, he = np.sqrt(2 / (n + n)), np.sqrt(2 / n)
result = {
    "ReLU  Xavier": through(relu, xavier),
    "ReLU  He": through(relu, he),
    "tanh  Xavier": through(np.tanh, xavier),
    "line  Xavier": through(lambda z: z, xavier),
}
for name, ratio in result.items():
    print(f"{name:13s} {ratio:.1e}")
assert result["ReLU  Xavier"] < 1e-8
assert 0.2 < result["ReLU  He"] < 5
assert 0.2 < result["line  Xavier"] < 5
assert 0.005 < result["tanh  Xavier"] < 0.2
