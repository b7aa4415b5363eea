"""A restricted Boltzmann machine by contrastive divergence on bars."""
import numpy as np

np.random.seed(7)
data = np.zeros((8, 16))
for i in range(4):
    bar = np.zeros((4, 4))
    bar[i] = 1
    data[i] = bar.ravel()
    data[4 + i] = bar.T.flatten()
W = np.random.normal(0, 0.1, (16, 12))
a, b = np.zeros(16), np.zeros(12)
sigmoid = lambda x: 1 / (1 + np.exp(-x))


def energy(v):
    return -(v @ a) - np.sum(np.log(1 + np.exp(v @ W + b)), axis=1)


for epoch in range(401):
    v0 = data[np.random.permutation(8)]
    p0 = sigmoid(v0 @ W + b)
    h0 = (np.random.rand(*p0.shape) < p0).astype(float)
    v1 = sigmoid(h0 @ W.T + a)
    v1s = np.random.binomial(1, v1)
    p1 = sigmoid(v1s @ W + b)
    W += 0.2 * (v0.T @ p0 - v1s.T @ p1) / 8
    a += 0.2 * (v0 - v1s).mean(axis=0)
    b += 0.2 * np.mean(p0 - p1, axis=0)
    if epoch % 100 == 0:
        print(epoch, "error %.5f" % np.square(v0 - v1).mean(), "free energy %.4f" % energy(data).mean())
v = sigmoid(sigmoid(data @ W + b) @ W.T + a)
print((v > 0.5).astype(int)[0].reshape(4, 4))
print("weights", np.histogram(W, bins=[-9, -1, 0, 1, 9])[0], np.abs(W).max())
