"""Goes on from base.output, freezes layer by layer, averages with keras.ops' own layer arguments, and counts backwards."""

import tensorflow as tf


def load_base(input_shape):
    base = tf.keras.applications.vgg16.VGG16(weights=None, include_top=False, input_tensor=tf.keras.Input(input_shape))
    for layer in base.layers:
        layer.trainable = False
    return base


def add_head(base, classes):
    for layer in base.layers:
        layer.trainable = False
    x = tf.keras.layers.GlobalAveragePooling2D(name="gap")(base.output)
    x = tf.keras.layers.Activation("relu")(tf.keras.layers.Dense(1024, name="fc")(x))
    x = tf.keras.layers.Softmax()(tf.keras.layers.Dense(classes, name="predictions")(x))
    model = tf.keras.Model(base.input, x)
    model.compile(tf.keras.optimizers.Adam(1e-3), loss=tf.keras.losses.SparseCategoricalCrossentropy())
    return model


def count_parameters(blocks, classes):
    widths = [3] + [filters for count, filters in blocks for _ in range(count)]
    base = sum(9 * before * after + after for before, after in zip(widths, widths[1:]))
    return [base, widths[-1] * 1024 + 1024 + 1024 * classes + classes]
