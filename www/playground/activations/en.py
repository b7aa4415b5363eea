# Five activation functions and their derivatives: where the dashed line is zero, nothing is learnt.
import math

import matplotlib.pyplot as plt
import numpy as np

x = np.linspace(-5, 5, 401)
sigmoid = 1 / (1 + np.exp(-x))
erf = np.array([math.erf(v / math.sqrt(2)) for v in x.tolist()])
density = np.exp(-(x**2) / 2) / np.sqrt(2 * np.pi)

functions = {
    r"sigmoid $\sigma(x)$": (sigmoid, sigmoid * (1 - sigmoid)),
    r"$\tanh(x)$": (np.tanh(x), 1 - np.tanh(x) ** 2),
    "ReLU": (np.maximum(x, 0), (x > 0).astype(float)),
    "GELU": (x * (1 + erf) / 2, (1 + erf) / 2 + x * density),
    "SiLU": (x * sigmoid, sigmoid * (1 + x * (1 - sigmoid))),
}

fig, axes = plt.subplots(2, 3, figsize=(11, 6), sharex=True)
for ax, (name, (value, slope)) in zip(axes.flat, functions.items()):
    ax.plot(x, value, label="f")
    ax.plot(x, slope, "--", label="f′")
    ax.axhline(0, color="gray", linewidth=0.6)
    ax.axvline(0, color="gray", linewidth=0.6)
    ax.set_title(name)
    ax.set_ylim(-1.3, 2.3)
axes[0, 0].legend()

# Twenty layers deep: how large is the product of the slopes that a gradient passes through?
rng = np.random.default_rng(0)
last = axes[1, 2]
for name, slope in {"sigmoid": lambda v: np.exp(-v) / (1 + np.exp(-v)) ** 2, "tanh": lambda v: 1 - np.tanh(v) ** 2}.items():
    product = np.cumprod(np.array([slope(rng.normal(size=500)).mean() for _ in range(20)]))
    last.semilogy(np.arange(1, 21), product, "o-", markersize=3, label=name)
    print(f"{name}: {product[-1]:.1e} after 20 layers")
last.set(title="product of slopes", xlim=(0, 21))
last.legend()
plt.tight_layout()
plt.show()
