"""keras.backend."""

from .. import _names


def backend():
    return "tensorflow"


def clear_session(free_memory=True):
    _names.reset()


def epsilon():
    return 1e-7


def floatx():
    return "float32"


def image_data_format():
    return "channels_last"


def set_floatx(value):
    if value != "float32":
        raise NotImplementedError(f"floatx {value!r} is not in this Keras; nearest here: 'float32'")


def set_image_data_format(value):
    if value != "channels_last":
        raise NotImplementedError(f"image_data_format {value!r} is not in this Keras; nearest here: 'channels_last'")


def is_keras_tensor(x):
    from .._symbolic import KerasTensor

    return isinstance(x, KerasTensor)


def get_value(x):
    return x.numpy()


def set_value(x, value):
    x.assign(value)


def __getattr__(name):
    from .. import ops

    if name in vars(ops):
        return getattr(ops, name)
    from .._missing import module_attribute

    raise module_attribute("keras.backend", globals(), name)
