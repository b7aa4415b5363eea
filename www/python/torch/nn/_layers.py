"""Linear layers, embeddings, dropout, shapes."""

import math

from .. import _norms, _shapes
from .._create import empty
from . import functional as F
from . import init
from ._module import Module
from .parameter import Parameter, UninitializedParameter


def note(error, layer, x, fits):
    """Adds to a mistake which layer it was, what came and what would fit."""
    if not getattr(error, "__notes__", None):
        error.add_note(f"in {layer}: the input has shape {list(x.shape)}; it takes {fits}")
    return error


class Identity(Module):
    def __init__(self, *args, **kwargs):
        super().__init__()

    def forward(self, input):
        return input


class Linear(Module):
    """y = x Aᵀ + b."""

    def __init__(self, in_features, out_features, bias=True, device=None, dtype=None):
        super().__init__()
        self.in_features, self.out_features = in_features, out_features
        self.weight = Parameter(empty(out_features, in_features, device=device, dtype=dtype))
        if bias:
            self.bias = Parameter(empty(out_features, device=device, dtype=dtype))
        else:
            self.register_parameter("bias", None)
        self.reset_parameters()

    def reset_parameters(self):
        init.kaiming_uniform_(self.weight, a=math.sqrt(5))
        if self.bias is not None:
            bound = 1 / math.sqrt(self.in_features) if self.in_features else 0
            init.uniform_(self.bias, -bound, bound)

    def forward(self, input):
        try:
            return F.linear(input, self.weight, self.bias)
        except RuntimeError as error:
            raise note(error, self, input, f"[..., {self.weight.shape[1]}]")

    def extra_repr(self):
        return f"in_features={self.in_features}, out_features={self.out_features}, bias={self.bias is not None}"


class Bilinear(Module):
    """y = x₁ᵀ A x₂ + b."""

    def __init__(self, in1_features, in2_features, out_features, bias=True, device=None, dtype=None):
        super().__init__()
        self.in1_features, self.in2_features, self.out_features = in1_features, in2_features, out_features
        self.weight = Parameter(empty(out_features, in1_features, in2_features, device=device, dtype=dtype))
        if bias:
            self.bias = Parameter(empty(out_features, device=device, dtype=dtype))
        else:
            self.register_parameter("bias", None)
        bound = 1 / math.sqrt(in1_features)
        init.uniform_(self.weight, -bound, bound)
        if bias:
            init.uniform_(self.bias, -bound, bound)

    def forward(self, input1, input2):
        return F.bilinear(input1, input2, self.weight, self.bias)

    def extra_repr(self):
        return (f"in1_features={self.in1_features}, in2_features={self.in2_features}, out_features={self.out_features}, "
                f"bias={self.bias is not None}")  # fmt: skip


class Lazy:
    """A layer whose input sizes come with the first input; it becomes its `_cls` then."""

    def _begin(self, sizes):
        raise NotImplementedError

    def __call__(self, *args, **kwargs):
        if type(self) in _LAZY:
            self._begin(args[0])
            self.__class__ = _LAZY[type(self)]
        return Module.__call__(self, *args, **kwargs)


_LAZY = {}


def lazy(plain):
    """Registers a lazy class for a plain one."""

    def register(cls):
        _LAZY[cls] = plain
        return cls

    return register


@lazy(Linear)
class LazyLinear(Lazy, Linear):
    def __init__(self, out_features, bias=True, device=None, dtype=None):
        Module.__init__(self)
        self.in_features, self.out_features, self._dtype = 0, out_features, dtype
        self.weight = UninitializedParameter()
        self.bias = UninitializedParameter() if bias else None
        if not bias:
            self.register_parameter("bias", None)

    def _begin(self, input):
        self.in_features = input.shape[-1]
        fill(self, weight=(self.out_features, self.in_features), bias=(self.out_features,), dtype=self._dtype)
        Linear.reset_parameters(self)


