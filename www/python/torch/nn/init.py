"""torch.nn.init: first values, written in place."""

import math

import numpy as np

from danlu import tape

from .._random import _of


def calculate_gain(nonlinearity, param=None):
    gains = {"linear": 1.0, "conv1d": 1.0, "conv2d": 1.0, "sigmoid": 1.0, "tanh": 5.0 / 3, "relu": math.sqrt(2.0), "selu": 0.75,
             "conv_transpose1d": 1.0, "conv_transpose2d": 1.0}  # fmt: skip
    if nonlinearity == "leaky_relu":
        slope = 0.01 if param is None else param
        return math.sqrt(2.0 / (1 + slope**2))
    if nonlinearity not in gains:
        raise ValueError(f"Unsupported nonlinearity {nonlinearity}")
    return gains[nonlinearity]


def _in_place(function):
    def init(tensor, *args, **kwargs):
        with tape.recording(False):
            function(tensor, *args, **kwargs)
        return tensor

    init.__name__ = function.__name__
    return init


@_in_place
def uniform_(tensor, a=0.0, b=1.0, generator=None):
    tensor.uniform_(a, b, generator=generator)


@_in_place
def normal_(tensor, mean=0.0, std=1.0, generator=None):
    tensor.normal_(mean, std, generator=generator)


@_in_place
def constant_(tensor, val):
    tensor.fill_(val)


def ones_(tensor):
    return constant_(tensor, 1.0)


def zeros_(tensor):
    return constant_(tensor, 0.0)


@_in_place
def eye_(tensor):
    if tensor.ndim != 2:
        raise ValueError("Only tensors with 2 dimensions are supported")
    tape.write(tensor, np.eye(*tensor.shape))


@_in_place
def dirac_(tensor, groups=1):
    tensor.zero_()
    n = tensor.shape[0] // groups
    middle = tuple([k // 2 for k in tensor.shape[2:]])
    for g in range(groups):
        for i in range(min(n, tensor.shape[1])):
            tensor._a[(g * n + i, i, *middle)] = 1


@_in_place
def trunc_normal_(tensor, mean=0.0, std=1.0, a=-2.0, b=2.0, generator=None):
    """By drawing again what falls outside; PyTorch's own numbers come of an inverse that is not here."""
    of, n = _of(generator), tensor.numel()
    values = of.normal(max(n, 16), 3)[:n] * std + mean
    for _ in range(200):
        outside = (values < a) | (values > b)
        missing = int(outside.sum())
        if not missing:
            break
        values[outside] = of.normal(max(missing, 16), 3)[:missing] * std + mean
    tape.write(tensor, values.reshape(tensor._a.shape))


def _calculate_fan_in_and_fan_out(tensor):
    if tensor.ndim < 2:
        raise ValueError("Fan in and fan out can not be computed for tensor with fewer than 2 dimensions")
    field = 1
    for size in tensor.shape[2:]:
        field *= size
    return tensor.shape[1] * field, tensor.shape[0] * field


def _fan(tensor, mode):
    mode = mode.lower()
    if mode not in ("fan_in", "fan_out"):
        raise ValueError(f"Mode {mode} not supported, please use one of ['fan_in', 'fan_out']")
    return _calculate_fan_in_and_fan_out(tensor)[mode == "fan_out"]


def xavier_uniform_(tensor, gain=1.0, generator=None):
    bound = gain * math.sqrt(6.0 / sum(_calculate_fan_in_and_fan_out(tensor)))
    return uniform_(tensor, -bound, bound, generator)


def xavier_normal_(tensor, gain=1.0, generator=None):
    return normal_(tensor, 0.0, gain * math.sqrt(2.0 / sum(_calculate_fan_in_and_fan_out(tensor))), generator)


def kaiming_uniform_(tensor, a=0, mode="fan_in", nonlinearity="leaky_relu", generator=None):
    bound = math.sqrt(3.0) * calculate_gain(nonlinearity, a) / math.sqrt(_fan(tensor, mode))
    return uniform_(tensor, -bound, bound, generator)


def kaiming_normal_(tensor, a=0, mode="fan_in", nonlinearity="leaky_relu", generator=None):
    return normal_(tensor, 0.0, calculate_gain(nonlinearity, a) / math.sqrt(_fan(tensor, mode)), generator)


@_in_place
def orthogonal_(tensor, gain=1, generator=None):
    if tensor.ndim < 2:
        raise ValueError("Only tensors with 2 or more dimensions are supported")
    rows = tensor.shape[0]
    columns = tensor.numel() // rows
    flat = _of(generator).normal(rows * columns, 2).reshape(rows, columns)
    q, r = np.linalg.qr((flat.T if rows < columns else flat).astype(np.float64))
    q = q * np.sign(np.diag(r))
    tape.write(tensor, (q.T if rows < columns else q).reshape(tensor._a.shape) * gain)


@_in_place
def sparse_(tensor, sparsity, std=0.01, generator=None):
    tensor.normal_(0, std, generator=generator)
    rows, columns = tensor.shape
    from .._random import randperm

    for column in range(columns):
        for row in randperm(rows).tolist()[: math.ceil(sparsity * rows)]:
            tensor._a[row, column] = 0


uniform, normal, constant, xavier_uniform, xavier_normal, kaiming_uniform, kaiming_normal = (
    uniform_, normal_, constant_, xavier_uniform_, xavier_normal_, kaiming_uniform_, kaiming_normal_
)  # fmt: skip
