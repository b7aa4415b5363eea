import math
import numpy as np


def plain(x):
    return np.exp(x) / np.exp(x).sum()


def shifted(x):
    e = np.exp(x - x.max())
    return e / e.sum()


# {{same}}
x = np.array([1.0, 2.0, 3.0])
assert np.abs(plain(x) - shifted(x)).max() < 1e-15

x = np.array([1000.0, 999.0, 0.0])
with np.errstate(all="ignore"):
    print("{{plain}}:", plain(x))
print("{{shifted}}:", shifted(x))
assert np.isclose(shifted(x).sum(), 1)
assert np.isclose(shifted(x)[0] / shifted(x)[1], math.e)


# {{loss}}
def log_softmax(x):
    top = x.max()
    return x - (top + np.log(np.exp(x - top).sum()))


with np.errstate(all="ignore"):
    print(np.log(shifted(x)))
print(log_softmax(x))
assert np.isfinite(log_softmax(x)).all()
assert np.isclose(log_softmax(x)[2], -1000.3132616875182)

# {{half}}
print(math.exp(11), math.exp(12), 65504)
assert math.exp(11) < 65504 < math.exp(12)
