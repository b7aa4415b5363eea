"""A convolutional network by plain loops over single elements learns to tell a bar from a column."""

import numpy as np

rng = np.random.default_rng(5)


def make(count):
    """Images of 8 x 8 with a bar (label 0) or a column (label 1) in noise."""
    images = rng.normal(0.0, 0.1, size=(count, 8, 8))
    labels = rng.integers(0, 2, size=count)
    for image, label in zip(images, labels):
        at = rng.integers(1, 7)
        if label:
            image[:, at] += 1.0
        else:
            image[at] += 1.0
    return images, labels


def convolve(image, kernels):
    count, size, _ = kernels.shape
    out = np.zeros((count, image.shape[0] - size + 1, image.shape[1] - size + 1))
    for k in range(count):
        for i in range(out.shape[1]):
            for j in range(out.shape[2]):
                total = 0.0
                for u in range(size):
                    for v in range(size):
                        total += image[i + u, j + v] * kernels[k, u, v]
                out[k, i, j] = total
    return out


def pool(x):
    count, height, width = x.shape
    out = np.zeros((count, height // 2, width // 2))
    places = np.zeros(out.shape, dtype=int)
    for k in range(count):
        for i in range(out.shape[1]):
            for j in range(out.shape[2]):
                window = x[k, 2 * i : 2 * i + 2, 2 * j : 2 * j + 2]
                places[k, i, j] = np.argmax(window)
                out[k, i, j] = window.max()
    return out, places


def step(image, label, kernels, weights, bias, rate):
    z = convolve(image, kernels)
    hidden = np.maximum(z, 0)
    pooled, places = pool(hidden)
    flat = pooled.reshape(-1)
    scores = flat @ weights + bias
    scores -= scores.max()
    p = np.exp(scores) / np.exp(scores).sum()
    loss = -np.log(p[label])
    d = p.copy()
    d[label] -= 1
    d_pooled = (weights @ d).reshape(pooled.shape)
    d_hidden = np.zeros_like(hidden)
    for k, i, j in np.ndindex(*pooled.shape):
        u, v = np.unravel_index(places[k, i, j], (2, 2))
        d_hidden[k, 2 * i + u, 2 * j + v] = d_pooled[k, i, j]
    d_hidden[z <= 0] = 0
    d_kernels = np.zeros_like(kernels)
    for k in range(len(kernels)):
        for u in range(3):
            for v in range(3):
                d_kernels[k, u, v] = np.sum(image[u : u + 6, v : v + 6] * d_hidden[k])
    weights -= rate * np.outer(flat, d)
    bias -= rate * d
    kernels -= rate * d_kernels
    return loss, int(p.argmax() == label)


images, labels = make(30)
kernels = rng.normal(0, 0.3, size=(2, 3, 3))
weights = rng.normal(0, 0.3, size=(2 * 3 * 3, 2))
bias = np.zeros(2)
for epoch in range(3):
    losses, right = [], 0
    for image, label in zip(images, labels):
        loss, hit = step(image, label, kernels, weights, bias, 0.1)
        losses.append(loss)
        right += hit
    print(f"epoch {epoch}: loss {np.mean(losses):.6f}, {right} of {len(images)}")
assert right >= 28
