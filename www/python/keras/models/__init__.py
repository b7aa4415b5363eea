"""keras.models."""

from .._model import Functional, Model, Sequential
from .._saving import clone_model, load_model, model_from_json, save_model

__all__ = ["Functional", "Model", "Sequential", "clone_model", "load_model", "model_from_json", "save_model"]


def __getattr__(name):
    from .._missing import module_attribute

    raise module_attribute("keras.models", globals(), name)
