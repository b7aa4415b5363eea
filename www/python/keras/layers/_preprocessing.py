"""Layers that prepare data: scales, sizes, random changes of images, words as numbers."""

import math
import re

import numpy as np
from tensorflow._core import as_tensor, to_numpy

from .. import _random, ops
from ._base import Layer
from ._conv import channels_last


class Rescaling(Layer):
    """y = scale · x + offset."""

    def __init__(self, scale, offset=0.0, **kwargs):
        super().__init__(**kwargs)
        self.scale, self.offset = scale, offset
        self.__dict__["built"] = True

    def call(self, inputs):
        return ops.cast(inputs, "float32") * self.scale + self.offset

    def compute_output_shape(self, input_shape):
        return input_shape

    def _plan(self):
        plain = isinstance(self.scale, (int, float)) and isinstance(self.offset, (int, float))
        return {"type": "rescaling", "scale": self.scale, "offset": self.offset} if plain else None

    def get_config(self):
        return {**super().get_config(), "scale": self.scale, "offset": self.offset}


class Resizing(Layer):
    def __init__(self, height, width, interpolation="bilinear", crop_to_aspect_ratio=False, **kwargs):
        super().__init__(**kwargs)
        self.height, self.width, self.interpolation = height, width, interpolation
        self.__dict__["built"] = True

    def compute_output_shape(self, input_shape):
        return (*input_shape[:-3], self.height, self.width, input_shape[-1])

    def call(self, inputs):
        return ops.image.resize(inputs, (self.height, self.width), self.interpolation)

    def get_config(self):
        return {**super().get_config(), "height": self.height, "width": self.width, "interpolation": self.interpolation}


class CenterCrop(Layer):
    def __init__(self, height, width, **kwargs):
        super().__init__(**kwargs)
        self.height, self.width = height, width
        self.__dict__["built"] = True

    def compute_output_shape(self, input_shape):
        return (*input_shape[:-3], self.height, self.width, input_shape[-1])

    def _corner(self, h, w, training):
        return (h - self.height) // 2, (w - self.width) // 2

    def call(self, inputs, training=False):
        h, w = inputs.shape[-3], inputs.shape[-2]
        if h < self.height or w < self.width:
            return ops.image.resize(inputs, (self.height, self.width))
        top, left = self._corner(h, w, training)
        return inputs[..., top : top + self.height, left : left + self.width, :]


class RandomCrop(CenterCrop):
    def __init__(self, height, width, seed=None, **kwargs):
        super().__init__(height, width, **kwargs)
        self._source = _random.SeedGenerator(seed)

    def _corner(self, h, w, training):
        if not training:
            return super()._corner(h, w, training)
        draw = np.random.default_rng(self._source.next())
        return int(draw.integers(0, h - self.height + 1)), int(draw.integers(0, w - self.width + 1))


class RandomImage(Layer):
    """Changes images in training, each in its own way; no gradient passes."""

    def __init__(self, seed=None, data_format=None, **kwargs):
        super().__init__(**kwargs)
        channels_last(data_format)
        self.seed, self._source = seed, _random.SeedGenerator(seed)
        self.__dict__["built"] = True

    def compute_output_shape(self, input_shape):
        return input_shape

    def call(self, inputs, training=True):
        if not training:
            return inputs
        x = np.asarray(to_numpy(inputs), np.float32)
        single = x.ndim == 3
        y = self._changed(x[None] if single else x, np.random.default_rng(self._source.next()))
        return as_tensor(np.asarray(y[0] if single else y, np.float32))


class RandomFlip(RandomImage):
    def __init__(self, mode="horizontal_and_vertical", seed=None, **kwargs):
        super().__init__(seed, **kwargs)
        if mode not in ("horizontal", "vertical", "horizontal_and_vertical"):
            raise ValueError(f"Invalid value for argument `mode`. Expected one of ['horizontal', 'horizontal_and_vertical', 'vertical']. Received: mode={mode}")
        self.mode = mode

    def _changed(self, x, draw):
        y = x.copy()
        for name, axis in (("horizontal", 2), ("vertical", 1)):
            if name in self.mode:
                chosen = np.flatnonzero(draw.random(len(x)) < 0.5)
                if len(chosen):
                    y[chosen] = np.flip(y[chosen], axis=axis)
        return y

    def get_config(self):
        return {**super().get_config(), "mode": self.mode, "seed": self.seed}


def _bounds(factor, signed=True):
    if isinstance(factor, (tuple, list)):
        return float(factor[0]), float(factor[1])
    return (-float(factor) if signed else 0.0), float(factor)


