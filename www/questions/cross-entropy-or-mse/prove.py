import numpy as np


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def slope_ce(z, y):
    return sigmoid(z) - y


def slope_mse(z, y):
    p = sigmoid(z)
    return 2 * (p - y) * p * (1 - p)


# {{head}}
y = 1.0
for z in (-10.0, -5.0, -1.0, 0.0):
    print(f"{z:6.1f}   {slope_ce(z, y):9.5f}   {slope_mse(z, y):9.5f}")
assert abs(slope_ce(-10.0, y)) > 0.999
assert abs(slope_mse(-10.0, y)) < 1e-4


# {{race}}
def steps(slope, z=-6.0, rate=1.0):
    n = 0
    while sigmoid(z) < 0.5:
        z -= rate * slope(z, 1.0)
        n += 1
    return n


print(steps(slope_ce), steps(slope_mse))
assert steps(slope_mse) > 20 * steps(slope_ce)

h = 1e-6
loss_mse = lambda z: (sigmoid(z) - y) ** 2
assert abs((loss_mse(0.3 + h) - loss_mse(0.3 - h)) / (2 * h) - slope_mse(0.3, y)) < 1e-8
