"""Layers, by Keras's names."""

from ._attention import AdditiveAttention, Attention, MultiHeadAttention
from ._base import InputSpec, Layer
from ._conv import (
    Conv1D, Conv2D, Conv2DTranspose, Convolution1D, Convolution2D, Convolution2DTranspose, DepthwiseConv2D,
    SeparableConv2D, SeparableConvolution2D,
)
from ._core import (
    ELU, Activation, Dense, Embedding, Identity, Input, InputLayer, Lambda, LeakyReLU, Masking, PReLU, ReLU, Softmax,
)
from ._merge import (
    Add, Average, Concatenate, Dot, Maximum, Minimum, Multiply, Subtract, add, average, concatenate, dot, maximum,
    minimum, multiply, subtract,
)
from ._norm import BatchNormalization, GroupNormalization, LayerNormalization, RMSNormalization, UnitNormalization
from ._pool import (
    AveragePooling1D, AveragePooling2D, AvgPool1D, AvgPool2D, GlobalAveragePooling1D, GlobalAveragePooling2D,
    GlobalAvgPool1D, GlobalAvgPool2D, GlobalMaxPool1D, GlobalMaxPool2D, GlobalMaxPooling1D, GlobalMaxPooling2D,
    MaxPool1D, MaxPool2D, MaxPooling1D, MaxPooling2D,
)
from ._preprocessing import (
    CategoryEncoding, CenterCrop, Normalization, RandomBrightness, RandomContrast, RandomCrop, RandomFlip,
    RandomRotation, RandomTranslation, RandomZoom, Rescaling, Resizing, TextVectorization,
)
from ._recurrent import (
    GRU, LSTM, RNN, Bidirectional, GRUCell, LSTMCell, SimpleRNN, SimpleRNNCell, TimeDistributed,
)
from ._regularization import (
    ActivityRegularization, AlphaDropout, Dropout, GaussianDropout, GaussianNoise, SpatialDropout1D, SpatialDropout2D,
)
from ._reshape import (
    Cropping1D, Cropping2D, Flatten, Permute, RepeatVector, Reshape, UpSampling1D, UpSampling2D, ZeroPadding1D,
    ZeroPadding2D,
)

for _kind in (
    Activation, ActivityRegularization, Add, AlphaDropout, Average, BatchNormalization, Concatenate, Dense, Dropout, ELU,
    GaussianDropout, GaussianNoise, GroupNormalization, Identity, LayerNormalization, LeakyReLU, Lambda, Maximum, Minimum,
    MultiHeadAttention, Multiply, PReLU, ReLU, RMSNormalization, Softmax, SpatialDropout1D, Subtract, UnitNormalization,
):  # fmt: skip
    _kind._hands_masks_on = True


def serialize(layer):
    from .._saving import described_layer

    return described_layer(layer)


def deserialize(config, custom_objects=None):
    from .._saving import layer_from

    return layer_from(config, custom_objects or {})


def __getattr__(name):
    from .._missing import module_attribute

    raise module_attribute("keras.layers", globals(), name)
