"""k-means with k-means++ seeding on blobs."""
import numpy as np

rng = np.random.default_rng(0)
centres = np.array([[0, 0], [5, 5], [0, 6], [7, 0]], dtype=float)
X = np.vstack([c + rng.normal(scale=0.8, size=(40, 2)) for c in centres])
rng.shuffle(X)


def init(X, k):
    chosen = [X[rng.integers(len(X))]]
    while len(chosen) < k:
        d2 = np.min(((X[:, None, :] - np.array(chosen)[None]) ** 2).sum(-1), axis=1)
        chosen.append(X[rng.choice(len(X), p=d2 / d2.sum())])
    return np.array(chosen)


mu = init(X, 4)
for step in range(20):
    dist = np.linalg.norm(X[:, np.newaxis] - mu, axis=2)
    label = dist.argmin(axis=1)
    new = np.array([X[label == j].mean(axis=0) if (label == j).any() else mu[j] for j in range(4)])
    moved = np.abs(new - mu).max()
    mu = new
    print(step, f"{moved:.6f}", f"{(dist[np.arange(len(X)), label] ** 2).sum():.4f}")
    if moved < 1e-8:
        break
order = np.lexsort(mu.T[::-1])
print(mu[order].round(3))
print(np.bincount(label, minlength=4)[order])
values, counts = np.unique(label, return_counts=True)
print(dict(zip(values.tolist(), counts.tolist())))
