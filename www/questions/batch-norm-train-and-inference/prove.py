import numpy as np

rng = np.random.default_rng(0)
eps = 1e-5
mean, std = np.array([3.0, -2.0, 0.5]), np.array([2.0, 0.1, 5.0])
gain, shift = np.array([1.5, 0.7, 1.0]), np.array([0.1, -0.2, 0.0])


def train_mode(x):
    return gain * (x - x.mean(axis=0)) / np.sqrt(x.var(axis=0) + eps) + shift


# {{depends}}
one = mean + std
batch_a = np.vstack([one, mean + std * rng.normal(size=(7, 3))])
batch_b = np.vstack([one, mean + std * rng.normal(size=(7, 3))])
print(train_mode(batch_a)[0].round(2), train_mode(batch_b)[0].round(2))
assert np.abs(train_mode(batch_a)[0] - train_mode(batch_b)[0]).max() > 0.1

# {{settle}}
running_mean, running_var = np.zeros(3), np.ones(3)
for _ in range(300):
    x = mean + std * rng.normal(size=(64, 3))
    running_mean = 0.9 * running_mean + 0.1 * x.mean(axis=0)
    running_var = 0.9 * running_var + 0.1 * x.var(axis=0, ddof=1)
print(running_mean.round(2), np.sqrt(running_var).round(2))
assert np.allclose(running_mean, mean, atol=0.15 * std.max())
assert np.allclose(np.sqrt(running_var), std, rtol=0.2)

# {{fold}}
w, b = rng.normal(size=(4, 3)), rng.normal(size=3)
x = rng.normal(size=(5, 4))
apart = gain * (x @ w + b - running_mean) / np.sqrt(running_var + eps) + shift
scale = gain / np.sqrt(running_var + eps)
folded = x @ (w * scale) + (b - running_mean) * scale + shift
print(f"{np.abs(apart - folded).max():.1e}")
assert np.allclose(apart, folded)
