"""PCA by svd, by eigh and by power iteration; whitening."""
import numpy as np

np.random.seed(1)
X = np.random.randn(100, 5) @ np.random.randn(5, 5) + np.arange(5)
mean = X.mean(axis=0, keepdims=True)
Xc = X - mean
U, S, Vt = np.linalg.svd(Xc, full_matrices=False)
ratio = S ** 2 / np.sum(S ** 2)
print("singular values", S.round(4))
print("explained", np.cumsum(ratio).round(4))
print("components\n", Vt[:2].round(4))
Z = Xc @ Vt[:2].T
print("projected\n", Z[:3])
w, V = np.linalg.eigh(np.cov(X, rowvar=False))
w, V = w[::-1], V[:, ::-1]
print("eigh", w.round(4))
print("same axes", np.allclose(np.abs(np.sum(V.T * Vt, axis=1)), 1))
print("V[:, 0]", V[:, 0])
v = np.ones(5)
C = np.cov(X.T)
for _ in range(200):
    v = C @ v
    v /= np.linalg.norm(v)
print("power", v.round(5), (v @ C @ v).round(5))
white = Xc @ V / np.sqrt(w)
print(np.cov(white.T).round(6) + 0.0)
back = Z @ Vt[:2] + mean
print("reconstruction error", round(float(((X - back) ** 2).mean()), 6))
