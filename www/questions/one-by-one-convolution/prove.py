import numpy as np

rng = np.random.default_rng(0)
x = rng.normal(size=(2, 5, 5, 16))
w, b = rng.normal(size=(16, 8)), rng.normal(size=8)

# {{same}}
by_pixel = np.zeros((2, 5, 5, 8))
for n in range(2):
    for i in range(5):
        for j in range(5):
            by_pixel[n, i, j] = x[n, i, j] @ w + b
assert np.allclose(x @ w + b, by_pixel)
print((x @ w + b).shape)

# {{bottle}}
plain = 2 * 9 * 256 * 256
bottleneck = 256 * 64 + 9 * 64 * 64 + 64 * 256
print(f"{plain:,} / {bottleneck:,}: {{times}} {plain / bottleneck:.0f}")
assert bottleneck == 69_632
assert plain / bottleneck > 16

depthwise = 9 * 256 + 256 * 256
print(f"{9 * 256 * 256:,} / {depthwise:,}: {{times}} {9 * 256 * 256 / depthwise:.1f}")
assert 8 < 9 * 256 * 256 / depthwise < 9
