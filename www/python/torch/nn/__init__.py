"""torch.nn: modules, layers, losses."""

from . import functional, init, parallel, utils
from ._act import ACTIVATIONS as _ACTIVATIONS
from ._act import PReLU, RReLU, Softmax2d
from ._attention import (
    MultiheadAttention, Transformer, TransformerDecoder, TransformerDecoderLayer, TransformerEncoder,
    TransformerEncoderLayer,
)  # fmt: skip
from ._containers import ModuleDict, ModuleList, ParameterDict, ParameterList, Sequential
from ._conv import (
    AdaptiveAvgPool1d, AdaptiveAvgPool2d, AdaptiveMaxPool1d, AdaptiveMaxPool2d, AvgPool1d, AvgPool2d, Conv1d, Conv2d,
    ConvTranspose1d, ConvTranspose2d, LazyConv1d, LazyConv2d, LazyConvTranspose2d, MaxPool1d, MaxPool2d, MaxUnpool2d,
)  # fmt: skip
from ._layers import PADS as _PADS
from ._layers import (
    AlphaDropout, Bilinear, CosineSimilarity, Dropout, Dropout1d, Dropout2d, Embedding, EmbeddingBag, Flatten, Fold,
    Identity, LazyLinear, Linear, PairwiseDistance, PixelShuffle, Unflatten, Unfold, Upsample,
)  # fmt: skip
from ._loss import (
    BCELoss, BCEWithLogitsLoss, CosineEmbeddingLoss, CrossEntropyLoss, GaussianNLLLoss, HingeEmbeddingLoss, HuberLoss,
    KLDivLoss, L1Loss, MarginRankingLoss, MSELoss, MultiLabelSoftMarginLoss, MultiMarginLoss, NLLLoss, PoissonNLLLoss,
    SmoothL1Loss, SoftMarginLoss, TripletMarginLoss,
)  # fmt: skip
from ._module import Module
from ._norm import (
    BatchNorm1d, BatchNorm2d, GroupNorm, InstanceNorm1d, InstanceNorm2d, LayerNorm, LazyBatchNorm1d, LazyBatchNorm2d,
    LocalResponseNorm, RMSNorm,
)  # fmt: skip
from ._recurrent import GRU, LSTM, RNN, GRUCell, LSTMCell, RNNCell
from .parallel import DataParallel
from .parameter import Buffer, Parameter, UninitializedParameter

globals().update(_ACTIVATIONS)
globals().update(_PADS)


def _elsewhere():
    """torch.nn.modules and its kin, by which some programs import the same names."""
    import sys
    import types

    for place in ("", ".module", ".activation", ".batchnorm", ".container", ".conv", ".linear", ".loss", ".rnn", ".utils"):
        module = types.ModuleType("torch.nn.modules" + place, __doc__)
        module.__dict__.update({name: value for name, value in globals().items() if isinstance(value, type)})
        sys.modules[module.__name__] = module


_elsewhere()


def __getattr__(name):
    from .._missing import of_module

    raise of_module("torch.nn", name, [*globals()], "nn")
