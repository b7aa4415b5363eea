import keras
from keras import layers


def stages(model, blocks, rate):
    # model: a Keras model; blocks: [[layer names], …] from the input to the output
    # for each stage: prepare the model, then yield its number of trainable parameters
    raise NotImplementedError
