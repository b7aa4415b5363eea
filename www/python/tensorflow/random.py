"""tf.random. The numbers come from this page's generator: seeded, but not TensorFlow's streams."""

import numpy as np

from . import _dtypes
from ._core import labelled, made, to_numpy
from ._dtypes import as_dtype
from ._shape_ops import numbers


def _keras_random():
    from keras import _random

    return _random


def set_seed(seed):
    _keras_random().set_seed(int(seed))


def _generator(seed=None):
    return _keras_random().generator() if seed is None else np.random.default_rng(int(seed))


def _made(array, dtype):
    label = as_dtype(dtype)
    return labelled(made(np.asarray(array).astype(label._storage) if np.ndim(array) else np.asarray(np.asarray(array).astype(label._storage))), label)


def normal(shape, mean=0.0, stddev=1.0, dtype=_dtypes.float32, seed=None, name=None):
    return _made(np.asarray(_generator(seed).standard_normal(numbers(shape))) * float(to_numpy(stddev)) + float(to_numpy(mean)), dtype)


def truncated_normal(shape, mean=0.0, stddev=1.0, dtype=_dtypes.float32, seed=None, name=None):
    return _made(_keras_random().truncated_normal(_generator(seed), numbers(shape)) * stddev + mean, dtype)


def uniform(shape, minval=0, maxval=None, dtype=_dtypes.float32, seed=None, name=None):
    if as_dtype(dtype).is_integer:
        if maxval is None:
            raise ValueError("Must specify maxval for integer dtype")
        return _made(_generator(seed).integers(int(minval), int(maxval), numbers(shape)), dtype)
    low, high = float(to_numpy(minval)), 1.0 if maxval is None else float(to_numpy(maxval))
    return _made(np.asarray(_generator(seed).random(numbers(shape))) * (high - low) + low, dtype)


def shuffle(value, seed=None, name=None):
    from ._shape_ops import gather

    return gather(value, _generator(seed).permutation(len(to_numpy(value))))


def categorical(logits, num_samples, dtype=None, seed=None, name=None):
    """Class numbers drawn by softmax(logits). Shape: [N, C] → [N, num_samples]."""
    x = np.asarray(to_numpy(logits), np.float64)
    p = np.exp(x - x.max(axis=-1, keepdims=True))
    edges = np.cumsum(p / p.sum(axis=-1, keepdims=True), axis=-1)
    drawn = _generator(seed).random((x.shape[0], num_samples))
    rows = (drawn[:, :, None] > edges[:, None, :]).sum(axis=-1)
    return _made(np.minimum(rows, x.shape[-1] - 1), dtype or _dtypes.int64)


def stateless_normal(shape, seed, mean=0.0, stddev=1.0, dtype=_dtypes.float32):
    return normal(shape, mean, stddev, dtype, _mixed(seed))


def stateless_uniform(shape, seed, minval=0, maxval=None, dtype=_dtypes.float32):
    return uniform(shape, minval, maxval, dtype, _mixed(seed))


def _mixed(seed):
    a, b = (int(n) for n in np.asarray(to_numpy(seed)).tolist())
    return (a * 1000003 + b) & 0x7FFFFFFF


class Generator:
    """tf.random.Generator.from_seed(…).normal(…)."""

    def __init__(self, seed):
        self._source = np.random.default_rng(seed)

    @classmethod
    def from_seed(cls, seed, alg=None):
        return cls(int(seed))

    @classmethod
    def from_non_deterministic_state(cls, alg=None):
        return cls(None)

    def normal(self, shape, mean=0.0, stddev=1.0, dtype=_dtypes.float32):
        return _made(np.asarray(self._source.standard_normal(numbers(shape))) * stddev + mean, dtype)

    def uniform(self, shape, minval=0, maxval=None, dtype=_dtypes.float32):
        if as_dtype(dtype).is_integer:
            return _made(self._source.integers(int(minval), int(maxval), numbers(shape)), dtype)
        high = 1.0 if maxval is None else maxval
        return _made(np.asarray(self._source.random(numbers(shape))) * (high - minval) + minval, dtype)


def __getattr__(name):
    from ._missing import module_attribute

    raise module_attribute("tf.random", globals(), name)
