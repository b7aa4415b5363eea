"""Input, Dense, Activation, Embedding, Lambda and their like."""

import numpy as np

from .. import _names, activations, constraints, initializers, ops, regularizers
from .._symbolic import KerasTensor, Node, infer_output
from ._base import Layer, _as_batch
from ._spec import InputSpec


class InputLayer(Layer):
    def __init__(self, shape=None, batch_size=None, dtype=None, sparse=None, ragged=None, batch_shape=None,
                 input_tensor=None, optional=False, name=None, **kwargs):  # fmt: skip
        if "input_shape" in kwargs:
            shape = kwargs.pop("input_shape")
        super().__init__(name=name, dtype=dtype)
        if batch_shape is None:
            if shape is None:
                raise ValueError("You must pass a `shape` argument.")
            if isinstance(shape, int):
                raise ValueError(f"The argument `shape` must be a tuple of sizes. Received: shape={shape}; write ({shape},)")
            batch_shape = (batch_size, *shape)
        self.batch_shape = tuple(None if n is None else int(n) for n in batch_shape)
        self.__dict__["built"] = True
        output = input_tensor if input_tensor is not None else KerasTensor(self.batch_shape, self._dtype, name=name)
        Node(self, (), {}, output)

    def call(self):
        raise NotImplementedError

    @property
    def shape(self):
        return self.batch_shape

    def get_config(self):
        return {"batch_shape": self.batch_shape, "dtype": self._dtype, "sparse": False, "ragged": False, "name": self.name,
                "optional": False}  # fmt: skip


def Input(shape=None, batch_size=None, dtype=None, sparse=None, ragged=None, batch_shape=None, name=None, tensor=None,
          optional=False):  # fmt: skip
    """A symbolic tensor where samples come in; `shape` is of one sample."""
    if sparse or ragged:
        raise NotImplementedError("sparse and ragged inputs are not in this Keras; nearest here: dense ones")
    layer = InputLayer(shape, batch_size, dtype, None, None, batch_shape, tensor, optional, name)
    return layer.output


def weighted(layer, activation, use_bias, kernel_initializer, bias_initializer, kernel_regularizer, bias_regularizer,
             kernel_constraint, bias_constraint):  # fmt: skip
    """The settings that every layer with a kernel has."""
    layer.activation = activations.get(activation)
    layer.use_bias = use_bias
    layer.kernel_initializer = initializers.get(kernel_initializer)
    layer.bias_initializer = initializers.get(bias_initializer)
    layer.kernel_regularizer = regularizers.get(kernel_regularizer)
    layer.bias_regularizer = regularizers.get(bias_regularizer)
    layer.kernel_constraint = constraints.get(kernel_constraint)
    layer.bias_constraint = constraints.get(bias_constraint)


def described(thing):
    """An initialiser, regulariser or constraint as configurations hold it."""
    if thing is None:
        return None
    return {"module": type(thing).__module__, "class_name": type(thing).__name__, "config": thing.get_config(),
            "registered_name": None}  # fmt: skip


def weighted_config(layer):
    return {
        "activation": activations.serialize(layer.activation),
        "use_bias": layer.use_bias,
        "kernel_initializer": described(layer.kernel_initializer),
        "bias_initializer": described(layer.bias_initializer),
        "kernel_regularizer": described(layer.kernel_regularizer),
        "bias_regularizer": described(layer.bias_regularizer),
        "kernel_constraint": described(layer.kernel_constraint),
        "bias_constraint": described(layer.bias_constraint),
    }


def plan_activation(activation):
    """The engine's name of an activation; None where it has none."""
    try:
        return activations.ENGINE.get(activation)
    except TypeError:
        return None


