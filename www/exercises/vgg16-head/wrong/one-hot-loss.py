"""Compiles for one-hot labels."""

import keras
from keras import layers
from keras.applications import VGG16


def load_base(input_shape):
    base = VGG16(include_top=False, weights=None, input_shape=input_shape)
    base.trainable = False
    return base


def add_head(base, classes):
    base.trainable = False
    pixels = keras.Input(shape=base.input_shape[1:])
    maps = base(pixels, training=False)
    x = layers.GlobalAveragePooling2D()(maps)
    x = layers.Dense(1024, activation="relu")(x)
    probabilities = layers.Dense(classes, activation="softmax")(x)
    model = keras.Model(pixels, probabilities)
    model.compile(optimizer="adam", loss="categorical_crossentropy", metrics=["accuracy"])
    return model


def count_parameters(blocks, classes):
    channels, base = 3, 0
    for convolutions, filters in blocks:
        for _ in range(convolutions):
            base += (3 * 3 * channels + 1) * filters
            channels = filters
    head = (channels + 1) * 1024 + (1024 + 1) * classes
    return base, head
