"""keras.datasets: the page's own digits, and data sets whose files are in the working folder."""

from . import cifar10, cifar100, fashion_mnist, mnist


def __getattr__(name):
    from .._missing import module_attribute

    raise module_attribute("keras.datasets", globals(), name)


__all__ = ["cifar10", "cifar100", "fashion_mnist", "mnist"]