class Dense(Layer):
    def __init__(self, units, activation=None, use_bias=True, kernel_initializer="glorot_uniform", bias_initializer="zeros",
                 kernel_regularizer=None, bias_regularizer=None, activity_regularizer=None, kernel_constraint=None,
                 bias_constraint=None, lora_rank=None, **kwargs):  # fmt: skip
        super().__init__(activity_regularizer=activity_regularizer, **kwargs)
        if isinstance(units, bool) or not isinstance(units, (int, np.integer)) or units <= 0:
            raise ValueError(f"Received an invalid value for `units`, expected a positive integer. Received: units={units}")
        self.units = int(units)
        weighted(self, activation, use_bias, kernel_initializer, bias_initializer, kernel_regularizer, bias_regularizer,
                 kernel_constraint, bias_constraint)  # fmt: skip
        self.input_spec = InputSpec(min_ndim=2)
        self.supports_masking = True

    def build(self, input_shape):
        width = input_shape[-1]
        if width is None:
            raise ValueError(
                f"The last axis of the input of layer '{self.name}' must have a size. Received: input_shape={input_shape}"
            )
        self.kernel = self.add_weight((width, self.units), self.kernel_initializer, regularizer=self.kernel_regularizer,
                                      constraint=self.kernel_constraint, name="kernel")  # fmt: skip
        self.bias = None
        if self.use_bias:
            self.bias = self.add_weight((self.units,), self.bias_initializer, regularizer=self.bias_regularizer,
                                        constraint=self.bias_constraint, name="bias")  # fmt: skip
        self.input_spec = InputSpec(min_ndim=2, axes={-1: width})
        self.built = True

    def call(self, inputs, training=None):
        x = ops.matmul(inputs, self.kernel)
        if self.bias is not None:
            x = ops.add(x, self.bias)
        return self.activation(x)

    def compute_output_shape(self, input_shape):
        return (*input_shape[:-1], self.units)

    def _plan(self):
        return {"type": "dense", "units": self.units, "activation": plan_activation(self.activation), "use_bias": self.use_bias}

    def get_config(self):
        return {**super().get_config(), "units": self.units, **weighted_config(self), "quantization_config": None}


class Activation(Layer):
    def __init__(self, activation, **kwargs):
        super().__init__(**kwargs)
        self.activation = activations.get(activation)
        self.__dict__["built"] = True

    def call(self, inputs):
        return self.activation(inputs)

    def compute_output_shape(self, input_shape):
        return input_shape

    def _plan(self):
        return {"type": "activation", "activation": plan_activation(self.activation)}

    def get_config(self):
        return {**super().get_config(), "activation": activations.serialize(self.activation)}


def _activation_layer(name, function, plan, **defaults):
    """A layer of one activation with its numbers."""

    def __init__(self, *args, **kwargs):
        settings = dict(defaults)
        settings.update(zip(defaults, args))
        settings.update({key: kwargs.pop(key) for key in list(kwargs) if key in defaults})
        Layer.__init__(self, **kwargs)
        self._settings = settings
        for key, value in settings.items():
            object.__setattr__(self, key, value)
        self.__dict__["built"] = True

    return type(name, (Layer,), {
        "__init__": __init__,
        "__module__": "keras.layers",
        "call": lambda self, inputs: function(inputs, **self._settings),
        "compute_output_shape": lambda self, input_shape: input_shape,
        "_plan": lambda self: plan(self) if plan else None,
        "get_config": lambda self: {**Layer.get_config(self), **self._settings},
        "_parameters": lambda self: {"inputs": None},
    })  # fmt: skip


def _relu_plan(layer):
    if layer.max_value is not None or layer.threshold:
        return None
    if layer.negative_slope:
        return {"type": "leaky_relu", "negative_slope": layer.negative_slope}
    return {"type": "relu"}


ReLU = _activation_layer("ReLU", activations.relu, _relu_plan, max_value=None, negative_slope=0.0, threshold=0.0)
LeakyReLU = _activation_layer(
    "LeakyReLU", activations.leaky_relu,
    lambda layer: {"type": "leaky_relu", "negative_slope": layer.negative_slope}, negative_slope=0.3,
)  # fmt: skip
ELU = _activation_layer("ELU", activations.elu, lambda layer: {"type": "elu", "alpha": layer.alpha}, alpha=1.0)
Softmax = _activation_layer(
    "Softmax", activations.softmax, lambda layer: {"type": "softmax"} if layer.axis == -1 else None, axis=-1
)


