import numpy as np

rng = np.random.default_rng(0)
p = 0.3
h = rng.normal(size=50) + 1


def dropout(h, mask):
    return h * mask / (1 - p)


masks = (rng.random((20000, 50)) >= p).astype(float)
dropped = dropout(h, masks)

# {{expect}}
print(f"{h.mean():.3f} {dropped.mean():.3f}")
assert np.allclose(dropped.mean(axis=0), h, atol=0.06)

# {{variance}}
expected = h**2 * p / (1 - p)
print(f"{expected.mean():.3f} {dropped.var(axis=0).mean():.3f}")
assert np.allclose(dropped.var(axis=0), expected, rtol=0.1, atol=0.01)

# {{grad}}
mask, dy, eps = masks[0], rng.normal(size=50), 1e-6
dh = dropout(dy, mask)
i = int(mask.argmax())
bump = np.eye(50)[i] * eps
numeric = (dy * (dropout(h + bump, mask) - dropout(h - bump, mask))).sum() / (2 * eps)
assert abs(numeric - dh[i]) < 1e-6
assert (dh[mask == 0] == 0).all()
