import numpy as np

# One pixel further along each kind of stroke: across, down, falling, rising.
DIRECTIONS = [(0, 1), (1, 0), (1, 1), (-1, 1)]


def strokes(count, rng, height=10, width=10, classes=4, length=5, noise=0.2):
    """(images, labels): noisy pictures with one stroke each, somewhere. The class is the stroke's direction.

    Shape: (count, 1, height, width) in float32, (count,) of integers below `classes`.
    """
    labels = rng.integers(0, classes, size=count)
    images = rng.normal(0.0, noise, size=(count, 1, height, width))
    for image, label in zip(images, labels.tolist()):
        down, across = DIRECTIONS[label]
        rows = height - (length - 1) * abs(down)
        columns = width - (length - 1) * across
        top = int(rng.integers(0, rows)) + (length - 1) * (down < 0)
        left = int(rng.integers(0, columns))
        for step in range(length):
            image[0, top + step * down, left + step * across] += 1.0
    return images.astype(np.float32), labels
