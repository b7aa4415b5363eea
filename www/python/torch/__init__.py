"""torch: the part of PyTorch that textbooks and interviews use, over Danlu's engine.

Tensors are float32 (the default), float64, int64 or bool, and run on the processor. What is not
here answers with the nearest thing that is. See `torch.differences` for what is here and differs.
"""

import math as _math

from . import (
    _activations, _comparisons, _conversions, _create, _decompositions, _indexing,  # noqa: F401  (some only add methods)
    _linear, _losses, _methods, _norms, _pointwise, _random,
    _reductions, _shapes, _spatial,
)  # fmt: skip
from ._create import (
    BoolTensor, DoubleTensor, FloatTensor, LongTensor, arange, as_tensor, asarray, empty, empty_like, eye, from_numpy,
    frombuffer, full, full_like, linspace, logspace, ones, ones_like, scalar_tensor, tensor, vander, zeros, zeros_like,
)  # fmt: skip
from ._create import range_ as range
from ._dtypes import (
    DTYPES as _DTYPES, LACKING as _LACKING, Size, bool, device, dtype, finfo, float32, float64, get_default_dtype, iinfo,
    int64, set_default_dtype,
)  # fmt: skip
from ._dtypes import float32 as float, float64 as double, int64 as long
from ._print import set_printoptions
from ._random import (
    Generator, bernoulli, default_generator, get_rng_state, initial_seed, manual_seed, multinomial, normal, poisson, rand,
    rand_like, randint, randint_like, randn, randn_like, randperm, seed, set_rng_state,
)  # fmt: skip
from ._tensor import Tensor

__version__ = "2.15.0+danlu"

# Every public function of these files is torch's, but those that are methods only.
_METHODS_ONLY = {"view", "expand", "repeat", "contiguous", "getitem", "setitem", "fill_", "copy_", "fill_diagonal_", "unfold",
                 "as_type", "resize_", "index_lanes", "vector_norm"}  # fmt: skip
for _module in (_comparisons, _pointwise, _reductions, _shapes, _indexing, _linear, _decompositions):
    for _name, _value in vars(_module).items():
        if not _name.startswith("_") and getattr(_value, "__module__", "") == _module.__name__ and _name not in _METHODS_ONLY:
            globals()[_name] = _value
svd = _decompositions._old_svd
for _module, _names in (
    (_activations, "softmax log_softmax dropout alpha_dropout erf erfc selu celu prelu rrelu threshold"),
    (_spatial, "conv1d conv2d conv_transpose1d conv_transpose2d max_pool1d max_pool2d avg_pool1d"),
    (_norms, "batch_norm layer_norm group_norm instance_norm embedding pixel_shuffle"),
    (_losses, "cosine_similarity pairwise_distance"),
):
    for _name in _names.split():
        globals()[_name] = getattr(_module, _name)
for _name, _value in _LACKING.items():
    globals()[_name] = _value

_NUMPY_WORDS = """sum mean prod var std max min argmax argmin amax amin any all cumsum cumprod logsumexp sort argsort topk median
mode norm squeeze unsqueeze flip roll split chunk unbind gather index_select softmax log_softmax stack count_nonzero diff
quantile take_along_dim""".split()
for _name in _NUMPY_WORDS:
    _function = _methods.numpy_words(globals()[_name])
    globals()[_name] = _function
    if _name in _methods.METHODS:
        _methods.METHODS[_name] = _function

for _name, _function in _methods.METHODS.items():
    setattr(Tensor, _name, _function)
for _name, _function in _methods.IN_PLACE.items():
    setattr(Tensor, _name, _methods.fill_in_place(_name, _function))

from . import autograd  # noqa: E402
from .autograd.grad_mode import (  # noqa: E402
    enable_grad, inference_mode, is_grad_enabled, is_inference_mode_enabled, no_grad, set_grad_enabled,
)  # fmt: skip
from ._machine import *  # noqa: E402, F403
from . import linalg  # noqa: E402
from . import distributions, nn, optim, utils  # noqa: E402
from .serialization import load, save  # noqa: E402
from .differences import differences  # noqa: E402

inf, nan, pi, e = _math.inf, _math.nan, _math.pi, _math.e
newaxis = None


from . import _docs  # noqa: E402

_docs.write(__import__("sys").modules[__name__], nn, nn.functional, nn.init, linalg, utils.data)


def __getattr__(name):
    from ._missing import of_module

    raise of_module("torch", name, [*globals()], "torch")