def fill(module, dtype=None, **sizes):
    """Gives parameters that wait for it their shapes; a learner's references to them stay right."""
    for name, shape in sizes.items():
        waiting = module._parameters.get(name)
        if isinstance(waiting, UninitializedParameter):
            waiting._a = empty(*shape, dtype=dtype)._a
            waiting.__class__ = Parameter


class Flatten(Module):
    def __init__(self, start_dim=1, end_dim=-1):
        super().__init__()
        self.start_dim, self.end_dim = start_dim, end_dim

    def forward(self, input):
        return _shapes.flatten(input, self.start_dim, self.end_dim)

    def extra_repr(self):
        return f"start_dim={self.start_dim}, end_dim={self.end_dim}"


class Unflatten(Module):
    def __init__(self, dim, unflattened_size):
        super().__init__()
        self.dim, self.unflattened_size = dim, unflattened_size

    def forward(self, input):
        return _shapes.unflatten(input, self.dim, self.unflattened_size)

    def extra_repr(self):
        return f"dim={self.dim}, unflattened_size={self.unflattened_size}"


class _Dropout(Module):
    _function = staticmethod(F.dropout)

    def __init__(self, p=0.5, inplace=False):
        super().__init__()
        if p < 0 or p > 1:
            raise ValueError(f"dropout probability has to be between 0 and 1, but got {p}")
        self.p, self.inplace = p, inplace

    def forward(self, input):
        return self._function(input, self.p, self.training, self.inplace)

    def extra_repr(self):
        return f"p={self.p}, inplace={self.inplace}"


class Dropout(_Dropout):
    """Sets elements to 0 with probability p while training."""


class Dropout1d(_Dropout):
    _function = staticmethod(F.dropout1d)


class Dropout2d(_Dropout):
    _function = staticmethod(F.dropout2d)


class AlphaDropout(_Dropout):
    _function = staticmethod(F.alpha_dropout)


class Embedding(Module):
    """A table of vectors, looked up by index."""

    def __init__(self, num_embeddings, embedding_dim, padding_idx=None, max_norm=None, norm_type=2.0,
                 scale_grad_by_freq=False, sparse=False, _weight=None, _freeze=False, device=None, dtype=None):  # fmt: skip
        super().__init__()
        self.num_embeddings, self.embedding_dim = num_embeddings, embedding_dim
        if padding_idx is not None:
            if not -num_embeddings <= padding_idx < num_embeddings:
                raise AssertionError("Padding_idx must be within num_embeddings")
            padding_idx %= num_embeddings
        self.padding_idx, self.max_norm, self.norm_type = padding_idx, max_norm, norm_type
        self.scale_grad_by_freq, self.sparse = scale_grad_by_freq, sparse
        if _weight is None:
            self.weight = Parameter(empty(num_embeddings, embedding_dim, device=device, dtype=dtype), not _freeze)
            self.reset_parameters()
        else:
            self.weight = Parameter(_weight, not _freeze)

    def reset_parameters(self):
        init.normal_(self.weight)
        if self.padding_idx is not None:
            self.weight._a[self.padding_idx] = 0

    @classmethod
    def from_pretrained(cls, embeddings, freeze=True, padding_idx=None, **settings):
        return cls(*embeddings.shape, padding_idx, _weight=embeddings, _freeze=freeze, **settings)

    def forward(self, input):
        try:
            return _norms.embedding(input, self.weight, self.padding_idx, self.max_norm, self.norm_type)
        except IndexError as error:
            if not getattr(error, "__notes__", None):
                error.add_note(f"in {self}: an index is not from 0 to {self.num_embeddings - 1}")
            raise

    def extra_repr(self):
        text = f"{self.num_embeddings}, {self.embedding_dim}"
        if self.padding_idx is not None:
            text += f", padding_idx={self.padding_idx}"
        return text if self.max_norm is None else text + f", max_norm={self.max_norm}"


