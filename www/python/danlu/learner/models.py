"""What a Keras model is made of, as plain values on their way to the judge, which believes them no further than it can
check them (danlu.judge.models)."""


def made_of(model):
    """{kind, layers}; layers is None when it is no keras.Model. Models within it are opened, input layers left out."""
    import keras

    if not isinstance(model, keras.Model):
        return {"kind": type(model).__name__, "layers": None}
    learning = {id(variable) for variable in model.trainable_variables}
    return {"kind": type(model).__name__, "layers": [_layer(layer, learning, keras) for layer in _opened(model, keras)]}


def _opened(model, keras):
    for layer in model.layers:
        if isinstance(layer, keras.Model):
            yield from _opened(layer, keras)
        elif not isinstance(layer, keras.layers.InputLayer):
            yield layer


def _layer(layer, learning, keras):
    kind = type(layer)
    # A class of the learner's own keeps its name to itself, whatever that is.
    is_keras = getattr(keras.layers, kind.__name__, None) is kind
    return {
        "class": kind.__name__ if is_keras else f"({kind.__name__})",
        "name": layer.name,
        "settings": {name: value for name, value in layer.get_config().items() if _is_plain(value)},
        "output": _shape(layer),
        "weights": [tuple(variable.shape) for variable in layer.weights],
        "learning": [id(variable) in learning for variable in layer.weights],
    }


def _shape(layer):
    try:
        return tuple(layer.output.shape)
    except (AttributeError, ValueError):  # it stands in no graph yet
        return None


def _is_plain(value):
    if isinstance(value, (list, tuple)):
        return all(map(_is_plain, value))
    return value is None or type(value) in (bool, int, float, str)
