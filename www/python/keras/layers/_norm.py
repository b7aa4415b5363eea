"""Normalisations."""

import numpy as np

from .. import constraints, initializers, ops, regularizers
from ._base import Layer
from ._core import described
from ._spec import InputSpec


class BatchNormalization(Layer):
    """y = γ · (x − μ) / √(σ² + ε) + β, by the batch in training and by moving averages afterwards."""

    def __init__(self, axis=-1, momentum=0.99, epsilon=0.001, center=True, scale=True, beta_initializer="zeros",
                 gamma_initializer="ones", moving_mean_initializer="zeros", moving_variance_initializer="ones",
                 beta_regularizer=None, gamma_regularizer=None, beta_constraint=None, gamma_constraint=None,
                 synchronized=False, **kwargs):  # fmt: skip
        super().__init__(**kwargs)
        self.axis = int(axis)
        self.momentum, self.epsilon, self.center, self.scale = momentum, epsilon, center, scale
        self.beta_initializer = initializers.get(beta_initializer)
        self.gamma_initializer = initializers.get(gamma_initializer)
        self.moving_mean_initializer = initializers.get(moving_mean_initializer)
        self.moving_variance_initializer = initializers.get(moving_variance_initializer)
        self.beta_regularizer, self.gamma_regularizer = regularizers.get(beta_regularizer), regularizers.get(gamma_regularizer)
        self.beta_constraint, self.gamma_constraint = constraints.get(beta_constraint), constraints.get(gamma_constraint)

    def build(self, input_shape):
        shape = (input_shape[self.axis],)
        self.gamma = self.beta = None
        if self.scale:
            self.gamma = self.add_weight(shape, self.gamma_initializer, regularizer=self.gamma_regularizer,
                                         constraint=self.gamma_constraint, name="gamma")  # fmt: skip
        if self.center:
            self.beta = self.add_weight(shape, self.beta_initializer, regularizer=self.beta_regularizer,
                                        constraint=self.beta_constraint, name="beta")  # fmt: skip
        self.moving_mean = self.add_weight(shape, self.moving_mean_initializer, trainable=False, name="moving_mean")
        self.moving_variance = self.add_weight(shape, self.moving_variance_initializer, trainable=False, name="moving_variance")
        self.input_spec = InputSpec(ndim=len(input_shape), axes={self.axis: input_shape[self.axis]})

    def call(self, inputs, training=None, mask=None):
        axis = self.axis % inputs.ndim
        axes = tuple(a for a in range(inputs.ndim) if a != axis)
        shape = tuple(inputs.shape[a] if a == axis else 1 for a in range(inputs.ndim))
        if training and self.trainable:
            mean, variance = ops.moments(inputs, axes=axes, keepdims=True)
            keep = self.momentum
            for moving, now in ((self.moving_mean, mean), (self.moving_variance, variance)):
                now = np.asarray(now._a).reshape(-1)
                moving.assign(moving._array() * np.float32(keep) + now * np.float32(1.0 - keep))
        else:
            mean = ops.reshape(self.moving_mean, shape)
            variance = ops.reshape(self.moving_variance, shape)
        y = (inputs - mean) * ops.rsqrt(variance + self.epsilon)
        if self.gamma is not None:
            y = y * ops.reshape(self.gamma, shape)
        if self.beta is not None:
            y = y + ops.reshape(self.beta, shape)
        return y

    def compute_output_shape(self, input_shape):
        return input_shape

    def _plan(self):
        if self.axis not in (-1, len(self._inbound_nodes[0].inputs[0].shape) - 1 if self._inbound_nodes else -1):
            return None
        return {"type": "batch_normalization", "momentum": self.momentum, "epsilon": self.epsilon, "center": self.center,
                "scale": self.scale}  # fmt: skip

    def get_config(self):
        return {
            **super().get_config(), "axis": self.axis, "momentum": self.momentum, "epsilon": self.epsilon,
            "center": self.center, "scale": self.scale, "beta_initializer": described(self.beta_initializer),
            "gamma_initializer": described(self.gamma_initializer),
            "moving_mean_initializer": described(self.moving_mean_initializer),
            "moving_variance_initializer": described(self.moving_variance_initializer),
            "beta_regularizer": described(self.beta_regularizer), "gamma_regularizer": described(self.gamma_regularizer),
            "beta_constraint": described(self.beta_constraint), "gamma_constraint": described(self.gamma_constraint),
            "synchronized": False,
        }  # fmt: skip


