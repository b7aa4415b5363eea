# Four strategies walk down the same valley: steep across, flat along.
import matplotlib.pyplot as plt
import numpy as np


def f(w):
    return 0.5 * (w[0] ** 2 + 25 * w[1] ** 2)


def gradient(w):
    return np.array([w[0], 25 * w[1]])


def sgd(w, g, s, t):
    return w - 0.03 * g


def momentum(w, g, s, t):
    s["v"] = 0.9 * s.get("v", 0) + g
    return w - 0.01 * s["v"]


def rmsprop(w, g, s, t):
    s["v"] = 0.9 * s.get("v", 0) + 0.1 * g**2
    return w - 0.1 * g / (np.sqrt(s["v"]) + 1e-8)


def adam(w, g, s, t):
    s["m"] = 0.9 * s.get("m", 0) + 0.1 * g
    s["v"] = 0.999 * s.get("v", 0) + 0.001 * g**2
    # The means begin at zero: without the correction the first steps would be far too short.
    m, v = s["m"] / (1 - 0.9**t), s["v"] / (1 - 0.999**t)
    return w - 0.2 * m / (np.sqrt(v) + 1e-8)


paths = {}
for step in (sgd, momentum, rmsprop, adam):
    w, state = np.array([-9.0, 1.6]), {}
    walked = [w]
    for t in range(1, 61):
        w = step(w, gradient(w), state, t)
        walked.append(w)
    paths[step.__name__] = np.array(walked)
    print(f"{step.__name__:>8}: f = {f(w):.2e} after 60 steps")

x, y = np.meshgrid(np.linspace(-10, 4, 120), np.linspace(-2.4, 2.4, 80))
fig, (left, right) = plt.subplots(1, 2, figsize=(12, 4.5))
left.contour(x, y, f(np.stack([x, y])), levels=[0.5, 2, 6, 14, 26, 40, 60], cmap="gray_r", linewidths=0.8)
for name, path in paths.items():
    left.plot(path[:, 0], path[:, 1], ".-", label=name, markersize=5, linewidth=1.2)
    right.semilogy([f(w) for w in path], label=name)
left.plot(0, 0, "k*", markersize=12)
left.set_title("paths")
left.legend(loc="upper right")
right.set(title="f(w)", xlabel="step")
right.grid(True, alpha=0.3)
plt.tight_layout()
plt.show()