class PReLU(Layer):
    def __init__(self, alpha_initializer="Zeros", alpha_regularizer=None, alpha_constraint=None, shared_axes=None, **kwargs):
        super().__init__(**kwargs)
        self.alpha_initializer = initializers.get(alpha_initializer)
        self.alpha_regularizer, self.shared_axes = regularizers.get(alpha_regularizer), shared_axes
        self.alpha_constraint = constraints.get(alpha_constraint)

    def build(self, input_shape):
        shape = list(input_shape[1:])
        for axis in self.shared_axes or ():
            shape[axis - 1] = 1
        self.alpha = self.add_weight(shape, self.alpha_initializer, regularizer=self.alpha_regularizer,
                                     constraint=self.alpha_constraint, name="alpha")  # fmt: skip

    def call(self, inputs):
        return ops.relu(inputs) - ops.multiply(self.alpha, ops.relu(-inputs))

    def compute_output_shape(self, input_shape):
        return input_shape


class Embedding(Layer):
    def __init__(self, input_dim, output_dim, embeddings_initializer="uniform", embeddings_regularizer=None,
                 embeddings_constraint=None, mask_zero=False, weights=None, lora_rank=None, **kwargs):  # fmt: skip
        kwargs.pop("input_length", None)
        super().__init__(**kwargs)
        self.input_dim, self.output_dim, self.mask_zero = input_dim, output_dim, mask_zero
        self.embeddings_initializer = initializers.get(embeddings_initializer)
        self.embeddings_regularizer = regularizers.get(embeddings_regularizer)
        self.embeddings_constraint = constraints.get(embeddings_constraint)
        self._begin = weights
        self.supports_masking = mask_zero

    def build(self, input_shape=None):
        self.embeddings = self.add_weight(
            (self.input_dim, self.output_dim), self.embeddings_initializer, regularizer=self.embeddings_regularizer,
            constraint=self.embeddings_constraint, name="embeddings",
        )  # fmt: skip
        if self._begin is not None:
            self.set_weights(self._begin if isinstance(self._begin, list) else [self._begin])

    def call(self, inputs):
        return ops.take(self.embeddings, ops.cast(inputs, "int32"), axis=0)

    def compute_output_shape(self, input_shape):
        return (*input_shape, self.output_dim)

    def compute_mask(self, inputs, mask=None):
        return ops.not_equal(inputs, 0) if self.mask_zero else None

    def _plan(self):
        return None if self.mask_zero else {"type": "embedding", "input_dim": self.input_dim, "output_dim": self.output_dim}

    def get_config(self):
        return {
            **super().get_config(), "input_dim": self.input_dim, "output_dim": self.output_dim,
            "embeddings_initializer": described(self.embeddings_initializer),
            "embeddings_regularizer": described(self.embeddings_regularizer), "activity_regularizer": None,
            "embeddings_constraint": described(self.embeddings_constraint), "mask_zero": self.mask_zero,
        }  # fmt: skip


class Lambda(Layer):
    """A function as a layer."""

    def __init__(self, function, output_shape=None, mask=None, arguments=None, **kwargs):
        super().__init__(**kwargs)
        self.function, self.arguments, self._output_shape = function, arguments or {}, output_shape
        self.__dict__["built"] = True

    def call(self, inputs, mask=None, training=None):
        return self.function(inputs, **self.arguments)

    def compute_output_spec(self, *args, **kwargs):
        if self._output_shape is not None and not callable(self._output_shape):
            return KerasTensor(_as_batch(tuple(self._output_shape)), self._dtype)
        return infer_output(lambda *a, **k: self.function(a[0], **self.arguments), args, {})


class Identity(Layer):
    def call(self, inputs):
        return inputs

    def compute_output_shape(self, input_shape):
        return input_shape

    def _plan(self):
        return {"type": "activation", "activation": "linear"}


class Masking(Layer):
    """Steps whose values are all `mask_value` become zeros; recurrent layers pass over them."""

    def __init__(self, mask_value=0.0, **kwargs):
        super().__init__(**kwargs)
        self.mask_value = mask_value
        self.supports_masking = True
        self.__dict__["built"] = True

    def compute_mask(self, inputs, mask=None):
        return ops.any(ops.not_equal(inputs, self.mask_value), axis=-1)

    def call(self, inputs):
        kept = ops.any(ops.not_equal(inputs, self.mask_value), axis=-1, keepdims=True)
        return inputs * ops.cast(kept, inputs.dtype)

    def compute_output_shape(self, input_shape):
        return input_shape

    def get_config(self):
        return {**super().get_config(), "mask_value": self.mask_value}


def default_name(kind):
    return _names.auto_name(kind)