def transformed(x, matrices, fill_mode="reflect", fill_value=0.0):
    """Images whose place (row, column) takes the colour at matrix · (row, column, 1), between four pixels.

    Shape: x [N, H, W, C], matrices [N, 2, 3], about the image's middle.
    """
    n, h, w, c = x.shape
    rows, columns = np.meshgrid(np.arange(h) - (h - 1) / 2, np.arange(w) - (w - 1) / 2, indexing="ij")
    places = np.stack([rows.reshape(-1), columns.reshape(-1), np.ones(h * w)])
    at = matrices @ places
    r, s = at[:, 0] + (h - 1) / 2, at[:, 1] + (w - 1) / 2
    outside = (r < -0.5) | (r > h - 0.5) | (s < -0.5) | (s > w - 0.5)
    r, s = _inside(r, h, fill_mode), _inside(s, w, fill_mode)
    r0, s0 = np.floor(r).astype(int), np.floor(s).astype(int)
    fr, fs = (r - r0)[..., None], (s - s0)[..., None]
    flat = x.reshape(n, h * w, c)
    which = np.arange(n)[:, None]

    def colour(i, j):
        return flat[which, np.clip(i, 0, h - 1) * w + np.clip(j, 0, w - 1)]

    top = colour(r0, s0) * (1 - fs) + colour(r0, s0 + 1) * fs
    bottom = colour(r0 + 1, s0) * (1 - fs) + colour(r0 + 1, s0 + 1) * fs
    y = top * (1 - fr) + bottom * fr
    if fill_mode == "constant":
        y = np.where(outside[..., None], fill_value, y)
    return y.reshape(n, h, w, c).astype(np.float32)


def _inside(at, size, mode):
    if mode == "wrap":
        return at % size
    if mode == "reflect":
        period = 2 * size
        at = (at + 0.5) % period
        return np.clip(np.where(at >= size, period - at, at) - 0.5, 0, size - 1)
    return np.clip(at, 0, size - 1)


class RandomRotation(RandomImage):
    """Turns by factor · 2π."""

    def __init__(self, factor, fill_mode="reflect", interpolation="bilinear", seed=None, fill_value=0.0, **kwargs):
        super().__init__(seed, **kwargs)
        self.factor, self.fill_mode, self.fill_value = factor, fill_mode, fill_value

    def _changed(self, x, draw):
        low, high = _bounds(self.factor)
        angles = draw.uniform(low, high, len(x)) * 2 * math.pi
        matrices = np.zeros((len(x), 2, 3))
        matrices[:, 0, 0], matrices[:, 0, 1] = np.cos(angles), -np.sin(angles)
        matrices[:, 1, 0], matrices[:, 1, 1] = np.sin(angles), np.cos(angles)
        return transformed(x, matrices, self.fill_mode, self.fill_value)

    def get_config(self):
        return {**super().get_config(), "factor": self.factor, "fill_mode": self.fill_mode, "seed": self.seed}


class RandomZoom(RandomImage):
    """Sizes by 1 + factor: above 0 the image gets smaller, as in Keras."""

    def __init__(self, height_factor, width_factor=None, fill_mode="reflect", interpolation="bilinear", seed=None, fill_value=0.0, **kwargs):
        super().__init__(seed, **kwargs)
        self.height_factor, self.width_factor = height_factor, width_factor
        self.fill_mode, self.fill_value = fill_mode, fill_value

    def _changed(self, x, draw):
        down = 1 + draw.uniform(*_bounds(self.height_factor), len(x))
        across = down if self.width_factor is None else 1 + draw.uniform(*_bounds(self.width_factor), len(x))
        matrices = np.zeros((len(x), 2, 3))
        matrices[:, 0, 0], matrices[:, 1, 1] = down, across
        return transformed(x, matrices, self.fill_mode, self.fill_value)

    def get_config(self):
        return {**super().get_config(), "height_factor": self.height_factor, "width_factor": self.width_factor,
                "fill_mode": self.fill_mode, "seed": self.seed}  # fmt: skip


class RandomTranslation(RandomImage):
    """Moves by shares of the height and the width."""

    def __init__(self, height_factor, width_factor, fill_mode="reflect", interpolation="bilinear", seed=None, fill_value=0.0, **kwargs):
        super().__init__(seed, **kwargs)
        self.height_factor, self.width_factor = height_factor, width_factor
        self.fill_mode, self.fill_value = fill_mode, fill_value

    def _changed(self, x, draw):
        matrices = np.zeros((len(x), 2, 3))
        matrices[:, 0, 0] = matrices[:, 1, 1] = 1.0
        matrices[:, 0, 2] = -draw.uniform(*_bounds(self.height_factor), len(x)) * x.shape[1]
        matrices[:, 1, 2] = -draw.uniform(*_bounds(self.width_factor), len(x)) * x.shape[2]
        return transformed(x, matrices, self.fill_mode, self.fill_value)


class RandomContrast(RandomImage):
    def __init__(self, factor, value_range=(0, 255), seed=None, **kwargs):
        super().__init__(seed, **kwargs)
        self.factor, self.value_range = factor, value_range

    def _changed(self, x, draw):
        low, high = (self.factor, self.factor) if not isinstance(self.factor, (tuple, list)) else self.factor
        scale = draw.uniform(1.0 - low, 1.0 + high, len(x)).reshape(-1, 1, 1, 1)
        mean = x.mean(axis=(1, 2), keepdims=True)
        return np.clip((x - mean) * scale + mean, *self.value_range)


