"""Convolutions. Images are [batch, height, width, channels], kernels [kernel…, in, out]."""

import numpy as np

from .. import constraints, initializers, ops, regularizers
from ._base import Layer
from ._core import described, plan_activation, weighted, weighted_config
from ._spec import InputSpec


def sizes(value, rank, name, zero=False):
    """`value` as a tuple of `rank` sizes."""
    made = (value,) * rank if isinstance(value, (int, np.integer)) else tuple(value)
    least = 0 if zero else 1
    if len(made) != rank or any(not isinstance(n, (int, np.integer)) or n < least for n in made):
        raise ValueError(
            f"The `{name}` argument must be a tuple of {rank} integers. Received {name}={value}, including values that "
            f"do not satisfy `value {'>=' if zero else '>'} 0`"
            if len(made) == rank
            else f"The `{name}` argument must be a tuple of {rank} integers. Received: {value}"
        )
    return tuple(int(n) for n in made)


def padding_name(padding, allowed=("valid", "same")):
    name = str(padding).lower()
    if name not in allowed:
        listed = ", ".join(map(repr, allowed))
        raise ValueError(f"The `padding` argument must be a list/tuple or one of {{{listed}}}. Received: {padding}")
    return name


def channels_last(data_format):
    if data_format == "channels_first":
        raise NotImplementedError("data_format='channels_first' is not in this Keras; nearest here: 'channels_last'")
    return "channels_last"


