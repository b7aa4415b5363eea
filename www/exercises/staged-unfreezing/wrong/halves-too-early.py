"""Halves once too often."""

import keras
from keras import layers


def rate_of(stage, rate):
    return rate if stage == 0 else rate * 0.1 * 0.5**stage


def stages(model, blocks, rate):
    model.trainable = True
    for stage in range(len(blocks) + 1):
        still_frozen = blocks[: len(blocks) - stage]
        for block in blocks:
            for name in block:
                layer = model.get_layer(name)
                is_norm = isinstance(layer, layers.BatchNormalization)
                layer.trainable = block not in still_frozen and not is_norm
        model.compile(
            optimizer=keras.optimizers.Adam(rate_of(stage, rate)),
            loss="sparse_categorical_crossentropy",
            metrics=["accuracy"],
        )
        yield sum(w.numpy().size for w in model.trainable_weights)
