"""A two-layer sigmoid network learns XOR by plain gradient descent."""

import numpy as np

np.random.seed(1)


def sigmoid(x):
    return 1.0 / (1.0 + np.exp(-x))


class Network:
    def __init__(self, sizes):
        self.weights = [np.random.randn(m, n) for m, n in zip(sizes[:-1], sizes[1:])]
        self.biases = [np.zeros((1, n)) for n in sizes[1:]]

    def forward(self, x):
        activations = [x]
        for w, b in zip(self.weights, self.biases):
            activations.append(sigmoid(np.dot(activations[-1], w) + b))
        return activations

    def step(self, x, y, rate):
        activations = self.forward(x)
        delta = (activations[-1] - y) * activations[-1] * (1 - activations[-1])
        for layer in range(len(self.weights) - 1, -1, -1):
            below = activations[layer]
            back = np.dot(delta, self.weights[layer].T) * below * (1 - below)
            self.weights[layer] -= rate * np.dot(below.T, delta)
            self.biases[layer] -= rate * np.sum(delta, axis=0, keepdims=True)
            delta = back
        return np.mean((activations[-1] - y) ** 2)


x = np.array([[0, 0], [0, 1], [1, 0], [1, 1]], dtype=float)
y = np.array([[0], [1], [1], [0]], dtype=float)
network = Network([2, 8, 1])
losses = [network.step(x, y, 5.0) for _ in range(60)]
assert losses[-1] < losses[0]
print("loss %.6f" % losses[-1])
print(np.round(network.forward(x)[-1].ravel(), 4))
