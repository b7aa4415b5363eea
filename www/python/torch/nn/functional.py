"""torch.nn.functional."""

import math

from danlu.tape import product, shape

from .. import _activations
from .._activations import (
    alpha_dropout, celu, dropout, elu, gelu, glu, gumbel_softmax, hardshrink, hardsigmoid, hardswish, hardtanh, leaky_relu,
    log_softmax, logsigmoid, mish, normalize, prelu, relu6, rrelu, selu, silu, softmax, softmin, softplus, softshrink,
    softsign, tanhshrink, threshold,
)  # fmt: skip
from .._base import into
from .._losses import (
    binary_cross_entropy, binary_cross_entropy_with_logits, cosine_embedding_loss, cosine_similarity, cross_entropy,
    gaussian_nll_loss, hinge_embedding_loss, huber_loss, kl_div, l1_loss, margin_ranking_loss, mse_loss, multi_margin_loss,
    multilabel_soft_margin_loss, nll_loss, pairwise_distance, poisson_nll_loss, smooth_l1_loss, soft_margin_loss,
    triplet_margin_loss,
)  # fmt: skip
from .._norms import (
    batch_norm, embedding, embedding_bag, group_norm, instance_norm, interpolate, layer_norm, local_response_norm, one_hot,
    pad, pixel_shuffle, rms_norm,
)  # fmt: skip
from .._pointwise import sigmoid, tanh
from .._spatial import (
    adaptive_avg_pool1d, adaptive_avg_pool2d, adaptive_max_pool1d, adaptive_max_pool2d, avg_pool1d, avg_pool2d, conv1d,
    conv2d, conv_transpose1d, conv_transpose2d, fold, max_pool1d, max_pool2d, max_unpool2d, unfold,
)  # fmt: skip

dropout1d = dropout2d = dropout3d = feature_dropout = _activations.dropout_channels
upsample = interpolate


def relu(input, inplace=False):
    from danlu.tape import elementwise as el

    made = el.relu(input)
    return into(input, made) if inplace else made


def linear(input, weight, bias=None):
    if input._a.shape[-1:] != weight._a.shape[1:] or not input.ndim:
        rows = 1
        for size in input._a.shape[:-1]:
            rows *= size
        raise RuntimeError(
            f"{'addmm' if bias is not None and input.ndim == 2 else 'mm'}: mat1 and mat2 shapes cannot be multiplied ({rows}x{input._a.shape[-1] if input.ndim else 1} and "
            f"{weight._a.shape[1]}x{weight._a.shape[0]})"
        )
    if (input._a._h ^ weight._a._h) & 3:
        kinds = [("bool", "long", "float", "double")[t._a._h & 3] for t in (input, weight)]
        raise RuntimeError(f"mat1 and mat2 must have the same dtype, but got {kinds[0].title()} and {kinds[1].title()}")
    if input.ndim == 1:
        y = product.linear(input.reshape(1, -1), weight, bias)
        return shape.reshape(y, (weight._a.shape[0],), "UnsafeViewBackward0")
    return product.linear(input, weight, bias)


def bilinear(input1, input2, weight, bias=None):
    from .._linear import einsum

    y = einsum("...i,oij,...j->...o", input1, weight, input2)
    return y if bias is None else y + bias


def scaled_dot_product_attention(query, key, value, attn_mask=None, dropout_p=0.0, is_causal=False, scale=None, enable_gqa=False):
    """softmax(q kᵀ · scale + mask) v; a mask of bools forbids where it is False."""
    scale = 1 / math.sqrt(query.shape[-1]) if scale is None else scale
    if enable_gqa:
        times = query.shape[-3] // key.shape[-3]
        key, value = key.repeat_interleave(times, -3), value.repeat_interleave(times, -3)
    scores = (query * scale) @ key.transpose(-2, -1)
    if is_causal:
        from .._create import ones

        if attn_mask is not None:
            raise RuntimeError("_scaled_dot_product_attention: Explicit attn_mask should not be set when is_causal=True")
        attn_mask = ones(query.shape[-2], key.shape[-2]).bool().tril()
    if attn_mask is not None:
        if attn_mask._a._h & 3 == 0:
            scores = scores.masked_fill(~attn_mask, float("-inf"))
        else:
            scores = scores + attn_mask
    weights = softmax(scores, -1)
    if dropout_p:
        weights = dropout(weights, dropout_p)
    return weights @ value


def multi_head_attention_forward(*_, **__):
    raise NotImplementedError("F.multi_head_attention_forward is not here; nearest: nn.MultiheadAttention")


def _also(name, function):
    def in_place(input, *args, **kwargs):
        return into(input, function(input, *args, **kwargs))

    in_place.__name__ = name
    return in_place


for _name in ("relu", "elu", "leaky_relu", "selu", "celu", "hardtanh", "threshold", "rrelu"):
    globals()[_name + "_"] = _also(_name + "_", globals()[_name])


def __getattr__(name):
    from .._missing import of_module

    raise of_module("torch.nn.functional", name, [*globals()], "F")


__all__ = [n for n in dir() if not n.startswith("_") and n not in ("math", "product", "shape", "into")]
