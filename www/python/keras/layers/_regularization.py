"""Noise in training."""

import numpy as np
from tensorflow._core import as_tensor

from .. import _random, ops, regularizers
from ._base import Layer
from ._spec import InputSpec


class _Noisy(Layer):
    def __init__(self, seed=None, **kwargs):
        super().__init__(**kwargs)
        self.seed = seed
        self._source = _random.SeedGenerator(seed)
        self.__dict__["built"] = True

    def compute_output_shape(self, input_shape):
        return input_shape

    def _drawn(self, kind, *settings):
        return getattr(np.random.default_rng(self._source.next()), kind)(*settings)


class Dropout(_Noisy):
    """Each value is dropped with probability `rate` in training, the rest divided by 1 − rate."""

    def __init__(self, rate, noise_shape=None, seed=None, **kwargs):
        super().__init__(seed, **kwargs)
        if not 0 <= rate <= 1:
            raise ValueError(f"Invalid value received for argument `rate`. Expected a float value between 0 and 1. Received: rate={rate}")
        self.rate, self.noise_shape = rate, noise_shape

    def _noise_shape(self, shape):
        if self.noise_shape is None:
            return shape
        return tuple(n if m is None else m for n, m in zip(shape, self.noise_shape))

    def call(self, inputs, training=False):
        if not training or not self.rate:
            return inputs
        if self.rate == 1:
            return ops.zeros_like(inputs)
        kept = self._drawn("random", self._noise_shape(tuple(inputs.shape))) >= self.rate
        return inputs * as_tensor((kept / (1.0 - self.rate)).astype(np.float32))

    def _plan(self):
        return {"type": "dropout", "rate": self.rate} if self.noise_shape is None and self.rate < 1 else None

    def get_config(self):
        return {**super().get_config(), "rate": self.rate, "seed": self.seed, "noise_shape": self.noise_shape}


class SpatialDropout1D(Dropout):
    """Drops whole channels."""

    def __init__(self, rate, seed=None, **kwargs):
        super().__init__(rate, seed=seed, **kwargs)
        self.input_spec = InputSpec(ndim=3)

    def _noise_shape(self, shape):
        return (shape[0], *(1,) * (len(shape) - 2), shape[-1])

    def _plan(self):
        return None


class SpatialDropout2D(SpatialDropout1D):
    def __init__(self, rate, data_format=None, seed=None, **kwargs):
        super().__init__(rate, seed, **kwargs)
        self.input_spec = InputSpec(ndim=4)


class GaussianNoise(_Noisy):
    def __init__(self, stddev, seed=None, **kwargs):
        super().__init__(seed, **kwargs)
        self.stddev = stddev

    def call(self, inputs, training=False):
        if not training or not self.stddev:
            return inputs
        return inputs + as_tensor(self._drawn("normal", 0.0, self.stddev, tuple(inputs.shape)).astype(np.float32))

    def get_config(self):
        return {**super().get_config(), "stddev": self.stddev, "seed": self.seed}


class GaussianDropout(_Noisy):
    def __init__(self, rate, seed=None, **kwargs):
        super().__init__(seed, **kwargs)
        self.rate = rate

    def call(self, inputs, training=False):
        if not training or not self.rate:
            return inputs
        deviation = (self.rate / (1.0 - self.rate)) ** 0.5
        return inputs * as_tensor(self._drawn("normal", 1.0, deviation, tuple(inputs.shape)).astype(np.float32))

    def get_config(self):
        return {**super().get_config(), "rate": self.rate, "seed": self.seed}


class AlphaDropout(_Noisy):
    """Dropout that keeps mean and variance of SELU's values (Klambauer et al. 2017)."""

    def __init__(self, rate, noise_shape=None, seed=None, **kwargs):
        super().__init__(seed, **kwargs)
        self.rate, self.noise_shape = rate, noise_shape

    def call(self, inputs, training=False):
        if not training or not self.rate:
            return inputs
        low = -1.0507009873554805 * 1.6732632423543772
        kept = as_tensor((self._drawn("random", tuple(inputs.shape)) >= self.rate).astype(np.float32))
        a = ((1 - self.rate) * (1 + self.rate * low**2)) ** -0.5
        return a * (inputs * kept + low * (1.0 - kept)) - a * low * self.rate

    def get_config(self):
        return {**super().get_config(), "rate": self.rate, "seed": self.seed, "noise_shape": self.noise_shape}


class ActivityRegularization(Layer):
    def __init__(self, l1=0.0, l2=0.0, **kwargs):
        super().__init__(activity_regularizer=regularizers.L1L2(l1, l2), **kwargs)
        self.l1, self.l2 = l1, l2

    def call(self, inputs):
        return inputs

    def compute_output_shape(self, input_shape):
        return input_shape
