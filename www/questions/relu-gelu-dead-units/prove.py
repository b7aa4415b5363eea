import math
import numpy as np

rng = np.random.default_rng(0)
x = rng.normal(size=(256, 4))
target = np.abs(x[:, 0])


# {{kill}}
def train(leak, steps=500, rate=0.2):
    w, b, v = np.array([1.0, 0, 0, 0]), -6.0, 1.0
    for _ in range(steps):
        z = x @ w + b
        slope = (z > 0).astype(float)
        slope = np.maximum(slope, leak)
        dy = (v * z * slope - target) / len(x)
        dz = dy * v * slope
        v -= rate * (dy * z * slope).sum()
        w -= rate * x.T @ dz
        b -= rate * dz.sum()
    z = x @ w + b
    h = z * np.maximum((z > 0).astype(float), leak)
    return ((v * h - target) ** 2).mean(), (z > 0).mean()


dead, alive = train(leak=0.0)
leaky, _ = train(leak=0.1)
print(f"ReLU        {{revive}} {dead:.3f}")
print(f"leaky ReLU  {{revive}} {leaky:.3f}")
assert alive == 0 and np.isclose(dead, (target**2).mean())
assert leaky < dead / 2

# {{smooth}}
z = np.linspace(-6, 6, 2001)
exact = np.array([0.5 * v * (1 + math.erf(v / math.sqrt(2))) for v in z])
tanh_form = 0.5 * z * (1 + np.tanh(math.sqrt(2 / math.pi) * (z + 0.044715 * z**3)))
print(f"{np.abs(exact - tanh_form).max():.1e}")
assert np.abs(exact - tanh_form).max() < 1e-3
assert exact.min() < -0.16 and z[exact.argmin()] < 0
