"""A decision tree by Gini impurity, as nested tuples."""
import numpy as np

rng = np.random.default_rng(5)
X = rng.normal(size=(150, 4))
y = ((X[:, 0] > 0.2).astype(int) + (X[:, 2] * X[:, 2] > 1)).astype(int)


def gini(y):
    _, n = np.unique(y, return_counts=True)
    p = n / n.sum()
    return 1.0 - (p ** 2).sum()


def best(X, y):
    found = (np.inf, None, None)
    for j in range(X.shape[1]):
        column = np.sort(np.unique(X[:, j]))
        for t in (column[1:] + column[:-1]) / 2:
            left = X[:, j] <= t
            score = left.mean() * gini(y[left]) + (~left).mean() * gini(y[~left])
            if score < found[0]:
                found = (score, j, t)
    return found


def grow(X, y, depth):
    if depth == 0 or len(np.unique(y)) == 1:
        return int(np.bincount(y).argmax())
    score, j, t = best(X, y)
    left = X[:, j] <= t
    return (j, t, grow(X[left], y[left], depth - 1), grow(X[~left], y[~left], depth - 1))


def show(node, indent=""):
    if not isinstance(node, tuple):
        print(f"{indent}-> {node}")
        return
    j, t, a, b = node
    print(f"{indent}x{j} <= {t:.4f}")
    show(a, indent + "  ")
    show(b, indent + "  ")


def predict(node, x):
    while isinstance(node, tuple):
        node = node[2] if x[node[0]] <= node[1] else node[3]
    return node


tree = grow(X, y, 3)
show(tree)
print("gini", gini(y), "threshold", tree[1].round(9))
guess = np.array([predict(tree, x) for x in X])
print("accuracy", (guess == y).mean())
confusion = np.zeros((3, 3), dtype=int)
np.add.at(confusion, (y, guess), 1)
print(confusion)
print(np.apply_along_axis(lambda row: row / row.sum(), 1, confusion.astype(float)).round(3))
