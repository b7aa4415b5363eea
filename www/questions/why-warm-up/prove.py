import numpy as np

rng = np.random.default_rng(0)


def updates(gradients, beta1=0.9, beta2=0.999, eps=1e-8):
    m = v = 0.0
    for t, g in enumerate(gradients, start=1):
        m = beta1 * m + (1 - beta1) * g
        v = beta2 * v + (1 - beta2) * g**2
        yield (m / (1 - beta1**t)) / (np.sqrt(v / (1 - beta2**t)) + eps)


# {{first}}
for scale in (1e-4, 1.0, 1e4):
    first = next(updates([scale * rng.normal(size=5)]))
    print(f"{scale:7.0e}", first.round(3))
    assert np.allclose(np.abs(first), 1, atol=1e-3)

# {{spread}}
noise = rng.normal(size=(100, 2000))
spread = {t: u.std() for t, u in enumerate(updates(noise), start=1)}
for t in (1, 2, 5, 20, 100):
    print(f"t = {t:3d}   {spread[t]:.3f}")
assert spread[1] > 3 * spread[100]
assert abs(spread[100] - np.sqrt((1 - 0.9) / (1 + 0.9))) < 0.03
