import numpy as np

rng = np.random.default_rng(0)


# {{formula}}
def receptive_field(layers):
    field, jump = 1, 1
    for k, stride, dilation in layers:
        field += (k - 1) * dilation * jump
        jump *= stride
    return field


def conv1d(x, kernel, stride, dilation):
    span = (len(kernel) - 1) * dilation + 1
    return np.array([(x[i:i + span:dilation] * kernel).sum() for i in range(0, len(x) - span + 1, stride)])


# {{measure}}
def influence(layers, size=301):
    kernels = [rng.uniform(0.5, 1, size=k) for k, _, _ in layers]

    def network(x):
        for kernel, (_, stride, dilation) in zip(kernels, layers):
            x = conv1d(x, kernel, stride, dilation)
        return x[len(x) // 2]

    base = network(np.zeros(size))
    return np.array([network(np.eye(size)[i]) - base for i in range(size)])


nets = {
    "3x3 x 3": [(3, 1, 1)] * 3,
    "7x7": [(7, 1, 1)],
    "3x3, pool 2, 3x3": [(3, 1, 1), (2, 2, 1), (3, 1, 1)],
    "dilated 1 2 4": [(3, 1, 1), (3, 1, 2), (3, 1, 4)],
}
for name, layers in nets.items():
    moved = np.flatnonzero(influence(layers))
    print(f"{name:17s} {receptive_field(layers):3d} {moved[-1] - moved[0] + 1:3d}")
    assert receptive_field(layers) == moved[-1] - moved[0] + 1
assert receptive_field([(3, 1, 1)] * 3) == receptive_field([(7, 1, 1)])

# {{effective}}
deep = influence([(3, 1, 1)] * 20, size=101)
deep = deep[deep != 0] / deep.sum()
order = np.sort(deep)[::-1].cumsum()
share = (order < 0.5).sum() / len(deep)
print(f"{share:.2f}")
assert share < 0.3
