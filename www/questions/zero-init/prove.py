import numpy as np

x = np.array([[0.0, 0], [0, 1], [1, 0], [1, 1]])
y = np.array([[0.0], [1], [1], [0]])


def train(w1, w2, steps=3000):
    w1, w2, b1, b2 = w1.copy(), w2.copy(), np.zeros(w1.shape[1]), np.zeros(1)
    for _ in range(steps):
        h = np.tanh(x @ w1 + b1)
        p = 1 / (1 + np.exp(-(h @ w2 + b2)))
        dy = (p - y) / 4
        dh = (dy @ w2.T) * (1 - h**2)
        w2, b2 = w2 - 0.5 * h.T @ dy, b2 - 0.5 * dy.sum(axis=0)
        w1, b1 = w1 - 0.5 * x.T @ dh, b1 - 0.5 * dh.sum(axis=0)
    return w1, np.abs(p - y).max()


rng = np.random.default_rng(1)
w1, error = train(np.zeros((2, 8)), np.zeros((8, 1)))
print(f"{{zero}}: {error:.2f}")
assert not w1.any() and error == 0.5

w1, error = train(np.full((2, 8), 0.7), np.full((8, 1), 0.7))
print(f"{{same}}: {error:.2f}")
assert (w1 == w1[:, :1]).all() and w1[0, 0] != 0.7
assert error > 0.4

w1, error = train(rng.normal(size=(2, 8)), rng.normal(size=(8, 1)))
print(f"{{random}}: {error:.2f}")
assert error < 0.05
