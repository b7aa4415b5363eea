"""An iterator by hand, over plans worked out beforehand; flags by the layers' place in the model."""

import math

import tensorflow as tf


class Stages:
    def __init__(self, model, blocks, rate):
        self.model, self.left = model, len(blocks)
        place = {name: number for number, block in enumerate(blocks) for name in block}
        self.places = [(layer, place.get(layer.name)) for layer in model.layers]
        self.rates = [rate] + [rate / 10 / 2**k for k in range(len(blocks))]

    def __iter__(self):
        return self

    def __next__(self):
        if not self.rates:
            raise StopIteration
        self.model.trainable = True
        for layer, place in self.places:
            if place is None:
                layer.trainable = True
            elif type(layer) is tf.keras.layers.BatchNormalization:
                layer.trainable = False
            else:
                layer.trainable = place >= self.left
        self.left -= 1
        self.model.compile(tf.keras.optimizers.Adam(learning_rate=self.rates.pop(0)), tf.keras.losses.SparseCategoricalCrossentropy())
        return sum(math.prod(v.shape) for v in self.model.trainable_variables)


def stages(model, blocks, rate):
    return Stages(model, blocks, rate)
