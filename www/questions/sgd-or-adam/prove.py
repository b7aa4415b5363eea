import numpy as np

curvature = np.array([1.0, 0.01])


def sgd(w, g, state, rate):
    return w - rate * g


def momentum(w, g, state, rate):
    state["v"] = 0.9 * state.get("v", 0) + g
    return w - rate * state["v"]


def adam(w, g, state, rate):
    t = state["t"] = state.get("t", 0) + 1
    state["m"] = 0.9 * state.get("m", 0) + 0.1 * g
    state["s"] = 0.999 * state.get("s", 0) + 0.001 * g**2
    m, s = state["m"] / (1 - 0.9**t), state["s"] / (1 - 0.999**t)
    return w - rate * m / (np.sqrt(s) + 1e-8)


# {{scales}}
def run(step, rate):
    w, state = np.array([1.0, 1.0]), {}
    for _ in range(100):
        w = step(w, curvature * w, state, rate)
    loss = 0.5 * (curvature * w**2).sum()
    return loss if np.isfinite(loss) else np.inf, state


best = {}
for step in (sgd, momentum, adam):
    best[step] = min((run(step, rate)[0], rate) for rate in np.logspace(-3, 0.6, 25))
    print(f"{step.__name__:9s} {best[step][0]:.1e}   {best[step][1]:.3f}")
assert best[adam][0] < best[sgd][0] / 10
assert best[momentum][0] < best[sgd][0] / 10

# {{memory}}
for step, numbers in ((sgd, 0), (momentum, 1), (adam, 2)):
    state = run(step, 0.01)[1]
    kept = sum(np.size(value) == 2 for value in state.values())
    print(f"{step.__name__:9s} {kept}")
    assert kept == numbers
