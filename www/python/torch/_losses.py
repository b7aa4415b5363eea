"""Losses, by PyTorch's names, reductions and checks."""

import warnings

import numpy as np

from danlu.tape import elementwise as el
from danlu.tape import index

from . import _pointwise as pw
from ._activations import log_softmax, logsigmoid, softplus
from ._base import cast, wrap
from ._tensor import Tensor


def reduced(loss, reduction):
    if reduction == "mean":
        return loss.mean()
    if reduction == "sum":
        return loss.sum()
    if reduction != "none":
        raise ValueError(f"{reduction} is not a valid value for reduction")
    return loss


def _named(loss, label):
    if loss._edge:
        loss._edge[0].name = label
    return loss


def _reduction(reduction, size_average, reduce):
    """The reduction that PyTorch's older arguments mean."""
    if size_average is None and reduce is None:
        return reduction
    return "none" if reduce is False else "sum" if size_average is False else "mean"


def _same_sizes(name, input, target):
    if input._a.shape != target._a.shape:
        warnings.warn(
            f"Using a target size ({target.shape}) that is different to the input size ({input.shape}). This will likely "
            "lead to incorrect results due to broadcasting. Please ensure they have the same size.",
            UserWarning,
            stacklevel=3,
        )


def mse_loss(input, target, size_average=None, reduce=None, reduction="mean", weight=None):
    _same_sizes("mse_loss", input, target)
    error = input - target
    loss = error * error
    if weight is not None:
        loss = loss * weight
    return _named(reduced(loss, _reduction(reduction, size_average, reduce)), "MseLossBackward0")


def l1_loss(input, target, size_average=None, reduce=None, reduction="mean", weight=None):
    _same_sizes("l1_loss", input, target)
    loss = (input - target).abs()
    return reduced(loss if weight is None else loss * weight, _reduction(reduction, size_average, reduce))


def smooth_l1_loss(input, target, size_average=None, reduce=None, reduction="mean", beta=1.0):
    _same_sizes("smooth_l1_loss", input, target)
    if beta == 0:
        return l1_loss(input, target, size_average, reduce, reduction)
    error = (input - target).abs()
    loss = index.where(pw.lt(error, beta), error * error * (0.5 / beta), error - 0.5 * beta)
    return _named(reduced(loss, _reduction(reduction, size_average, reduce)), "SmoothL1LossBackward0")


def huber_loss(input, target, reduction="mean", delta=1.0, weight=None):
    _same_sizes("huber_loss", input, target)
    error = (input - target).abs()
    loss = index.where(pw.le(error, delta), error * error * 0.5, (error - 0.5 * delta) * delta)
    return _named(reduced(loss if weight is None else loss * weight, reduction), "HuberLossBackward0")


def binary_cross_entropy(input, target, weight=None, size_average=None, reduce=None, reduction="mean"):
    if input._a.shape != target._a.shape:
        raise ValueError(
            f"Using a target size ({target.shape}) that is different to the input size ({input.shape}) is deprecated. "
            "Please ensure they have the same size."
        )
    if target._a._h & 3 != input._a._h & 3:
        raise RuntimeError(
            f"Found dtype {('Bool', 'Long', 'Float', 'Double')[target._a._h & 3]} but expected "
            f"{('Bool', 'Long', 'Float', 'Double')[input._a._h & 3]}"
        )
    if input.numel() and not 0 <= float(input._a.min()) <= float(input._a.max()) <= 1:
        raise RuntimeError("all elements of input should be between 0 and 1")
    # Logarithms no lower than -100, as PyTorch cuts them.
    loss = -(target * el.clip(el.log(input), -100.0) + (1 - target) * el.clip(el.log(1 - input), -100.0))
    if weight is not None:
        loss = loss * weight
    return _named(reduced(loss, _reduction(reduction, size_average, reduce)), "BinaryCrossEntropyBackward0")


def binary_cross_entropy_with_logits(input, target, weight=None, size_average=None, reduce=None, reduction="mean", pos_weight=None):
    if input._a.shape != target._a.shape:
        raise ValueError(f"Target size ({target.shape}) must be the same as input size ({input.shape})")
    infinite = float("inf")
    if pos_weight is None:
        loss = (1 - target) * input + softplus(-input, threshold=infinite)
    else:
        loss = (1 - target) * input + (1 + (pos_weight - 1) * target) * softplus(-input, threshold=infinite)
    if weight is not None:
        loss = loss * weight
    return _named(reduced(loss, _reduction(reduction, size_average, reduce)), "BinaryCrossEntropyWithLogitsBackward0")


def _channels_behind(x):
    """[N, C, d...] as rows of C."""
    if x.ndim > 2:
        x = x.permute(0, *range(2, x.ndim), 1)
    return x.reshape(-1, x._a.shape[-1])


