"""Activations, by name or as functions."""

from .. import ops
from .._registry import lookup

__all__ = [
    "linear", "relu", "relu6", "leaky_relu", "elu", "selu", "gelu", "silu", "swish", "sigmoid", "hard_sigmoid", "tanh",
    "softplus", "softsign", "softmax", "log_softmax", "exponential", "mish", "celu", "hard_silu", "get", "serialize",
    "deserialize",
]  # fmt: skip


def linear(x):
    return x


def relu(x, negative_slope=0.0, max_value=None, threshold=0.0):
    """max(x, 0), with a slope below, a bound above and another threshold where they are given."""
    if threshold:
        y = ops.where(x > threshold, x, negative_slope * (x - threshold))
    elif negative_slope:
        y = ops.leaky_relu(x, negative_slope)
    else:
        y = ops.relu(x)
    return y if max_value is None else ops.minimum(y, max_value)


def softmax(x, axis=-1):
    return ops.softmax(x, axis=axis)


def log_softmax(x, axis=-1):
    return ops.log_softmax(x, axis=axis)


def elu(x, alpha=1.0):
    return ops.elu(x, alpha)


def gelu(x, approximate=False):
    return ops.gelu(x, approximate)


def leaky_relu(x, negative_slope=0.2):
    return ops.leaky_relu(x, negative_slope)


def exponential(x):
    return ops.exp(x)


relu6, selu, silu, sigmoid, hard_sigmoid = ops.relu6, ops.selu, ops.silu, ops.sigmoid, ops.hard_sigmoid
tanh, softplus, softsign, mish, celu, hard_silu = ops.tanh, ops.softplus, ops.softsign, ops.mish, ops.celu, ops.hard_silu
swish, hard_swish = silu, hard_silu

_TABLE = {name: globals()[name] for name in __all__[:-3]}
_TABLE["hard_swish"] = hard_silu


def get(identifier):
    """The function of a name; linear where there is none."""
    if identifier is None:
        return linear
    return lookup(identifier, _TABLE, "activation function")


def serialize(activation):
    return getattr(activation, "name", None) or getattr(activation, "__name__", str(activation))


def deserialize(config, custom_objects=None):
    return get(config)


# The names of those that the compiled plan knows, with Keras's default numbers.
ENGINE = {
    linear: "linear", relu: "relu", leaky_relu: None, elu: "elu", gelu: "gelu", silu: "silu", sigmoid: "sigmoid",
    tanh: "tanh", softplus: "softplus", softmax: "softmax",
}  # fmt: skip
