"""Programs of the teaching kind, as they are written for the real library."""

import matplotlib.cm as cm
import matplotlib.pyplot as plt
import numpy as np
from matplotlib.colors import ListedColormap
from matplotlib.gridspec import GridSpec
from matplotlib.ticker import MaxNLocator

rng = np.random.default_rng(0)


def items(kind=None):
    data = plt.gcf().drawing().data()
    plt.close("all")
    return [item for item in data["items"] if kind in (None, item["kind"])]


# Curves of a training, with both losses and the accuracy on the right.
history = {"loss": [2.3, 1.1, 0.6, 0.4], "val_loss": [2.3, 1.3, 0.9, 0.8], "acc": [0.1, 0.6, 0.8, 0.9]}
fig, ax = plt.subplots(figsize=(8, 5), dpi=100)
epochs = range(1, len(history["loss"]) + 1)
ax.plot(epochs, history["loss"], "bo-", label="Training loss")
ax.plot(epochs, history["val_loss"], color="tab:orange", linestyle="--", linewidth=2, label="Validation loss")
ax.set_xlabel("Epochs")
ax.set_ylabel("Loss")
ax.xaxis.set_major_locator(MaxNLocator(integer=True))
right = ax.twinx()
right.plot(epochs, history["acc"], "g", alpha=0.5, label="accuracy")
right.set_ylim(0, 1)
lines, labels = ax.get_legend_handles_labels()
more, words = right.get_legend_handles_labels()
ax.legend(lines + more, labels + words, loc="center right")
ax.grid(True, alpha=0.3)
fig.tight_layout()
strokes = {i.get("stroke") for i in items("path")}
assert {"#0000ff", "#ff7f0e", "#00800080"} <= strokes, strokes

# A grid of digits.
fig, axes = plt.subplots(4, 5, figsize=(10, 8))
for i, ax in enumerate(axes.flat):
    ax.imshow(rng.random((28, 28)), cmap=plt.cm.binary, interpolation="nearest")
    ax.set_title(f"Label: {i % 10}", fontsize=9)
    ax.set_xticks([])
    ax.set_yticks([])
plt.subplots_adjust(wspace=0.1, hspace=0.4)
assert len(items("image")) == 20

plt.figure(figsize=(10, 10))
for i in range(9):
    plt.subplot(3, 3, i + 1)
    plt.imshow(rng.integers(0, 256, (32, 32, 3)))
    plt.xlabel("cat")
    plt.axis("off")
assert len(items("image")) == 9

# A decision boundary over a meshgrid.
X, y = rng.normal(size=(60, 2)), rng.integers(0, 2, 60)
xx, yy = np.meshgrid(np.arange(-3, 3, 0.05), np.arange(-3, 3, 0.05))
Z = (xx.ravel() ** 2 + yy.ravel() > 0.5).astype(int).reshape(xx.shape)
plt.contourf(xx, yy, Z, alpha=0.4, cmap=ListedColormap(["#FFAAAA", "#AAAAFF"]))
plt.contour(xx, yy, Z, levels=[0.5], colors="k", linewidths=1)
plt.scatter(X[:, 0], X[:, 1], c=y, s=20, edgecolors="k", cmap="coolwarm")
plt.xlim(xx.min(), xx.max())
plt.ylim(yy.min(), yy.max())
drawn = items()
assert sum(i["kind"] == "marks" for i in drawn) == 1 and any(i.get("fill", "").startswith("#ffaaaa") for i in drawn if i["kind"] == "path")

# A confusion matrix with its counts.
table = np.array([[50, 2, 1], [3, 45, 4], [0, 5, 48]])
fig, ax = plt.subplots()
im = ax.imshow(table, interpolation="nearest", cmap=plt.cm.Blues)
ax.figure.colorbar(im, ax=ax)
ax.set(xticks=np.arange(3), yticks=np.arange(3), xticklabels=["cat", "dog", "bird"], yticklabels=["cat", "dog", "bird"],
       title="Confusion matrix", ylabel="True label", xlabel="Predicted label")  # fmt: skip
