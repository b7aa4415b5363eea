"""The functional API, activations as layers of their own, a convolution block nested as a model; objects for names."""

import tensorflow as tf
from tensorflow.keras import layers


def create_model(input_shape, classes):
    pixels = tf.keras.Input(shape=input_shape)
    maps = layers.Conv2D(filters=32, kernel_size=3, name="features")(pixels)
    maps = layers.Activation("relu")(maps)
    maps = layers.MaxPool2D(pool_size=2, strides=2)(maps)
    body = tf.keras.Model(pixels, maps)
    whole = tf.keras.Input(shape=input_shape)
    x = layers.Flatten()(body(whole))
    x = layers.ReLU()(layers.Dense(64)(x))
    x = layers.Softmax()(layers.Dense(classes)(x))
    model = tf.keras.Model(inputs=whole, outputs=x)
    model.compile(
        tf.keras.optimizers.Adam(learning_rate=0.001),
        tf.keras.losses.SparseCategoricalCrossentropy(),
        metrics=[tf.keras.metrics.SparseCategoricalAccuracy(name="accuracy")],
    )
    return model


def count_parameters(input_shape, classes):
    h, w, c = input_shape
    kernels = [(3, 3, c, 32), None, None, ((h // 2 - 1) * (w // 2 - 1) * 32, 64), (64, classes)]
    counts = []
    for shape in kernels:
        total = 1
        for size in shape or ():
            total *= size
        counts.append(total + shape[-1] if shape else 0)
    return counts
