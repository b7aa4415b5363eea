"""torch.utils."""

from . import data

__all__ = ["data"]


def __getattr__(name):
    raise NotImplementedError(f"torch.utils.{name} is not here; here is torch.utils.data")
