import numpy as np

rng = np.random.default_rng(0)
image, k = rng.normal(size=(8, 8)), rng.normal(size=(3, 3))


def conv(image, k):
    h, w = image.shape
    return np.array([[(image[i:i + 3, j:j + 3] * k).sum() for j in range(w - 2)] for i in range(h - 2)])


# {{matrix}}
matrix = np.zeros((36, 64))
for i in range(6):
    for j in range(6):
        for a in range(3):
            for b in range(3):
                matrix[i * 6 + j, (i + a) * 8 + j + b] = k[a, b]
assert np.allclose(matrix @ image.ravel(), conv(image, k).ravel())
print(f"{(matrix != 0).mean():.1%}", len(np.unique(matrix)) - 1)
assert len(np.unique(matrix)) == 10
print(f"{{free}}: {matrix.size} / {k.size}")

# {{shift}}
big = np.zeros((16, 16))
big[2:10, 2:10] = image
moved = np.roll(big, (3, 2), axis=(0, 1))
assert np.allclose(conv(moved, k), np.roll(conv(big, k), (3, 2), axis=(0, 1)))
dense = rng.normal(size=(256, 256))
gap = np.abs((dense @ moved.ravel()).reshape(16, 16) - np.roll((dense @ big.ravel()).reshape(16, 16), (3, 2), axis=(0, 1)))
print(f"{gap.max():.2f}")
assert gap.max() > 1
