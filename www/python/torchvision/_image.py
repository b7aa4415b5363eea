"""A picture as data sets give it: the part of PIL's Image that programs look at."""

import numpy as np


class Image:
    """A picture of one or three channels with values from 0 to 255."""

    def __init__(self, values):
        self._values = np.asarray(values)
        self.mode = "L" if self._values.ndim == 2 else "RGB"

    @property
    def size(self):
        """Width and height, in this order."""
        return self._values.shape[1], self._values.shape[0]

    width = property(lambda self: self._values.shape[1])
    height = property(lambda self: self._values.shape[0])

    def __array__(self, dtype=None, copy=None):
        return self._values if dtype is None else self._values.astype(dtype)

    def __eq__(self, other):
        return isinstance(other, Image) and bool(np.array_equal(self._values, other._values))

    __hash__ = None

    def getpixel(self, xy):
        value = self._values[xy[1], xy[0]]
        return tuple(int(v) for v in value) if self.mode == "RGB" else int(value)

    def convert(self, mode):
        if mode == self.mode:
            return self
        if mode == "RGB":
            return Image(np.stack([self._values] * 3, -1))
        if mode == "L":
            # ITU-R 601-2, as PIL has it.
            r, g, b = (self._values[..., i] for i in range(3))
            return Image((r * 19595 + g * 38470 + b * 7471 + 32768) >> 16)
        raise NotImplementedError(f"convert({mode!r}) is not here: L or RGB")

    def resize(self, size, resample=None):
        """By the nearest pixel."""
        rows = np.minimum(((np.arange(size[1]) + 0.5) * (self.height / size[1])).astype(np.int64), self.height - 1)
        columns = np.minimum(((np.arange(size[0]) + 0.5) * (self.width / size[0])).astype(np.int64), self.width - 1)
        return Image(self._values[rows][:, columns])

    def show(self):
        import matplotlib.pyplot as plt

        plt.imshow(self._values, cmap="gray" if self.mode == "L" else None)
        plt.axis("off")
        plt.show()

    def __repr__(self):
        return f"<PIL.Image.Image image mode={self.mode} size={self.width}x{self.height}>"
