"""VGG16 and VGG19 (Simonyan and Zisserman 2015), layer by layer as Keras has them."""

import os

import numpy as np
from tensorflow._core import as_tensor, to_numpy

from ... import layers
from ..._model import Functional

_BLOCKS = {"vgg16": (2, 2, 3, 3, 3), "vgg19": (2, 2, 4, 4, 4)}
_FILTERS = (64, 128, 256, 512, 512)


def _built(kind, include_top, weights, input_tensor, input_shape, pooling, classes, classifier_activation, name):
    if weights == "imagenet" and include_top and classes != 1000:
        raise ValueError(
            f"If using `weights='imagenet'` with `include_top=True`, `classes` should be 1000. Received classes={classes}"
        )
    try:
        return _of_layers(kind, include_top, weights, input_tensor, input_shape, pooling, classes, classifier_activation, name)
    except MemoryError:
        if not include_top:
            raise
        raise MemoryError(
            f"{kind.upper()} with its top has some 140 million weights (528 MiB in one copy, 392 of them in fc1): more than "
            f"this page's Python may hold. include_top=False has 56 MiB: put your own Dense layers on top, or run the whole "
            "network in a Python outside of the page."
        ) from None


def _of_layers(kind, include_top, weights, input_tensor, input_shape, pooling, classes, classifier_activation, name):
    shape = _input_shape(input_shape, include_top, weights)
    given = input_tensor if input_tensor is not None else layers.Input(shape=shape)
    x = given
    for block, (count, filters) in enumerate(zip(_BLOCKS[kind], _FILTERS), 1):
        for at in range(1, count + 1):
            x = layers.Conv2D(filters, (3, 3), activation="relu", padding="same", name=f"block{block}_conv{at}")(x)
        x = layers.MaxPooling2D((2, 2), strides=(2, 2), name=f"block{block}_pool")(x)
    if include_top:
        x = layers.Flatten(name="flatten")(x)
        x = layers.Dense(4096, activation="relu", name="fc1")(x)
        x = layers.Dense(4096, activation="relu", name="fc2")(x)
        x = layers.Dense(classes, activation=classifier_activation, name="predictions")(x)
    elif pooling == "avg":
        x = layers.GlobalAveragePooling2D()(x)
    elif pooling == "max":
        x = layers.GlobalMaxPooling2D()(x)
    path = None if weights is None else _weights_file(kind, weights, include_top)
    model = Functional(given, x, name=name or kind)
    if path is not None:
        model.load_weights(path)
    return model


def _input_shape(shape, include_top, weights):
    default = (224, 224, 3)
    if shape is None:
        return default if include_top else (None, None, 3)
    shape = tuple(shape)
    if len(shape) != 3:
        raise ValueError(f"`input_shape` must be a tuple of three integers. Received: input_shape={shape}")
    if include_top and weights == "imagenet" and shape != default:
        raise ValueError(f"When setting `include_top=True` and loading `imagenet` weights, `input_shape` should be {default}.  Received: input_shape={shape}")
    if weights == "imagenet" and shape[-1] != 3:
        raise ValueError(f"The input must have 3 channels; Received `input_shape={shape}`")
    if any(n is not None and n < 32 for n in shape[:2]):
        raise ValueError(f"Input size must be at least 32x32; Received: input_shape={shape}")
    return shape


def _weights_file(kind, weights, include_top):
    """The file that holds the weights; what to drop where there is none."""
    if weights != "imagenet":
        if not os.path.exists(os.fspath(weights)):
            raise ValueError(
                "The `weights` argument should be either `None` (random initialization), 'imagenet' (pre-training on "
                f"ImageNet), or the path to the weights file to be loaded. Received: weights={weights}"
            )
        return os.fspath(weights)
    top = "" if include_top else "_notop"
    official = f"{kind}_weights_tf_dim_ordering_tf_kernels{top}.h5"
    for name in (official, f"{kind}{top}.weights.h5", f"{kind}{top}.keras", f"{kind}{top}.safetensors"):
        if os.path.exists(name):
            return name
    raise FileNotFoundError(
        f"weights='imagenet' needs the file {official}, Keras's own, in the working folder: this page fetches nothing. "
        f"Drop that file (or {kind}{top}.weights.h5, .keras or .safetensors) beside the program, or write weights=None "
        "for random weights."
    )


def VGG16(include_top=True, weights="imagenet", input_tensor=None, input_shape=None, pooling=None, classes=1000,
          classifier_activation="softmax", name="vgg16"):  # fmt: skip
    return _built("vgg16", include_top, weights, input_tensor, input_shape, pooling, classes, classifier_activation, name)


def VGG19(include_top=True, weights="imagenet", input_tensor=None, input_shape=None, pooling=None, classes=1000,
          classifier_activation="softmax", name="vgg19"):  # fmt: skip
    return _built("vgg19", include_top, weights, input_tensor, input_shape, pooling, classes, classifier_activation, name)


_MEANS = (103.939, 116.779, 123.68)


def preprocess_input(x, data_format=None):
    """RGB of 0 to 255 as BGR about ImageNet's mean colour, as these networks were trained."""
    array = np.asarray(to_numpy(x)).astype(np.float32)[..., ::-1] - np.array(_MEANS, dtype=np.float32)
    return array if isinstance(x, np.ndarray) else as_tensor(array)


def decode_predictions(preds, top=5):
    """Classes by number: the names of ImageNet's classes are not in this page."""
    rows = []
    for row in np.asarray(to_numpy(preds)):
        best = np.argsort(-row)[:top]
        rows.append([(f"class_{int(i)}", f"class {int(i)}", float(row[int(i)])) for i in best])
    return rows


__all__ = ["VGG16", "VGG19", "preprocess_input", "decode_predictions"]
