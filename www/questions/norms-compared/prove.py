import numpy as np

rng = np.random.default_rng(0)


# {{axes}}
def normalise(x, axes):
    return (x - x.mean(axis=axes, keepdims=True)) / np.sqrt(x.var(axis=axes, keepdims=True) + 1e-5)


def batch_norm(x):
    return normalise(x, (0, 1, 2))


def layer_norm(x):
    return normalise(x, (3,))


def instance_norm(x):
    return normalise(x, (1, 2))


def group_norm(x, groups=4):
    n, h, w, c = x.shape
    return normalise(x.reshape(n, h, w, groups, c // groups), (1, 2, 4)).reshape(x.shape)


def rms_norm(x):
    return x / np.sqrt((x**2).mean(axis=-1, keepdims=True) + 1e-5)


x = 3 * rng.normal(size=(6, 5, 5, 16)) + rng.normal(size=16) + np.arange(6).reshape(6, 1, 1, 1)
for norm in (batch_norm, layer_norm, instance_norm, group_norm, rms_norm):
    alone = np.allclose(norm(x)[:1], norm(x[:1]))
    print(f"{norm.__name__:14s} {{alone}}: {alone}")
    assert alone == (norm is not batch_norm)

assert np.allclose(batch_norm(x).mean(axis=(0, 1, 2)), 0, atol=1e-10)
assert np.allclose(layer_norm(x).mean(axis=3), 0, atol=1e-10)
assert np.allclose(group_norm(x, groups=16), instance_norm(x))

# {{scale}}
v = rng.normal(size=(4, 64))
assert np.allclose(rms_norm(10 * v), rms_norm(v), atol=1e-4)
assert not np.allclose(rms_norm(v + 10), rms_norm(v), atol=0.1)
centred = v - v.mean(axis=1, keepdims=True)
assert np.allclose(rms_norm(centred), normalise(v, (1,)), atol=1e-6)
print(f"{rms_norm(v).std():.3f} {normalise(v, (1,)).std():.3f}")