class RandomBrightness(RandomImage):
    def __init__(self, factor, value_range=(0, 255), seed=None, **kwargs):
        super().__init__(seed, **kwargs)
        self.factor, self.value_range = factor, value_range

    def _changed(self, x, draw):
        low, high = self.value_range
        shift = draw.uniform(*_bounds(self.factor), len(x)).reshape(-1, 1, 1, 1) * (high - low)
        return np.clip(x + shift, low, high)


class Normalization(Layer):
    """(x − mean) / √variance, both given or taken from data by `adapt`."""

    def __init__(self, axis=-1, mean=None, variance=None, invert=False, **kwargs):
        super().__init__(**kwargs)
        self.axis, self.invert = axis, invert
        self.mean = None if mean is None else np.asarray(mean, np.float32)
        self.variance = None if variance is None else np.asarray(variance, np.float32)

    def adapt(self, data):
        x = np.concatenate([np.asarray(to_numpy(b)) for b in data]) if hasattr(data, "element_spec") else np.asarray(to_numpy(data))
        x = np.asarray(x, np.float64)
        kept = () if self.axis is None else tuple(a % x.ndim for a in ((self.axis,) if isinstance(self.axis, int) else self.axis))
        axes = tuple(a for a in range(x.ndim) if a not in kept)
        self.mean, self.variance = (f(x, axis=axes, keepdims=True)[0].astype(np.float32) for f in (np.mean, np.var))

    def call(self, inputs):
        if self.mean is None:
            raise ValueError("The Normalization layer has no mean and variance yet: call its adapt(data) first.")
        deviation = np.maximum(np.sqrt(self.variance), 1e-7)
        if self.invert:
            return self.mean + inputs * deviation
        return (ops.cast(inputs, "float32") - self.mean) / deviation

    def compute_output_shape(self, input_shape):
        return input_shape


class CategoryEncoding(Layer):
    def __init__(self, num_tokens=None, output_mode="multi_hot", **kwargs):
        super().__init__(**kwargs)
        self.num_tokens, self.output_mode = num_tokens, output_mode
        self.__dict__["built"] = True

    def call(self, inputs):
        at = np.asarray(to_numpy(inputs)).astype(int)
        rows = np.eye(self.num_tokens, dtype=np.float32)[at]
        if self.output_mode == "one_hot":
            return as_tensor(rows[:, 0] if at.ndim == 2 and at.shape[1] == 1 else rows)
        rows = rows.sum(axis=-2) if at.ndim > 1 else rows
        return as_tensor(rows if self.output_mode == "count" else np.minimum(rows, 1.0))

    def compute_output_shape(self, input_shape):
        return (*input_shape[:-1], self.num_tokens)


class TextVectorization(Layer):
    """Texts as word numbers: 0 is padding, 1 an unknown word."""

    def __init__(self, max_tokens=None, standardize="lower_and_strip_punctuation", split="whitespace", output_mode="int",
                 output_sequence_length=None, vocabulary=None, **kwargs):  # fmt: skip
        super().__init__(**kwargs)
        if output_mode not in ("int", "multi_hot", "count"):
            raise NotImplementedError(f"output_mode={output_mode!r} is not in this Keras; nearest here: 'multi_hot'")
        self.max_tokens, self.standardize, self.output_mode = max_tokens, standardize, output_mode
        self.output_sequence_length = output_sequence_length
        self._words = ["", "[UNK]", *(vocabulary or [])]
        self.__dict__["built"] = True

    def _parts(self, text):
        if callable(self.standardize):
            text = self.standardize(text)
        elif self.standardize:
            text = re.sub(r"""[!"#$%&()\*\+,-\./:;<=>?@\[\\\]^_`{|}~']""", "", text.lower())
        return text.split()

    def adapt(self, data):
        counts = {}
        for text in data:
            for word in self._parts(text):
                counts[word] = counts.get(word, 0) + 1
        # Of words that are as frequent, Keras's order is the alphabet's, backwards.
        words = sorted(sorted(counts, reverse=True), key=lambda w: -counts[w])
        self._words = ["", "[UNK]", *words][: self.max_tokens]

    def get_vocabulary(self):
        return list(self._words)

    def vocabulary_size(self):
        return len(self._words)

    def __call__(self, texts):
        single = isinstance(texts, str)
        number = {word: i for i, word in enumerate(self._words)}
        rows = [[number.get(word, 1) for word in self._parts(text)] for text in ([texts] if single else texts)]
        if self.output_mode != "int":
            counts = np.stack([np.bincount(np.array(r or [0]), minlength=len(self._words))[: len(self._words)] for r in rows])
            counts = counts if self.output_mode == "count" else np.minimum(counts, 1)
            return as_tensor(counts[0] if single else counts, "float32")
        length = self.output_sequence_length or max((len(r) for r in rows), default=0)
        padded = np.array([(r + [0] * length)[:length] for r in rows]).reshape(len(rows), length)
        return as_tensor(padded[0] if single else padded, "int64")
