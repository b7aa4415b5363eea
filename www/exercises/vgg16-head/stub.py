import keras
from keras import layers
from keras.applications import VGG16


def load_base(input_shape):
    # → VGG16's convolutions, with random weights (weights=None), frozen
    raise NotImplementedError


def add_head(base, classes):
    # base: images → (N, h, w, C)  →  a compiled model: images → (N, classes)
    raise NotImplementedError


def count_parameters(blocks, classes):
    # blocks: [(convolutions, filters), …]  →  (base, head)
    raise NotImplementedError
