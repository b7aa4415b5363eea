import numpy as np

T = 3000
schedules = {
    "constant": lambda t: 1.0,
    "step": lambda t: 0.1 ** (t // (T // 3)),
    "cosine": lambda t: 0.5 * (1 + np.cos(np.pi * t / T)),
    "linear": lambda t: 1 - t / T,
    "stable-decay": lambda t: min(1.0, 5 * (1 - t / T)),
}


# {{ball}}
def train(schedule, until=T):
    rng = np.random.default_rng(0)
    w = np.full(400, 3.0)
    curvature = np.logspace(-2, 0, 400)
    for t in range(until):
        g = curvature * w + rng.normal(size=400)
        w = w - 0.3 * schedule(t) * g
    return 0.5 * (curvature * w**2).sum()


losses = {name: train(schedule) for name, schedule in schedules.items()}
for name, loss in losses.items():
    print(f"{name:13s} {loss:8.2f}")
assert losses["constant"] > 3 * losses["cosine"]
assert losses["constant"] > 3 * losses["step"]

# {{cut}}
cut = {name: train(schedule, 2 * T // 3) for name, schedule in schedules.items()}
for name, loss in cut.items():
    print(f"{name:13s} {loss:8.2f}")
assert cut["cosine"] > 1.5 * losses["cosine"]
