"""keras.applications: VGG16 and VGG19."""

from . import vgg16
from .vgg16 import VGG16, VGG19


def __getattr__(name):
    from .._missing import module_attribute

    raise module_attribute("keras.applications", globals(), name)


__all__ = ["VGG16", "VGG19", "vgg16"]