class LayerNormalization(Layer):
    """Each sample by its own mean and variance (Ba et al. 2016)."""

    def __init__(self, axis=-1, epsilon=0.001, center=True, scale=True, beta_initializer="zeros", gamma_initializer="ones",
                 beta_regularizer=None, gamma_regularizer=None, beta_constraint=None, gamma_constraint=None, **kwargs):  # fmt: skip
        super().__init__(**kwargs)
        self.axis = list(axis) if isinstance(axis, (list, tuple)) else axis
        self.epsilon, self.center, self.scale = epsilon, center, scale
        self.beta_initializer, self.gamma_initializer = initializers.get(beta_initializer), initializers.get(gamma_initializer)
        self.beta_regularizer, self.gamma_regularizer = regularizers.get(beta_regularizer), regularizers.get(gamma_regularizer)

    def _axes(self):
        return self.axis if isinstance(self.axis, list) else [self.axis]

    def build(self, input_shape):
        shape = tuple(input_shape[a] for a in self._axes())
        self.gamma = self.beta = None
        if self.scale:
            self.gamma = self.add_weight(shape, self.gamma_initializer, regularizer=self.gamma_regularizer, name="gamma")
        if self.center:
            self.beta = self.add_weight(shape, self.beta_initializer, regularizer=self.beta_regularizer, name="beta")

    def call(self, inputs):
        axes = [a % inputs.ndim for a in self._axes()]
        shape = tuple(inputs.shape[a] if a in axes else 1 for a in range(inputs.ndim))
        mean, variance = ops.moments(inputs, axes=axes, keepdims=True)
        y = (inputs - mean) * ops.rsqrt(variance + self.epsilon)
        if self.gamma is not None:
            y = y * ops.reshape(self.gamma, shape)
        if self.beta is not None:
            y = y + ops.reshape(self.beta, shape)
        return y

    def compute_output_shape(self, input_shape):
        return input_shape

    def _plan(self):
        if self._axes() != [-1]:
            return None
        return {"type": "layer_normalization", "epsilon": self.epsilon, "center": self.center, "scale": self.scale}

    def get_config(self):
        return {
            **super().get_config(), "axis": self.axis, "epsilon": self.epsilon, "center": self.center, "scale": self.scale,
            "beta_initializer": described(self.beta_initializer), "gamma_initializer": described(self.gamma_initializer),
            "beta_regularizer": described(self.beta_regularizer), "gamma_regularizer": described(self.gamma_regularizer),
        }  # fmt: skip


class RMSNormalization(Layer):
    def __init__(self, axis=-1, epsilon=1e-6, **kwargs):
        super().__init__(**kwargs)
        self.axis, self.epsilon = axis, epsilon

    def build(self, input_shape):
        self.scale = self.add_weight((input_shape[self.axis],), "ones", name="scale")

    def call(self, inputs):
        return inputs * ops.rsqrt(ops.mean(ops.square(inputs), axis=self.axis, keepdims=True) + self.epsilon) * self.scale

    def compute_output_shape(self, input_shape):
        return input_shape

    def _plan(self):
        return {"type": "rms_normalization", "epsilon": self.epsilon} if self.axis == -1 else None


class GroupNormalization(Layer):
    """Groups of channels by their own mean and variance (Wu and He 2018)."""

    def __init__(self, groups=32, axis=-1, epsilon=0.001, center=True, scale=True, **kwargs):
        super().__init__(**kwargs)
        self.groups, self.axis, self.epsilon, self.center, self.scale = groups, axis, epsilon, center, scale

    def build(self, input_shape):
        channels = input_shape[-1]
        if self.groups == -1:
            self.groups = channels
        if channels % self.groups:
            raise ValueError(f"Number of groups ({self.groups}) must be a multiple of the number of channels ({channels}).")
        self.gamma = self.add_weight((channels,), "ones", name="gamma") if self.scale else None
        self.beta = self.add_weight((channels,), "zeros", name="beta") if self.center else None

    def call(self, inputs):
        shape = tuple(inputs.shape)
        x = ops.reshape(inputs, (*shape[:-1], self.groups, shape[-1] // self.groups))
        axes = (*range(1, len(shape) - 1), len(shape))
        mean, variance = ops.moments(x, axes=axes, keepdims=True)
        y = ops.reshape((x - mean) * ops.rsqrt(variance + self.epsilon), shape)
        y = y if self.gamma is None else y * self.gamma
        return y if self.beta is None else y + self.beta

    def compute_output_shape(self, input_shape):
        return input_shape

    def _plan(self):
        return {"type": "group_normalization", "groups": self.groups, "epsilon": self.epsilon, "center": self.center,
                "scale": self.scale}  # fmt: skip


class UnitNormalization(Layer):
    def __init__(self, axis=-1, **kwargs):
        super().__init__(**kwargs)
        self.axis = axis

    def call(self, inputs):
        return inputs * ops.rsqrt(ops.maximum(ops.sum(ops.square(inputs), axis=self.axis, keepdims=True), 1e-12))

    def compute_output_shape(self, input_shape):
        return input_shape
