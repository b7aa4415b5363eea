import numpy as np

rng = np.random.default_rng(0)
noise = rng.normal(size=(500, 200, 2)) * np.array([1.0, 0.01])
rate, decay = 1e-3, 0.5


def adam(decoupled):
    w, m, s = np.ones((200, 2)), 0.0, 0.0
    for t, g in enumerate(noise, start=1):
        if not decoupled:
            g = g + decay * w
        m = 0.9 * m + 0.1 * g
        s = 0.999 * s + 0.001 * g**2
        step = (m / (1 - 0.9**t)) / (np.sqrt(s / (1 - 0.999**t)) + 1e-8)
        if decoupled:
            w = w - rate * step - rate * decay * w
        else:
            w = w - rate * step
    return w.mean(axis=0)


# {{shrink}}
l2, adamw = adam(decoupled=False), adam(decoupled=True)
print("Adam + L2 ", l2.round(3))
print("AdamW     ", adamw.round(3))
expected = (1 - rate * decay) ** 500
print(f"(1 - rate * decay)^500 = {expected:.3f}")
assert np.allclose(adamw, expected, atol=0.02)
assert l2[0] - l2[1] > 0.1

# {{sgd}}
g, w = noise[0, 0], np.ones(2)
assert np.allclose(w - rate * (g + decay * w), (1 - rate * decay) * w - rate * g)
