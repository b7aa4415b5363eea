import keras
from keras import layers


def small_base(height, width, channels):
    """A base to try a head on without VGG16's 14.7 million numbers: two convolutions and a batch norm."""
    pixels = keras.Input((height, width, channels))
    x = layers.Conv2D(4, 3, padding="same", activation="relu", name="conv1")(pixels)
    x = layers.BatchNormalization(name="norm")(x)
    x = layers.Conv2D(6, 3, padding="same", activation="relu", name="conv2")(x)
    return keras.Model(pixels, x, name="small_base")