def nll_loss(input, target, weight=None, size_average=None, ignore_index=-100, reduce=None, reduction="mean"):
    reduction = _reduction(reduction, size_average, reduce)
    if target._a._h & 3 != 1:
        kind = ("Bool", "Long", "Float", "Double")[target._a._h & 3]
        raise RuntimeError(f"expected scalar type Long but found {kind}")
    if not input.ndim:
        raise RuntimeError("input tensor should be 1D or 2D")
    classes = input._a.shape[0 if input.ndim == 1 else 1]
    single = input.ndim == 1
    if single:
        input, target = input.reshape(1, -1), target.reshape(1)
    if input.shape[0] != target.shape[0] if target.ndim else True:
        raise ValueError(
            f"Expected input batch_size ({input.shape[0]}) to match target batch_size "
            f"({target.shape[0] if target.ndim else 1})."
        )
    if input.ndim <= 2 and target.ndim > 1:
        raise RuntimeError("0D or 1D target tensor expected, multi-target not supported")
    if input.ndim > 2 and tuple(input.shape[2:]) != tuple(target.shape[1:]):
        raise RuntimeError(
            f"size mismatch (got input: {list(input.shape)} , target: {list(target.shape)})"
        )
    sizes, rows, labels = target._a.shape, _channels_behind(input), target._a.reshape(-1)
    counted = labels != ignore_index
    known = labels if bool(counted.all()) else np.where(counted, labels, 0)
    if known.size and not 0 <= int(known.min()) <= int(known.max()) < classes:
        worst = known.min() if int(known.min()) < 0 else known.max()
        raise IndexError(f"Target {int(worst)} is out of bounds.")
    picked = index.gather(rows, 1, known.reshape(-1, 1)).reshape(-1)
    factors = None
    if weight is not None:
        factors = weight._a[known]
    if known is not labels:
        factors = np.where(counted, np.asarray(1.0, input._a.dtype) if factors is None else factors, 0.0).astype(input._a.dtype)
    loss = -picked if factors is None else -(picked * wrap(factors))
    if reduction == "none":
        loss = loss.reshape(sizes) if not single else loss.reshape(())
    elif reduction == "sum":
        loss = loss.sum()
    else:
        total = loss.sum()
        loss = total / (loss.numel() if factors is None else float(factors.sum()) or float("nan"))
    return _named(loss, "NllLossBackward0" if input.ndim == 2 else "NllLoss2DBackward0")


def cross_entropy(input, target, weight=None, size_average=None, ignore_index=-100, reduce=None, reduction="mean", label_smoothing=0.0):
    reduction = _reduction(reduction, size_average, reduce)
    if not isinstance(target, Tensor):
        raise TypeError(f"cross_entropy_loss(): argument 'target' (position 2) must be Tensor, not {type(target).__name__}")
    if not 0.0 <= label_smoothing <= 1.0:
        raise RuntimeError(f"label_smoothing must be between 0.0 and 1.0. Got: {label_smoothing}")
    at = 0 if input.ndim == 1 else 1
    if target._a._h & 3 > 1 or target._a.shape == input._a.shape and input.ndim > 0 and target._a._h & 3 > 1:
        return _soft_cross_entropy(input, target, weight, reduction, label_smoothing, at)
    _check_labels(input, target)
    logs = log_softmax(input, at)
    loss = nll_loss(logs, target, weight, None, ignore_index, None, reduction)
    if label_smoothing:
        # The labels' share of the uniform distribution over the classes.
        rows, labels = _channels_behind(logs if logs.ndim > 1 else logs.reshape(1, -1)), target._a.reshape(-1)
        classes = rows._a.shape[1]
        if weight is not None:
            rows = rows * weight
        counted = labels != ignore_index
        smooth = -(rows.sum(1) * wrap(counted.astype(input._a.dtype)))
        if reduction == "mean":
            if weight is None:
                below = float(counted.sum())
            else:
                below = float((weight._a[np.where(counted, labels, 0)] * counted.astype(input._a.dtype)).sum())
            smooth = smooth.sum() / below
        elif reduction == "sum":
            smooth = smooth.sum()
        else:
            smooth = smooth.reshape(target._a.shape)
        loss = loss * (1 - label_smoothing) + smooth * (label_smoothing / classes)
    return loss


def _check_labels(input, target):
    if target._a._h & 3 == 0:
        raise RuntimeError("expected scalar type Long but found Bool")
    n = input.shape[0] if input.ndim > 1 else 1
    m = target.shape[0] if target.ndim else 1
    if input.ndim > 1 and n != m:
        raise ValueError(f"Expected input batch_size ({n}) to match target batch_size ({m}).")


def _soft_cross_entropy(input, target, weight, reduction, label_smoothing, at):
    if target._a.shape != input._a.shape:
        if target.ndim == input.ndim - 1:
            kind = ("Bool", "Long", "Float", "Double")[target._a._h & 3]
            raise RuntimeError(f"expected target dtype to be Long or Byte, but got {kind}")
        raise RuntimeError(
            f"Expected floating point type for target with class probabilities, got shapes {list(input.shape)} and "
            f"{list(target.shape)}"
        )
    if label_smoothing:
        target = target * (1 - label_smoothing) + label_smoothing / input.shape[at]
    loss = -(log_softmax(input, at) * target)
    if weight is not None:
        loss = loss * weight.reshape([-1 if i == at else 1 for i in range(input.ndim)])
    loss = loss.sum(at)
    if reduction == "mean":
        return loss.sum() / max(loss.numel(), 1)
    return reduced(loss, reduction)