class EmbeddingBag(Embedding):
    """Sums or means of rows of a table."""

    def __init__(self, num_embeddings, embedding_dim, mode="mean", padding_idx=None, **settings):
        super().__init__(num_embeddings, embedding_dim, padding_idx, **settings)
        self.mode = mode

    def forward(self, input, offsets=None):
        return _norms.embedding_bag(input, self.weight, offsets, self.mode, self.padding_idx)


class CosineSimilarity(Module):
    def __init__(self, dim=1, eps=1e-8):
        super().__init__()
        self.dim, self.eps = dim, eps

    def forward(self, x1, x2):
        return F.cosine_similarity(x1, x2, self.dim, self.eps)


class PairwiseDistance(Module):
    def __init__(self, p=2.0, eps=1e-6, keepdim=False):
        super().__init__()
        self.norm, self.eps, self.keepdim = p, eps, keepdim

    def forward(self, x1, x2):
        return F.pairwise_distance(x1, x2, self.norm, self.eps, self.keepdim)


class Upsample(Module):
    def __init__(self, size=None, scale_factor=None, mode="nearest", align_corners=None):
        super().__init__()
        self.size, self.scale_factor, self.mode, self.align_corners = size, scale_factor, mode, align_corners
        if scale_factor is not None and not isinstance(scale_factor, tuple):
            self.scale_factor = float(scale_factor)

    def forward(self, input):
        return F.interpolate(input, self.size, self.scale_factor, self.mode, self.align_corners)

    def extra_repr(self):
        which = f"scale_factor={self.scale_factor}" if self.scale_factor is not None else f"size={self.size}"
        return f"{which}, mode={self.mode!r}"


class PixelShuffle(Module):
    def __init__(self, upscale_factor):
        super().__init__()
        self.upscale_factor = upscale_factor

    def forward(self, input):
        return F.pixel_shuffle(input, self.upscale_factor)

    def extra_repr(self):
        return f"upscale_factor={self.upscale_factor}"


class Unfold(Module):
    def __init__(self, kernel_size, dilation=1, padding=0, stride=1):
        super().__init__()
        self.kernel_size, self.dilation, self.padding, self.stride = kernel_size, dilation, padding, stride

    def forward(self, input):
        return F.unfold(input, self.kernel_size, self.dilation, self.padding, self.stride)

    def extra_repr(self):
        return f"kernel_size={self.kernel_size}, dilation={self.dilation}, padding={self.padding}, stride={self.stride}"


class Fold(Unfold):
    def __init__(self, output_size, kernel_size, dilation=1, padding=0, stride=1):
        super().__init__(kernel_size, dilation, padding, stride)
        self.output_size = output_size

    def forward(self, input):
        return F.fold(input, self.output_size, self.kernel_size, self.dilation, self.padding, self.stride)

    def extra_repr(self):
        return f"output_size={self.output_size}, " + super().extra_repr()


def _padding(n, mode):
    class Pad(Module):
        def __init__(self, padding, value=0.0):
            super().__init__()
            self.padding = (padding,) * (2 * n) if isinstance(padding, int) else tuple(padding)
            if mode == "constant":
                self.value = value

        def forward(self, input):
            return F.pad(input, self.padding, mode, getattr(self, "value", None))

        def extra_repr(self):
            text = f"padding={self.padding}" if mode == "constant" and type(self).__name__[0] == "C" else f"{self.padding}"
            return text + (f", value={self.value}" if type(self).__name__[0] == "C" and mode == "constant" else "")

    return Pad


def _pads():
    made = {}
    for n in (1, 2):
        for name, mode in (("Constant", "constant"), ("Zero", "constant"), ("Reflection", "reflect"),
                           ("Replication", "replicate"), ("Circular", "circular")):  # fmt: skip
            cls = _padding(n, mode)
            cls.__name__ = cls.__qualname__ = f"{name}Pad{n}d"
            made[cls.__name__] = cls
    return made


PADS = _pads()
