"""Skip-gram with negative sampling on a tiny corpus."""
import numpy as np
from collections import Counter

text = "the cat sat on the mat the dog sat on the log the cat saw the dog".split()
vocab = sorted(set(text))
index = {w: i for i, w in enumerate(vocab)}
ids = np.array([index[w] for w in text])
counts = np.array([Counter(text)[w] for w in vocab], dtype=np.float64)
noise = counts ** 0.75
noise /= noise.sum()
print(dict(zip(vocab, noise.round(4).tolist())))
rng = np.random.default_rng(2)
V, D = len(vocab), 6
W, C = rng.uniform(-0.5, 0.5, (V, D)) / D, np.zeros((V, D))
sig = lambda x: np.where(x >= 0, 1 / (1 + np.exp(-np.abs(x))), np.exp(-np.abs(x)) / (1 + np.exp(-np.abs(x))))
pairs = [(ids[i], ids[j]) for i in range(len(ids)) for j in range(max(0, i - 2), min(len(ids), i + 3)) if i != j]
for epoch in range(30):
    loss = 0.0
    for k in rng.permutation(len(pairs)):
        c, o = pairs[k]
        neg = rng.choice(V, size=4, p=noise)
        targets = np.append(neg, o)
        labels = (np.arange(5) == 4).astype(float)
        score = sig(C[targets] @ W[c])
        loss -= np.log(np.where(labels == 1, score, 1 - score)).sum()
        g = score - labels
        dw = g @ C[targets]
        np.add.at(C, targets, -0.1 * g[:, None] * W[c])
        W[c] -= 0.1 * dw
    if epoch % 10 == 9:
        print(epoch, round(loss / len(pairs), 5))
norm = W / np.linalg.norm(W, axis=1, keepdims=True)
sim = norm @ norm.T
for w in ("cat", "sat"):
    best = np.argsort(-sim[index[w]])[1:4]
    print(w, [(vocab[i], f"{sim[index[w], i]:.3f}") for i in best])
print(np.array_str(sim[:3, :3], precision=3))
