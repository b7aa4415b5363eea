"""Activations as modules, made from a table: arguments with their defaults, and what the repr shows."""

from .._create import full
from . import functional as F
from ._module import Module
from .parameter import Parameter


def _shown(name, value):
    return f"{name}={value!r}" if isinstance(value, str) else f"{name}={value}"


def _activation(name, function, arguments, shown):
    names = list(arguments)

    class Activation(Module):
        def __init__(self, *args, **kwargs):
            super().__init__()
            if len(args) > len(names):
                raise TypeError(f"{name}.__init__() takes {len(names) + 1} positional arguments but {len(args) + 1} were given")
            given = dict(zip(names, args)) | kwargs
            for key in given:
                if key not in arguments:
                    raise TypeError(f"{name}.__init__() got an unexpected keyword argument '{key}'")
            for key, default in arguments.items():
                setattr(self, key, given.get(key, default))

        def forward(self, input):
            return function(input, **{key: getattr(self, key) for key in names})

        def extra_repr(self):
            return shown(self)

    Activation.__name__ = Activation.__qualname__ = name
    Activation.__module__ = "torch.nn.modules.activation"
    return Activation


def _inplace(self):
    return "inplace=True" if self.inplace else ""


def _with_inplace(*names):
    def shown(self):
        return ", ".join([_shown(n, getattr(self, n)) for n in names] + (["inplace=True"] if self.inplace else []))

    return shown


def _all(*names):
    return lambda self: ", ".join(_shown(n, getattr(self, n)) for n in names)


def _nothing(self):
    return ""


_TABLE = {
    "ReLU": (F.relu, {"inplace": False}, _inplace),
    "ReLU6": (F.relu6, {"inplace": False}, _inplace),
    "LeakyReLU": (F.leaky_relu, {"negative_slope": 0.01, "inplace": False}, _with_inplace("negative_slope")),
    "ELU": (F.elu, {"alpha": 1.0, "inplace": False}, _with_inplace("alpha")),
    "CELU": (F.celu, {"alpha": 1.0, "inplace": False}, _with_inplace("alpha")),
    "SELU": (F.selu, {"inplace": False}, _inplace),
    "GELU": (F.gelu, {"approximate": "none"}, _all("approximate")),
    "SiLU": (F.silu, {"inplace": False}, _inplace),
    "Mish": (F.mish, {"inplace": False}, _inplace),
    "Sigmoid": (F.sigmoid, {}, _nothing),
    "Tanh": (F.tanh, {}, _nothing),
    "LogSigmoid": (F.logsigmoid, {}, _nothing),
    "Hardsigmoid": (F.hardsigmoid, {"inplace": False}, _nothing),
    "Hardswish": (F.hardswish, {"inplace": False}, _nothing),
    "Hardtanh": (F.hardtanh, {"min_val": -1.0, "max_val": 1.0, "inplace": False}, _with_inplace("min_val", "max_val")),
    "Softplus": (F.softplus, {"beta": 1.0, "threshold": 20.0}, _all("beta", "threshold")),
    "Softsign": (F.softsign, {}, _nothing),
    "Tanhshrink": (F.tanhshrink, {}, _nothing),
    "Hardshrink": (F.hardshrink, {"lambd": 0.5}, lambda self: f"{self.lambd}"),
    "Softshrink": (F.softshrink, {"lambd": 0.5}, lambda self: f"{self.lambd}"),
    "Threshold": (F.threshold, {"threshold": None, "value": None, "inplace": False}, _with_inplace("threshold", "value")),
    "GLU": (F.glu, {"dim": -1}, _all("dim")),
    "Softmax": (F.softmax, {"dim": None}, _all("dim")),
    "LogSoftmax": (F.log_softmax, {"dim": None}, _all("dim")),
    "Softmin": (F.softmin, {"dim": None}, _all("dim")),
}
ACTIVATIONS = {name: _activation(name, *row) for name, row in _TABLE.items()}


class Softmax2d(Module):
    def forward(self, input):
        return F.softmax(input, -3)


class PReLU(Module):
    """A slope below 0 that is learned."""

    def __init__(self, num_parameters=1, init=0.25, device=None, dtype=None):
        super().__init__()
        self.num_parameters, self.init = num_parameters, init
        self.weight = Parameter(full((num_parameters,), float(init), dtype=dtype))

    def forward(self, input):
        return F.prelu(input, self.weight)

    def extra_repr(self):
        return f"num_parameters={self.num_parameters}"


class RReLU(Module):
    def __init__(self, lower=1 / 8, upper=1 / 3, inplace=False):
        super().__init__()
        self.lower, self.upper, self.inplace = lower, upper, inplace

    def forward(self, input):
        return F.rrelu(input, self.lower, self.upper, self.training, self.inplace)

    def extra_repr(self):
        return f"lower={self.lower}, upper={self.upper}" + (", inplace=True" if self.inplace else "")
