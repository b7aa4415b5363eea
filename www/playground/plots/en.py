# The plots that a training run asks for. Change them and run again.
import matplotlib.pyplot as plt
import numpy as np

rng = np.random.default_rng(0)

# Loss curves, with a band of one standard deviation over five seeds.
epochs = np.arange(1, 31)
runs = 2.2 * np.exp(-epochs / 7) + 0.15 + 0.08 * rng.normal(size=(5, 30))
mean, std = runs.mean(axis=0), runs.std(axis=0)
plt.plot(epochs, mean, label="training")
plt.fill_between(epochs, mean - std, mean + std, alpha=0.2)
plt.plot(epochs, mean + 0.012 * epochs, "--", label="validation")
best = int(np.argmin(mean + 0.012 * epochs))
plt.annotate("stop here", (epochs[best], (mean + 0.012 * epochs)[best]), xytext=(15, 1.2), arrowprops=dict(arrowstyle="->"))
plt.xlabel("epoch")
plt.ylabel("loss")
plt.legend()
plt.show()

# A confusion matrix with its counts.
names = ["cat", "dog", "bird", "fish"]
table = np.array([[48, 5, 1, 0], [7, 41, 2, 1], [0, 3, 52, 4], [1, 0, 6, 50]])
fig, ax = plt.subplots(figsize=(5, 4))
image = ax.imshow(table, cmap="Blues")
fig.colorbar(image)
ax.set_xticks(range(4), names)
ax.set_yticks(range(4), names)
ax.set(xlabel="predicted", ylabel="true")
for i in range(4):
    for j in range(4):
        ax.text(j, i, table[i, j], ha="center", va="center", color="white" if table[i, j] > 26 else "black")
plt.show()

# Weights before and after training, and the attention of eight tokens to each other.
fig, (left, right) = plt.subplots(1, 2, figsize=(10, 4))
left.hist(rng.normal(0, 0.5, 2000), bins=40, alpha=0.6, density=True, label="before")
left.hist(rng.normal(0.1, 0.25, 2000), bins=40, alpha=0.6, density=True, label="after")
left.axvline(0, color="k", linestyle=":")
left.set_title("weights")
left.legend()
scores = rng.normal(size=(8, 8)) + 2 * np.eye(8)
scores[np.triu_indices(8, 1)] = -np.inf
attention = np.exp(scores) / np.exp(scores).sum(axis=1, keepdims=True)
mesh = right.pcolormesh(attention, cmap="viridis")
right.invert_yaxis()
right.set(title="causal attention", xlabel="key", ylabel="query")
fig.colorbar(mesh, ax=right)
plt.tight_layout()
plt.show()
