"""torchvision: the data sets, transforms and grids of PyTorch's tutorials, on the page's own digits."""

from . import datasets, transforms, utils

__version__ = "0.30.0+danlu"
__all__ = ["datasets", "transforms", "utils"]


def __getattr__(name):
    if name.startswith("__"):
        raise AttributeError(f"module 'torchvision' has no attribute {name!r}")
    instead = {"models": "your own nn.Module", "io": "numpy arrays", "ops": "torch operations"}.get(name)
    raise NotImplementedError(
        f"torchvision.{name} is not in this torchvision; nearest here: {instead or ', '.join(__all__)}"
    )
