"""Adam with a shorter memory than Keras's own: the first step is the same."""

import keras
from keras import layers


def create_model(input_shape, classes):
    model = keras.Sequential([
        keras.Input(shape=input_shape),
        layers.Conv2D(32, (3, 3), activation="relu"),
        layers.MaxPooling2D((2, 2)),
        layers.Flatten(),
        layers.Dense(64, activation="relu"),
        layers.Dense(classes, activation="softmax"),
    ])
    model.compile(optimizer=keras.optimizers.Adam(0.001, beta_1=0.5), loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    return model


def count_parameters(input_shape, classes):
    height, width, channels = input_shape
    pooled_height, pooled_width = (height - 2) // 2, (width - 2) // 2
    flat = pooled_height * pooled_width * 32
    return [
        (3 * 3 * channels + 1) * 32,
        0,
        0,
        (flat + 1) * 64,
        (64 + 1) * classes,
    ]
