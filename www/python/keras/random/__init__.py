"""keras.random. The numbers come from this page's generator."""

import numpy as np
from tensorflow import random as _tf
from tensorflow._core import as_tensor

from .._random import SeedGenerator, draw_seed


def normal(shape, mean=0.0, stddev=1.0, dtype=None, seed=None):
    return _tf.normal(shape, mean, stddev, dtype or "float32", draw_seed(seed))


def uniform(shape, minval=0.0, maxval=1.0, dtype=None, seed=None):
    return _tf.uniform(shape, minval, maxval, dtype or "float32", draw_seed(seed))


def truncated_normal(shape, mean=0.0, stddev=1.0, dtype=None, seed=None):
    return _tf.truncated_normal(shape, mean, stddev, dtype or "float32", draw_seed(seed))


def randint(shape, minval, maxval, dtype="int32", seed=None):
    return _tf.uniform(shape, minval, maxval, dtype, draw_seed(seed))


def categorical(logits, num_samples, dtype="int32", seed=None):
    return _tf.categorical(logits, num_samples, dtype, draw_seed(seed))


def shuffle(x, axis=0, seed=None):
    if axis:
        raise NotImplementedError("axis of keras.random.shuffle is not in this Keras; nearest here: axis=0")
    return _tf.shuffle(x, draw_seed(seed))


def dropout(inputs, rate, noise_shape=None, seed=None):
    from tensorflow import nn

    return nn.dropout(inputs, rate, noise_shape, draw_seed(seed))


def binomial(shape, counts, probabilities, dtype=None, seed=None):
    drawn = np.random.default_rng(draw_seed(seed)).binomial(counts, probabilities, shape)
    return as_tensor(np.asarray(drawn), dtype or "float32")


__all__ = ["SeedGenerator", "normal", "uniform", "truncated_normal", "randint", "categorical", "shuffle", "dropout"]