plt.setp(ax.get_xticklabels(), rotation=45, ha="right", rotation_mode="anchor")
thresh = table.max() / 2.0
for i in range(3):
    for j in range(3):
        ax.text(j, i, format(table[i, j], "d"), ha="center", va="center", color="white" if table[i, j] > thresh else "black")
numbers = [i for i in items("text") if i.get("lit")]
assert [i["fill"] for i in numbers[:3]] == ["#ffffff", "#000000", "#000000"], numbers[:3]

# Weights of layers, as histograms that lie over each other.
plt.hist(rng.normal(size=500), bins=30, alpha=0.5, density=True, label="layer 1")
plt.hist(0.5 * rng.normal(size=500), bins=30, alpha=0.5, density=True, label="layer 2")
plt.axvline(0, color="k", linestyle=":", linewidth=1)
plt.yscale("log")
plt.legend(loc="upper right")
assert len(items("path")) > 60

# Activation functions, with spines through zero.
x = np.linspace(-5, 5, 101)
fig, ax = plt.subplots()
ax.plot(x, 1 / (1 + np.exp(-x)), label=r"$\sigma(x)=\frac{1}{1+e^{-x}}$")
ax.plot(x, np.maximum(0, x), label="ReLU")
ax.spines["top"].set_visible(False)
ax.spines["right"].set_color("none")
ax.spines["left"].set_position("zero")
ax.spines[["bottom"]].set_position(("data", 0))
ax.annotate("saturates", xy=(4, 1), xytext=(1, 3), arrowprops=dict(arrowstyle="->", color="gray"))
ax.legend()
words = [run[0] for i in items("text") for line in i["lines"] for run in line]
assert "σ" in words, words

# A learning-rate schedule on a log axis, filled between bounds, with a grid of several rows.
fig = plt.figure(figsize=(8, 6), constrained_layout=True)
gs = GridSpec(2, 2, figure=fig)
top = fig.add_subplot(gs[0, :])
top.semilogy(np.arange(100), 0.1 * 0.95 ** np.arange(100), "k-")
mean, std = np.sin(x), 0.2 * np.ones_like(x)
low = fig.add_subplot(gs[1, 0])
low.plot(x, mean)
low.fill_between(x, mean - std, mean + std, alpha=0.2)
bars = fig.add_subplot(gs[1, 1])
container = bars.bar(["SGD", "Adam", "RMSprop"], [91.2, 97.8, 96.5], color=cm.viridis(np.linspace(0, 1, 3)), yerr=[1, 0.5, 0.7], capsize=4)
bars.bar_label(container, fmt="%.1f")
bars.set_ylim(80, 100)
fig.suptitle("Schedules", fontsize=14, fontweight="bold")
assert "97.8" in [run[0] for i in items("text") for line in i["lines"] for run in line]

# Live: the line of a running loss is changed and shown again, the figure drawn anew after clf.
plt.ion()
line, = plt.plot([], [])
for step in range(3):
    line.set_data(range(step + 1), [1 / (1 + s) for s in range(step + 1)])
    plt.gca().relim()
    plt.gca().autoscale_view()
assert abs(plt.gca().get_xlim()[1] - 2.1) < 1e-9
plt.clf()
assert plt.gcf().axes == []
plt.close()

# Filters of a convolution, feature maps, and a heat map with a bar across.
filters = rng.normal(size=(16, 3, 3))
fig, axes = plt.subplots(2, 8, figsize=(8, 2), subplot_kw={"xticks": [], "yticks": []})
for ax, f in zip(axes.ravel(), filters):
    im = ax.imshow(f, cmap="RdBu", vmin=-2, vmax=2)
fig.colorbar(im, ax=axes.ravel().tolist(), shrink=0.8)
assert len(items("image")) == 17

plt.pcolormesh(rng.random((10, 12)), cmap="magma")
plt.colorbar(label="attention")
plt.gca().invert_yaxis()
assert len(items("image")) == 2

print("ok")