def along(size, kernel, stride, padding, dilation=1):
    """The size of one axis after windows of `kernel` have gone over it."""
    if size is None:
        return None
    reach = (kernel - 1) * dilation + 1
    if padding in ("same", "causal"):
        return -(-size // stride)
    return (size - reach) // stride + 1


class BaseConv(Layer):
    rank = 2

    def __init__(self, filters, kernel_size, strides=1, padding="valid", data_format=None, dilation_rate=1, groups=1,
                 activation=None, use_bias=True, kernel_initializer="glorot_uniform", bias_initializer="zeros",
                 kernel_regularizer=None, bias_regularizer=None, activity_regularizer=None, kernel_constraint=None,
                 bias_constraint=None, **kwargs):  # fmt: skip
        super().__init__(activity_regularizer=activity_regularizer, **kwargs)
        if filters is not None and (not isinstance(filters, (int, np.integer)) or filters <= 0):
            raise ValueError(f"Invalid value for argument `filters`. Expected a strictly positive value. Received filters={filters}.")
        if filters is not None and filters % groups:
            raise ValueError(
                f"The number of filters must be evenly divisible by the number of groups. Received: groups={groups}, filters={filters}."
            )
        self.filters, self.groups = filters, groups
        self.kernel_size = sizes(kernel_size, self.rank, "kernel_size")
        self.strides = sizes(strides, self.rank, "strides")
        self.dilation_rate = sizes(dilation_rate, self.rank, "dilation_rate")
        self.padding = padding_name(padding, ("valid", "same", "causal") if self.rank == 1 else ("valid", "same"))
        self.data_format = channels_last(data_format)
        weighted(self, activation, use_bias, kernel_initializer, bias_initializer, kernel_regularizer, bias_regularizer,
                 kernel_constraint, bias_constraint)  # fmt: skip
        self.input_spec = InputSpec(min_ndim=self.rank + 2)

    def _kernel_shape(self, channels):
        return (*self.kernel_size, channels // self.groups, self.filters)

    def build(self, input_shape):
        channels = self._channels(input_shape)
        if channels % self.groups:
            raise ValueError(
                f"The number of input channels must be evenly divisible by the number of groups. Received "
                f"groups={self.groups}, but the input has {channels} channels (full input shape is {input_shape})."
            )
        shape = self._kernel_shape(channels)
        self.kernel = self.add_weight(shape, self.kernel_initializer, regularizer=self.kernel_regularizer,
                                      constraint=self.kernel_constraint, name="kernel")  # fmt: skip
        self._add_bias(self.filters)
        self._fits(input_shape)

    def _channels(self, input_shape):
        channels = input_shape[-1]
        if channels is None:
            raise ValueError(
                f"The channel dimension of the inputs should be defined. Received: input_shape={input_shape} in layer '{self.name}'."
            )
        self.input_spec = InputSpec(min_ndim=self.rank + 2, axes={-1: channels})
        return channels

    def _add_bias(self, count):
        self.bias = None
        if self.use_bias:
            self.bias = self.add_weight((count,), self.bias_initializer, regularizer=self.bias_regularizer,
                                        constraint=self.bias_constraint, name="bias")  # fmt: skip

    def _fits(self, input_shape):
        shape = self.compute_output_shape(input_shape)
        if any(n is not None and n <= 0 for n in shape[1:]):
            kernel = tuple(self.weights[0].shape)
            dilation = str(list(self.dilation_rate)).replace(",", "")
            raise ValueError(
                "Computed output size would be zero or negative. Received "
                f"`inputs shape={tuple(input_shape)}`, `kernel shape={kernel}`, `dilation_rate={dilation}`, "
                f"`strides={self.strides}`, `padding={self.padding}`."
            )

    def compute_output_shape(self, input_shape):
        places = zip(input_shape[1:-1], self.kernel_size, self.strides, self.dilation_rate)
        return (input_shape[0], *(along(n, k, s, self.padding, d) for n, k, s, d in places), self.filters)

    def call(self, inputs, training=None):
        x = ops.conv(inputs, self.kernel, strides=self.strides, padding=self.padding, dilation_rate=self.dilation_rate,
                     groups=self.groups, bias=self.bias)  # fmt: skip
        return self.activation(x)

    def _plan(self):
        settings = {
            "type": "conv2d", "filters": self.filters, "kernel": list(self.kernel_size), "stride": list(self.strides),
            "padding": self.padding, "dilation": list(self.dilation_rate), "groups": self.groups,
            "activation": plan_activation(self.activation), "use_bias": self.use_bias,
        }  # fmt: skip
        if self.rank == 1:
            for key in ("kernel", "stride", "dilation"):
                settings[key] = settings[key][0]
            settings["type"] = "conv1d"
        return settings

    def get_config(self):
        config = weighted_config(self)
        ordered = {key: config[key] for key in config if not key.endswith("_constraint")}
        ordered["activity_regularizer"] = described(self.activity_regularizer)
        ordered.update({key: config[key] for key in config if key.endswith("_constraint")})
        return {
            **super().get_config(), "filters": self.filters, "kernel_size": self.kernel_size, "strides": self.strides,
            "padding": self.padding, "data_format": self.data_format, "dilation_rate": self.dilation_rate,
            "groups": self.groups, **ordered,
        }  # fmt: skip


class Conv1D(BaseConv):
    rank = 1


class Conv2D(BaseConv):
    rank = 2

    def __init__(self, filters, kernel_size, strides=(1, 1), padding="valid", data_format=None, dilation_rate=(1, 1),
                 groups=1, activation=None, use_bias=True, *args, **kwargs):  # fmt: skip
        super().__init__(filters, kernel_size, strides, padding, data_format, dilation_rate, groups, activation, use_bias,
                         *args, **kwargs)  # fmt: skip


class Conv2DTranspose(BaseConv):
    rank = 2

    def __init__(self, filters, kernel_size, strides=(1, 1), padding="valid", output_padding=None, data_format=None,
                 dilation_rate=(1, 1), activation=None, use_bias=True, **kwargs):  # fmt: skip
        if output_padding is not None or sizes(dilation_rate, 2, "dilation_rate") != (1, 1):
            raise NotImplementedError(
                "output_padding and dilation_rate of Conv2DTranspose are not in this Keras; nearest here: padding='same'"
            )
        super().__init__(filters, kernel_size, strides, padding, data_format, dilation_rate, 1, activation, use_bias, **kwargs)
        self.output_padding = None

    def _kernel_shape(self, channels):
        return (*self.kernel_size, self.filters, channels)

    def compute_output_shape(self, input_shape):
        def size(n, kernel, stride):
            if n is None:
                return None
            return n * stride if self.padding == "same" else n * stride + max(kernel - stride, 0)

        places = zip(input_shape[1:-1], self.kernel_size, self.strides)
        return (input_shape[0], *(size(*place) for place in places), self.filters)

    def call(self, inputs, training=None):
        x = ops.conv_transpose(inputs, self.kernel, strides=self.strides, padding=self.padding)
        if self.bias is not None:
            x = ops.add(x, self.bias)
        return self.activation(x)

    def _plan(self):
        return {"type": "conv2d_transpose", "filters": self.filters, "kernel": list(self.kernel_size),
                "stride": list(self.strides), "padding": self.padding, "activation": plan_activation(self.activation),
                "use_bias": self.use_bias}  # fmt: skip


class DepthwiseConv2D(BaseConv):
    rank = 2

    def __init__(self, kernel_size, strides=(1, 1), padding="valid", depth_multiplier=1, data_format=None,
                 dilation_rate=(1, 1), activation=None, use_bias=True, depthwise_initializer="glorot_uniform",
                 bias_initializer="zeros", depthwise_regularizer=None, bias_regularizer=None, activity_regularizer=None,
                 depthwise_constraint=None, bias_constraint=None, **kwargs):  # fmt: skip
        super().__init__(None, kernel_size, strides, padding, data_format, dilation_rate, 1, activation, use_bias,
                         depthwise_initializer, bias_initializer, depthwise_regularizer, bias_regularizer,
                         activity_regularizer, depthwise_constraint, bias_constraint, **kwargs)  # fmt: skip
        self.depth_multiplier = depth_multiplier

    def build(self, input_shape):
        channels = self._channels(input_shape)
        self.kernel = self.add_weight((*self.kernel_size, channels, self.depth_multiplier), self.kernel_initializer,
                                      regularizer=self.kernel_regularizer, constraint=self.kernel_constraint,
                                      name="kernel")  # fmt: skip
        self._add_bias(channels * self.depth_multiplier)
        self._fits(input_shape)

    def compute_output_shape(self, input_shape):
        shape = super().compute_output_shape(input_shape)
        return (*shape[:-1], input_shape[-1] * self.depth_multiplier)

    def call(self, inputs, training=None):
        x = ops.depthwise_conv(inputs, self.kernel, strides=self.strides, padding=self.padding, dilation_rate=self.dilation_rate)
        if self.bias is not None:
            x = ops.add(x, self.bias)
        return self.activation(x)

    def _plan(self):
        return {"type": "depthwise_conv2d", "kernel": list(self.kernel_size), "stride": list(self.strides),
                "padding": self.padding, "dilation": list(self.dilation_rate), "depth_multiplier": self.depth_multiplier,
                "activation": plan_activation(self.activation), "use_bias": self.use_bias}  # fmt: skip

    def get_config(self):
        config = super().get_config()
        for gone in ("filters", "groups"):
            config.pop(gone)
        return {key.replace("kernel_", "depthwise_") if key != "kernel_size" else key: value for key, value in config.items()} | {
            "depth_multiplier": self.depth_multiplier
        }


class SeparableConv2D(BaseConv):
    rank = 2

    def __init__(self, filters, kernel_size, strides=(1, 1), padding="valid", data_format=None, dilation_rate=(1, 1),
                 depth_multiplier=1, activation=None, use_bias=True, depthwise_initializer="glorot_uniform",
                 pointwise_initializer="glorot_uniform", bias_initializer="zeros", depthwise_regularizer=None,
                 pointwise_regularizer=None, bias_regularizer=None, activity_regularizer=None, depthwise_constraint=None,
                 pointwise_constraint=None, bias_constraint=None, **kwargs):  # fmt: skip
        super().__init__(filters, kernel_size, strides, padding, data_format, dilation_rate, 1, activation, use_bias,
                         depthwise_initializer, bias_initializer, depthwise_regularizer, bias_regularizer,
                         activity_regularizer, depthwise_constraint, bias_constraint, **kwargs)  # fmt: skip
        self.depth_multiplier = depth_multiplier
        self.pointwise_initializer = initializers.get(pointwise_initializer)
        self.pointwise_regularizer = regularizers.get(pointwise_regularizer)
        self.pointwise_constraint = constraints.get(pointwise_constraint)

    def build(self, input_shape):
        channels = self._channels(input_shape)
        self.depthwise_kernel = self.add_weight(
            (*self.kernel_size, channels, self.depth_multiplier), self.kernel_initializer,
            regularizer=self.kernel_regularizer, constraint=self.kernel_constraint, name="depthwise_kernel",
        )  # fmt: skip
        self.pointwise_kernel = self.add_weight(
            (*(1,) * self.rank, channels * self.depth_multiplier, self.filters), self.pointwise_initializer,
            regularizer=self.pointwise_regularizer, constraint=self.pointwise_constraint, name="pointwise_kernel",
        )  # fmt: skip
        self._add_bias(self.filters)
        self._fits(input_shape)

    def call(self, inputs, training=None):
        x = ops.separable_conv(inputs, self.depthwise_kernel, self.pointwise_kernel, strides=self.strides,
                               padding=self.padding, dilation_rate=self.dilation_rate)  # fmt: skip
        if self.bias is not None:
            x = ops.add(x, self.bias)
        return self.activation(x)

    def _plan(self):
        return {"type": "separable_conv2d", "filters": self.filters, "kernel": list(self.kernel_size),
                "stride": list(self.strides), "padding": self.padding, "dilation": list(self.dilation_rate),
                "depth_multiplier": self.depth_multiplier, "activation": plan_activation(self.activation),
                "use_bias": self.use_bias}  # fmt: skip

    def get_config(self):
        config = super().get_config()
        config.pop("groups")
        config = {key.replace("kernel_", "depthwise_") if key != "kernel_size" else key: value for key, value in config.items()}
        return config | {
            "depth_multiplier": self.depth_multiplier, "pointwise_initializer": described(self.pointwise_initializer),
            "pointwise_regularizer": described(self.pointwise_regularizer),
            "pointwise_constraint": described(self.pointwise_constraint),
        }  # fmt: skip


Convolution1D, Convolution2D, Convolution2DTranspose, SeparableConvolution2D = Conv1D, Conv2D, Conv2DTranspose, SeparableConv2D
