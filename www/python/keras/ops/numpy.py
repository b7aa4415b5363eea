"""keras.ops.numpy: the same functions by their other address."""


def __getattr__(name):
    from .. import ops

    return getattr(ops, name)