def kl_div(input, target, size_average=None, reduce=None, reduction="mean", log_target=False):
    if log_target:
        loss = target.exp() * (target - input)
    else:
        positive = pw.gt(target, 0)
        logs = index.masked_fill(target, pw.le(target, 0), 1.0).log()
        loss = index.where(positive, target * (logs - input), (target * input) * 0.0)
    if reduction == "batchmean":
        return loss.sum() / input.shape[0]
    if reduction == "mean":
        warnings.warn(
            "reduction: 'mean' divides the total loss by both the batch size and the support size.'batchmean' divides "
            "only by the batch size, and aligns with the KL div math definition.'mean' will be changed to behave the "
            "same as 'batchmean' in the next major release.",
            UserWarning,
            stacklevel=2,
        )
    return reduced(loss, _reduction(reduction, size_average, reduce))


def hinge_embedding_loss(input, target, margin=1.0, size_average=None, reduce=None, reduction="mean"):
    loss = index.where(pw.eq(target, 1), input, el.relu(margin - input))
    return reduced(loss, _reduction(reduction, size_average, reduce))


def margin_ranking_loss(input1, input2, target, margin=0.0, size_average=None, reduce=None, reduction="mean"):
    return reduced(el.relu(-target * (input1 - input2) + margin), _reduction(reduction, size_average, reduce))


def soft_margin_loss(input, target, size_average=None, reduce=None, reduction="mean"):
    return reduced((1 + (-target * input).exp()).log(), _reduction(reduction, size_average, reduce))


def multi_margin_loss(input, target, p=1, margin=1.0, weight=None, size_average=None, reduce=None, reduction="mean"):
    rows = input.reshape(-1, input.shape[-1])
    right = rows.gather(1, target.reshape(-1, 1))
    loss = el.relu(rows - right + margin) ** p
    if weight is not None:
        loss = loss * wrap(weight._a[target._a.reshape(-1)].reshape(-1, 1))
    mask = np.arange(rows.shape[1]).reshape(1, -1) == target._a.reshape(-1, 1)
    loss = index.masked_fill(loss, mask, 0.0).sum(1) / rows.shape[1]
    return reduced(loss, _reduction(reduction, size_average, reduce))


def multilabel_soft_margin_loss(input, target, weight=None, size_average=None, reduce=None, reduction="mean"):
    loss = -(target * logsigmoid(input) + (1 - target) * logsigmoid(-input))
    if weight is not None:
        loss = loss * weight
    return reduced(loss.mean(-1), _reduction(reduction, size_average, reduce))


def poisson_nll_loss(input, target, log_input=True, full=False, size_average=None, eps=1e-8, reduce=None, reduction="mean"):
    loss = input.exp() - target * input if log_input else input - target * (input + eps).log()
    if full:
        stirling = target * target.log() - target + 0.5 * (2 * np.pi * target).log()
        loss = loss + index.masked_fill(stirling, pw.le(target, 1), 0.0)
    return reduced(loss, _reduction(reduction, size_average, reduce))


def gaussian_nll_loss(input, target, var, full=False, eps=1e-6, reduction="mean"):
    var = el.clip(cast(var, input._a._h & 3), eps)
    loss = 0.5 * (var.log() + (input - target) ** 2 / var)
    if full:
        loss = loss + 0.5 * float(np.log(2 * np.pi))
    return reduced(loss, reduction)


def cosine_similarity(x1, x2, dim=1, eps=1e-8):
    a, b = (x.norm(2, dim, True).clamp(min=eps) for x in (x1, x2))
    return (x1 / a * (x2 / b)).sum(dim)


def pairwise_distance(x1, x2, p=2.0, eps=1e-6, keepdim=False):
    made = (x1 - x2 + eps).norm(p, -1, keepdim)
    if made._edge:
        made._edge[0].name = "NormBackward1"
    return made


def cosine_embedding_loss(input1, input2, target, margin=0.0, size_average=None, reduce=None, reduction="mean"):
    cosine = cosine_similarity(input1, input2, -1)
    loss = index.where(pw.eq(target, 1), 1 - cosine, el.relu(cosine - margin))
    return reduced(loss, _reduction(reduction, size_average, reduce))


def triplet_margin_loss(anchor, positive, negative, margin=1.0, p=2, eps=1e-6, swap=False, size_average=None, reduce=None, reduction="mean"):
    near, far = pairwise_distance(anchor, positive, p, eps), pairwise_distance(anchor, negative, p, eps)
    if swap:
        far = pw.minimum(far, pairwise_distance(positive, negative, p, eps))
    return reduced(el.relu(near - far + margin), _reduction(reduction, size_average, reduce))
