"""The Keras that textbooks use (Keras 3), over Danlu's engine.

What has a place in the engine's compiled plan is trained there; everything else is trained on the
tape, by the same names. What Keras has and this lacks says so, and names the nearest thing here.
Random numbers are seeded, but not TensorFlow's own streams.
"""

import tensorflow._operators  # noqa: F401  (values need their operators)

from . import activations, constraints, initializers, ops, regularizers  # noqa: F401
from . import layers  # noqa: F401
from . import losses, metrics, optimizers  # noqa: F401
from . import callbacks, models, utils  # noqa: F401
from . import applications, backend, datasets, preprocessing, random, saving  # noqa: F401
from ._model import Functional, Model, Sequential
from ._symbolic import KerasTensor, Operation
from ._variable import Variable
from .initializers import Initializer
from .layers import Input, InputSpec, Layer
from .losses import Loss
from .metrics import Metric
from .optimizers import Optimizer
from .regularizers import Regularizer

__version__ = "3.15.1"


class DTypePolicy:
    def __init__(self, name):
        self.name = self.compute_dtype = self.variable_dtype = name


def device(name):
    import contextlib

    return contextlib.nullcontext()


def version():
    return __version__


def __getattr__(name):
    from ._missing import module_attribute

    raise module_attribute("keras", globals(), name)


__all__ = [
    "Functional", "Initializer", "Input", "InputSpec", "KerasTensor", "Layer", "Loss", "Metric", "Model", "Operation",
    "Optimizer", "Regularizer", "Sequential", "Variable", "activations", "applications", "backend", "callbacks",
    "constraints", "datasets", "initializers", "layers", "losses", "metrics", "models", "ops", "optimizers",
    "preprocessing", "random", "regularizers", "saving", "utils",
]  # fmt: skip
