import numpy as np

rng = np.random.default_rng(0)
sizes = [30, 64, 64, 10]
weights = [rng.normal(size=(m, n)) / np.sqrt(m) for m, n in zip(sizes, sizes[1:])]
x, target = rng.normal(size=(128, 30)), rng.normal(size=(128, 10))
flop = 0


# {{count}}
def product(a, b):
    global flop
    (rows, m), n = a.shape, b.shape[1]
    flop += 2 * rows * m * n
    return a @ b


def forward():
    inputs = [x]
    for w in weights[:-1]:
        inputs.append(np.tanh(product(inputs[-1], w)))
    return inputs, product(inputs[-1], weights[-1])


def loss():
    return 0.5 * ((forward()[1] - target) ** 2).sum()


inputs, y = forward()
ahead, flop = flop, 0
grads, d = [], y - target
for w, h in zip(weights[::-1], inputs[::-1]):
    grads.insert(0, product(h.T, d))
    if h is not x:
        d = product(d, w.T) * (1 - h**2)
print(f"{{ratio}}: {flop / ahead:.2f}")
# dx of the first layer is never needed.
first = 2 * 128 * 30 * 64
assert flop == 2 * ahead - first
assert ahead == 2 * 128 * (30 * 64 + 64 * 64 + 64 * 10)

# {{numeric}}
h = 1e-5
weights[0][0, 0] += h
above = loss()
weights[0][0, 0] -= 2 * h
below = loss()
weights[0][0, 0] += h
assert abs((above - below) / (2 * h) - grads[0][0, 0]) < 1e-5
count = 2 * sum(w.size for w in weights)
print(f"{{times}}: {count}")
assert count > 10000
