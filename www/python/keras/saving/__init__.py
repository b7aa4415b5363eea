"""keras.saving."""

from .._registry import custom_object_scope, register as register_keras_serializable
from .._saving import load_model, save_model

CustomObjectScope = custom_object_scope


def load_weights(model, filepath, skip_mismatch=False, **kwargs):
    model.load_weights(filepath, skip_mismatch)


def save_weights(model, filepath, overwrite=True):
    model.save_weights(filepath, overwrite)


def get_custom_objects():
    from .. import _registry

    return dict(_registry._custom)


__all__ = ["CustomObjectScope", "custom_object_scope", "load_model", "register_keras_serializable", "save_model"]
