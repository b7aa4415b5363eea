import numpy as np

rng = np.random.default_rng(0)
c = 512

# {{compare}}
stack, single = 3 * 9 * c * c, 49 * c * c
print(f"{stack:,} / {single:,} = {stack / single:.2f}")
assert 1 + 3 * (3 - 1) == 7 and abs(stack / single - 27 / 49) < 1e-12


def conv(image, k):
    n = k.shape[0]
    h, w = image.shape
    return np.array([[(image[i:i + n, j:j + n] * k).sum() for j in range(w - n + 1)] for i in range(h - n + 1)])


# {{linear}}
image, k1, k2 = rng.normal(size=(12, 12)), rng.normal(size=(3, 3)), rng.normal(size=(3, 3))
together = np.zeros((5, 5))
for i in range(3):
    for j in range(3):
        together[i:i + 3, j:j + 3] += k1 * k2[i, j]
assert np.allclose(conv(conv(image, k1), k2), conv(image, together))
bent = conv(np.maximum(conv(image, k1), 0), k2)
print(f"{np.abs(bent - conv(image, together)).max():.2f}")
assert not np.allclose(bent, conv(image, together))

# {{count}}
plan = [64, 64, "P", 128, 128, "P", 256, 256, 256, "P", 512, 512, 512, "P", 512, 512, 512, "P"]
channels, total = 3, 0
for width in plan:
    if width != "P":
        total += 9 * channels * width + width
        channels = width
print(f"{{count}}: {total:,}")
assert total == 14_714_688
