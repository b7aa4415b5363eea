import keras
from keras import layers


def pretrained(blocks=3, classes=3):
    """A convolutional net with a new head; block i is conv{i} and norm{i}."""
    pixels = keras.Input((4, 4, 2))
    x = pixels
    for number in range(1, blocks + 1):
        x = layers.Conv2D(3, 3, padding="same", name=f"conv{number}")(x)
        x = layers.BatchNormalization(name=f"norm{number}")(x)
        x = layers.ReLU(name=f"relu{number}")(x)
    x = layers.GlobalAveragePooling2D(name="average")(x)
    x = layers.Dense(5, activation="relu", name="hidden")(x)
    return keras.Model(pixels, layers.Dense(classes, activation="softmax", name="head")(x))


def blocks_of(count=3):
    """The names of each block's layers, from the input to the output."""
    return [[f"conv{number}", f"norm{number}", f"relu{number}"] for number in range(1, count + 1)]
