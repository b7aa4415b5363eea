"""keras.ops.image."""

from .._symbolic import symbolic


@symbolic
def resize(images, size, interpolation="bilinear", **kwargs):
    from tensorflow._modules import resize as resized

    return resized(images, size, interpolation)
