"""torch.optim: optimisers by PyTorch's formulas."""

from . import lr_scheduler
from ._optimizer import Optimizer
from ._rules import ASGD, LBFGS, NAdam, RAdam, Adadelta, Adagrad, Adam, Adamax, AdamW, RMSprop, Rprop, SGD

__all__ = [
    "ASGD", "Adadelta", "Adagrad", "Adam", "AdamW", "Adamax", "LBFGS", "NAdam", "Optimizer", "RAdam", "RMSprop", "Rprop",
    "SGD", "lr_scheduler",
]  # fmt: skip


def __getattr__(name):
    from .._missing import of_module

    raise of_module("torch.optim", name, __all__, "optim")
